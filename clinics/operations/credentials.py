"""Credential checks: drafted, published, and corrected by a later one."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.identifiers import valid_npi
from clinics.models import Clinic, CredentialCheck, PageUse, Practitioner, Snapshot, Term
from clinics.models.sealed import next_number
from clinics.operations.flagging import lock_living_clinic
from clinics.operations.recording import record_page
from clinics.operations.refusal import Refusal

Outcome = CredentialCheck.Outcome

# What each outcome's public sentence is filled with, so that none is published with a gap.
NEEDED = {
    Outcome.VERIFIED: ("register", "register_word"),
    Outcome.NOT_FOUND: ("register", "search_terms"),
    Outcome.MISMATCH: ("register", "identifier"),
    Outcome.AMBIGUOUS: ("register",),
    Outcome.SCOPE_DIFFERS: ("register", "document_title"),
    Outcome.EXPIRED: ("register", "register_date"),
    Outcome.INACTIVE: ("register", "register_word", "register_date"),
    Outcome.ENDED: ("register", "register_word", "register_date"),
    Outcome.RESTRICTED: ("register", "register_word", "document_title", "register_date"),
    Outcome.PAST_ORDER: ("register", "document_title", "register_date"),
    Outcome.UNVERIFIABLE: (),
    Outcome.NOT_STATED: (),
    Outcome.LISTED: ("register", "matched_by"),
    Outcome.NOT_LISTED: ("register", "register_date"),
}
NEVER_SHOWN = ("dea",)  # a number that opens prescriptions to whoever knows it
CORRECTABLE = (
    "subject",
    "register",
    "identifier",
    "outcome",
    "register_word",
    "search_terms",
    "document_title",
    "register_date",
    "matched_by",
    "checked_on",
    "capture",
    "notes",
)


@transaction.atomic
def draft_check(
    clinic: Clinic,
    kind: Term,
    subject: str,
    outcome: str,
    checked_on: date,
    *,
    by: User,
    now: datetime,
    practitioner: Practitioner | None = None,
    capture: Snapshot | None = None,
    source_url: str = "",
    **facts: Any,
) -> CredentialCheck:
    """A draft of what was found in a register. `facts` are the check's other columns. Raises Refusal."""
    check = CredentialCheck(
        clinic=clinic,
        kind=kind,
        subject=subject,
        outcome=outcome,
        checked_on=checked_on,
        practitioner=practitioner,
        capture=capture,
        checked_by=by,
        **facts,
    )
    lock_living_clinic(clinic.pk)
    _refuse_misfit(check, now)
    if source_url:
        check.source = record_page(source_url, by=by, now=now, clinic=clinic, purpose=PageUse.Purpose.REGISTRY)
    check.save()
    return check


def _refuse_misfit(check: CredentialCheck, now: datetime) -> None:
    if check.checked_on > now.date():
        raise Refusal("The check is dated in the future.")
    if check.outcome not in Outcome.values:
        raise Refusal(f"{check.outcome} is not an outcome of a credential check.")
    if check.kind.kind != Term.Kind.CREDENTIAL_KIND:
        raise Refusal(f"“{check.kind}” is not a kind of credential.")
    if check.kind.key == "npi" and check.identifier and not valid_npi(check.identifier):
        raise Refusal(f"{check.identifier} is not a valid NPI: its check digit does not fit. Look for a typing error.")


def _locked(check: CredentialCheck) -> CredentialCheck:
    locked = CredentialCheck.objects.select_for_update(of=("self",)).select_related("kind").get(pk=check.pk)
    if locked.state != CredentialCheck.State.DRAFT:
        raise Refusal("This check is published; correct it by a new one.")
    return locked


@transaction.atomic
def publish_check(check: CredentialCheck, *, by: User, now: datetime) -> CredentialCheck:
    """Put the check before the public. An adverse one needs another person than the one who checked.

    Raises Refusal where its public sentence would have a gap.
    """
    locked = _locked(check)
    missing = [name for name in NEEDED[Outcome(locked.outcome)] if not getattr(locked, name)]
    if missing:
        names = ", ".join(str(getattr(CredentialCheck._meta.get_field(name), "verbose_name", name)) for name in missing)
        raise Refusal(f"“{locked.get_outcome_display()}” cannot be shown without: {names}.")
    if locked.is_adverse and locked.source_id is None and locked.capture_id is None:
        raise Refusal("An adverse result needs its evidence: the entry's address in the register, or a capture of it.")
    if locked.kind.key in NEVER_SHOWN and locked.identifier:
        raise Refusal(f"The number of a {locked.kind} is never published. Move it to the internal notes.")
    if locked.outcome == Outcome.LISTED and len([part for part in locked.matched_by.split(",") if part.strip()]) < 2:
        raise Refusal("An entry in an adverse list needs two identifiers besides the name; write them with a comma.")
    if locked.is_adverse and by.pk == locked.checked_by_id:
        raise Refusal("You made this check. An adverse result is published by another person.")
    locked.state, locked.published_by, locked.published_at = CredentialCheck.State.PUBLISHED, by, now
    locked.sealing_number = next_number()  # drawn by the database
    locked.hashed().save()
    check.refresh_from_db()
    return locked


@transaction.atomic
def correct_check(check: CredentialCheck, *, by: User, now: datetime, **changes: Any) -> CredentialCheck:
    """A new draft that takes the place of a published check once it is published itself. Raises Refusal."""
    unknown = set(changes) - set(CORRECTABLE)
    if unknown:
        raise Refusal(f"A correction does not change: {', '.join(sorted(unknown))}. Record a check of its own.")
    CredentialCheck.objects.select_for_update().get(pk=check.pk)  # so that two corrections meet
    if check.state != CredentialCheck.State.PUBLISHED:
        raise Refusal("This check is a draft; change it as it stands.")
    if CredentialCheck.objects.filter(supersedes=check).exists():
        raise Refusal("A correction of this check exists already; go on with that one.")
    facts = {name: changes.get(name, getattr(check, name)) for name in CORRECTABLE}
    new = CredentialCheck(
        clinic=check.clinic,
        practitioner=check.practitioner,
        kind=check.kind,
        source=check.source,
        supersedes=check,
        checked_by=by,
        **facts,
    )
    _refuse_misfit(new, now)
    new.save()
    return new
