"""Counsel's signature on a claim, where one is asked for: recorded by staff, good for the words that were read."""

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from clinics.models import Claim
from clinics.operations.claims import hand_back, locked_claim, refuse_if_signed
from clinics.operations.days import refuse_no_past_day
from clinics.operations.refusal import required

State = Claim.State
BEFORE_PUBLIC = (State.DRAFT, State.COMMENT_INVITED, State.AWAITING_SECOND, State.HELD)


@transaction.atomic
def ask_counsel(claim: Claim, *, by: User, now: datetime) -> Claim:
    """Have the claim wait for counsel's signature."""
    return _set(claim, needs_counsel=True)


@transaction.atomic
def go_without_counsel(claim: Claim, *, by: User, now: datetime) -> Claim:
    """Let the claim go on without counsel; the history keeps who said so."""
    return _set(claim, needs_counsel=False)


@transaction.atomic
def record_counsel(claim: Claim, *, name: str, signed_on: date, by: User, now: datetime) -> Claim:
    """Keep that counsel signed, and for which words. Raises Refusal."""
    refuse_no_past_day(signed_on, now, to_come="Counsel's signature bears a date to come.")
    signature = {"counsel_name": required(name, "Counsel's name"), "counsel_signed_on": signed_on}
    return _set(claim, needs_counsel=True, counsel_recorded_by=by, **signature)


def _set(claim: Claim, **columns: object) -> Claim:
    locked = locked_claim(claim, *BEFORE_PUBLIC)
    refuse_if_signed(locked)
    if "counsel_name" in columns:
        columns["counsel_signed_for"] = locked.words_hash
    for name, value in columns.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(columns))
    return hand_back(claim, locked)


def counsel_gap(claim: Claim) -> str:
    """What is missing of counsel's signature, in a sentence; "" where nothing is."""
    if not claim.needs_counsel:
        return ""
    if claim.counsel_signed_on is None:
        return "Counsel has to sign it first: record counsel's name and date."
    if claim.counsel_signed_for != claim.words_hash:
        return "The words have changed since counsel signed them: let counsel sign again."
    return ""
