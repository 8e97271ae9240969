"""Figures of the desk's work, over the last half year: each is a table, set-wise and bounded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, DateField, DurationField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from django.db.models.functions import TruncWeek

from clinics.models import Decision, Flag, Rule
from clinics.operations.percentiles import Percentile
from clinics.operations.rule_decisions import RuleDecisions, decisions_by_rule

WEEKS: Final = 26
MOST_RULES: Final = 40
DECIDED: Final = (Flag.State.CONFIRMED, Flag.State.DISMISSED, Flag.State.DEFERRED)
FINAL: Final = (Flag.State.CONFIRMED, Flag.State.DISMISSED)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Week:
    """What happened in a week that began on this Monday. Times are in days; None where nothing was decided."""

    monday: date
    raised: int = 0
    confirmed: int = 0
    dismissed: int = 0
    deferred: int = 0
    timed: int = 0
    median: float | None = None
    ninetieth: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the page of figures shows."""

    weeks: tuple[Week, ...]
    states: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    rules: tuple[tuple[str, RuleDecisions], ...]


def figures(now: datetime) -> Figures:
    """The figures of this moment, in seven queries."""
    mondays = last_mondays(now)
    return Figures(tuple(_weeks(mondays)), tuple(_states()), tuple(_kinds(mondays[0])), tuple(_rules()))


def last_mondays(now: datetime) -> list[date]:
    """The Mondays of the last `WEEKS` weeks, this one last."""
    this = now.date() - timedelta(days=now.weekday())
    return [this - timedelta(weeks=back) for back in reversed(range(WEEKS))]


def week_of(column: str) -> TruncWeek:
    """The Monday of a moment's week, in UTC."""
    return TruncWeek(column, output_field=DateField(), tzinfo=UTC)


def _weeks(mondays: Sequence[date]) -> Iterable[Week]:
    raised = Flag.objects.living().filter(raised_at__gte=_midnight(mondays[0])).order_by()
    by_week = dict(raised.annotate(week=week_of("raised_at")).values_list("week").annotate(n=Count("pk")))
    states: dict[tuple[date, str], int] = {
        (week, state): number
        for week, state, number in _decisions(mondays[0])
        .annotate(week=week_of("at"))
        .values_list("week", "state")
        .annotate(number=Count("pk"))
    }
    times = {row["week"]: row for row in _times(mondays[0])}
    for monday in mondays:
        timed: dict[str, Any] = times.get(monday, {})
        yield Week(
            monday,
            by_week.get(monday, 0),
            confirmed=states.get((monday, Flag.State.CONFIRMED), 0),
            dismissed=states.get((monday, Flag.State.DISMISSED), 0),
            deferred=states.get((monday, Flag.State.DEFERRED), 0),
            timed=timed.get("number", 0),
            median=_days(timed.get("median")),
            ninetieth=_days(timed.get("ninetieth")),
        )


def _decisions(since: date) -> QuerySet[Decision]:
    """Decisions that nobody has taken back."""
    taken_back = Decision.objects.filter(takes_back=OuterRef("pk"))
    return Decision.objects.filter(at__gte=_midnight(since), state__in=DECIDED).exclude(Exists(taken_back)).order_by()


def _times(since: date) -> QuerySet[Any, Any]:
    """How long flags waited for their decision; one that stood before its flag was raised took no time."""
    waited = ExpressionWrapper(F("at") - F("flag__raised_at"), output_field=DurationField())
    made = _decisions(since).filter(state__in=FINAL, at__gt=F("flag__raised_at"))
    by_week = made.annotate(waited=waited, week=week_of("at")).values("week")
    return by_week.annotate(number=Count("pk"), median=Percentile("waited", 0.5), ninetieth=Percentile("waited", 0.9))


def _states() -> Iterable[tuple[str, int]]:
    counted = dict(Flag.objects.living().order_by().values_list("state").annotate(number=Count("pk")))
    return [(str(state.label).partition(":")[0], counted.get(state.value, 0)) for state in Flag.State]


def _kinds(since: date) -> Iterable[tuple[str, int]]:
    rows = _decisions(since).values_list("state", "dismissed_as").annotate(number=Count("pk"))
    found = {(state, dismissed_as): number for state, dismissed_as, number in rows}
    yield "confirmed", found.get((Flag.State.CONFIRMED, ""), 0)
    yield "deferred", found.get((Flag.State.DEFERRED, ""), 0)
    for kind in Flag.Dismissal:
        yield f"dismissed: {kind.label}", found.get((Flag.State.DISMISSED, kind.value), 0)


def _rules() -> Iterable[tuple[str, RuleDecisions]]:
    """The rules on whose flags most was decided, the least precise first."""
    decided = {pk: counts for pk, counts in decisions_by_rule().items() if counts.n}
    most = sorted(decided, key=lambda pk: -decided[pk].n)[:MOST_RULES]
    keys = dict(Rule.objects.filter(pk__in=most).values_list("pk", "key"))
    return [(keys[pk], decided[pk]) for pk in sorted(most, key=lambda pk: (decided[pk].precision or 0, keys[pk]))]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _days(waited: timedelta | None) -> float | None:
    return None if waited is None else waited / DAY
