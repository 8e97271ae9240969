"""Who looks after a flag, and what people say about it."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from clinics.models import Flag, FlagComment
from clinics.operations.refusal import Refusal

LONGEST = 5000  # characters of a comment


@transaction.atomic
def assign(flag: Flag, to: User | None, *, by: User, now: datetime) -> Flag:
    """Give the flag to somebody who may decide it, or to nobody. Raises Refusal for anybody else."""
    if to is not None and not (to.is_active and to.has_perm("clinics.change_flag")):
        raise Refusal(f"{to} may not decide flags; choose somebody who may.")
    locked = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
    locked.assigned_to = to
    locked.save(update_fields=["assigned_to"])
    flag.assigned_to = to
    return locked


def comment(flag: Flag, text: str, *, by: User, now: datetime) -> FlagComment:
    """Say something about the flag to everybody at the desk. Raises Refusal for no words, or too many."""
    said = text.strip()
    if not said:
        raise Refusal("Say something.")
    if len(said) > LONGEST:
        raise Refusal(f"At most {LONGEST:,} characters; put the rest into a second comment.")
    return FlagComment.objects.create(flag=flag, text=said, by=by, at=now)
