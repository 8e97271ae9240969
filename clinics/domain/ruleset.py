"""All rules, compiled together: a few RE2 sets ask each sentence which rules may speak about it.

Only in a sentence that the set matched are the rule's own patterns run, for the exact words, and the stance worked
out. RE2 takes linear time whatever staff write into a rule.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

import re2

from clinics.domain.approved import ApprovedProduct, true_statement
from clinics.domain.block import Sentence, Surface
from clinics.domain.category import CLAIMED_BY_NEGATION, GRAVER_BY_ROUTE, MAY_BE_TRUE
from clinics.domain.normal import Normal
from clinics.domain.reader_features import small_letters
from clinics.domain.rule import Match, Rule, Severity, Stance
from clinics.domain.second_reader import SecondReader, Seen, as_rule
from clinics.domain.stance import heading_verdict, stance_of
from clinics.domain.unmasking import unmasked
from clinics.domain.wording import compiled, expand, options, plain

_REMEMBERED: Final = 50_000  # sentences whose matches are kept: pages meet them again at every reading
_TOGETHER: Final = 16  # patterns in a set: of 140 in one, RE2 builds too large an automaton (1 ms a sentence, not 0.02)
_COUNTED: Final = re.compile(r"(?<=[.)\]])\{0,\d+\}\??")
_ROUTE: Final = r"\b{graver_route}\b"
_FRAGMENT: Final = 6  # spaces in a fragment at most, to be read as completing what stands over it
_Found = tuple[Rule, int, int, Stance, bool, str]
_Reading = tuple[tuple[_Found, ...], float | None]


class RuleSet:
    """A fixed set of rules. `version` changes with anything that bears on matching."""

    def __init__(
        self,
        rules: Iterable[Rule],
        approved: Iterable[ApprovedProduct] = (),
        reader: SecondReader | None = None,
    ) -> None:
        self.rules: Final = tuple(sorted(rules, key=lambda rule: rule.key))
        self.approved: Final = tuple(sorted(approved, key=lambda product: product.key))
        self.reader: Final = reader
        self.version: Final = _version(self.rules, self.approved, reader)
        self._owners = [rule for rule in self.rules for _ in rule.patterns]
        self._patterns = [compiled(pattern) for rule in self.rules for pattern in rule.patterns]
        self._ideas = {rule.key: [compiled(idea) for idea in rule.ideas] for rule in self.rules}
        self._graver = {rule.key: _graver(rule) for rule in self.rules}
        self._exemptions = {rule.key: [compiled(pattern) for pattern in rule.exemptions] for rule in self.rules}
        written = [pattern for rule in self.rules for pattern in rule.patterns]
        self._gates = [
            (first, _gate(written[first : first + _TOGETHER])) for first in range(0, len(written), _TOGETHER)
        ]
        self._found = lru_cache(maxsize=_REMEMBERED)(self._find)

    def find(self, sentence: Sentence) -> tuple[Match, ...]:
        """Every rule's words in the sentence, flagged or not, in the order of the rules' keys."""
        return self.read(sentence)[0]

    def read(self, sentence: Sentence) -> tuple[tuple[Match, ...], float | None]:
        """What `find` finds, and how sure the second reader is of a claim (0 to 1, None without one)."""
        if not self._owners and self.reader is None:
            return (), None
        found, share = self._found(sentence.text, sentence.governors, sentence.before, sentence.after)
        matches = tuple(
            Match(rule, start + sentence.start, end + sentence.start, stance, flagged, reason, share)
            for rule, start, end, stance, flagged, reason in found
        )
        return matches, share

    def _find(self, text: str, governors: tuple[str, ...], before: str, after: str) -> _Reading:
        normal = unmasked(text)
        words = plain(normal.text)
        found = self._by_rules(words, normal, governors, before, after)
        if self.reader is None or not any(map(str.isalnum, words)):
            return found, None
        return self._reviewed(self.reader, found, words, normal, governors)

    def _reviewed(
        self, reader: SecondReader, found: tuple[_Found, ...], words: str, normal: Normal, governors: tuple[str, ...]
    ) -> _Reading:
        """What the rules found, as the second reader leaves it, with its share."""
        small = small_letters(words)
        seen = [Seen(rule.key, rule.category, stance, flagged) for rule, _, _, stance, flagged, _ in found]
        share, card, under = reader.share(small, seen), reader.card, bool(governors)
        if share < card.bars.for_upholding(under_heading=under):
            found = tuple(_held_back(each, share) if each[0].key in card.seconded else each for each in found)
        bar = card.bars.for_suggesting(under_heading=under, words_found=bool(found))
        if share < bar or any(flagged for *_, flagged, _ in found) or heading_verdict(governors, words):
            return found, share
        return (*found, self._suggested(reader, small, normal, seen, share)), share

    def _suggested(
        self,
        reader: SecondReader,
        words: str,
        normal: Normal,
        seen: Sequence[Seen],
        share: float,
    ) -> _Found:
        places = reader.moved_by(words, seen)
        category = next((each.category for each in seen if each.stance is Stance.CLAIMED), "") or reader.category(words)
        rule = replace(as_rule(reader.card), category=category, severity=self._severity(category))
        named = "”, “".join(normal.text[start:end] for start, end in places)
        known = "The rules took its words for no claim" if seen else "No rule knows it"
        reason = f"{known}; the second reader takes it for one ({share:.0%} sure), moved by “{named}”."
        start, _ = normal.origin(*places[0])
        _, end = normal.origin(*places[-1])
        return rule, start, end, Stance.CLAIMED, True, reason

    def _severity(self, category: str) -> Severity:
        """The severity that most rules of a category have."""
        counts = Counter(rule.severity for rule in self.rules if rule.category == category)
        return counts.most_common(1)[0][0] if counts else Severity.MEDIUM

    def _by_rules(
        self, words: str, normal: Normal, governors: tuple[str, ...], before: str, after: str
    ) -> tuple[_Found, ...]:
        sentence = Sentence(words, 0, len(words), 0, Surface.BODY, governors, None, before, after)
        found = tuple(self._best(sentence, normal, ""))
        if found or not governors or words.count(" ") >= _FRAGMENT:
            return found
        return tuple(self._best(sentence, normal, _over(governors[-1]).rstrip(" :") + ": "))

    def _best(self, sentence: Sentence, normal: Normal, lead: str) -> Iterator[_Found]:
        """One finding for each rule: the first that flags, else the first. `lead` is what a fragment completes."""
        words = lead + sentence.text
        numbers = sorted(first + number for first, gate in self._gates for number in gate.Match(words) or ())
        if not numbers:
            return
        found: dict[str, _Found] = {}
        around = _around(sentence)
        for number in numbers:
            rule = self._owners[number]
            if not all(idea.search(around) for idea in self._ideas[rule.key]):
                continue
            for start, end in self._spans(number, lead, sentence.text):
                if rule.key not in found or not found[rule.key][4]:
                    finding = self._judged(rule, sentence, normal, around, start, end)
                    if finding[4] or rule.key not in found:
                        found[rule.key] = finding
        yield from found.values()

    def _spans(self, number: int, lead: str, text: str) -> Iterator[tuple[int, int]]:
        """Where a pattern's words stand in the text: its group `core` where it has one, else all of them."""
        pattern = self._patterns[number]
        group = pattern.groupindex.get("core", 0)
        for found in pattern.finditer(lead + text):
            start, end = found.span(group)
            if end > len(lead):
                yield max(0, start - len(lead)), end - len(lead)

    def _judged(self, rule: Rule, sentence: Sentence, normal: Normal, around: str, start: int, end: int) -> _Found:
        negates = rule.category in CLAIMED_BY_NEGATION
        stance, why = stance_of(sentence, start, end, own_negation=negates)
        flagged, reason = self._judge(rule, sentence.text, stance, why)
        graver = self._graver[rule.key]
        route = compiled(_ROUTE).search(around) if flagged and graver is not rule else None
        if route:
            rule, reason = graver, f"{reason} Rated one step graver for the route: “{route.group()}”."
        return rule, *normal.origin(start, end), stance, flagged, reason

    def _judge(self, rule: Rule, text: str, stance: Stance, why: str) -> tuple[bool, str]:
        for pattern in self._exemptions[rule.key]:
            harmless = pattern.search(text)
            if harmless:
                return False, f"Exempt by the rule: “{harmless.group()}”."
        if stance not in rule.stances:
            return False, why
        true = self._true(rule, text)
        return (False, f"True as it stands: {true}") if true else (True, why)

    def _true(self, rule: Rule, text: str) -> str:
        """Why the sentence is no more than a true statement about an approved product; "" where it is not."""
        return true_statement(text, self.approved) if self.approved and rule.category in MAY_BE_TRUE else ""


@lru_cache(maxsize=4096)
def _over(governor: str) -> str:
    return plain(unmasked(governor).text)


def _around(sentence: Sentence) -> str:
    """The sentence with the text right over it."""
    return f"{sentence.text} | {_over(sentence.governors[-1])}" if sentence.governors else sentence.text


def _graver(rule: Rule) -> Rule:
    """The rule as it rates what is given by a route of higher risk; itself where the route makes no difference."""
    if rule.category not in GRAVER_BY_ROUTE or rule.severity is Severity.CRITICAL:
        return rule
    return replace(rule, severity=Severity(rule.severity + 1))


def _gate(patterns: Iterable[str]) -> Any:
    """A set that tells which patterns may match."""
    gate = re2.Set.SearchSet(options())
    for pattern in patterns:
        gate.Add(_loosened(expand(pattern)))
    gate.Compile()
    return gate


def _loosened(pattern: str) -> str:
    """A wider pattern for the gate: counted gaps make RE2's automaton large, open ones do not."""
    return _COUNTED.sub("*", pattern)


def _held_back(found: _Found, share: float) -> _Found:
    """A flag that the second reader does not uphold."""
    rule, start, end, stance, flagged, _ = found
    if not flagged:
        return found
    return rule, start, end, stance, False, f"Not upheld by the second reader, which is {share:.0%} sure of a claim."


def _version(rules: Iterable[Rule], approved: Iterable[ApprovedProduct], reader: SecondReader | None) -> str:
    parts = [
        repr((rule.key, rule.version, rule.category, int(rule.severity), rule.stances))
        + repr([expand(pattern) for pattern in (*rule.patterns, *rule.ideas, *rule.exemptions)])
        for rule in rules
    ]
    parts.append(expand(_ROUTE))
    if reader is not None:
        parts.append(repr((reader.card.number, reader.card.data_hash)))
    parts += [repr((product.key, product.title, product.matching)) for product in approved]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
