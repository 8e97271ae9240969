"""What staff do with a visitor's report: one decides, another one agrees, and on appeal two others."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from clinics.models import Claim, Correction, CredentialCheck, OfficialAction
from clinics.operations.corrections import Entry, entry_named
from clinics.operations.refusal import Refusal, reason_given, required

State = Correction.State
Outcome = Correction.Outcome


@transaction.atomic
def take(case: Correction, *, by: User, now: datetime) -> Correction:
    """Say that one looks at it. Raises Refusal for a case that is closed, and for one's own decision on appeal."""
    locked = locked_case(case, State.RECEIVED, State.APPEALED)
    refuse_the_first_two(locked, by)
    locked.state, locked.taken_by = State.LOOKED_AT, by
    locked.save(update_fields=["state", "taken_by"])
    return locked


@transaction.atomic
def decide(case: Correction, *, outcome: str, reason: str, public_note: str, by: User, now: datetime) -> Correction:
    """Decide, with the reason for staff and the note for the visitor and the log; another person has to agree.

    Raises Refusal where one signed what the case is about, or decided on it before the appeal.
    """
    locked = locked_case(case, State.RECEIVED, State.LOOKED_AT, State.APPEALED)
    _refuse_answer(locked)
    if outcome not in Outcome.values:
        raise Refusal("Say what came of it: changed, not changed, or nothing that this directory can settle.")
    refuse_the_first_two(locked, by)
    _refuse_who_signed(locked, by)
    locked.outcome, locked.reason = outcome, reason_given(reason)
    locked.public_note = required(public_note, "The note for the visitor")[:600]
    locked.state, locked.decided_by, locked.decided_at = State.DECIDED, by, now
    locked.confirmed_by, locked.closed_at = None, None
    locked.save()
    return locked


@transaction.atomic
def confirm(case: Correction, *, by: User, now: datetime) -> Correction:
    """Agree as another person: the case is closed, and the note is public where it is about an error."""
    locked = locked_case(case, State.DECIDED)
    _refuse_answer(locked)
    if locked.decided_by_id == by.pk:
        raise Refusal("You decided on this case. Another person has to agree.")
    refuse_the_first_two(locked, by)
    _refuse_who_signed(locked, by)
    locked.state, locked.confirmed_by, locked.closed_at = State.CLOSED, by, now
    locked.save(update_fields=["state", "confirmed_by", "closed_at"])
    return locked


@transaction.atomic
def give_back(case: Correction, *, reason: str, by: User, now: datetime) -> Correction:
    """Disagree with the decision: the case is looked at anew, with the reason beside the earlier one.

    Raises Refusal for whoever may not agree with it, either.
    """
    locked = locked_case(case, State.DECIDED)
    if locked.decided_by_id == by.pk:
        raise Refusal("You decided on this case. Another person has to look at it.")
    refuse_the_first_two(locked, by)
    _refuse_who_signed(locked, by)
    locked.reason = f"{locked.reason}\nGiven back by {by}, {now:%Y-%m-%d}: {reason_given(reason)}"
    locked.state, locked.taken_by = State.LOOKED_AT, None
    locked.save(update_fields=["state", "reason", "taken_by"])
    return locked


def _refuse_answer(case: Correction) -> None:
    if case.kind == Correction.Kind.ANSWER:
        raise Refusal("A clinic's answer is decided point by point.")


def locked_case(case: Correction, *states: str) -> Correction:
    """The case's row, locked. Raises Refusal where it is in none of these states."""
    locked = Correction.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if locked.state not in states:
        raise Refusal(f"This case is {locked.get_state_display()}. Look at it again.")
    return locked


def refuse_the_first_two(case: Correction, by: User) -> None:
    """Raise Refusal for who decided or agreed before an appeal."""
    if by.pk in (case.first_decided_by_id, case.first_confirmed_by_id):
        raise Refusal("The visitor asked for other people: you decided or agreed the first time.")


def refuse_who_signed(row: Claim | OfficialAction, by: User) -> None:
    """Raise Refusal for anybody who signed the statement or the official action, or a version of it for the public."""
    signed = Q(first_signed_by=by) | Q(second_signed_by=by)
    if by.pk in (row.first_signed_by_id, row.second_signed_by_id) or row.versions.filter(signed).exists():
        raise Refusal(
            f"You signed what this case is about, now or before: “{row}”. Another person has to decide on it."
        )


def _refuse_who_signed(case: Correction, by: User) -> None:
    """Raise Refusal for whoever signed, made or published what the case is about."""
    named = entry_named(case.about)
    for row in _signed_rows(case, named):
        refuse_who_signed(row, by)
    made = CredentialCheck.objects.filter(Q(checked_by=by) | Q(published_by=by))
    if named is not None and named.room == "checks" and made.filter(public_id=named.row).exists():
        raise Refusal("You made or published the look-up that this case is about. Another person has to decide on it.")


def _signed_rows(case: Correction, named: Entry | None) -> list[Claim | OfficialAction]:
    """What people signed that is to be decided on: an answer's statements, or what the reported page is about."""
    if case.kind == Correction.Kind.ANSWER:
        return [point.claim for point in case.points.undone().select_related("claim")]
    if named is None or named.room not in ("statements", "actions"):
        return []
    rows = Claim.objects.all() if named.room == "statements" else OfficialAction.objects.all()
    return list(rows.filter(public_id=named.row))
