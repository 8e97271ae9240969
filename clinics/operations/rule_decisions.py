"""What people decided on the flags of each rule, and how precise that makes the rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, F, QuerySet

from clinics.domain.precision import Interval, is_weak, wilson
from clinics.models import Finding, Flag, Rule, RuleRecord

CONFIRMED: Final = Flag.State.CONFIRMED.value
NOT_THE_RULES_FAULT: Final = frozenset({Flag.Dismissal.TRUE, Flag.Dismissal.TRIVIAL, Flag.Dismissal.DUPLICATE})
KINDS: Final = (CONFIRMED, *Flag.Dismissal.values)


@dataclass(frozen=True, slots=True)
class RuleDecisions:
    """How many flags with a finding of a rule people confirmed, and dismissed as what.

    The flags are those that the rule's present version found: an edit leaves behind the decisions on wording that it
    does not find any more.
    """

    counts: Mapping[str, int] = field(default_factory=dict)  # by `KINDS`

    @property
    def hits(self) -> int:
        """Flags that were confirmed."""
        return self.counts.get(CONFIRMED, 0)

    @property
    def n(self) -> int:
        """Decisions that speak for or against the rule."""
        return sum(number for kind, number in self.counts.items() if kind not in NOT_THE_RULES_FAULT)

    @property
    def precision(self) -> float | None:
        """The share of confirmed ones; None without decisions."""
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> Interval:
        """Where the true share lies, with 95 % confidence."""
        return wilson(self.hits, self.n)

    @property
    def is_weak(self) -> bool:
        """Whether the rule is surely less precise than it should be."""
        return is_weak(self.hits, self.n)

    def __str__(self) -> str:
        if self.precision is None:
            return "–"
        return f"{self.precision:.2f} [{self.interval.lower:.2f}–{self.interval.upper:.2f}], n {self.n}"


def decisions_by_rule() -> dict[int, RuleDecisions]:
    """What was decided on each rule's flags when it was last counted, by the rules' ids; those without are left out."""
    records = RuleRecord.objects.of_present_version().exclude(counts={})
    return {rule: RuleDecisions(counts) for rule, counts in records.values_list("rule", "counts")}


@transaction.atomic
def count_decisions(now: datetime) -> dict[int, RuleDecisions]:
    """Count what was decided on each rule's flags, and keep it: the lists that show it can't count half a million.

    Safe to run twice and at once.
    """
    found = _by_rule(Finding.objects.decided().of_present_version())
    versions = Rule.objects.order_by("pk").values_list("pk", "version")
    records = [
        RuleRecord(rule_id=pk, rule_version=version, counts=dict(_counts_of(found, pk)), counted_at=now)
        for pk, version in versions
    ]
    RuleRecord.objects.bulk_create(
        records, update_conflicts=True, unique_fields=["rule"], update_fields=["rule_version", "counts", "counted_at"]
    )
    return found


def _counts_of(found: Mapping[int, RuleDecisions], rule: int) -> Mapping[str, int]:
    return found[rule].counts if rule in found else {}


def decisions_of(rule: Rule) -> RuleDecisions:
    """What was decided on one rule's flags."""
    found = _by_rule(Finding.objects.decided().of_present_version().filter(rule=rule))
    return found.get(rule.pk, RuleDecisions())


def earlier_decisions_of(rule: Rule) -> RuleDecisions:
    """What was decided on flags that only an earlier version of the rule found."""
    return _by_rule(Finding.objects.decided().filter(rule=rule).exclude(rule_version=F("rule__version"))).get(
        rule.pk, RuleDecisions()
    )


def _by_rule(findings: QuerySet[Finding]) -> dict[int, RuleDecisions]:
    rows = findings.order_by().values_list("rule_id", "flag__state", "flag__dismissed_as")
    counts: dict[int, dict[str, int]] = {}
    for rule, state, dismissed_as, number in rows.annotate(number=Count("pk")):
        counts.setdefault(rule, {})[dismissed_as or state] = number
    return {rule: RuleDecisions(kinds) for rule, kinds in counts.items()}


def rules_to_review() -> QuerySet[Rule]:
    """Active rules that are surely less precise than they should be."""
    weak = [rule for rule, decided in decisions_by_rule().items() if decided.is_weak]
    return Rule.objects.active().filter(pk__in=weak)
