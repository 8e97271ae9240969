"""Rules about a whole site: wording that the law asks for and that is not there, and words that ask for a check.

A page is read once for all of them: which rule's words it says, and which states' notices it carries. What follows for
a clinic depends on all of its pages, and is worked out in `operations.page_flags`.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from clinics.domain.block import Block, Sentence, Surface
from clinics.domain.normal import normalise
from clinics.domain.regimes import StateRegime, shipped_regimes
from clinics.domain.rule import Match, Rule, Severity
from clinics.domain.rule_files import shipped_page_rules
from clinics.domain.ruleset import RuleSet
from clinics.domain.sentences import split
from clinics.domain.wording import compiled, plain

MISSING_NOTICE: Final = "missing_notice"  # the category
BOARD_CERTIFIED: Final = "board_certified_unchecked"  # the rule's key
_QUOTED: Final = 300  # characters of the evidence
_UNSEEN: Final = frozenset({Surface.META, Surface.HIDDEN, Surface.STRUCTURED})  # a notice there tells nobody anything


@dataclass(frozen=True, slots=True)
class Marks:
    """What page rules found on one page: the keys of the rules whose words it says, and of those whose notice it has.

    `version` is that of the rules that read it.
    """

    version: str
    said: frozenset[str] = frozenset()
    notices: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, Any]:
        """As plain data, to be kept."""
        return {"version": self.version, "said": sorted(self.said), "notices": sorted(self.notices)}

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> "Marks":
        """The inverse of `as_json`; of nothing, marks of no version."""
        return cls(kept.get("version", ""), frozenset(kept.get("said", ())), frozenset(kept.get("notices", ())))


class PageRules:
    """The rules about sites that hold on a day. `version` changes with anything that bears on them.

    A rule for a missing notice holds only where a regime prescribes that notice on the day `on` (None: on any day).
    """

    def __init__(self, rules: Iterable[Rule] = (), regimes: Iterable[StateRegime] = (), on: date | None = None) -> None:
        rules = list(rules)
        prescribed = {regime.rule_key: regime for regime in regimes if regime.prescribes(on)}
        held = [rule for rule in rules if rule.category != MISSING_NOTICE or rule.key in prescribed]
        self.rules: Final = {rule.key: rule for rule in held}
        self.active: Final = frozenset(rule.key for rule in rules)  # also those whose law is not in force
        self.regimes: Final = {key: regime for key, regime in prescribed.items() if key in self.rules}
        self._words = RuleSet(held)
        self.version: Final = _version(self._words, self.regimes.values()) if rules else ""

    def __bool__(self) -> bool:
        """Whether there is any rule, so that installations without them pay nothing."""
        return bool(self.active)

    def marks(self, blocks: Sequence[Block], sentences: Sequence[Sentence]) -> Marks:
        """What the rules find on a page."""
        if not self.rules:
            return Marks(self.version)
        texts = _plain_texts(blocks)
        seen = " ".join(text for block, text in zip(blocks, texts, strict=True) if block.surface not in _UNSEEN)
        notices = frozenset(key for key, regime in self.regimes.items() if _carries(seen, regime.notice_parts))
        return Marks(self.version, frozenset(self._statements(blocks, texts, sentences)), notices)

    def statements(self, blocks: Sequence[Block], sentences: Sequence[Sentence]) -> dict[str, tuple[Sentence, Match]]:
        """The first sentence that says each rule's words, with the words; nothing for rules whose words are not there.

        Words on the page come before those that only machines read.
        """
        return self._statements(blocks, _plain_texts(blocks), sentences)

    def _statements(
        self, blocks: Sequence[Block], texts: Sequence[str], sentences: Sequence[Sentence]
    ) -> dict[str, tuple[Sentence, Match]]:
        order = sorted(range(len(blocks)), key=lambda number: blocks[number].surface in _UNSEEN)
        by_block: dict[int, list[Sentence]] = {}
        for sentence in sentences:
            by_block.setdefault(sentence.block, []).append(sentence)
        found: dict[str, tuple[Sentence, Match]] = {}
        for key, rule in self.rules.items():
            words = compiled("|".join(f"(?:{pattern})" for pattern in rule.patterns))
            spoken = (each for number in order if words.search(texts[number]) for each in by_block.get(number, ()))
            first = next(filter(None, (self._said(key, sentence) for sentence in spoken)), None)
            if first is not None:
                found[key] = first
        return found

    def _said(self, key: str, sentence: Sentence) -> tuple[Sentence, Match] | None:
        matches = (match for match in self._words.find(sentence) if match.flagged and match.rule.key == key)
        return next(((sentence, match) for match in matches), None)

    def reason(self, key: str, match: Match) -> str:
        """Why the rule is told, in a sentence."""
        regime = self.regimes.get(key)
        return regime.reason if regime else match.reason


def _plain_texts(blocks: Iterable[Block]) -> list[str]:
    return [plain(normalise(block.text).text) for block in blocks]


def _carries(text: str, parts: Collection[str]) -> bool:
    return all(compiled(part).search(text) is not None for part in parts)


def _version(words: RuleSet, regimes: Iterable[StateRegime]) -> str:
    parts = [words.version, *sorted(repr((each.state, each.notice_parts)) for each in regimes)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Lack:
    """A notice that was not found. `evidence` are words of the page that offer what the notice is for."""

    key: str
    category: str
    severity: Severity
    evidence: str
    reason: str


def missing_notice(state: str, blocks: Sequence[Block]) -> Lack | None:
    """The lack of the notice that a state's law prescribes, on a page that offers regenerative treatment.

    By the shipped rules and regimes. `state` is a two-letter code in any case. None where the state prescribes none
    that we know of, the page offers nothing of the kind, or the notice is there.
    """
    asked = state.strip().upper()
    rules = PageRules(shipped_page_rules(), [regime for regime in shipped_regimes() if regime.state == asked])
    sentences = split(blocks)
    marks = rules.marks(blocks, sentences)
    said = rules.statements(blocks, sentences)
    for key in rules.regimes:
        if key in said and key not in marks.notices:
            sentence, match = said[key]
            rule = match.rule
            return Lack(key, rule.category, rule.severity, sentence.text[:_QUOTED], rules.reason(key, match))
    return None
