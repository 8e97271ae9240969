"""What people wish to be mailed: asked for, changed, ended."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.mail_times import next_mail
from clinics.models import Digest, SavedFilter
from clinics.operations.refusal import Refusal, check
from clinics.operations.saved_rows import MAILED_BY

BY_LINK = "Ended by the link in the mail."


@transaction.atomic
def wish_digest(digest: Digest, *, by: User, now: datetime) -> Digest:
    """Write down, or change, what a person wishes to be mailed; the first mail comes at its next hour.

    Raises Refusal where the person has no address, or the saved filter is not hers to use or of a list that makes no
    digest.
    """
    if digest.pk is None:
        digest.owner = by
    if not digest.owner.email:
        raise Refusal("Your account has no mail address. Ask an administrator to give it one.")
    if digest.saved_filter is not None:
        _refuse_unfit(digest.saved_filter, digest.owner)
    digest.due_at = next_mail(now, digest.hour, weekly=digest.cadence == Digest.Cadence.WEEKLY)
    digest.failures = 0
    check(digest)
    digest.save()
    return digest


def _refuse_unfit(saved: SavedFilter, owner: User) -> None:
    if not (saved.is_shared or saved.owner_id == owner.pk):
        raise Refusal("This saved filter is somebody else's, and not shared.")
    if saved.kind not in MAILED_BY:
        raise Refusal(
            f"“{saved}” is of the list of {saved.get_kind_display()}. A digest is about flags, clinics or the public "
            "directory: choose a saved filter of one of these."
        )


@transaction.atomic
def end_digest(digest: Digest, *, reason: str, now: datetime) -> Digest:
    """End it; nothing more is mailed, and its saved filter may go. Ending it again changes nothing."""
    locked = Digest.objects.select_for_update().get(pk=digest.pk)
    if locked.ended_at is None:
        locked.ended_at, locked.ended_because, locked.saved_filter = now, reason, None
        locked.save(update_fields=["ended_at", "ended_because", "saved_filter"])
    return locked
