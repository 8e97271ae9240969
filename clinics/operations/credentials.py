"""Credential checks: drafted, published, corrected by a later one, and made again when they are old."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction

from clinics.models import Clinic, CredentialCheck, PageUse, Practitioner, Snapshot, Term
from clinics.models.sealed import next_number
from clinics.operations.check_due import set_due
from clinics.operations.credential_facts import NEEDED, NEVER_SHOWN, missing, refuse_unpublishable, settle
from clinics.operations.flagging import lock_living_clinic
from clinics.operations.recording import record_page
from clinics.operations.refusal import Refusal

__all__ = [
    "CORRECTABLE",
    "NEEDED",
    "NEVER_SHOWN",
    "check_again",
    "correct_check",
    "draft_check",
    "missing",
    "publish_check",
    "redraft",
]

CORRECTABLE: Final = (
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
SAME_EACH_TIME: Final = ("subject", "register", "identifier", "search_terms")
FOUND: Final = (*CORRECTABLE, "answer")
EDITABLE: Final = (*CORRECTABLE, "kind", "practitioner", "answer")


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
    draft = CredentialCheck(
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
    return _saved(draft, source_url, by, now)


def _saved(draft: CredentialCheck, source_url: str, by: User, now: datetime) -> CredentialCheck:
    settle(draft, now)
    if source_url:
        draft.source = record_page(source_url, by=by, now=now, clinic=draft.clinic, purpose=PageUse.Purpose.REGISTRY)
    draft.save()
    return draft


def _locked(check: CredentialCheck) -> CredentialCheck:
    locked = CredentialCheck.objects.select_for_update(of=("self",)).select_related("kind", "clinic", "capture")
    row = locked.get(pk=check.pk)
    if row.state != CredentialCheck.State.DRAFT:
        raise Refusal("This check is published; correct it by a new one.")
    return row


@transaction.atomic
def redraft(
    check: CredentialCheck, *, by: User, now: datetime, source_url: str = "", **changes: Any
) -> CredentialCheck:
    """Change a draft. Whoever changes what the public will read has made the check, and needs another to publish it.

    Raises Refusal for a published check, for columns that stay, and for what cannot be true.
    """
    _refuse_unknown(changes, EDITABLE)
    draft = _locked(check)
    for name, value in changes.items():
        setattr(draft, name, value)
    if source_url or set(changes) - {"notes"}:
        draft.checked_by = by
    return _saved(draft, source_url, by, now)


def _refuse_unknown(changes: Collection[str], known: Collection[str]) -> None:
    if unknown := set(changes) - set(known):
        raise Refusal(f"A correction does not change: {', '.join(sorted(unknown))}. Record a check of its own.")


@transaction.atomic
def publish_check(check: CredentialCheck, *, by: User, now: datetime) -> CredentialCheck:
    """Put the check before the public. An adverse one needs another person than the one who checked.

    Raises Refusal where its public sentence would have a gap.
    """
    locked = _locked(check)
    settle(locked, now)
    refuse_unpublishable(locked, by.pk)
    locked.state, locked.published_by, locked.published_at = CredentialCheck.State.PUBLISHED, by, now
    locked.sealing_number = next_number()  # drawn by the database
    locked.hashed().save()
    set_due(locked)
    check.refresh_from_db()
    return locked


@transaction.atomic
def correct_check(check: CredentialCheck, *, by: User, now: datetime, **changes: Any) -> CredentialCheck:
    """A new draft that takes the place of a published check once it is published itself. Raises Refusal."""
    _refuse_unknown(changes, CORRECTABLE)
    facts = {name: changes.get(name, getattr(check, name)) for name in CORRECTABLE}
    return _successor(check, {**facts, "source": check.source, "answer": check.answer}, "", by, now)


@transaction.atomic
def check_again(
    check: CredentialCheck,
    *,
    outcome: str,
    checked_on: date,
    by: User,
    now: datetime,
    source_url: str = "",
    **found: Any,
) -> CredentialCheck:
    """A new look at the same thing, as a draft that takes the old check's place once it is published.

    Whom and where stays as it was unless it is among `found`; what the register showed is new, and so is its evidence.
    Raises Refusal.
    """
    _refuse_unknown(found, FOUND)
    if checked_on < check.checked_on:
        raise Refusal("The new check is dated before the old one.")
    facts = {**{name: getattr(check, name) for name in SAME_EACH_TIME}, **found}
    return _successor(check, {**facts, "outcome": outcome, "checked_on": checked_on}, source_url, by, now)


def _successor(
    check: CredentialCheck, facts: dict[str, Any], source_url: str, by: User, now: datetime
) -> CredentialCheck:
    CredentialCheck.objects.select_for_update().get(pk=check.pk)  # so that two successors meet
    if check.state != CredentialCheck.State.PUBLISHED:
        raise Refusal("This check is a draft; change it as it stands.")
    if CredentialCheck.objects.filter(supersedes=check).exists():
        raise Refusal("A correction of this check exists already; go on with that one.")
    new = CredentialCheck(
        clinic=check.clinic,
        practitioner=check.practitioner,
        kind=check.kind,
        supersedes=check,
        checked_by=by,
        **facts,
    )
    return _saved(new, source_url, by, now)
