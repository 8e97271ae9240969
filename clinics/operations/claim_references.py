"""References of a claim: papers and trials by their numbers, a regulator's page by its address."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.references import kept_form
from clinics.models import Claim, ClaimReference, PageUse
from clinics.operations.claim_versions import freeze
from clinics.operations.claims import LIVING, locked_claim, refuse_if_on_its_way
from clinics.operations.recording import record_page
from clinics.operations.refusal import Refusal, check

State = Claim.State
Kind = ClaimReference.Kind


@transaction.atomic
def add_reference(
    claim: Claim, kind: str, *, by: User, now: datetime, identifier: str = "", url: str = "", title: str = ""
) -> ClaimReference:
    """Set a reference beside the claim; its number is held against its form, offline. A published claim is frozen anew.

    Raises Refusal; also for a critical claim that is public, and for one that somebody has signed.
    """
    locked = locked_claim(claim, *LIVING)
    refuse_if_on_its_way(locked)
    if locked.is_critical and locked.state == State.PUBLISHED:
        raise Refusal("This claim is critical and public: hold it, add the reference, let two people sign again.")
    reference = ClaimReference(claim=locked, kind=kind, title=" ".join(title.split()), added_by=by, added_at=now)
    if kind == Kind.PAGE:
        if not url.strip():
            raise Refusal("Give the address of the regulator's page.")
        reference.page = record_page(url, by=by, now=now, clinic=locked.clinic, purpose=PageUse.Purpose.EVIDENCE)
    else:
        reference.identifier = _kept(kind, identifier)
    check(reference)
    reference.save()
    if locked.state == State.PUBLISHED:
        freeze(locked, now, by, None)
    return reference


def _kept(kind: str, typed: str) -> str:
    if kind not in Kind.values:
        raise Refusal(f"{kind} is no kind of reference.")
    try:
        return kept_form(kind, typed)
    except ValueError as fault:
        raise Refusal(str(fault)) from None
