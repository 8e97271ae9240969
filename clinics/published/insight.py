"""The whole directory in numbers: rates per clinic read, with how many clinics that is. Only what is public counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, DateField, Q, QuerySet
from django.db.models.functions import TruncMonth

from clinics.models import Claim, Clinic, Correction, Location, OfficialAction, QuotePresence
from clinics.published.clinics import listed, published_checks, published_claims, with_last_read

READ_WITHIN: Final = timedelta(days=90)
MONTHS: Final = 12
AGES: Final = (7, 30, READ_WITHIN.days)
LEAST_CLINICS: Final = 10  # that were read; a rate of fewer says little


@dataclass(frozen=True, slots=True)
class Insight:
    """Counts over the listed clinics. `read` is how many of them were read within `READ_WITHIN`.

    Where a mapping counts clinics, they are such that were read; `by_state` holds clinics read, and of these those
    with a published statement, in states with at least `LEAST_CLINICS`.
    """

    listed: int
    read: int
    categories: Mapping[str, int]
    assessments: Mapping[str, int]
    months: Mapping[date, int]
    presence: Mapping[str, int]
    outcomes: Mapping[str, int]
    ages: Mapping[str, int]
    actions: Mapping[str, int]
    corrections: Mapping[str, int]
    withdrawn: int
    by_state: Mapping[str, tuple[int, int]]


def insight(now: datetime) -> Insight:
    """The numbers of this moment, in a dozen queries."""
    clinics: QuerySet[Any] = with_last_read(listed())
    readings = _readings(clinics, now)
    read = clinics.filter(last_read_at__gte=now - READ_WITHIN)
    of_read = published_claims().filter(clinic__in=read.values("pk"))
    of_listed = published_claims().filter(clinic__status=Clinic.Status.LISTED)
    checks = published_checks().filter(clinic__status=Clinic.Status.LISTED)
    official = OfficialAction.objects.published().filter(clinic__status=Clinic.Status.LISTED)
    return Insight(
        listed=readings["listed"],
        read=readings[f"d{READ_WITHIN.days}"],
        categories=_clinics_by(of_read, "category"),
        assessments=_rows_by(of_listed.exclude(assessments=None), "assessments__key"),
        months=_by_month(of_listed, now.date()),
        presence=_presence(of_listed),
        outcomes=_rows_by(checks, "outcome"),
        ages=_ages(readings),
        actions=_rows_by(official, "kind"),
        corrections=_rows_by(Correction.objects.in_the_log().filter(kind=Correction.Kind.ERROR), "outcome"),
        withdrawn=Claim.objects.withdrawn().filter(clinic__status=Clinic.Status.LISTED).count(),
        by_state=_by_state(read, of_read),
    )


def _rows_by(rows: QuerySet[Any], column: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(column).annotate(n=Count("pk")))


def _clinics_by(rows: QuerySet[Any], column: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(column).annotate(n=Count("clinic", distinct=True)))


def _by_month(claims: QuerySet[Claim], today: date) -> dict[date, int]:
    """Statements by the month in which we first saw them, for the last twelve months, those without any as 0."""
    last = today.year * 12 + today.month - 1
    months = [date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS + 1, last + 1)]
    month = TruncMonth("first_seen_on", output_field=DateField())
    rows = claims.filter(first_seen_on__gte=months[0]).order_by().annotate(month=month)
    counted = dict(rows.values_list("month").annotate(n=Count("pk")))
    return {each: counted.get(each, 0) for each in months}


def _presence(claims: QuerySet[Claim]) -> dict[str, int]:
    counted = _rows_by(QuotePresence.objects.filter(claim__in=claims), "state")
    return {state: counted[state] for state in QuotePresence.State.values if state in counted}


def _readings(clinics: QuerySet[Any], now: datetime) -> dict[str, int]:
    """How many clinics there are (`listed`), were ever read (`ever`), and within each of `AGES` days (`d7`)."""
    within = {str(days): Count("pk", filter=Q(last_read_at__gte=now - timedelta(days=days))) for days in AGES}
    ever = Count("pk", filter=Q(last_read_at__isnull=False))
    counted: dict[str, int] = clinics.aggregate(
        listed=Count("pk"), ever=ever, **{f"d{d}": n for d, n in within.items()}
    )
    return counted


def _ages(readings: Mapping[str, int]) -> dict[str, int]:
    """Listed clinics by how long ago one of their pages was last read: within so many days, before, or never."""
    found, before = {}, 0
    for days in AGES:
        found[str(days)], before = readings[f"d{days}"] - before, readings[f"d{days}"]
    return {**found, "older": readings["ever"] - before, "never": readings["listed"] - readings["ever"]}


def _by_state(read: QuerySet[Clinic], claims: QuerySet[Claim]) -> dict[str, tuple[int, int]]:
    places = Location.objects.filter(clinic__in=read.values("pk"), country="US").exclude(state="")
    all_read = _clinics_by(places, "state")
    saying = _clinics_by(places.filter(clinic__in=claims.order_by().values("clinic")), "state")
    enough = {state: n for state, n in sorted(all_read.items()) if n >= LEAST_CLINICS}
    return {state: (n, saying.get(state, 0)) for state, n in enough.items()}
