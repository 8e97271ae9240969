"""What can be done with a credential check: published, corrected, made again, asked of its register."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from clinics.admin.addresses import AddressField
from clinics.admin.steps import ReasonForm, Step
from clinics.domain.registers import Register, registers_for
from clinics.models import CredentialCheck
from clinics.operations import credentials, look_ups

FOUND = [
    "register",
    "identifier",
    "outcome",
    "register_word",
    "search_terms",
    "document_title",
    "register_date",
    "matched_by",
    "checked_on",
]
EVIDENCE = ["source_url", "capture"]
CorrectionForm = type(
    "CorrectionForm", (forms.Form,), forms.fields_for_model(CredentialCheck, fields=["subject", *FOUND])
)


class NewLookForm(forms.Form):
    """What a register shows now, with the address it was found at."""

    source_url = AddressField(label="Source URL", required=False, help_text="The entry's own page in the register.")


NewLook = type("NewLook", (NewLookForm,), forms.fields_for_model(CredentialCheck, fields=FOUND))


def registers_of(check: CredentialCheck) -> list[Register]:
    """Where to look for what the check is about, the register of its clinic's state first."""
    place = check.clinic.locations.order_by("pk").first()
    state, country = (place.state, place.country) if place is not None else ("", "")
    return list(registers_for(check.kind.key, check.identifier, state, country))


def link_of(check: CredentialCheck) -> str:
    """The address of the entry where the number leads to it; "" where there is only a search."""
    links = (each.link(check.identifier) for each in registers_of(check) if each.entry and check.identifier)
    return next(links, "")


def _begin_again(check: CredentialCheck) -> dict[str, Any]:
    """All that stays as it was; what the register shows is to be looked at."""
    same = {name: getattr(check, name) for name in ("register", "identifier", "search_terms")}
    return {**same, "checked_on": _today(), "source_url": link_of(check)}


def _today() -> date:
    return timezone.now().date()


def _is_current(check: CredentialCheck) -> bool:
    return check.state == CredentialCheck.State.PUBLISHED and not hasattr(check, "superseded_by")


def _can_be_asked(check: CredentialCheck) -> bool:
    return not hasattr(check, "superseded_by") and look_ups.can_ask_about(check)


STEPS = (
    Step(
        name="publish",
        label="Publish",
        perform=lambda check, answers, by, now: credentials.publish_check(check, by=by, now=now),
        offered=lambda check: check.state == CredentialCheck.State.DRAFT,
        done="Published.",
        permission="clinics.publish_credentialcheck",
    ),
    Step(
        name="again",
        label="Check again",
        perform=lambda check, answers, by, now: credentials.check_again(check, by=by, now=now, **answers),
        offered=_is_current,
        done="Drafted: the new check takes the old one's place when it is published.",
        permission="clinics.add_credentialcheck",
        form=NewLook,
        begin=_begin_again,
    ),
    Step(
        name="look_up",
        label="Look it up",
        perform=lambda check, answers, by, now: look_ups.ask_about(check, by=by, now=now),
        offered=_can_be_asked,
        done="A worker asks the register within seconds; its answer then stands below, for you to confirm or decline.",
        permission="clinics.add_registerlookup",
    ),
    Step(
        name="unreachable",
        label="Register unreachable",
        perform=lambda check, answers, by, now: look_ups.record_unreachable(check, by=by, now=now, **answers),
        offered=_is_current,
        done="Noted as an attempt; the last result stays as it is.",
        permission="clinics.add_registerlookup",
        form=ReasonForm,
    ),
    Step(
        name="correct",
        label="Correct by a new check",
        perform=lambda check, answers, by, now: credentials.correct_check(check, by=by, now=now, **answers),
        offered=_is_current,
        done="Drafted: the correction takes the old check's place when it is published.",
        permission="clinics.add_credentialcheck",
        form=CorrectionForm,
        begin=lambda check: forms.model_to_dict(check, fields=["subject", *FOUND]),
    ),
)
