"""The form of a text in which wording is compared and matched, with the way back to the words as they stand.

Typography must not hide wording ("F‑D‑A approved", "сure" with a Cyrillic letter), and a quote must be the page's own
words. So matching happens on a normal text, and every place in it leads back to the original code points.

What is folded: compatibility forms (NFKC), spaces of every kind (a run becomes one space, none at the ends), dashes,
quotation marks, invisible characters, trade-mark signs, footnote numbers, and letters of other alphabets that look
like Latin ones, where they stand among Latin letters. The letters' case stays as it is.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_DATA: Final = Path(__file__).with_name("data")
_PLAIN: Final = re.compile(r"[\x21-\x7e¡¿À-ÖØ-öø-ÿ®©°]+(?: [\x21-\x7e¡¿À-ÖØ-öø-ÿ®©°]+)*")
_INVISIBLE: Final = (
    "\\x00-\\x08\\x0e-\\x1b\\x7f\u0080-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u20e3\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_SUPERSCRIPT: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_STEP: Final = re.compile(
    rf"(?P<space>\s+)|(?P<drop>[{_INVISIBLE}™℠]+)|(?P<power>(?<=\d)[{_SUPERSCRIPT}]+)|(?P<note>[{_SUPERSCRIPT}]+)"
    rf"|(?P<ascii>[\x21-\x7e]+(?![^\x00-\x7f]))|(?P<other>.(?:(?![\s{_INVISIBLE}™℠{_SUPERSCRIPT}])[^\x00-\x7f])*)",
    re.DOTALL,
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_LATIN: Final = re.compile(r"[A-Za-z]")
_ROUNDS: Final = 12  # two are the rule; a text that still moves after so many is taken as it then stands


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal text and, for each of its code points, the place in the original that it came from."""

    text: str
    length: int  # of the original, in code points
    starts: tuple[int, ...] | None = None  # None: the n-th code point stands for the n-th of the original
    ends: tuple[int, ...] | None = None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that `text[start:end]` stands for; an empty span stays empty.

        Raises ValueError where the span does not lie within the text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"The span {start}–{end} does not lie within a text of {len(self.text)} characters.")
        if self.starts is None or self.ends is None:
            return start, end
        first = self.starts[start] if start < len(self.starts) else self.length
        return first, first if start == end else self.ends[end - 1]

    def rewritten(self, pieces: Iterable[tuple[str, int, int]]) -> "Normal":
        """The text made of pieces (new words, and the span of this text that they stand for), with the way back.

        A piece as long as its span stands for it character by character, another one for the whole of it.
        """
        made: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for piece, start, end in pieces:
            made.append(piece)
            if len(piece) != end - start:
                first, last = self.origin(start, end)
                starts += [first] * len(piece)
                ends += [last] * len(piece)
            elif self.starts is None or self.ends is None:
                starts += range(start, end)
                ends += range(start + 1, end + 1)
            else:
                starts += self.starts[start:end]
                ends += self.ends[start:end]
        return Normal("".join(made), self.length, tuple(starts), tuple(ends))

    def over(self, older: "Normal") -> "Normal":
        """This normal text of `older.text`, with the way back to what `older` was made of."""
        if older.starts is None or older.ends is None:
            return self
        if self.starts is None:
            return Normal(self.text, older.length, older.starts[: len(self.text)], older.ends[: len(self.text)])
        if self.ends is None:
            return self
        count, firsts, lasts = len(older.starts), older.starts, older.ends
        starts = tuple(firsts[start] if start < count else older.length for start in self.starts)
        spans = zip(self.starts, self.ends, starts, strict=True)
        return Normal(
            self.text,
            older.length,
            starts,
            tuple(place if start == end else lasts[end - 1] for start, end, place in spans),
        )


@cache
def _single() -> dict[int, str]:
    """Characters that give way to exactly one other: quotation marks, dashes, spaces, halves of a character."""
    groups: dict[str, str] = json.loads((_DATA / "characters.json").read_text(encoding="utf-8"))["same_length"]
    singles = {ord(old): new for new, olds in groups.items() for old in olds}
    return {**singles, **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}


@cache
def _look_alikes() -> dict[int, str]:
    """Letters of other alphabets that a reader takes for Latin ones."""
    groups: dict[str, str] = json.loads((_DATA / "characters.json").read_text(encoding="utf-8"))["look_alikes"]
    return {ord(old): new for new, olds in groups.items() for old in olds}


def straightened(text: str) -> str:
    """The text with plain quotation marks, dashes and spaces, of the same length: a first, cheap step."""
    return text.translate(_single())


def normalise(text: str) -> Normal:
    """The normal form of a text. Normalising a normal text changes nothing."""
    if _PLAIN.fullmatch(text):
        return Normal(text, len(text))
    swapped = straightened(text)
    if not swapped or _PLAIN.fullmatch(swapped):
        return Normal(swapped, len(text))
    return _settled(swapped)


def _settled(text: str) -> Normal:
    now = Normal(text, len(text))
    for _ in range(_ROUNDS):
        after = _folded(now)
        if after.text == now.text:
            break
        now = after
    return now


def _folded(now: Normal) -> Normal:
    """One round of folding, its places carried back through `now`."""
    return now.rewritten(_pieces(_without_look_alikes(now.text)))


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """(new text, start, end) for each step through a text."""
    for found in _STEP.finditer(text):
        start, end = found.span()
        match found.lastgroup:
            case "space":
                if start and end < len(text):
                    yield " ", start, end
            case "drop" | "note":
                pass
            case "power":
                yield "^" + unicodedata.normalize("NFKC", found[0]), start, end
            case "ascii":
                yield found[0], start, end
            case _:
                yield from _clusters(text, start, end)


def _clusters(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The same for letters outside ASCII: each with the marks that combine with it, in its compatibility form."""
    while start < end:
        stop = start + 1
        while stop < end and _combines(text[stop]):
            stop += 1
        whole = text[start:stop]
        new = unicodedata.normalize("NFKC", whole).translate(_single())
        yield new, start, stop
        start = stop


def _combines(letter: str) -> bool:
    """Whether a character may melt into the one before it: a mark, or the later part of a Hangul syllable."""
    return unicodedata.category(letter)[0] == "M" or "\u1160" <= letter <= "\u11ff"


def _without_look_alikes(text: str) -> str:
    """The text with look-alike letters replaced, in words that hold Latin letters or stand in a Latin text."""
    table = _look_alikes()
    if table.keys().isdisjoint(map(ord, text)):
        return text
    letters = sum(map(str.isalpha, text))
    mostly_latin = 2 * len(_LATIN.findall(text)) >= letters

    def replaced(word: re.Match[str]) -> str:
        alike = _LATIN.search(word[0]) or (mostly_latin and all(ord(each) in table for each in word[0]))
        return word[0].translate(table) if alike else word[0]

    return _WORD.sub(replaced, text)
