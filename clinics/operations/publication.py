"""Claims before the public: signed, public after a short while in which that can be taken back, held, withdrawn."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max

from clinics.domain.rule import Severity
from clinics.models import Assessment, Claim, QuotePresence, Rule
from clinics.operations.claim_readiness import missing
from clinics.operations.claim_versions import freeze
from clinics.operations.claims import LIVING, hand_back, locked_claim, needed, refuse_if_signed
from clinics.operations.refusal import Refusal

log = logging.getLogger(__name__)

State = Claim.State
UNSIGNED = (State.DRAFT, State.COMMENT_INVITED)


def delay() -> timedelta:
    """How long a signature can be taken back before it is public."""
    return timedelta(minutes=settings.PUBLICATION_DELAY_MINUTES)


@transaction.atomic
def sign(claim: Claim, *, by: User, now: datetime) -> Claim:
    """Sign for publication, where nothing is missing.

    A critical claim waits for another person's signature; any other is public after the delay.

    Raises Refusal before the clinic's time to comment is over, and for a second signature by the same person.
    """
    locked = locked_claim(claim, *UNSIGNED, State.AWAITING_SECOND)
    refuse_if_signed(locked)
    _refuse_gaps(locked, now)
    locked.severity = max(locked.severity, _least_severity(locked))
    if locked.state == State.AWAITING_SECOND:
        _sign_second(locked, by)
        _publish_later(locked, now)
        return hand_back(claim, locked)
    locked.first_signed_by = by
    if locked.is_critical:
        locked.state = State.AWAITING_SECOND
        locked.save(update_fields=["state", "first_signed_by", "severity"])
    else:
        _publish_later(locked, now)
    return hand_back(claim, locked)


def _least_severity(claim: Claim) -> int:
    """A claim is as grave as its flag; in a category that a person chose, as grave as the active rules of that, too."""
    flagged = claim.flag.severity if claim.flag is not None else Severity.NOTE
    if claim.flag is not None and claim.category == claim.flag.category:
        return flagged
    rules = Rule.objects.active().filter(category=claim.category)
    return max(flagged, rules.aggregate(gravest=Max("severity"))["gravest"] or Severity.NOTE)


def _refuse_gaps(claim: Claim, now: datetime) -> None:
    if gaps := missing(claim, now):
        raise Refusal(" ".join(gaps))


def _sign_second(claim: Claim, by: User) -> None:
    if by.pk == claim.first_signed_by_id:
        raise Refusal("You signed this first. A critical claim needs the signature of another person.")
    claim.second_signed_by = by


def _publish_later(claim: Claim, now: datetime) -> None:
    """Let the claim be public once its signature can't be taken back any more: at once where there is no delay."""
    claim.public_from = now + delay()
    claim.save()
    if claim.public_from <= now:
        _publish(claim, now)


@transaction.atomic
def take_back(claim: Claim, *, by: User, now: datetime) -> Claim:
    """Undo the last signature of a claim that is not public yet; one that was public before is held as it was.

    Raises Refusal where it is public, or nobody signed.
    """
    locked = locked_claim(claim, *UNSIGNED, State.AWAITING_SECOND, State.HELD)
    if locked.public_from is not None:
        locked.public_from = None
        if locked.state == State.AWAITING_SECOND:
            locked.second_signed_by = None
        else:
            locked.first_signed_by = None
    elif locked.state == State.AWAITING_SECOND and locked.first_signed_by_id == by.pk:
        _put_back(locked, now)
        locked.first_signed_by = None
    else:
        raise Refusal("There is no signature here that you could take back.")
    locked.save()
    return hand_back(claim, locked)


def _put_back(claim: Claim, now: datetime) -> None:
    """Let the claim stand where it stood before its first signature."""
    if claim.published_at is None:
        claim.state = State.COMMENT_INVITED if claim.comment_invited_on else State.DRAFT
        return
    claim.state = State.HELD
    if claim.ended_at is None:  # released when the reason of a hold was not kept until publication
        claim.ended_at, claim.ended_because = now, "Its release was taken back."


def publish_due(now: datetime) -> list[Claim]:
    """Put before the public what people signed and nobody took back in time. Safe to run twice and at once."""
    due = Claim.objects.filter(public_from__lte=now).exclude(state__in=[State.PUBLISHED, State.WITHDRAWN])
    return [claim for claim in due.order_by("public_from", "pk") if _published(claim, now)]


@transaction.atomic
def _published(claim: Claim, now: datetime) -> bool:
    locked = Claim.objects.select_for_update(of=("self",)).select_related("clinic", "snapshot").get(pk=claim.pk)
    if locked.public_from is None or locked.public_from > now or locked.state == State.WITHDRAWN:
        return False
    _publish(locked, now)
    log.info("claim %s of %s is public", locked.public_id, locked.clinic)
    return True


def _publish(claim: Claim, now: datetime) -> None:
    claim.state, claim.published_at, claim.public_from = State.PUBLISHED, claim.published_at or now, None
    claim.ended_at, claim.ended_because = None, ""
    claim.save()
    if not claim.assessments.exists():
        Assessment.objects.create(claim=claim, key=Assessment.Key.NOT_ASSESSED, assessed_on=now.date())
    freeze(claim, now, claim.first_signed_by, claim.second_signed_by)
    read_at = claim.snapshot.taken_at if claim.snapshot is not None else now
    QuotePresence.objects.get_or_create(claim=claim, defaults={"since": read_at, "last_exact_at": read_at})


@transaction.atomic
def hold(claim: Claim, *, reason: str, by: User, now: datetime) -> Claim:
    """Take the claim out of public sight at once, while something about it is looked at."""
    locked = locked_claim(claim, State.PUBLISHED)
    locked.state, locked.ended_at, locked.ended_because = State.HELD, now, needed(reason)
    locked.save(update_fields=["state", "ended_at", "ended_because"])
    return hand_back(claim, locked)


@transaction.atomic
def release(claim: Claim, *, by: User, now: datetime) -> Claim:
    """Sign to put a held claim back before the public, as its next version; a critical one needs two signatures anew.

    When and why it was held stays with it until it is public.
    """
    locked = locked_claim(claim, State.HELD)
    refuse_if_signed(locked)
    _refuse_gaps(locked, now)
    locked.severity = max(locked.severity, _least_severity(locked))
    locked.first_signed_by, locked.second_signed_by = by, None
    if locked.is_critical:
        locked.state = State.AWAITING_SECOND
        locked.save()
    else:
        _publish_later(locked, now)
    return hand_back(claim, locked)


@transaction.atomic
def withdraw(claim: Claim, *, reason: str, by: User, now: datetime) -> Claim:
    """End the claim. If it was public, its address keeps the dates and the reason, without the words."""
    locked = locked_claim(claim, *LIVING)
    locked.state, locked.ended_at, locked.ended_because = State.WITHDRAWN, now, needed(reason)
    locked.public_from = None
    locked.save(update_fields=["state", "ended_at", "ended_because", "public_from"])
    return hand_back(claim, locked)
