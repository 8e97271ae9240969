"""Looking something up in a register: a person asks, a worker brings the answer, a person confirms or declines it."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.look_up import Place, Question
from clinics.models import Clinic, CredentialCheck, Job, OrganisationLink, Practitioner, RegisterLookUp, Term
from clinics.operations import jobs
from clinics.operations.connectors import connector_for
from clinics.operations.credential_facts import NEVER_SHOWN, sound_identifier
from clinics.operations.credentials import check_again, draft_check, redraft
from clinics.operations.refusal import Refusal, required
from clinics.web.registries.registry import CannotAsk

State = RegisterLookUp.State


@transaction.atomic
def ask(
    clinic: Clinic,
    kind: Term,
    subject: str,
    *,
    by: User,
    now: datetime,
    practitioner: Practitioner | None = None,
    identifier: str = "",
    born: date | None = None,
    earlier: CredentialCheck | None = None,
) -> RegisterLookUp:
    """Have a worker ask the register; the one that waits already, where the same is asked twice.

    `born` tells people of one name apart in a list of exclusions; staff alone see it. Raises Refusal where no connector
    is switched on for this, and for a question that the register could not answer.
    """
    about = required(subject, "Who or what is looked up")[:200]
    if kind.key in NEVER_SHOWN:
        raise Refusal(f"No register is asked about a {kind}.")
    typed = identifier or (practitioner.npi if practitioner and kind.key == "npi" else "")
    number = sound_identifier(kind.key, typed)
    registry = connector_for(kind.key, number)
    if registry is None:
        raise Refusal("No connector is switched on for this. Follow the link to the register, and record what you see.")
    question = _question(clinic, kind, about, number, practitioner, born)
    try:
        registry.address(question)
    except CannotAsk as fault:
        raise Refusal(str(fault)) from None
    look_up, _ = RegisterLookUp.objects.get_or_create(
        clinic=clinic,
        kind=kind,
        subject=about,
        identifier=number,
        connector=registry.key,
        state=State.WAITING,
        defaults={
            "practitioner": practitioner,
            "register": registry.register,
            "earlier": earlier,
            "question": question.as_json(),
            "asked_by": by,
            "asked_at": now,
        },
    )
    jobs.ask(Job.Kind.LOOK_UP, {"look_up": look_up.pk}, by=by)
    return look_up


def ask_about(check: CredentialCheck, *, by: User, now: datetime) -> RegisterLookUp:
    """Have the register asked what a check is about, to check it again or to fill in its draft. Raises Refusal."""
    return ask(
        check.clinic,
        check.kind,
        check.subject,
        practitioner=check.practitioner,
        identifier=check.identifier,
        earlier=check,
        by=by,
        now=now,
    )


def can_ask_about(check: CredentialCheck) -> bool:
    """Whether a connector is switched on that could say something about the check."""
    return connector_for(check.kind.key, check.identifier) is not None


def _question(
    clinic: Clinic, kind: Term, subject: str, number: str, practitioner: Practitioner | None, born: date | None
) -> Question:
    """What we know already, to compare the answer with."""
    operating = OrganisationLink.objects.filter(clinic=clinic, relation="operates", until=None)
    names = [clinic.name, *clinic.other_names.split(",")]
    names += operating.order_by("pk").values_list("organisation__name", flat=True)
    places = clinic.locations.filter(country="US").order_by("pk")
    return Question(
        kind.key,
        subject,
        number,
        tuple(name for name in dict.fromkeys(name.strip() for name in names) if name and name != subject),
        tuple(Place(each.street, each.city, each.state, each.zip) for each in places),
        practitioner.npi if practitioner else "",
        born,
    )


@transaction.atomic
def confirm(
    look_up: RegisterLookUp, *, outcome: str, by: User, now: datetime, source_url: str = "", **found: Any
) -> CredentialCheck:
    """Draft a check from an answer that this person has compared; it is theirs, and another publishes what is adverse.

    `found` are the check's columns as the person left them. Raises Refusal.
    """
    locked = _locked(look_up)
    answered_at = locked.answered_at or now
    facts = {
        "register": locked.register,
        "identifier": locked.identifier,
        **found,
        "outcome": outcome,
        "checked_on": answered_at.date(),
        "answer": locked.answer,
        "source_url": source_url,
    }
    check = _drafted(locked, facts, by, now)
    _decide(locked, State.CONFIRMED, by, now, drafted=check)
    return check


def _drafted(look_up: RegisterLookUp, facts: dict[str, Any], by: User, now: datetime) -> CredentialCheck:
    """Into the draft that was asked about, in the place of the published check, or as a check of its own."""
    earlier = look_up.earlier
    if earlier is not None and earlier.state == CredentialCheck.State.DRAFT:
        return redraft(earlier, by=by, now=now, **facts)
    if earlier is not None:
        return check_again(earlier, by=by, now=now, **facts)
    told = {"subject": look_up.subject, "practitioner": look_up.practitioner, **facts}
    return draft_check(look_up.clinic, look_up.kind, by=by, now=now, **told)


@transaction.atomic
def decline(look_up: RegisterLookUp, *, reason: str, by: User, now: datetime) -> None:
    """Record that nothing is made of the answer, and why. Raises Refusal."""
    why = required(reason, "The reason")[:300]
    _decide(_locked(look_up), State.DECLINED, by, now, reason=why)


def _locked(look_up: RegisterLookUp) -> RegisterLookUp:
    rows = RegisterLookUp.objects.select_for_update(of=("self",))
    row = rows.select_related("clinic", "kind", "practitioner", "earlier__kind", "earlier__clinic").get(pk=look_up.pk)
    if row.state != State.ANSWERED:
        raise Refusal(f"There is nothing to decide here: it is “{row.get_state_display()}”.")
    return row


def _decide(look_up: RegisterLookUp, state: str, by: User, now: datetime, **more: Any) -> None:
    changes = {"state": state, "decided_by": by, "decided_at": now, **more}
    for name, value in changes.items():
        setattr(look_up, name, value)
    look_up.save(update_fields=list(changes))


def record_unreachable(check: CredentialCheck, *, reason: str, by: User, now: datetime) -> RegisterLookUp:
    """Record that a person could not reach the register of a check: an attempt, and no outcome. Raises Refusal."""
    if check.state != CredentialCheck.State.PUBLISHED:
        raise Refusal("This check is a draft: there is no earlier result that an attempt could be told beside.")
    return RegisterLookUp.objects.create(
        clinic=check.clinic,
        practitioner=check.practitioner,
        kind=check.kind,
        subject=check.subject,
        identifier=check.identifier,
        register=check.register or str(check.kind),
        earlier=check,
        state=State.UNREACHABLE,
        reason=required(reason, "What happened")[:300],
        asked_by=by,
        asked_at=now,
        answered_at=now,
    )
