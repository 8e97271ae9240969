"""What a credential check must hold: a sound identifier, no number that opens prescriptions, and no gap in public."""

from datetime import datetime
from typing import Final

from clinics.domain.identifiers import fault_in, holds_dea, masked, tidied
from clinics.models import CredentialCheck, PageUse, Snapshot, Term
from clinics.operations.days import refuse_no_past_day
from clinics.operations.refusal import Refusal

Outcome = CredentialCheck.Outcome

# What each outcome's public sentence is filled with, so that none is published with a gap.
NEEDED: Final = {
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
ADVERSE_LISTS: Final = ("exclusions",)  # kinds whose register names those who may not
OF_ADVERSE_LISTS: Final = (Outcome.LISTED, Outcome.NOT_LISTED, Outcome.AMBIGUOUS)
NEVER_SHOWN: Final = ("dea",)  # a number that opens prescriptions to whoever knows it
TEXTS: Final = ("subject", "register", "register_word", "search_terms", "document_title", "matched_by", "notes")


def name_of(column: str) -> str:
    """A column's name as staff read it."""
    return str(getattr(CredentialCheck._meta.get_field(column), "verbose_name", column))


def missing(check: CredentialCheck) -> list[str]:
    """The columns without which the outcome's public sentence would have a gap."""
    return [column for column in NEEDED[Outcome(check.outcome)] if not getattr(check, column)]


def settle(check: CredentialCheck, now: datetime) -> None:
    """Bring the identifier into the form in which it is kept; of one that is never shown only its last characters.

    Raises Refusal for a check that cannot be true.
    """
    refuse_no_past_day(check.checked_on, now, to_come="The check is dated in the future.")
    if check.outcome not in Outcome.values:
        raise Refusal(f"{check.outcome} is not an outcome of a credential check.")
    if check.kind.kind != Term.Kind.CREDENTIAL_KIND:
        raise Refusal(f"“{check.kind}” is not a kind of credential.")
    if check.kind.key in ADVERSE_LISTS and check.outcome not in OF_ADVERSE_LISTS:
        words = " or ".join(f"“{Outcome(outcome).label}”" for outcome in OF_ADVERSE_LISTS)
        raise Refusal(f"Of an exclusion list say {words}: any other outcome reads as a credential.")
    check.identifier = sound_identifier(check.kind.key, check.identifier)
    if any(holds_dea(getattr(check, column)) for column in TEXTS):
        raise Refusal("A DEA number stands in the text. Leave it out: it opens prescriptions to whoever reads it.")
    _refuse_others_evidence(check)


def sound_identifier(kind: str, typed: str) -> str:
    """The identifier as it is kept. Raises Refusal where it cannot be one of its kind."""
    is_masked = kind in NEVER_SHOWN and typed.startswith("…")
    if not is_masked and (fault := fault_in(kind, tidied(kind, typed))):
        raise Refusal(fault)
    if kind in NEVER_SHOWN:
        return typed if is_masked else masked(typed)
    return tidied(kind, typed)


def _refuse_others_evidence(check: CredentialCheck) -> None:
    """A capture is this clinic's, made by hand; a page that was read counts where it is recorded as a register's."""
    capture = check.capture
    if capture is None:
        return
    if capture.origin == Snapshot.Origin.HAND:
        if capture.clinic_id != check.clinic_id:
            raise Refusal("This capture belongs to another clinic.")
    elif not PageUse.objects.filter(page=capture.page_id, purpose=PageUse.Purpose.REGISTRY).exists():
        raise Refusal("This text is of a page that is not recorded as a register's.")


def refuse_unpublishable(check: CredentialCheck, by_pk: int) -> None:
    """Raises Refusal where the check must not be published, or not by this person."""
    if gaps := missing(check):
        names = ", ".join(map(name_of, gaps))
        raise Refusal(f"“{check.get_outcome_display()}” cannot be shown without: {names}.")
    if check.is_adverse and not (check.source_id or check.capture_id or check.answer):
        raise Refusal("An adverse result needs its evidence: the entry's address in the register, or a capture of it.")
    if check.kind.key in NEVER_SHOWN and check.identifier and not check.identifier.startswith("…"):
        raise Refusal(f"The number of a {check.kind} is never published. Leave it out.")
    if check.outcome == Outcome.LISTED and len([part for part in check.matched_by.split(",") if part.strip()]) < 2:
        raise Refusal("An entry in an adverse list needs two identifiers besides the name; write them with a comma.")
    if check.is_adverse and by_pk == check.checked_by_id:
        raise Refusal("You made this check. An adverse result is published by another person.")
