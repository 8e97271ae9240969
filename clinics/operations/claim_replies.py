"""The clinic's reply to a claim: recorded with the proof that it came from the clinic, public once a person says so."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.page_identity import site_of
from clinics.models import Claim, ClaimReply, Clinic
from clinics.operations.claim_versions import freeze
from clinics.operations.claims import LIVING, locked_claim, refuse_if_on_its_way
from clinics.operations.clinic_sites import mail_domain, token_site
from clinics.operations.days import refuse_no_past_day
from clinics.operations.refusal import Refusal, check, required

State = Claim.State
Proof = ClaimReply.Proof


@dataclass(frozen=True, slots=True)
class Sender:
    """Who answered for the clinic, and how it is known that it was the clinic."""

    name: str
    proved_by: str
    proof: str


@transaction.atomic
def record_reply(
    claim: Claim, *, text: str, received_on: date, sender: str, proved_by: str, proof: str, by: User, now: datetime
) -> ClaimReply:
    """Keep what the clinic answered. Raises Refusal where the proof does not lead to the clinic as it is recorded."""
    _refuse_unproved(locked_claim(claim, *LIVING).clinic, proved_by, required(proof, "The proof"))
    who = Sender(sender, proved_by, proof)
    return record_proved_reply(claim, text=text, received_on=received_on, who=who, by=by, now=now)


@transaction.atomic
def record_proved_reply(
    claim: Claim, *, text: str, received_on: date, who: Sender, by: User, now: datetime
) -> ClaimReply:
    """The same, where the proof was held against the clinic's record when it was made."""
    locked = locked_claim(claim, *LIVING)
    refuse_no_past_day(received_on, now, to_come="The reply cannot have come after today.")
    reply = ClaimReply(
        claim=locked,
        text=required(text, "The reply's text"),
        received_on=received_on,
        sender=required(who.name, "Who answered"),
        proved_by=who.proved_by,
        proof=required(who.proof, "The proof"),
        recorded_by=by,
        recorded_at=now,
    )
    check(reply)
    reply.save()
    return reply


def _refuse_unproved(clinic: Clinic, proved_by: str, proof: str) -> None:
    """The proof is at the recorded domain, or the number called is recorded."""
    if proved_by == Proof.CALL:
        refuse_another_number(clinic, proof)
        return
    site = mail_domain(clinic) if proved_by == Proof.MAIL else token_site(clinic)
    name, at, domain = proof.rpartition("@")
    given = site_of(f"https://{domain}/") if proved_by == Proof.MAIL and name and at else ""
    if proved_by == Proof.TOKEN and re.match(r"https?://", proof):
        given = site_of(proof)
    if not site or given != site:
        what = "mail address" if proved_by == Proof.MAIL else "address of the token"
        recorded = site or "none is recorded that is this clinic's alone"
        raise Refusal(f"The {what} is not at the clinic's recorded site ({recorded}).")


def refuse_another_number(clinic: Clinic, number: str) -> None:
    """Raise Refusal where the number is not recorded for the clinic."""
    digits = {_digits(phone) for phone in clinic.locations.exclude(phone="").values_list("phone", flat=True)}
    if _digits(number) not in digits:
        raise Refusal("That number is not recorded for the clinic. Call back one that is.")


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)[-10:]


@transaction.atomic
def publish_reply(reply: ClaimReply, *, by: User, now: datetime) -> ClaimReply:
    """Let the public read the reply beside its claim, as soon as that is public.

    Raises Refusal; also between the claim's first signature and the public.
    """
    claim = locked_claim(reply.claim, *LIVING)
    refuse_if_on_its_way(claim)
    locked = _locked(reply)
    if locked.published_at is not None:
        raise Refusal("This reply is published already.")
    locked.published_at, locked.published_by = now, by
    locked.save(update_fields=["published_at", "published_by"])
    _freeze_if_public(claim, by, now)
    reply.refresh_from_db()
    return locked


@transaction.atomic
def take_reply_away(reply: ClaimReply, *, reason: str, by: User, now: datetime) -> ClaimReply:
    """Take the reply out of public sight, or give up one that was never there. Raises Refusal."""
    claim = locked_claim(reply.claim, *State.values)
    locked = _locked(reply)
    if locked.published_at is not None:
        refuse_if_on_its_way(claim)
    locked.ended_at, locked.ended_because = now, required(reason, "The reason")
    locked.save(update_fields=["ended_at", "ended_because"])
    _freeze_if_public(claim, by, now)
    reply.refresh_from_db()
    return locked


def _locked(reply: ClaimReply) -> ClaimReply:
    locked: ClaimReply = ClaimReply.objects.select_for_update(of=("self",)).get(pk=reply.pk)
    if locked.ended_at is not None:
        raise Refusal("This reply was taken away before.")
    return locked


def _freeze_if_public(claim: Claim, by: User, now: datetime) -> None:
    if claim.state == State.PUBLISHED:
        freeze(claim, now, by, None)
