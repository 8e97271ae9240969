"""Keeping the order of the queue in step with what people decided on each rule's flags."""

from datetime import datetime
from typing import Final

from clinics.domain.urgency import estimated_precision
from clinics.models import Flag, Rule
from clinics.operations.rule_decisions import RuleDecisions, count_decisions

NOTICEABLE: Final = 0.01  # smaller changes of a rule's precision move nothing


def order_queue(now: datetime) -> int:
    """Count decisions, and give waiting flags the precision that their rule has shown; how many moved.

    Safe to run twice and at once.

    History leaves it out: nobody decided anything by it.
    """
    decided = count_decisions(now)
    return sum(_move(rule, decided.get(rule, RuleDecisions())) for rule in Rule.objects.values_list("pk", flat=True))


def _move(rule: int, decided: RuleDecisions) -> int:
    precision = estimated_precision(decided.hits, decided.n)
    waiting = Flag.objects.filter(rule=rule, state__in=[Flag.State.OPEN, Flag.State.DEFERRED])
    away = waiting.exclude(precision__gt=precision - NOTICEABLE, precision__lt=precision + NOTICEABLE)
    return away.update(precision=precision)
