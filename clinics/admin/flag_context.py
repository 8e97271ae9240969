"""How a flag's wording is shown: in its place, with the words that matched, and against what stood there before."""

from collections.abc import Sequence
from dataclasses import dataclass

from clinics.domain.change import SAME, word_changes
from clinics.domain.sentences import split
from clinics.models import Flag, Sighting, Snapshot, Variant

LIKENESS = 0.5  # share of words that an earlier sentence must have in common to be shown as the wording before
AROUND = 600  # characters of a long block that are shown on each side of the sentence


@dataclass(frozen=True, slots=True)
class Part:
    """A run of text: `kind` is plain, sentence or words (those that a rule matched)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier wording, where it is from, and the difference as (kind, words)."""

    source: str
    sentence: str
    changes: list[tuple[str, str]]


def marked(block: str, sentence: str, words: Sequence[str]) -> list[Part]:
    """The block cut into parts: around the sentence, in it, and the matched words in it."""
    start = block.find(sentence)
    if start < 0:
        return [Part("plain", _tail(block))]
    end = start + len(sentence)
    inside = _with_words(sentence, words)
    parts = [Part("plain", _tail(block[:start])), *inside, Part("plain", _head(block[end:]))]
    return [part for part in parts if part.text]


def _with_words(sentence: str, words: Sequence[str]) -> list[Part]:
    covered = [False] * len(sentence)
    for found in words:
        at = sentence.find(found) if found else -1
        if at >= 0:
            covered[at : at + len(found)] = [True] * len(found)
    parts: list[Part] = []
    start = 0
    for index in range(1, len(sentence) + 1):
        if index == len(sentence) or covered[index] != covered[start]:
            parts.append(Part("words" if covered[start] else "sentence", sentence[start:index]))
            start = index
    return parts


def _tail(text: str) -> str:
    return text if len(text) <= AROUND else "… " + text[-AROUND:]


def _head(text: str) -> str:
    return text if len(text) <= AROUND else text[:AROUND] + " …"


def before(flag: Flag, sighting: Sighting | None, variants: Sequence[Variant]) -> Before | None:
    """The nearest earlier wording: an earlier form of the flag's own, else the likest sentence of the text before."""
    earlier = [variant for variant in variants if variant.sentence != flag.sentence]
    if earlier:
        latest = earlier[-1]
        source = f"wording first read {latest.first_seen_at:%d %B %Y}"
        return Before(source, latest.sentence, word_changes(latest.sentence, flag.sentence))
    if sighting is None or sighting.page_id is None:
        return None
    return _in_the_text_before(flag.sentence, sighting)


def _in_the_text_before(sentence: str, sighting: Sighting) -> Before | None:
    first = Snapshot.objects.filter(page_id=sighting.page_id, taken_at__lt=sighting.first_seen_at)
    snapshot = first.order_by("-taken_at").first()
    if snapshot is None:
        return None
    found = likest(sentence, [earlier.text for earlier in split(snapshot.blocks)])
    if found is None:
        return None
    return Before(f"the page as read {snapshot.taken_at:%d %B %Y, %H:%M}", found, word_changes(found, sentence))


def likest(sentence: str, earlier: Sequence[str]) -> str | None:
    """The sentence with most words in common, if it has enough of them."""
    best = max(earlier, key=lambda text: likeness(text, sentence), default=None)
    return best if best is not None and likeness(best, sentence) >= LIKENESS else None


def likeness(before: str, after: str) -> float:
    """The share of words that two wordings have in common, in the same order: 0.0 to 1.0."""
    total = len(before.split()) + len(after.split())
    same = sum(len(words.split()) for kind, words in word_changes(before, after) if kind == SAME)
    return 2 * same / total if total else 0.0
