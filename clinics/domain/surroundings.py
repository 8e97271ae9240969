"""What stands around a sentence on its page, as numbers by which the second reader's word is weighed anew.

A sentence by itself often tells too little: "Parkinson's disease" in a list is an offer on one page and a word of
warning on another. How sure the reader is of the *other* sentences of a page, and how they sound, says what kind of
page it is; the sentences, headings and places nearby say what kind of passage. The numbers of `around` are multiplied
by weights that `train_reader` learns from whole labelled pages, and that stand by name in the reader's card.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from clinics.domain.block import Sentence, Surface

FEWEST: Final = 12  # sentences of a text, below which what stands around one says nothing
NUMBERS: Final = (
    "own words",
    "loudest others",
    "own words where others claim",
    "length",
    "under headings",
    "depth of headings",
    "the page's first words",
    "the next sentence",
    "fragment among claims",
    "under a heading that hushes",
    "question",
    "title",
    "footer",
    "voice of the others",
    "voice",
    "own words among such voices",
)
WORDS: Final = ("words in place", "words of the heading", "words before", "words behind")
NAMES: Final = (*NUMBERS, *WORDS)
_SURE: Final = 0.999  # no share counts as surer than this, nor as less sure than its opposite
_LOUDEST: Final = 8  # others
_FAINT: Final = 0.02  # added to a mean before its logarithm is taken
_FRAGMENT: Final = 3  # words at most
_NEAR: Final = 2  # blocks
_HEARD: Final = 90  # others at most whose mean counts, the loudest: no page that taught is much longer
_UNSEEN: Final = frozenset({Surface.META, Surface.STRUCTURED, Surface.HIDDEN})  # by visitors: no page is told by it


@dataclass(frozen=True, slots=True)
class Bearing:
    """What the words of a sentence add, as log-odds of a claim: their own on a page, and to the sentences beside them.

    `voice` is how much they sound like a page that claims anything at all. All are 0 where nothing was learned.
    """

    voice: float = 0.0
    in_place: float = 0.0
    to_the_next: float = 0.0
    to_the_one_before: float = 0.0


NO_BEARING: Final = Bearing()


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence as the sentences around it hear it. `share`: how sure the reader is of a claim in its own words."""

    share: float
    words: int
    block: int
    governors: int
    surface: Surface
    is_hushed: bool  # by the heading right over it, which warns, reports, asks or denies
    asks: bool
    bearing: Bearing = NO_BEARING
    heading: float = 0.0  # what the words of the heading right over it add

    @classmethod
    def of(
        cls,
        sentence: Sentence,
        share: float,
        *,
        is_hushed: bool,
        asks: bool,
        bearing: Bearing = NO_BEARING,
        heading: float = 0.0,
    ) -> "Unit":
        """A sentence with what is known of it by itself."""
        words, governors = len(sentence.text.split()), len(sentence.governors)
        return cls(share, words, sentence.block, governors, sentence.surface, is_hushed, asks, bearing, heading)


def around(units: Sequence[Unit]) -> Iterator[tuple[float, ...]]:
    """For each of a page's sentences, in order, one number for each of `NAMES`.

    What no visitor sees says nothing of the others: else a seller could hush a page by words that nobody reads. For
    the same reason only the loudest ninety of endless pages count.
    """
    seen = [unit for unit in units if unit.surface not in _UNSEEN]
    shares = _Others([unit.share for unit in seen], _HEARD)
    loudest = _Others([unit.share for unit in seen], _LOUDEST)
    voices = _Others([unit.bearing.voice for unit in seen], _HEARD)
    first = _log_odds(seen[0].share if seen else 0.0)
    near, place = _near(units, seen), 0  # the place among the seen ones
    for number, unit in enumerate(units):
        is_seen = unit.surface not in _UNSEEN
        before = seen[place - 1] if place else None
        place += is_seen
        behind = seen[place] if place < len(seen) else None
        own, voice = _log_odds(unit.share), voices.mean_but(unit.bearing.voice if is_seen else None)
        yield (
            own,
            log(max(0.0, loudest.mean_but(unit.share if is_seen else 0.0)) + _FAINT),
            own * shares.mean_but(unit.share if is_seen else None),
            log(1 + unit.words),
            float(unit.governors > 0),
            float(unit.governors),
            first,
            _log_odds(behind.share if behind else 0.0),
            near[number] if unit.words <= _FRAGMENT else 0.0,
            float(unit.is_hushed),
            float(unit.asks),
            float(unit.surface is Surface.TITLE),
            float(unit.surface is Surface.FOOTER),
            voice,
            unit.bearing.voice,
            own * voice,
            unit.bearing.in_place,
            unit.heading,
            before.bearing.to_the_next if before else 0.0,
            behind.bearing.to_the_one_before if behind else 0.0,
        )


class _Others:
    """The mean of a page's largest values, `most` of them, but for one sentence's own."""

    def __init__(self, values: Sequence[float], most: int) -> None:
        largest = sorted(values, reverse=True)[: most + 1]
        self._total, self._count, self._least = sum(largest), len(largest), largest[-1] if largest else 0.0
        self._most = most

    def mean_but(self, own: float | None) -> float:
        """The mean of the others; of all, where None is the sentence's own."""
        if own is None and self._count <= self._most:
            return self._total / max(1, self._count)
        left_out = self._least if own is None else max(own, self._least)
        return (self._total - left_out) / max(1, self._count - 1)


def _near(units: Sequence[Unit], seen: Sequence[Unit]) -> list[float]:
    """For each sentence the mean share of the others seen in its block and in the two before and behind it."""
    blocks: dict[int, list[float]] = defaultdict(list)
    for unit in seen:
        blocks[unit.block].append(unit.share)
    means = []
    for unit in units:
        shares = [
            share for block in range(unit.block - _NEAR, unit.block + _NEAR + 1) for share in blocks.get(block, ())
        ]
        if unit.surface not in _UNSEEN:
            shares.remove(unit.share)
        means.append(sum(shares) / len(shares) if shares else 0.0)
    return means


def _log_odds(share: float) -> float:
    kept = max(1 - _SURE, min(_SURE, share))
    return log(kept / (1 - kept))
