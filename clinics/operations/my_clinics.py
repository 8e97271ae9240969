"""The clinics that a person recorded or looks after, with what waits at each."""

from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from clinics.domain.outcome import Outcome
from clinics.models import Claim, Clinic, Flag, PageUse
from clinics.models.clinic import ClinicQuerySet

MOST_SHOWN: Final = 200


def my_clinics(user: User, now: datetime) -> QuerySet[Clinic]:
    """At most `MOST_SHOWN`: those with blocked pages first, then with flags to decide, then by name.

    Each has `blocked`, `failing` (pages), `waiting` (flags) and `drafts` (claims).
    """
    uses = PageUse.objects.order_by()
    blocked = uses.filter(page__state__outcome=Outcome.BLOCKED)
    failing = uses.filter(page__state__failures__gt=0).exclude(page__state__outcome=Outcome.BLOCKED)
    clinics: ClinicQuerySet = Clinic.objects.of_person(user.pk)
    counted = clinics.annotate(
        blocked=_counted(blocked),
        failing=_counted(failing),
        waiting=_counted(Flag.objects.to_decide(now).by_rules().order_by()),
        drafts=_counted(Claim.objects.filter(state=Claim.State.DRAFT).order_by()),
    )
    return counted.order_by("-blocked", "-waiting", "-failing", "name", "pk")[:MOST_SHOWN]


def _counted(rows: QuerySet[Any]) -> Coalesce:
    of_clinic = rows.filter(clinic=OuterRef("pk")).values("clinic").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(of_clinic, output_field=IntegerField()), 0)


def count_of(user: User) -> int:
    """How many clinics the person recorded or looks after."""
    counted: int = Clinic.objects.of_person(user.pk).order_by().aggregate(n=Count("pk"))["n"]
    return counted


def blocked_pages(clinics: list[Clinic]) -> dict[int, list[PageUse]]:
    """The blocked pages of these clinics, to be looked at by hand."""
    found: dict[int, list[PageUse]] = {}
    uses = PageUse.objects.filter(clinic__in=clinics, page__state__outcome=Outcome.BLOCKED)
    for use in uses.select_related("page__state").order_by("clinic_id", "pk")[: 5 * MOST_SHOWN]:
        found.setdefault(use.clinic_id, []).append(use)
    return found
