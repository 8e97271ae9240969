"""Deciding flags: one decision for one wording, with a person, a date and a reason."""

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.languages import language_of
from clinics.models import Claim, Decision, Flag
from clinics.operations.claims import draft_claim
from clinics.operations.deciding import decide_on
from clinics.operations.flagging import lock_clinic
from clinics.operations.refusal import Refusal, reason_given

State = Flag.State
LONGEST_DEFERRAL: Final = timedelta(days=366)  # a slip in the year would hide the wording for good


def _locked(flag: Flag, reason: str) -> Flag:
    """The flag's row, after its clinic's as every writer locks them; refused if somebody decided in the meantime."""
    reason_given(reason)
    lock_clinic(flag.clinic_id)
    locked = Flag.objects.select_for_update().select_related("clinic", "rule").get(pk=flag.pk)
    if locked.joined_into is not None:
        raise Refusal(f"The clinic was merged, and this joined with that of {locked.joined_into.clinic}. Decide there.")
    if (locked.state, locked.decided_at) != (flag.state, flag.decided_at):
        raise Refusal(
            f"{locked.decided_by or 'Somebody'} has decided this in the meantime: it is “{locked.get_state_display()}”."
            " Look at it again."
        )
    return locked


@transaction.atomic
def confirm(flag: Flag, *, reason: str, by: User, now: datetime, scope: str = Decision.Scope.THIS_WORDING) -> Claim:
    """Record that the clinic makes this statement, and draft a claim from it; no finding of law or truth.

    Raises Refusal where it is confirmed already or was decided by somebody else just now.
    """
    locked = _locked(flag, reason)
    if locked.state == State.CONFIRMED:
        raise Refusal("This is confirmed already; its claim is with the claims.")
    decide_on(locked, State.CONFIRMED, reason=reason, by=by, now=now, scope=scope)
    return _living_claim(locked) or _draft_from(locked, by, now)


def _living_claim(flag: Flag) -> Claim | None:
    return flag.claims.exclude(state=Claim.State.WITHDRAWN).first()


def _draft_from(flag: Flag, by: User, now: datetime) -> Claim:
    sighting = flag.sightings.select_related("snapshot", "page").order_by("-last_seen_at", "-pk").first()
    if sighting is None:
        raise Refusal("Nobody has seen this wording on a page, so there is nothing to quote.")
    return draft_claim(
        flag.clinic,
        sighting.sentence,
        flag.category,
        severity=flag.severity,
        flag=flag,
        page=sighting.page,
        snapshot=sighting.snapshot,
        context=sighting.block,
        surface=sighting.surface,
        document_page=sighting.document_page,
        first_seen_on=sighting.first_seen_at.date(),
        language=language_of(sighting.sentence) or "en",
        by=by,
        now=now,
    )


@transaction.atomic
def dismiss(
    flag: Flag,
    *,
    dismissed_as: str,
    reason: str,
    by: User,
    now: datetime,
    scope: str = Decision.Scope.THIS_WORDING,
) -> Flag:
    """Record why no claim is made of this wording. It holds until the wording changes, or a rule makes it graver."""
    if dismissed_as not in Flag.Dismissal.values:
        raise Refusal("Say as what it is dismissed: denied, a question, reported, true, and so on.")
    locked = _locked(flag, reason)
    refuse_if_claimed(locked)
    return decide_on(locked, State.DISMISSED, reason=reason, by=by, now=now, dismissed_as=dismissed_as, scope=scope)


@transaction.atomic
def defer(flag: Flag, *, until: datetime, reason: str, by: User, now: datetime) -> Flag:
    """Put the decision off until a date that is to come. Raises Refusal."""
    if not now < until <= now + LONGEST_DEFERRAL:
        raise Refusal("Defer it to a date that is still to come, a year ahead at most.")
    locked = _locked(flag, reason)
    refuse_if_claimed(locked)
    return decide_on(locked, State.DEFERRED, deferred_until=until, reason=reason, by=by, now=now)


@transaction.atomic
def reopen(flag: Flag, *, reason: str, by: User, now: datetime) -> Flag:
    """Put a decided flag back among those to decide; the earlier decisions stay on record."""
    locked = _locked(flag, reason)
    if locked.state == State.OPEN:
        raise Refusal("This is open already.")
    refuse_if_claimed(locked)
    return decide_on(locked, State.OPEN, reason=reason, by=by, now=now)


def refuse_if_claimed(flag: Flag) -> None:
    """Remove the flag's draft claim. Raises Refusal where it is more than an unsigned draft."""
    claim = _living_claim(flag)
    if claim is None:
        return
    if claim.state != Claim.State.DRAFT or claim.public_from is not None:
        raise Refusal(f"A claim on this wording is “{claim.get_state_display()}”; hold or withdraw that first.")
    if claim.published_at is not None:
        raise Refusal("A claim on this wording was public once; withdraw that first.")
    claim.delete()
