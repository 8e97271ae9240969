"""Official actions as they are drafted: what a document says, whom it names, and which clinic that is."""

from datetime import date, datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction

from clinics.models import ActionOutcome, Clinic, OfficialAction, Organisation, PageUse, Practitioner
from clinics.operations.days import refuse_no_past_day
from clinics.operations.flagging import lock_living_clinic
from clinics.operations.recording import record_page
from clinics.operations.refusal import Refusal, check, required

State = OfficialAction.State
WORDS: Final = ("agency", "kind", "acted_on", "title", "quote", "addressee", "addressee_state", "notes")


@transaction.atomic
def draft_action(*, by: User, now: datetime, url: str = "", **facts: Any) -> OfficialAction:
    """A draft of an official act. `facts` are its columns; `url` is where the document can be read. Raises Refusal."""
    action = OfficialAction(drafted_by=by, drafted_at=now, **facts)
    return _saved(action, url, by, now)


@transaction.atomic
def amend_action(action: OfficialAction, *, by: User, now: datetime, url: str = "", **changes: Any) -> OfficialAction:
    """Change a draft that nobody has signed. Raises Refusal for what was published once, or is signed."""
    locked = locked_action(action, State.DRAFT)
    if unknown := set(changes) - set(WORDS):
        raise Refusal(f"An official action has no {', '.join(sorted(unknown))} to change.")
    for name, value in changes.items():
        setattr(locked, name, value)
    return _saved(locked, url, by, now)


def _saved(action: OfficialAction, url: str, by: User, now: datetime) -> OfficialAction:
    for name in ("agency", "title", "quote", "addressee"):
        setattr(action, name, " ".join(getattr(action, name).split()))
    action.addressee_state = action.addressee_state.strip().upper()
    refuse_no_past_day(action.acted_on, now, to_come="The document bears a date to come. Look at it again.")
    if url:
        # Evidence about a clinic is never its own page, so that no rule is held against a regulator's words.
        action.link = record_page(url, by=by, now=now, clinic=action.clinic, purpose=PageUse.Purpose.EVIDENCE)
    check(action)
    action.save()
    return action


def locked_action(action: OfficialAction, *allowed: str) -> OfficialAction:
    """The action's row, locked. Raises Refusal where it is in none of these states."""
    rows = OfficialAction.objects.select_for_update(of=("self",)).select_related("clinic", "link")
    locked = rows.get(pk=action.pk)
    if locked.state not in allowed:
        raise Refusal(f"This official action is “{locked.get_state_display()}”; that cannot be done now.")
    return locked


@transaction.atomic
def match_action(
    action: OfficialAction,
    clinic: Clinic,
    *,
    how: str,
    by: User,
    now: datetime,
    practitioner: Practitioner | None = None,
    organisation: Organisation | None = None,
) -> OfficialAction:
    """Say which clinic the addressee is, and how one knows. Raises Refusal where the document is recorded for it."""
    lock_living_clinic(clinic.pk)
    locked = locked_action(action, State.DRAFT)
    _match(locked, clinic, how, by, now, practitioner, organisation)
    locked.save()
    action.refresh_from_db()
    return locked


def _match(
    action: OfficialAction,
    clinic: Clinic,
    how: str,
    by: User,
    now: datetime,
    practitioner: Practitioner | None,
    organisation: Organisation | None,
) -> None:
    reason = required(how, "How the addressee was found to be this clinic")
    same = OfficialAction.objects.filter(clinic=clinic, link=action.link).exclude(state=State.WITHDRAWN)
    if action.link_id and (other := same.exclude(pk=action.pk).first()) is not None:
        raise Refusal(f"This document is recorded for {clinic} already: {other}.")
    action.clinic, action.practitioner, action.organisation = clinic, practitioner, organisation
    action.matched_how, action.matched_by, action.matched_at = reason, by, now
    if action.link is not None:
        PageUse.objects.get_or_create(clinic=clinic, page=action.link, purpose=PageUse.Purpose.EVIDENCE)
    check(action)


@transaction.atomic
def match_another(action: OfficialAction, clinic: Clinic, *, how: str, by: User, now: datetime) -> OfficialAction:
    """A draft of the same document for a further clinic that it names: signed and published by itself."""
    lock_living_clinic(clinic.pk)
    locked = locked_action(action, *(state for state in State.values if state != State.WITHDRAWN))
    facts = {name: getattr(locked, name) for name in (*WORDS, "link")}
    other = OfficialAction(drafted_by=by, drafted_at=now, **facts)
    if locked.clinic_id == clinic.pk:
        raise Refusal(f"This one is for {clinic} already. Choose another clinic.")
    _match(other, clinic, how, by, now, None, None)
    other.save()
    return other


@transaction.atomic
def record_outcome(
    action: OfficialAction, kind: str, dated: date, *, by: User, now: datetime, title: str = "", url: str = ""
) -> ActionOutcome:
    """What became of the action later. It waits for another person's word. Raises Refusal."""
    locked = locked_action(action, *(state for state in State.values if state != State.WITHDRAWN))
    if not locked.acted_on <= dated <= now.date():
        raise Refusal("An outcome comes after the document that it answers, and not after today.")
    link = record_page(url, by=by, now=now, clinic=locked.clinic, purpose=PageUse.Purpose.EVIDENCE) if url else None
    outcome = ActionOutcome(
        action=locked, kind=kind, dated=dated, title=" ".join(title.split()), link=link, recorded_by=by, recorded_at=now
    )
    check(outcome)
    outcome.save()
    return outcome
