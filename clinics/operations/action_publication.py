"""Official actions before the public: always by two people, after a short while in which that can be taken back."""

import logging
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max

from clinics.models import ActionOutcome, ActionVersion, OfficialAction
from clinics.operations.action_facts import facts_signed
from clinics.operations.claim_versions import kept
from clinics.operations.official_actions import locked_action
from clinics.operations.publication import delay
from clinics.operations.refusal import Refusal, required

log = logging.getLogger(__name__)

State = OfficialAction.State


@transaction.atomic
def sign_action(action: OfficialAction, *, by: User, now: datetime) -> OfficialAction:
    """Sign for publication: the first time it waits for another person, the second time it is public after the delay.

    Raises Refusal for what is neither matched nor linked, and for a second signature by the same person.
    """
    locked = locked_action(action, State.DRAFT, State.AWAITING_SECOND)
    _refuse_if_signed_twice(locked)
    if gaps := missing(locked):
        raise Refusal(" ".join(gaps))
    if locked.state == State.DRAFT:
        locked.state, locked.first_signed_by = State.AWAITING_SECOND, by
        locked.save(update_fields=["state", "first_signed_by"])
    elif by.pk == locked.first_signed_by_id:
        raise Refusal("You signed this first. An official action needs the signature of another person.")
    else:
        locked.second_signed_by, locked.public_from = by, now + delay()
        locked.save(update_fields=["second_signed_by", "public_from"])
        if locked.public_from <= now:
            _publish(locked, now)
    action.refresh_from_db()
    return locked


def missing(action: OfficialAction) -> list[str]:
    """What is to be done before it can be signed, a sentence each; empty where nothing is."""
    gaps = []
    if action.clinic_id is None:
        gaps.append("Say which clinic the addressee is.")
    if action.link_id is None:
        gaps.append("Give the address where the document can be read.")
    return gaps


def _refuse_if_signed_twice(action: OfficialAction) -> None:
    if action.public_from is not None:
        raise Refusal(f"This is signed twice and public from {action.public_from:%H:%M} UTC; take that back first.")


@transaction.atomic
def take_back_action(action: OfficialAction, *, by: User, now: datetime) -> OfficialAction:
    """Undo the last signature of an action that is not public yet. Raises Refusal."""
    locked = locked_action(action, State.AWAITING_SECOND)
    if locked.public_from is not None:
        locked.public_from, locked.second_signed_by = None, None
    elif locked.first_signed_by_id != by.pk:
        raise Refusal("There is no signature here that you could take back.")
    elif locked.published_at is not None:
        raise Refusal("This was public once. Withdraw it, or let another person sign it.")
    else:
        locked.state, locked.first_signed_by = State.DRAFT, None
    locked.save()
    action.refresh_from_db()
    return locked


def publish_due_actions(now: datetime) -> list[OfficialAction]:
    """Put before the public what two people signed and nobody took back in time. Safe to run twice and at once."""
    due = OfficialAction.objects.filter(public_from__lte=now, state=State.AWAITING_SECOND)
    return [action for action in due.order_by("public_from", "pk") if _published(action, now)]


@transaction.atomic
def _published(action: OfficialAction, now: datetime) -> bool:
    rows = OfficialAction.objects.select_for_update(of=("self",)).select_related("clinic", "link")
    locked = rows.get(pk=action.pk)
    if locked.public_from is None or locked.public_from > now or locked.state != State.AWAITING_SECOND:
        return False
    _publish(locked, now)
    log.info("official action %s about %s is public", locked.public_id, locked.clinic)
    return True


def _publish(action: OfficialAction, now: datetime) -> None:
    action.state, action.published_at, action.public_from = State.PUBLISHED, action.published_at or now, None
    action.ended_at, action.ended_because = None, ""
    action.save()
    _freeze(action, now, action.first_signed_by, action.second_signed_by)


def _freeze(action: OfficialAction, now: datetime, first: User | None, second: User | None) -> ActionVersion:
    """Keep the action as it is published, with the hash of its content and the two people who answer for it."""
    if first is None or second is None:
        raise Refusal("An official action is published by two people.")
    last = action.versions.aggregate(last=Max("number"))["last"] or 0
    version = ActionVersion(action=action, number=last + 1, first_signed_by=first, second_signed_by=second)
    return kept(version, _content(action), now)


def _content(action: OfficialAction) -> dict[str, Any]:
    outcomes = action.outcomes.filter(confirmed_at__isnull=False).select_related("link")
    return {
        "clinic": action.clinic.public_id if action.clinic else None,
        "action": action.public_id,
        **facts_signed(action),
        "practitioner": action.practitioner.name if action.practitioner else "",
        "organisation": action.organisation.name if action.organisation else "",
        "matched_how": action.matched_how,
        "outcomes": [
            {
                "kind": outcome.kind,
                "date": outcome.dated.isoformat(),
                "title": outcome.title,
                "url": outcome.link.url if outcome.link else None,
            }
            for outcome in outcomes
        ],
    }


@transaction.atomic
def confirm_outcome(outcome: ActionOutcome, *, by: User, now: datetime) -> ActionOutcome:
    """Say, as another person than who recorded it, that this became of the action. A published action says so at once.

    Raises Refusal.
    """
    action = locked_action(outcome.action, *(state for state in State.values if state != State.WITHDRAWN))
    locked = ActionOutcome.objects.select_for_update(of=("self",)).select_related("recorded_by").get(pk=outcome.pk)
    if locked.confirmed_at is not None:
        raise Refusal("This outcome is confirmed already.")
    if locked.recorded_by_id == by.pk:
        raise Refusal("You recorded this outcome. It needs the word of another person.")
    locked.confirmed_by, locked.confirmed_at = by, now
    locked.save(update_fields=["confirmed_by", "confirmed_at"])
    if action.state == State.PUBLISHED:
        _freeze(action, now, locked.recorded_by, by)
    outcome.refresh_from_db()
    return locked


@transaction.atomic
def hold_action(action: OfficialAction, *, reason: str, by: User, now: datetime) -> OfficialAction:
    """Take the action out of public sight at once, while something about it is looked at."""
    locked = locked_action(action, State.PUBLISHED)
    locked.state, locked.ended_at, locked.ended_because = State.HELD, now, required(reason, "The reason")
    locked.save(update_fields=["state", "ended_at", "ended_because"])
    action.refresh_from_db()
    return locked


@transaction.atomic
def release_action(action: OfficialAction, *, by: User, now: datetime) -> OfficialAction:
    """Sign a held action anew: another person's signature brings it back before the public, as its next version."""
    locked = locked_action(action, State.HELD)
    locked.state, locked.first_signed_by, locked.second_signed_by = State.AWAITING_SECOND, by, None
    locked.ended_at, locked.ended_because = None, ""
    locked.save()
    action.refresh_from_db()
    return locked


@transaction.atomic
def withdraw_action(action: OfficialAction, *, reason: str, by: User, now: datetime) -> OfficialAction:
    """End the action. If it was public, its address keeps the dates and the reason, without the rest."""
    locked = locked_action(action, *(state for state in State.values if state != State.WITHDRAWN))
    locked.state, locked.ended_at, locked.ended_because = State.WITHDRAWN, now, required(reason, "The reason")
    locked.public_from = None
    locked.save(update_fields=["state", "ended_at", "ended_because", "public_from"])
    action.refresh_from_db()
    return locked
