"""What becomes of the rules' findings in a sentence when the second reader has read it too."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from clinics.domain.normal import Normal
from clinics.domain.reader_features import features, small_letters
from clinics.domain.rule import Rule, Severity, Stance
from clinics.domain.second_reader import SecondReader, Seen, as_rule, context
from clinics.domain.stance import heading_verdict
from clinics.domain.surroundings import NO_BEARING, Bearing

Found = tuple[Rule, int, int, Stance, bool, str]  # rule, start, end, stance, whether it flags, why
GRAVEST: Final = Severity.HIGH  # of a suggestion: "critical" takes words that a rule knows


def usual_severities(rules: Iterable[Rule]) -> Mapping[str, Severity]:
    """For each category the severity that most of its rules have."""
    counts: dict[str, Counter[Severity]] = defaultdict(Counter)
    for rule in rules:
        counts[rule.category][rule.severity] += 1
    return {category: count.most_common(1)[0][0] for category, count in counts.items()}


@dataclass(frozen=True, slots=True)
class Heard:
    """What rules and reader make of a sentence by itself. `share` is None where the second reader did not read it."""

    found: tuple[Found, ...]
    share: float | None
    under_heading: bool = False
    is_hushed: bool = False  # by the heading right over it, which warns, reports, asks or denies
    asks: bool = False
    bearing: Bearing = NO_BEARING
    heading: float = 0.0  # what the words of the heading right over it add to a claim


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where the words are that moved the second reader, in the original and as read, and what they resemble."""

    start: int
    end: int
    named: str
    category: str


def heard(
    reader: SecondReader, found: tuple[Found, ...], words: str, governors: tuple[str, ...], heading: float = 0.0
) -> Heard:
    """A sentence as the second reader hears it. `words`: the sentence, unmasked and plain.

    `heading` is what the words of the heading right over it add.
    """
    groups = features(small_letters(words), context(_seen(found)))
    return Heard(
        found,
        reader.share_of(groups),
        bool(governors),
        is_hushed(words, governors),
        asks(words),
        reader.bearing(groups),
        heading,
    )


def is_hushed(words: str, governors: tuple[str, ...]) -> bool:
    """Whether the heading right over plain words warns, reports, asks or denies."""
    return heading_verdict(governors[-1:], words) is not None


def says_anything(words: str) -> bool:
    """Whether plain words are more than signs."""
    return any(map(str.isalnum, words))


def asks(words: str) -> bool:
    """Whether plain words are a question."""
    return words.rstrip().endswith("?")


def flags(found: Iterable[Found]) -> bool:
    """Whether any of these findings flags."""
    return any(flagged for *_, flagged, _ in found)


def weighed(reader: SecondReader, one: Heard, numbers: Iterable[float]) -> float | None:
    """How sure the reader is of a sentence where it stands, from the numbers of `around`.

    None where it is so sure of the words themselves that no page can take from it, the calmest least of all: a first
    claim on a page without any is what staff look for. Where a rule flags the words, too, less is asked of it.
    """
    bars = reader.card.bars
    sure = bars.sure_with_rule if flags(one.found) else bars.sure
    return reader.share_in_place(numbers) if (one.share or 0.0) < sure else None


def upheld(reader: SecondReader, one: Heard, place: float | None) -> tuple[Found, ...]:
    """The findings of a sentence without the flags that the second reader holds back.

    `place` is how sure it is where the sentence stands, None where its own words decide. What a question claims is
    claimed by its answer, which the reader does not see.
    """
    share, bars = one.share or 0.0, reader.card.bars
    by_words = share >= bars.for_upholding(under_heading=one.under_heading)
    if one.asks or (by_words if place is None else place >= bars.uphold_in_place):
        return one.found
    told = _told(share, place)
    return tuple(_held_back(each, told) if each[0].key in reader.card.seconded else each for each in one.found)


def is_suggested(reader: SecondReader, one: Heard, place: float | None) -> bool:
    """Whether the second reader suggests a sentence that no rule flags.

    Right under a heading that warns, reports, asks or denies nothing is suggested; a title farther up says little: who
    warns of others may sell as well.
    """
    share, bars = one.share or 0.0, reader.card.bars
    if one.is_hushed:
        return False
    if place is None:
        return share >= bars.for_suggesting(under_heading=one.under_heading, words_found=bool(one.found))
    return place >= bars.suggest_in_place and share >= (bars.overrule if one.found else bars.least_in_place)


def suggestion(reader: SecondReader, found: tuple[Found, ...], words: str, normal: Normal) -> Suggestion:
    """What the second reader would say of a sentence; `normal` leads back to the original."""
    small, seen = small_letters(words), _seen(found)
    places = reader.moved_by(small, seen)
    category = next((each.category for each in seen if each.stance is Stance.CLAIMED), "") or reader.category(small)
    start, _ = normal.origin(*places[0])
    _, end = normal.origin(*places[-1])
    return Suggestion(start, end, "”, “".join(normal.text[start:end] for start, end in places), category)


def as_finding(
    reader: SecondReader, said: Suggestion, one: Heard, place: float | None, severities: Mapping[str, Severity]
) -> Found:
    """A suggestion in the form of a rule's finding, with its reason."""
    severity = min(severities.get(said.category, Severity.MEDIUM), GRAVEST)
    known = "The rules took its words for no claim" if one.found else "No rule knows it"
    told = _told(one.share or 0.0, place)
    reason = f"{known}; the second reader takes it for one ({told}), moved by “{said.named}”."
    rule = replace(as_rule(reader.card), category=said.category, severity=severity)
    return rule, said.start, said.end, Stance.CLAIMED, True, reason


def _seen(found: Iterable[Found]) -> list[Seen]:
    return [Seen(rule.key, rule.category, stance, flagged) for rule, _, _, stance, flagged, _ in found]


def _told(share: float, place: float | None) -> str:
    own = f"{share:.0%} sure"
    return own if place is None else f"{own} by its own words and {place:.0%} with what stands around them"


def _held_back(found: Found, told: str) -> Found:
    """A flag that the second reader does not uphold."""
    rule, start, end, stance, flagged, _ = found
    if not flagged:
        return found
    return rule, start, end, stance, False, f"Not upheld by the second reader: {told} of a claim."
