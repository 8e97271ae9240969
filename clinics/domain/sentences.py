"""Cutting blocks into the units that are judged: sentences, headlines, slogans, list items, buttons.

Boundaries come from the sentencex library (MIT), whose offsets are code points; what it misses on clinics' pages is
mended here: abbreviations that it does not know, sentences that start after a closing quotation mark or bracket, and
line breaks. A fragment without a verb is a unit like any other.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Final

import sentencex

from clinics.domain.block import Block, Sentence, Surface
from clinics.domain.normal import normalise

_INNER_END: Final = re.compile(r"[.!?…。](?=.)|\n", re.DOTALL)
_SPANISH: Final = re.compile(r"[¿¡ñáéíóúÑÁÉÍÓÚ]|\b(?:el|los|las|una|para|con|que|de la|tratamiento)\b")
_HALVES: Final = re.compile("[\ud800-\udfff]")  # of a character outside the first plane, standing alone
_SAMPLE: Final = 300  # characters by which a block's language is told
_MISSED: Final = re.compile(r"[.!?…][\"'”’»)\]]*[ \t]+(?=[\"'“‘«(\[¿¡]*[A-ZÀ-ÖØ-Þ¿¡])")
_LINE: Final = re.compile(r"\n+(?![a-zß-öø-ÿ])")
_INITIAL: Final = re.compile(r"[A-Z]\.")
_NUMBERED: Final = re.compile(r"\s*(?:\d{1,2}|[a-zA-Z])\.\s*")  # "1. One product for everything" is one piece
_DOTTED: Final = re.compile(r"(?:[^\W\d_]\.){2,}")  # "c.í.n" goes on behind every stop
_FEW_WORDS: Final = 4
_COUNTRY: Final = re.compile(r"\b[A-Z]\.[A-Z]\.\s*\Z")
_SITE: Final = re.compile(r"(?:gov|com|org|net|edu|info)\b", re.IGNORECASE)
_SITES_LENGTH: Final = 24  # characters in which such an ending stands, however it is typed


@cache
def _groups(name: str) -> dict[str, list[str]]:
    """A part of the abbreviations' file, by the name of each group in it."""
    file = Path(__file__).with_name("data") / "abbreviations.json"
    groups: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))[name]
    return groups


@cache
def _abbreviations(group: str) -> frozenset[str]:
    """Words after whose full stop a sentence goes on, in lower case and without that full stop."""
    return frozenset(word for words in _groups(group).values() for word in words)


@cache
def _institution() -> re.Pattern[str]:
    """A country's initials with the beginning of an institution's name behind them ("U.S. Food and Drug")."""
    groups = _groups("go_on_before_a_name").items()
    pairs = (rf"{re.escape(initials)}\.\s+(?:{'|'.join(map(re.escape, names))})" for initials, names in groups)
    return re.compile(rf"(?:{'|'.join(pairs)})\b", re.IGNORECASE)


def split(blocks: Sequence[Block]) -> tuple[Sentence, ...]:
    """The sentences of blocks, in order, each with its place, its governors and its neighbours in the block."""
    return tuple(
        sentence
        for index, (block, after) in enumerate(zip_longest(blocks, blocks[1:]))
        for sentence in _of_block(block, index, _answer(block, after))
    )


def _answer(block: Block, following: Block | None) -> str:
    """The few words with which the next block answers the question that this one asks ("Yes, it is."), else ""."""
    if following is None or not block.text.rstrip().endswith("?") or block.text not in following.governors:
        return ""
    first = following.text[slice(*_spans(following.text, following.surface)[0])]
    return first if len(first.split()) <= _FEW_WORDS else ""


def _of_block(block: Block, index: int, answer: str) -> Iterator[Sentence]:
    text = block.text
    spans = [span for span in _spans(text, block.surface) if span[0] < span[1]]
    for place, (start, end) in enumerate(spans):
        before = text[slice(*spans[place - 1])] if place else ""
        after = text[slice(*spans[place + 1])] if place + 1 < len(spans) else answer
        yield Sentence(text[start:end], start, end, index, block.surface, block.governors, block.page, before, after)


def _spans(text: str, surface: Surface) -> list[tuple[int, int]]:
    """Trimmed spans of the units of a text."""
    if not _INNER_END.search(text):
        return [_trimmed(text, 0, len(text))]
    one_line = surface in (Surface.HEADING, Surface.TITLE)
    cuts = {0, len(text), *_library_cuts(text), *(found.end() for found in _MISSED.finditer(text))}
    kept = sorted(cut for cut in cuts if cut in (0, len(text)) or not _goes_on(text, cut))
    lines = () if one_line else (found.end() for found in _LINE.finditer(text))
    return [_trimmed(text, *span) for span in pairwise(sorted({*kept, *lines}))]


def _library_cuts(text: str) -> Iterator[int]:
    language = "es" if _SPANISH.search(text, 0, _SAMPLE) else "en"
    whole = _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)  # which the library can't read
    return (boundary["start_index"] for boundary in sentencex.get_sentence_boundaries(language, whole))


def _goes_on(text: str, cut: int) -> bool:
    """Whether a cut falls within a sentence: after an abbreviation or an initial, in a site's name, at a line break."""
    before = text[max(0, cut - 40) : cut]
    if cut < 6 and _NUMBERED.fullmatch(before):
        return True
    if before.endswith("\n"):
        return True  # line breaks are judged apart
    last = before.split()[-1:]
    if not last or not last[0].endswith("."):
        return False
    word = last[0].lstrip("\"'“‘«([¿¡")
    if before[-1:] == "." and _DOTTED.fullmatch(word):
        return True
    if word[:-1].lower() in _abbreviations("go_on") or _INITIAL.fullmatch(word):
        return True
    country = _COUNTRY.search(before)
    if country and _institution().match(text, cut - len(country.group())):
        return True
    if before[-1:] == "." and _SITE.match(normalise(text[cut : cut + _SITES_LENGTH]).text):
        return True
    after = text[cut : cut + 1]
    if after.islower():
        return word[:-1].lower() in _abbreviations("go_on_before_a_small_letter")
    return after.isdigit() and word[:-1].lower() in _abbreviations("go_on_before_a_number")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())
