"""All rules, compiled together: one gate asks each sentence which rules may speak about it.

The gate looks for the pieces of words without which a pattern can't match, all at once, and only then asks the
patterns whose pieces are there. Only in a sentence that passed are the rule's own patterns run, for the exact words,
and the stance worked out. RE2 takes linear time whatever staff write into a rule.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any, Final

import re2

from clinics.domain.approved import ApprovedProduct, any_name, true_statement
from clinics.domain.block import Sentence, Surface
from clinics.domain.category import CLAIMED_BY_NEGATION, GRAVER_BY_ROUTE, MAY_BE_TRUE
from clinics.domain.gate import Gate
from clinics.domain.known_words import words_version
from clinics.domain.normal import Normal
from clinics.domain.review import (
    Found,
    Heard,
    Suggestion,
    as_finding,
    asks,
    flags,
    heard,
    is_suggested,
    says_anything,
    suggestion,
    upheld,
    usual_severities,
    weighed,
)
from clinics.domain.rule import Match, Rule, Severity, Stance
from clinics.domain.second_reader import SecondReader
from clinics.domain.stance import cues_version, stance_of
from clinics.domain.surroundings import FEWEST, Unit, around
from clinics.domain.unmasking import unmasked
from clinics.domain.wording import compiled, expand, options, plain

_REMEMBERED: Final = 10_000  # sentences whose matches are kept: those that the pages of a batch share
_HEADINGS: Final = 2_000
_SUGGESTIONS: Final = 5_000
_LONGEST: Final = 1_000  # characters that are judged at once; no sentence of our corpus has more than 339
_SHARED: Final = 200  # characters that two pieces of a longer one have in common
_LITTLE: Final = 1 << 17  # bytes: with no room for a large automaton RE2 steps through a text, which is
# three times faster where texts are new and gaps counted
_SPELT_OUT: Final = r"\b(?:{agency_in_english}|{agency_in_spanish})\b"
_ROUTE: Final = r"\b{graver_route}\b"
_LEAD_END: Final = ": "
_ANY_WORD: Final = compiled(r"\w+")
_FRAGMENT: Final = 6  # spaces in a fragment at most, to be read as completing what stands over it
Reading = tuple[tuple[Match, ...], float | None]  # what was found, and the second reader's share


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
        self._written = [pattern for rule in self.rules for pattern in rule.patterns]
        self._ideas = {rule.key: [compiled(idea) for idea in rule.ideas] for rule in self.rules}
        self._graver = {rule.key: _graver(rule) for rule in self.rules}
        self._exemptions = {rule.key: [compiled(pattern) for pattern in rule.exemptions] for rule in self.rules}
        self._severities = usual_severities(self.rules)
        self._gate = Gate(self._written)
        self._names = any_name(self.approved) if self.approved else None
        self._heading = lru_cache(maxsize=_HEADINGS)(reader.heading if reader else _says_nothing)
        self._heard = lru_cache(maxsize=_REMEMBERED)(self._hear)
        self._suggestions = lru_cache(maxsize=_SUGGESTIONS)(self._suggest)

    def find(self, sentence: Sentence) -> tuple[Match, ...]:
        """Every rule's words in the sentence, flagged or not, in the order of the rules' keys."""
        return self.read(sentence)[0]

    def read(self, sentence: Sentence) -> Reading:
        """What `find` finds, and how sure the second reader is of a claim (0 to 1, None without one)."""
        return self._judged_by_both(sentence, self._hears(sentence), None)

    def read_page(self, sentences: Sequence[Sentence], wanted: Iterable[int] | None = None) -> list[Reading]:
        """The same for sentences of one page, in order, weighed with what stands around each of them.

        `wanted` are the places of those that are asked for; the others are heard all the same. A text of a few
        sentences is read as if each stood alone.
        """
        asked = range(len(sentences)) if wanted is None else list(wanted)
        if self.reader is None or not self.reader.knows_pages() or len(sentences) < FEWEST:
            return [self.read(sentences[at]) for at in asked]
        page = [self._hears(sentence) for sentence in sentences]
        read = [at for at, one in enumerate(page) if one.share is not None]
        numbers = dict(zip(read, around([_unit(sentences[at], page[at]) for at in read]), strict=True))
        places = {at: weighed(self.reader, page[at], numbers[at]) for at in asked if at in numbers}
        return [self._judged_by_both(sentences[at], page[at], places.get(at)) for at in asked]

    def _hears(self, sentence: Sentence) -> Heard:
        """What a sentence says by itself, remembered where it is not endless: those are few and fill memory."""
        if not self._owners and self.reader is None:
            return Heard((), None)
        hear = self._heard if len(sentence.text) <= _LONGEST else self._hear
        return hear(sentence.text, sentence.governors, sentence.before, sentence.after)

    def _hear(self, text: str, governors: tuple[str, ...], before: str, after: str) -> Heard:
        normal = unmasked(text)
        words = plain(normal.text)
        found = self._by_rules(words, normal, governors, before, after)
        if self.reader is None or len(words) > _LONGEST or not says_anything(words):
            return Heard(found, None)
        return heard(self.reader, found, words, governors, self._heading(governors[-1]) if governors else 0.0)

    def _judged_by_both(self, sentence: Sentence, one: Heard, place: float | None) -> Reading:
        found, share = one.found, one.share
        if self.reader is not None and share is not None:
            found = upheld(self.reader, one, place)
            if not flags(found) and is_suggested(self.reader, one, place):
                said = self._suggestions(self.reader, one.found, sentence.text)
                found = (*found, as_finding(self.reader, said, one, place, self._severities))
            share = share if place is None else place
        if not found:
            return (), share
        matches = tuple(
            Match(rule, start + sentence.start, end + sentence.start, stance, flagged, reason, share)
            for rule, start, end, stance, flagged, reason in found
        )
        return matches, share

    @staticmethod
    def _suggest(reader: SecondReader, found: tuple[Found, ...], text: str) -> Suggestion:
        normal = unmasked(text)
        return suggestion(reader, found, plain(normal.text), normal)

    def _by_rules(
        self, words: str, normal: Normal, governors: tuple[str, ...], before: str, after: str
    ) -> tuple[Found, ...]:
        best: dict[str, Found] = {}
        for first, last in _pieces(words):
            text = words[first:last]
            lead = _over(governors[-1]).rstrip(" :") + _LEAD_END if governors and text.count(" ") < _FRAGMENT else ""
            numbers = self._gate.passed(f"{text}\n{lead}{text}" if lead else text)
            if not numbers:
                continue
            piece = Sentence(text, first, last, 0, Surface.BODY, governors, None, before, after)
            found = self._best(numbers, piece, normal, "")
            if not found and lead:
                found = self._best(numbers, piece, normal, lead)
            for key, finding in found.items():
                if key not in best or (finding[4] and not best[key][4]):
                    best[key] = finding
        return tuple(best[key] for key in sorted(best)) if best else ()

    def _best(self, numbers: Iterable[int], sentence: Sentence, normal: Normal, lead: str) -> dict[str, Found]:
        """One finding for each rule: the first that flags, else the first. `lead` is what a fragment completes."""
        found: dict[str, Found] = {}
        around = _around(sentence)
        own = _of_the_lead(lead, sentence.text)
        for number in numbers:
            rule = self._owners[number]
            if rule.key in found and found[rule.key][4]:
                continue
            if not all(idea.search(around) for idea in self._ideas[rule.key]):
                continue
            if own and _with_core(self._written[number])[0].search(own):
                continue
            for start, end in self._spans(number, lead, sentence.text):
                finding = self._judged(rule, sentence, normal, around, start, end)
                if finding[4] or rule.key not in found:
                    found[rule.key] = finding
                if finding[4]:
                    break
        return found

    def _spans(self, number: int, lead: str, text: str) -> Iterator[tuple[int, int]]:
        """Where a pattern's words stand in the text: its group `core` where it has one, else all of them."""
        pattern, group = _with_core(self._written[number])
        for found in pattern.finditer(lead + text):
            start, end = found.span(group)
            if end > len(lead):
                yield max(0, start - len(lead)), end - len(lead)

    def _judged(self, rule: Rule, sentence: Sentence, normal: Normal, around: str, start: int, end: int) -> Found:
        negates = rule.category in CLAIMED_BY_NEGATION
        stance, why = stance_of(sentence, start, end, own_negation=negates)
        flagged, reason = self._judge(rule, sentence.text, stance, why)
        graver = self._graver[rule.key]
        route = compiled(_ROUTE).search(around) if flagged and graver is not rule else None
        if route:
            rule, reason = graver, f"{reason} Rated one step graver for the route: “{route.group()}”."
        return rule, *normal.origin(sentence.start + start, sentence.start + end), stance, flagged, reason

    def _judge(self, rule: Rule, text: str, stance: Stance, why: str) -> tuple[bool, str]:
        spoken = _with_short_name(text)
        for pattern in self._exemptions[rule.key]:
            harmless = pattern.search(spoken)
            if harmless:
                return False, f"Exempt by the rule: “{harmless.group()}”."
        if stance not in rule.stances:
            return False, why
        true = self._true(rule, text)
        return (False, f"True as it stands: {true}") if true else (True, why)

    def _true(self, rule: Rule, text: str) -> str:
        """Why the sentence is no more than a true statement about an approved product; "" where it is not."""
        if rule.category not in MAY_BE_TRUE or self._names is None or self._names.search(text) is None:
            return ""
        return true_statement(text, self.approved)


def _says_nothing(heading: str) -> float:
    """What a heading adds where nobody reads it."""
    return 0.0


def _unit(sentence: Sentence, one: Heard) -> Unit:
    return Unit.of(
        sentence,
        one.share or 0.0,
        is_hushed=one.is_hushed,
        asks=one.asks,
        bearing=one.bearing,
        heading=one.heading,
    )


def _pieces(text: str) -> Iterable[tuple[int, int]]:
    """The whole of a sentence; of an endless one pieces that overlap, cut between words where there are any."""
    if len(text) <= _LONGEST:
        return ((0, len(text)),)
    return _cut_up(text)


def _cut_up(text: str) -> Iterator[tuple[int, int]]:
    first = 0
    while len(text) - first > _LONGEST:
        space = text.rfind(" ", first + _LONGEST // 2, first + _LONGEST)
        last = space if space > 0 else first + _LONGEST
        yield first, last
        space = text.rfind(" ", last - 2 * _SHARED, last - _SHARED)
        first = space + 1 if space > 0 else last - _SHARED
    yield first, len(text)


@cache
def _with_core(pattern: str) -> tuple[Any, int]:
    """The pattern, made when it is first needed, and the number of its group `core`, 0 where it has none."""
    try:
        made = re2.compile(expand(pattern), options(_LITTLE))
    except re2.error:
        made = compiled(pattern)  # too large for that
    return made, made.groupindex.get("core", 0)


@lru_cache(maxsize=4_096)
def _over(governor: str) -> str:
    """What stands over a sentence, as patterns read it: the end of it, where it is endless."""
    return plain(unmasked(governor[-_LONGEST:]).text)


def _of_the_lead(lead: str, text: str) -> str:
    """The lead over any other words than the text's: what is found in that is the lead's own, judged where it stands.

    "" for a question, which says nothing there and is claimed by its answer.
    """
    return "" if not lead or asks(lead.removesuffix(_LEAD_END)) else lead + _ANY_WORD.sub("x", text)


def _with_short_name(text: str) -> str:
    """The text with the FDA's name in three letters: "drug" in it says nothing of what is sold."""
    return compiled(_SPELT_OUT).sub("FDA", text) if "administra" in text.lower() else text


def _around(sentence: Sentence) -> str:
    """The sentence with the text right over it."""
    return f"{sentence.text} | {_over(sentence.governors[-1])}" if sentence.governors else sentence.text


def _graver(rule: Rule) -> Rule:
    """The rule as it rates what is given by a route of higher risk; itself where the route makes no difference."""
    if rule.category not in GRAVER_BY_ROUTE or rule.severity is Severity.CRITICAL:
        return rule
    return replace(rule, severity=Severity(rule.severity + 1))


def _version(rules: Iterable[Rule], approved: Iterable[ApprovedProduct], reader: SecondReader | None) -> str:
    parts = [
        repr((rule.key, rule.version, rule.category, int(rule.severity), rule.stances))
        + repr([expand(pattern) for pattern in (*rule.patterns, *rule.ideas, *rule.exemptions)])
        for rule in rules
    ]
    parts += [expand(_ROUTE), expand(_SPELT_OUT), cues_version()]
    parts.append(words_version())
    if reader is not None:
        parts.append(reader.version)
    parts += [repr((product.key, product.title, product.matching)) for product in approved]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
