"""Legal holds: while one is in force, retention removes nothing of a clinic."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from clinics.models import Clinic, LegalHold
from clinics.operations.flagging import lock_living_clinic
from clinics.operations.refusal import Refusal, required


@transaction.atomic
def place_hold(clinic: Clinic, reason: str, *, by: User, now: datetime) -> LegalHold:
    """Keep all that is kept of this clinic until the hold is released. Raises Refusal where one is in force."""
    given = required(reason, "The reason (which proceeding or request, and who asked)")
    lock_living_clinic(clinic.pk)
    if is_held(clinic):
        raise Refusal("A legal hold on this clinic is in force already.")
    return LegalHold.objects.create(clinic=clinic, reason=given, placed_by=by, placed_at=now)


@transaction.atomic
def release_hold(hold: LegalHold, reason: str, *, by: User, now: datetime) -> LegalHold:
    """Let retention go on as for any other clinic. Raises Refusal where the hold was released before."""
    given = required(reason, "The reason")
    locked = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if locked.released_at is not None:
        raise Refusal("This hold was released before.")
    locked.released_at, locked.released_by, locked.released_because = now, by, given
    locked.save(update_fields=["released_at", "released_by", "released_because"])
    return locked


def is_held(clinic: Clinic) -> bool:
    """Whether a legal hold on the clinic is in force."""
    return LegalHold.objects.in_force().filter(clinic=clinic).exists()
