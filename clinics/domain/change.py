"""What changed between two readings of a page, in sentences and in words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Indel

from clinics.domain.block import Sentence
from clinics.domain.identity import digest

SAME: Final = "same"
ADDED: Final = "added"
REMOVED: Final = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """`new`: sentences that this page never said before. `gone`: digests that the last reading had and this has not.

    `share_lost` is the part of the last reading's different sentences that are gone, from 0.0 to 1.0.
    """

    new: tuple[Sentence, ...]
    gone: frozenset[int]
    share_lost: float


def compare(said: Collection[int], before: Collection[int], now: Sequence[Sentence]) -> Change:
    """Set a reading against all that the page ever said, and against its last reading; order does not matter."""
    ever = frozenset(said) | frozenset(before)
    fresh: dict[int, Sentence] = {}
    present = set()
    for sentence in now:
        mark = digest(sentence)
        present.add(mark)
        if mark not in ever:
            fresh.setdefault(mark, sentence)
    last = frozenset(before)
    gone = last - present
    return Change(tuple(fresh.values()), gone, len(gone) / len(last) if last else 0.0)


def word_changes(before: str, after: str) -> list[tuple[str, str]]:
    """(kind, words) from the old wording to the new; kinds are "same", "added" and "removed", in reading order.

    The same and removed words give the old wording, the same and added words the new one, but for white space.
    """
    old, new = before.split(), after.split()
    found: list[tuple[str, str]] = []
    for step in Indel.opcodes(old, new):
        match step.tag:
            case "equal":
                found.append((SAME, " ".join(old[step.src_start : step.src_end])))
            case "insert":
                found.append((ADDED, " ".join(new[step.dest_start : step.dest_end])))
            case _:
                found.append((REMOVED, " ".join(old[step.src_start : step.src_end])))
    return found
