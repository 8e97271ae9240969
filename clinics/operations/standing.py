"""A clinic's standing in the directory: draft, listed, closed, held, removed."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from clinics.models import Clinic
from clinics.operations.refusal import Refusal

Status = Clinic.Status


@transaction.atomic
def _move(clinic: Clinic, to: Clinic.Status, allowed: Collection[str], now: datetime, reason: str = "") -> Clinic:
    locked = Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    if locked.status not in allowed or locked.status == Status.MERGED:
        raise Refusal(f"{locked} is “{locked.get_status_display()}” and cannot become “{to.label}” from there.")
    locked.status, locked.status_since, locked.status_reason = to, now.date(), reason.strip()
    locked.save(update_fields=["status", "status_since", "status_reason"])
    clinic.status, clinic.status_since, clinic.status_reason = locked.status, locked.status_since, locked.status_reason
    return locked


def _needed(reason: str, what: str) -> str:
    if not reason.strip():
        raise Refusal(f"Say why: {what} has a reason that can be shown.")
    return reason


def list_clinic(clinic: Clinic, *, by: User | None, now: datetime) -> Clinic:
    """Put the clinic before the public. It needs a website, so that the public can tell which clinic is meant."""
    if clinic.website_id is None:
        raise Refusal(f"{clinic} has no website yet; record it first, so that it cannot be taken for another clinic.")
    return _move(clinic, Status.LISTED, set(Status.values) - {Status.LISTED}, now)


def list_drafts(clinics: Collection[int], now: datetime) -> None:
    """Put those of the clinics before the public that are drafts; each is taken to have a website."""
    drafts = Clinic.objects.filter(pk__in=clinics, status=Status.DRAFT)
    drafts.update(status=Status.LISTED, status_since=now.date(), status_reason="")


def hold_clinic(clinic: Clinic, reason: str, *, by: User | None, now: datetime) -> Clinic:
    """Take the clinic out of public sight while a complaint is looked at."""
    return _move(clinic, Status.HELD, set(Status.values) - {Status.HELD, Status.DRAFT}, now, _needed(reason, "a hold"))


def close_clinic(clinic: Clinic, *, by: User | None, now: datetime) -> Clinic:
    """Record that the clinic is reported closed."""
    return _move(clinic, Status.CLOSED, {Status.LISTED, Status.HELD, Status.NOT_OFFERING}, now)


def mark_not_offering(clinic: Clinic, *, by: User | None, now: datetime) -> Clinic:
    """Record that the pages read offer no regenerative treatment."""
    return _move(clinic, Status.NOT_OFFERING, {Status.LISTED, Status.HELD, Status.CLOSED}, now)


def delist_clinic(clinic: Clinic, reason: str, *, by: User | None, now: datetime) -> Clinic:
    """Remove the clinic from the directory; its address says so, with the date and the reason."""
    allowed = set(Status.values) - {Status.DELISTED, Status.DRAFT}
    return _move(clinic, Status.DELISTED, allowed, now, _needed(reason, "a removal"))


def back_to_draft(clinic: Clinic, *, by: User | None, now: datetime) -> Clinic:
    """Make a held clinic a draft again."""
    return _move(clinic, Status.DRAFT, {Status.HELD}, now)
