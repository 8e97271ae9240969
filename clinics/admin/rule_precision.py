"""What people decided on a rule's flags, as the rule's page shows it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from clinics.domain.precision import BAR, LEAST_DECISIONS
from clinics.models import Flag, Rule
from clinics.operations.rule_decisions import (
    CONFIRMED,
    KINDS,
    NOT_THE_RULES_FAULT,
    decisions_of,
    earlier_decisions_of,
)


@dataclass(frozen=True, slots=True)
class KindOfDecision:
    """One kind of decision: how often it was taken, what it says of the rule, and the flags."""

    label: str
    bearing: str
    number: int
    earlier: int
    url: str


def precision_facts(rule: Rule) -> dict[str, Any]:
    """The rule's precision and its decisions by kind."""
    decided, earlier = decisions_of(rule), earlier_decisions_of(rule)
    kinds = [
        KindOfDecision(
            _label(kind),
            _bearing(kind),
            decided.counts.get(kind, 0),
            earlier.counts.get(kind, 0),
            _flags_url(rule, kind),
        )
        for kind in KINDS
    ]
    return {"precision": decided, "kinds_of_decision": kinds, "bar": BAR, "least_decisions": LEAST_DECISIONS}


def _label(kind: str) -> str:
    if kind == CONFIRMED:
        return str(Flag.State.CONFIRMED.label)
    return f"dismissed: {Flag.Dismissal(kind).label}"


def _bearing(kind: str) -> str:
    if kind == CONFIRMED:
        return "for the rule"
    return "not counted" if kind in NOT_THE_RULES_FAULT else "against the rule"


def _flags_url(rule: Rule, kind: str) -> str:
    """The list of these flags."""
    query = {"found_by": str(rule.pk), "decision": Flag.State.CONFIRMED.value}
    if kind != CONFIRMED:
        query |= {"decision": Flag.State.DISMISSED.value, "dismissed_as__exact": kind}
    return f"{reverse('admin:clinics_flag_changelist')}?{urlencode(query)}"
