"""What the second reader looks at in a sentence: words, their order, kinds of words, and what rules found in it.

Every feature is a number below `SIZE`; five groups of them are weighed apart, each as if it were of length one, so
that a long sentence counts no more than a slogan. Text comes in unmasked, without accents, in small letters.
"""

import json
import re
from array import array
from collections.abc import Collection, Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import re2
import xxhash

from clinics.domain.wording import expand, options

SIZE: Final = 1 << 21
GROUPS: Final = ("words", "kinds", "distant", "letters", "context")
_MASK: Final = SIZE - 1
_CLASSES: Final = ("authority", "disease", "surgery", "product", "joint")
_WORD: Final = re.compile(r"[A-Z]{3,}|\d+(?:[.,]\d+)*|[a-zñ]+(?:'[a-z]+)?|[?!:;,.%$€#\"()…+=-]|[^\w\s]")
_LISTS: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("data").joinpath("reader_words.json").read_text(encoding="utf-8")
)
_DAYS: Final = frozenset(_LISTS["days"])
_NEGATIONS: Final = frozenset(_LISTS["negations"])
_KEYS: Final = frozenset(_LISTS["keys"])
_STOPS: Final = frozenset(".;:!?,")
_ENDS: Final = frozenset("?!.:")
_SUFFIXES: Final = tuple(_LISTS["suffixes"])
_STEM: Final = 4  # letters that a stem keeps at least
_SHORT: Final = 2  # digits of a small number
_LENGTHS: Final = 8  # steps of length that are told apart, of four words each
_REMEMBERED: Final = 8_000  # words whose numbers, kinds and letters are kept
_FACTORS: Final = (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35)
_SALTS: Final = tuple(xxhash.xxh32_intdigest(bytes([number])) for number in range(16))

Groups = tuple[Collection[int], ...]


def small_letters(words: str) -> str:
    """Words in the form that `features` takes: small letters, each place kept; as they are where that can't be."""
    small = words.lower()
    return small if len(small) == len(words) else words


def features(text: str, context: Iterable[str] = ()) -> Groups:
    """The features of a text (unmasked, plain, small letters), by group; `context`: marks of what was found in it."""
    words = _WORD.findall(text)
    shown = [_shown(word) for word in words]
    kinds = _kinds(text)
    return (
        _runs([number(word) for word in ("<", *shown, ">")], 0),
        _kind_numbers(kinds),
        _distant(kinds),
        frozenset().union(*map(_letters, words)),
        {number(mark) & _MASK for mark in (*context, *_shape(words))},
    )


def kinds_of(text: str) -> Collection[int]:
    """The kinds of words alone, of a text as `features` takes it."""
    return _kind_numbers(_kinds(text))


def _kind_numbers(kinds: Sequence[str]) -> set[int]:
    """Kinds of words, in ones, twos and threes, and what a negation stands before."""
    return _runs([number(kind) for kind in ("<", *kinds, ">")], 3) | _negated(kinds)


def _number(word: str) -> int:
    return xxhash.xxh32_intdigest(word.encode("utf-8", "surrogatepass"))


number = lru_cache(maxsize=_REMEMBERED)(_number)
"""The number of a word or mark."""


def _kinds(text: str) -> list[str]:
    """The stems of a text, in capitals where they name a kind of thing ("DISEASE")."""
    if _any_class().Match(text):
        for name, pattern in _classes():
            text = pattern.sub(name, text)
    return [_kind(word) for word in _WORD.findall(text)]


@cache
def _classes() -> tuple[tuple[str, Any], ...]:
    return tuple((f" {name.upper()} ", re2.compile(rf"\b{expand('{' + name + '}')}\b", options())) for name in _CLASSES)


@cache
def _any_class() -> Any:
    """All kinds in one automaton: most sentences of a page name none of them."""
    made = re2.Set.SearchSet(options())
    for _, pattern in _classes():
        made.Add(pattern.pattern)
    made.Compile()
    return made


@lru_cache(maxsize=_REMEMBERED)
def _kind(word: str) -> str:
    if word[0].isdigit():
        return "0"
    if word.isupper():
        return word
    if word in _DAYS:
        return "DAY"
    return _sign(word) if not word.isalpha() else _stem(word)


def _shown(word: str) -> str:
    return ("0" if len(word) <= _SHORT else "00") if word[0].isdigit() else _sign(word)


def _sign(word: str) -> str:
    """Pictures and signs are one kind."""
    return "EMOJI" if not word.isascii() and not word.isalpha() and word != "…" else word


def _stem(word: str) -> str:
    if len(word) <= _STEM:
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _STEM:
            return word[: -len(suffix)]
    return word


def _runs(row: Sequence[int], salt: int) -> set[int]:
    """One, two and three in a row."""
    f1, f2, _ = _FACTORS
    s1, s2, s3 = _SALTS[salt : salt + 3]
    ones = {(a ^ s1) & _MASK for a in row}
    ones.update([(a * f1 + b + s2 >> 4) & _MASK for a, b in pairwise(row)])
    ones.update([(a * f1 + b * f2 + c + s3 >> 4) & _MASK for a, b, c in zip(row, row[1:], row[2:], strict=False)])
    return ones


def _negated(kinds: Sequence[str]) -> set[int]:
    """Stems that a negation stands before in the same clause."""
    found: set[int] = set()
    reach = False
    for kind in kinds:
        if kind in _NEGATIONS:
            reach = True
        elif kind in _STOPS:
            reach = False
        elif reach:
            found.add((number(kind) ^ _SALTS[6]) & _MASK)
    return found


def _distant(kinds: Sequence[str]) -> set[int]:
    """Stems one or two words apart, and every stem together with the words that weigh most."""
    row = [number(kind) for kind in ("<", *kinds, ">")]
    f1, f2, f3 = _FACTORS
    s1, s2, s3 = _SALTS[7:10]
    found = {(a * f1 + b + s1 >> 4) & _MASK for a, b in zip(row, row[2:], strict=False)}
    found.update([(a * f2 + b + s2 >> 4) & _MASK for a, b in zip(row, row[3:], strict=False)])
    words = {kind: number(kind) for kind in kinds if len(kind) > 1 or kind in "i?"}
    for key in words.keys() & _KEYS:
        here = words[key] * f3 + s3
        found.update([(here ^ other) >> 4 & _MASK for other in words.values()])
    return found


@lru_cache(maxsize=_REMEMBERED)
def _letters(word: str) -> Sequence[int]:
    """Runs of three to five letters in a word of four or more; an array, since a set takes ten times the memory."""
    if len(word) <= 3 or not word.isalpha():
        return ()
    edged = f"^{word}$"
    runs = (edged[at : at + size] for size in (3, 4, 5) for at in range(len(edged) - size + 1))
    return array("I", [(_number(run) ^ _SALTS[10]) & _MASK for run in runs])


def _shape(words: Sequence[str]) -> list[str]:
    marks = [f"length {min(_LENGTHS, len(words) // 4)}"]
    if words and words[-1] in _ENDS:
        marks.append(f"end {words[-1]}")
    if '"' in words:
        marks.append("quoted")
    return marks
