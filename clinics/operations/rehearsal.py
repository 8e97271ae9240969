"""A rehearsal: what a rule would add and remove over the stored texts, before anybody saves it.

Both ways of reading are run on every stored text: by the present rules, and by the same rules with the proposed one in
its place. Rules bear on each other (of equal wordings in a text the first that any rule flags counts), so that neither
is cut short to the one rule. What is counted is the wording of a clinic, as flags are: once, on however many of its
pages it stands, and edits of a number are no other wording. One clinic's wordings are in memory at a time.
"""

import hashlib
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Unpack

from clinics.domain.rule import Citation, Match, Severity, Stance
from clinics.domain.rule import Rule as DomainRule
from clinics.domain.ruleset import RuleSet
from clinics.domain.variant import but_for_numbers
from clinics.models import Clinic, Flag, Job, Rule, Snapshot
from clinics.operations.refusal import Refusal
from clinics.operations.rules import RuleFacts, current_ruleset, tried_rule
from clinics.operations.statements import Statement, Text, statements
from clinics.operations.stored_texts import count_texts_by_clinic, speaking_clinics, texts_of

BEARING: Final = ("active", "category", "severity", "languages", "stances", "patterns", "ideas", "exemptions")
SAMPLES: Final = 20  # of the added, and of the removed
CHUNK: Final = 20  # texts in memory
RULES_CHANGED: Final = "The rules were changed since this was asked for. Open the rule and rehearse it again."


def proposal(key: str, **facts: Unpack[RuleFacts]) -> dict[str, Any]:
    """What a job needs to rehearse the rule as it would be saved: its form as proposed, and its present one.

    Raises Refusal as `save_rule` does, and where there is nothing to rehearse.
    """
    row = tried_rule(key, **facts)
    present = Rule.objects.filter(key=key).first()
    if row.kind != Rule.Kind.SENTENCE:
        raise Refusal("This rule does not look for words in a sentence. Only rules that do can be rehearsed.")
    if not row.active and (present is None or not present.active):
        raise Refusal("An inactive rule adds and removes nothing. Tick “active” to rehearse it.")
    return {"key": key, "proposed": _bearing(row), "present": _bearing(present) if present else None}


def _bearing(row: Rule) -> dict[str, Any]:
    """All of a rule that bears on what it flags, as plain data."""
    return {name: getattr(row, name) for name in BEARING}


def rehearse_rule(job: Job, clock: Callable[[], datetime]) -> Generator[None, None, None]:
    """Read every stored text by the present rules and by the proposed ones, clinic by clinic. Writes nothing."""
    pair = _Pair.of(job.parameters)
    tally = _Tally.of(job.result, pair.now.version)
    job.result, job.message = tally.result, tally.told(job.done)
    job.total = max(count_texts_by_clinic(), job.done)
    for clinic in speaking_clinics().filter(pk__gte=tally.clinic).iterator(chunk_size=CHUNK):
        tally.begin(clinic)
        for snapshot in texts_of(clinic).filter(pk__gt=tally.after).iterator(chunk_size=CHUNK):
            tally.read(snapshot, pair)
            job.done, job.total = job.done + 1, max(job.total, job.done + 1)
            job.result, job.message = tally.result, tally.told(job.done)
            yield
        tally.conclude(clinic)
    job.result, job.message = tally.result_in_full, tally.told(job.done)


@dataclass(frozen=True, slots=True)
class _Pair:
    """The present rules, and the same ones with the proposed form of one."""

    key: str
    now: RuleSet
    then: RuleSet
    is_active: bool  # as proposed

    @classmethod
    def of(cls, parameters: dict[str, Any]) -> "_Pair":
        """The rules that a job compares. Raises Refusal where the rule is another than when the job was asked for."""
        key, proposed = parameters["key"], parameters["proposed"]
        row, now = Rule.objects.filter(key=key).first(), current_ruleset()
        if (_bearing(row) if row else None) != parameters["present"]:
            raise Refusal(RULES_CHANGED)
        others = [rule for rule in now.rules if rule.key != key]
        mine = [_rule(key, proposed)] if proposed["active"] else []
        return cls(key, now, RuleSet([*others, *mine], now.approved, now.reader), proposed["active"])

    def why_not(self, statement: Statement, text: Text) -> str:
        """Why the proposed rule does not flag a statement of a text that the present one flags."""
        if not self.is_active:
            return "The rule would not be active."
        place = text.sentences.index(statement.sentence)
        [(matches, _)] = self.then.read_page(text.sentences, [place])
        found = self.match(matches)
        return found.reason if found else "None of its patterns finds words in it."

    def match(self, matches: tuple[Match, ...]) -> Match | None:
        """The rule's own one of these matches."""
        return next((match for match in matches if match.rule.key == self.key), None)


def _rule(key: str, facts: dict[str, Any]) -> DomainRule:
    """The proposed rule as the domain reads it, without what does not bear on matching."""
    return DomainRule(
        key=key,
        version=0,
        category=facts["category"],
        severity=Severity(facts["severity"]),
        languages=tuple(facts["languages"]),
        patterns=tuple(facts["patterns"]),
        exemptions=tuple(facts["exemptions"]),
        ideas=tuple(facts.get("ideas", ())),
        stances=tuple(Stance(stance) for stance in facts["stances"]),
        explanation="",
        citation=Citation("", "", ""),
        must=(),
        must_not=(),
    )


@dataclass(slots=True)
class _Wording:
    """One wording in a clinic's texts. A severity is that of the gravest rule, of whichever; 0 where none flags it."""

    now: bool = False  # the rule flags it
    then: bool = False  # the rule as proposed flags it
    severity_now: int = 0
    severity_then: int = 0
    sample: dict[str, Any] | None = None  # of the rule's own statements, the first

    @property
    def change(self) -> str:
        """What the proposal does to the rule's own flagging of the wording; nothing, where it never flags it."""
        if self.now and self.then:
            return "kept"
        return "added" if self.then else "removed" if self.now else ""

    def packed(self) -> list[Any]:
        """The values, in the order in which they are taken."""
        return [self.now, self.then, self.severity_now, self.severity_then, self.sample]


class _Tally:
    """What was counted so far, in a form in which another worker can go on with it."""

    def __init__(self, ruleset: str) -> None:
        self.clinic, self.after = 0, 0
        self._ruleset = ruleset
        self._wordings: dict[str, _Wording] = {}
        self._numbers: dict[str, int] = dict.fromkeys(("clinics", "added", "removed", "kept", "new_flags"), 0)
        self._flags: dict[str, dict[str, int]] = {"gained": {}, "lost": {}, "graver": {}}  # by the flags' states
        self._samples: dict[str, list[dict[str, Any]]] = {"added": [], "removed": []}

    @classmethod
    def of(cls, result: dict[str, Any], ruleset: str) -> "_Tally":
        """The tally of a job that goes on, or a new one. Raises Refusal where it was begun under other rules."""
        tally = cls(ruleset)
        at = result.get("at")
        if at is None:
            return tally
        if at["ruleset"] != ruleset:
            raise Refusal(RULES_CHANGED)
        tally.clinic, tally.after = at["clinic"], at["after"]
        tally._wordings = {key: _Wording(*values) for key, values in at["wordings"].items()}
        tally._numbers, tally._flags, tally._samples = result["numbers"], result["flags"], result["samples"]
        return tally

    @property
    def result_in_full(self) -> dict[str, Any]:
        """What staff are shown."""
        return {"numbers": self._numbers, "flags": self._flags, "samples": self._samples}

    @property
    def result(self) -> dict[str, Any]:
        """What staff are shown so far, and where to go on."""
        wordings = {key: wording.packed() for key, wording in self._wordings.items()}
        at = {"ruleset": self._ruleset, "clinic": self.clinic, "after": self.after, "wordings": wordings}
        return {**self.result_in_full, "at": at}

    def told(self, texts: int) -> str:
        """The numbers in a sentence."""
        numbers = self._numbers
        return (
            f"Texts read: {texts}. Wordings added: {numbers['added']}, removed: {numbers['removed']}, "
            f"kept: {numbers['kept']}. New flags: {numbers['new_flags']}."
        )

    def begin(self, clinic: Clinic) -> None:
        """Turn to a clinic, unless it is the one at which the last worker stopped."""
        if clinic.pk != self.clinic:
            self.clinic, self.after, self._wordings = clinic.pk, 0, {}

    def read(self, snapshot: Snapshot, pair: _Pair) -> None:
        """Take up what a text says, read both ways."""
        text = Text.of(snapshot.blocks)
        for statement in statements(text, pair.now):
            wording, own = self._wording(statement), pair.match(statement.matches)
            wording.severity_now = max(wording.severity_now, statement.severity)
            if own is not None:
                wording.now = True
                wording.sample = wording.sample or _sample(statement, own, snapshot, pair.why_not(statement, text))
        for statement in statements(text, pair.then):
            wording, own = self._wording(statement), pair.match(statement.matches)
            wording.severity_then = max(wording.severity_then, statement.severity)
            if own is not None:
                wording.then = True
                wording.sample = wording.sample or _sample(statement, own, snapshot)
        self.after = snapshot.pk

    def _wording(self, statement: Statement) -> _Wording:
        return self._wordings.setdefault(but_for_numbers(statement.sentence.text), _Wording())

    def conclude(self, clinic: Clinic) -> None:
        """Count what the clinic's texts came to, against the flags that it has."""
        flags = {but_for_numbers(flag.sentence): flag for flag in Flag.objects.filter(clinic=clinic)}
        changed = [self._count(wording, flags.get(key)) for key, wording in self._wordings.items()]
        self._numbers["clinics"] += any(changed)
        for key, wording in self._wordings.items():
            self._keep_sample(key, wording, clinic)
        self._wordings = {}

    def _count(self, wording: _Wording, flag: Flag | None) -> bool:
        """Add a wording to the numbers; whether saving the rule would change anything about it.

        Where the rule finds words, other rules read some fragments otherwise: their gain or loss is the rule's too.
        """
        raised = bool(wording.severity_then and not wording.severity_now)
        lost = bool(wording.severity_now and not wording.severity_then)
        if wording.change:
            self._numbers[wording.change] += 1
        graver = flag is not None and wording.severity_then > max(flag.severity, wording.severity_now)
        if flag is None:
            self._numbers["new_flags"] += raised
        else:
            self._count_flag(flag, gained=wording.change == "added", lost=lost, graver=graver)
        return wording.change in ("added", "removed") or raised or lost or graver

    def _count_flag(self, flag: Flag, **effects: bool) -> None:
        """Add what would happen to a flag that there is already, by its state."""
        for name in (name for name, happens in effects.items() if happens):
            self._flags[name][flag.state] = self._flags[name].get(flag.state, 0) + 1

    def _keep_sample(self, key: str, wording: _Wording, clinic: Clinic) -> None:
        """Keep the sample if it is among the first by a mark that tells nothing of clinic or wording: a fair choice."""
        kept = self._samples.get(wording.change)
        if kept is None or wording.sample is None:
            return
        mark = hashlib.sha256(f"{clinic.pk} {key}".encode()).hexdigest()[:16]
        kept.append({"mark": mark, "clinic": clinic.pk, "clinic_name": clinic.name, **wording.sample})
        kept.sort(key=lambda sample: str(sample["mark"]))
        del kept[SAMPLES:]


def _sample(statement: Statement, own: Match, snapshot: Snapshot, why_not: str = "") -> dict[str, Any]:
    """A statement as staff are shown it: where it stood, and why the rule flags it."""
    return {
        "sentence": statement.sentence.text,
        "snapshot": snapshot.pk,
        "page": snapshot.page.url if snapshot.page else snapshot.described_as,
        "stance": str(own.stance),
        "reason": own.reason,
        "why_not": why_not,
    }
