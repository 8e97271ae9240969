"""What staff do with a clinic's answer once it is proved: one decides each point, another one agrees and it is done."""

from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction

from clinics.models import AnswerPoint, Claim, ClaimReply, ClaimVersion, Correction
from clinics.operations.claim_replies import Sender, publish_reply, record_proved_reply
from clinics.operations.correction_cases import locked_case, refuse_the_first_two, refuse_who_signed
from clinics.operations.flagging import lock_clinic
from clinics.operations.publication import withdraw
from clinics.operations.recording import read_page_again
from clinics.operations.refusal import Refusal, reason_given, required

LONGEST_REASON: Final = 300
State = Correction.State
Outcome = AnswerPoint.Outcome
TO_DECIDE: Final = (State.RECEIVED, State.LOOKED_AT, State.APPEALED)


@transaction.atomic
def decide_point(point: AnswerPoint, *, outcome: str, public_reason: str, by: User, now: datetime) -> AnswerPoint:
    """Say what is to come of one point, and why, in words for everybody. Nothing is done before another one agrees.

    Raises Refusal where one signed the statement, decided before the appeal, or the outcome does not fit.
    """
    case = locked_case(point.case, *TO_DECIDE)
    locked = AnswerPoint.objects.select_for_update(of=("self",)).select_related("claim").get(pk=point.pk)
    if locked.done_at is not None:
        raise Refusal("This point has been carried out before the appeal.")
    refuse_the_first_two(case, by)
    refuse_who_signed(locked.claim, by)
    _refuse_unfit(locked, case, outcome)
    reason = required(public_reason, "The reason for everybody")
    if len(reason) > LONGEST_REASON:
        raise Refusal(f"The reason is longer than {LONGEST_REASON} characters.")
    locked.outcome, locked.public_reason = outcome, reason
    locked.decided_by, locked.decided_at = by, now
    locked.save(update_fields=["outcome", "public_reason", "decided_by", "decided_at"])
    point.refresh_from_db()
    return locked


def fitting_outcomes(point: AnswerPoint) -> list[str]:
    """What can come of a point as its statement stands now; a correction is refused until one is published."""
    if point.claim.state == Claim.State.WITHDRAWN:
        return [Outcome.ENDED]
    return [outcome for outcome in AnswerPoint.OF_KIND[AnswerPoint.Kind(point.kind)] if outcome != Outcome.ENDED]


def _refuse_unfit(point: AnswerPoint, case: Correction, outcome: str) -> None:
    """An outcome of its kind, and true of the statement as it stands now."""
    if outcome not in AnswerPoint.OF_KIND[AnswerPoint.Kind(point.kind)]:
        raise Refusal("That cannot come of a point of this kind.")
    is_withdrawn = point.claim.state == Claim.State.WITHDRAWN
    if is_withdrawn and outcome != Outcome.ENDED:
        raise Refusal("The statement was withdrawn meanwhile: say so; nothing else can come of it.")
    if outcome == Outcome.ENDED and not is_withdrawn:
        raise Refusal("The statement has not been withdrawn.")
    if outcome == Outcome.CORRECTED and not is_corrected(point.claim, case):
        raise Refusal("Correct the statement first, on its own page: no version of it was published since this came.")


def is_corrected(claim: Claim, case: Correction) -> bool:
    """Whether the public reads something else of the statement than when the answer came, replies apart."""
    versions = ClaimVersion.objects.filter(claim=claim)
    newest = versions.order_by("-number").first()
    before = versions.filter(published_at__lte=case.received_at).order_by("-number").first()
    return (
        claim.state == Claim.State.PUBLISHED
        and newest is not None
        and newest.published_at > case.received_at
        and (before is None or _but_replies(newest.content) != _but_replies(before.content))
    )


def _but_replies(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != "replies"}


@transaction.atomic
def hand_on(case: Correction, *, reason: str, by: User, now: datetime) -> Correction:
    """All points are decided: another person is to agree. Raises Refusal where that is not so, or not by oneself."""
    locked = locked_case(case, *TO_DECIDE)
    refuse_the_first_two(locked, by)
    open_ones = locked.points.undone()
    if open_ones.filter(outcome="").exists():
        raise Refusal("There is a point that nobody has decided. Decide on each, with its reason.")
    if open_ones.exclude(decided_by=by).exists():
        raise Refusal("Another person decided on a point. Who hands the case on has decided on all of them.")
    changed = locked.points.filter(outcome__in=[Outcome.WITHDRAWN, Outcome.CORRECTED, Outcome.SHOWN]).exists()
    locked.outcome = Correction.Outcome.CHANGED if changed else Correction.Outcome.STANDS
    locked.reason, locked.state = reason_given(reason), State.DECIDED
    locked.decided_by, locked.decided_at, locked.confirmed_by, locked.closed_at = by, now, None, None
    locked.save()
    return locked


@transaction.atomic
def agree(case: Correction, *, by: User, now: datetime) -> Correction:
    """Agree as another person: what was decided of each point is done, and the public log tells it. Raises Refusal."""
    locked = locked_case(case, State.DECIDED)
    if locked.kind != Correction.Kind.ANSWER:
        raise Refusal("This case is no answer of a clinic.")
    if locked.decided_by_id == by.pk:
        raise Refusal("You decided on this case. Another person has to agree.")
    refuse_the_first_two(locked, by)
    lock_clinic(locked.answer.clinic_id)  # before its statements, as mergers and readings lock them
    points = AnswerPoint.objects.select_for_update(of=("self",)).select_related("claim", "case__answer")
    for point in points.filter(case=locked, done_at=None).order_by("claim_id"):
        refuse_who_signed(point.claim, by)
        _carry_out(point, locked, by, now)
    locked.state, locked.confirmed_by, locked.closed_at = State.CLOSED, by, now
    locked.save(update_fields=["state", "confirmed_by", "closed_at"])
    return locked


def _carry_out(point: AnswerPoint, case: Correction, by: User, now: datetime) -> None:
    """By the operations that anybody at the desk would use; the statement is looked at as it stands now."""
    _refuse_unfit(point, case, point.outcome)
    if point.outcome == Outcome.WITHDRAWN:
        withdraw(point.claim, reason=point.public_reason, by=by, now=now)
    if point.outcome == Outcome.SHOWN:
        point.reply = _shown(point, case, by, now)
    if point.outcome in AnswerPoint.FINAL:
        point.done_at = now
        point.save(update_fields=["done_at", "reply"])


def _shown(point: AnswerPoint, case: Correction, by: User, now: datetime) -> ClaimReply:
    answer = case.answer
    who = Sender(answer.sender, answer.way, answer.proof)
    received, recorder = case.received_at.date(), point.decided_by or by
    reply = record_proved_reply(point.claim, text=point.text, received_on=received, who=who, by=recorder, now=now)
    return publish_reply(reply, by=by, now=now)


@transaction.atomic
def show_as_disputed(point: AnswerPoint, *, by: User, now: datetime) -> None:
    """Let the public read beside the statement since when it is disputed: since the dispute was proved to be the
    clinic's. Raises Refusal.
    """
    case = locked_case(point.case, *TO_DECIDE, State.DECIDED)
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=point.claim_id)
    if point.kind != AnswerPoint.Kind.DISPUTE or claim.state == Claim.State.WITHDRAWN:
        raise Refusal("Only a dispute of a statement that stands can be shown.")
    if claim.disputed_since is not None:
        raise Refusal(f"It is shown as disputed since {claim.disputed_since} already.")
    claim.disputed_since = (case.answer.proved_at or now).date()
    claim.save(update_fields=["disputed_since"])


def read_now(point: AnswerPoint, *, by: User, now: datetime) -> None:
    """Have the statement's page read by the next worker. Raises Refusal where it was not read from a page."""
    page = point.claim.page
    if page is None:
        raise Refusal("This statement was not read from a page.")
    read_page_again(page, by=by, now=now)
