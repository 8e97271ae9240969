"""What becomes of the rules' findings in a sentence when the second reader has read it too."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from clinics.domain.normal import Normal
from clinics.domain.reader_features import small_letters
from clinics.domain.rule import Rule, Severity, Stance
from clinics.domain.second_reader import SecondReader, Seen, as_rule
from clinics.domain.stance import heading_verdict

Found = tuple[Rule, int, int, Stance, bool, str]  # rule, start, end, stance, whether it flags, why
GRAVEST: Final = Severity.HIGH  # of a suggestion: "critical" takes words that a rule knows


def usual_severities(rules: Iterable[Rule]) -> Mapping[str, Severity]:
    """For each category the severity that most of its rules have."""
    counts: dict[str, Counter[Severity]] = defaultdict(Counter)
    for rule in rules:
        counts[rule.category][rule.severity] += 1
    return {category: count.most_common(1)[0][0] for category, count in counts.items()}


def reviewed(
    reader: SecondReader,
    found: tuple[Found, ...],
    words: str,
    normal: Normal,
    governors: tuple[str, ...],
    severities: Mapping[str, Severity],
) -> tuple[tuple[Found, ...], float]:
    """The findings as the second reader leaves them, its suggestion among them, and how sure it is of a claim, 0 to 1.

    `words` is the sentence, unmasked and plain; `normal` leads back to the original. Right under a heading that warns,
    reports, asks or denies nothing is suggested; a title farther up says little: who warns of others may sell as well.
    """
    small = small_letters(words)
    seen = [Seen(rule.key, rule.category, stance, flagged) for rule, _, _, stance, flagged, _ in found]
    share, card, under = reader.share(small, seen), reader.card, bool(governors)
    answered = words.endswith("?")  # what is claimed there is claimed by the answer, which it does not see
    if share < card.bars.for_upholding(under_heading=under) and not answered:
        found = tuple(_held_back(each, share) if each[0].key in card.seconded else each for each in found)
    bar = card.bars.for_suggesting(under_heading=under, words_found=bool(found))
    if share < bar or any(flagged for *_, flagged, _ in found) or heading_verdict(governors[-1:], words):
        return found, share
    return (*found, _suggested(reader, small, normal, seen, share, severities)), share


def _suggested(
    reader: SecondReader,
    words: str,
    normal: Normal,
    seen: Sequence[Seen],
    share: float,
    severities: Mapping[str, Severity],
) -> Found:
    places = reader.moved_by(words, seen)
    category = next((each.category for each in seen if each.stance is Stance.CLAIMED), "") or reader.category(words)
    severity = min(severities.get(category, Severity.MEDIUM), GRAVEST)
    named = "”, “".join(normal.text[start:end] for start, end in places)
    known = "The rules took its words for no claim" if seen else "No rule knows it"
    reason = f"{known}; the second reader takes it for one ({share:.0%} sure), moved by “{named}”."
    start, _ = normal.origin(*places[0])
    _, end = normal.origin(*places[-1])
    return replace(as_rule(reader.card), category=category, severity=severity), start, end, Stance.CLAIMED, True, reason


def _held_back(found: Found, share: float) -> Found:
    """A flag that the second reader does not uphold."""
    rule, start, end, stance, flagged, _ = found
    if not flagged:
        return found
    return rule, start, end, stance, False, f"Not upheld by the second reader, which is {share:.0%} sure of a claim."
