"""The demonstration's official actions, recorded, matched and signed as staff would, from its data file."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.contrib.auth.models import User
from django.db import transaction

from clinics.models import Clinic, OfficialAction, Practitioner
from clinics.operations.action_publication import publish_due_actions, sign_action
from clinics.operations.demonstration_clinics import Told
from clinics.operations.official_actions import draft_action, match_action
from clinics.operations.publication import delay
from clinics.operations.turns import Clock


@transaction.atomic
def record_told_actions(clinic: Clinic, actions: Sequence[Told], people: Mapping[str, User], clock: Clock) -> None:
    """Each document that the data file names, and that nobody ever recorded for the clinic."""
    begun = set(OfficialAction.objects.filter(clinic=clinic).values_list("title", flat=True))
    for told in actions:
        if told["title"] not in begun:
            _record(clinic, told, people, clock)


def _record(clinic: Clinic, told: Told, people: Mapping[str, User], clock: Clock) -> None:
    facts = {name: told[name] for name in ("agency", "kind", "title", "quote", "addressee", "addressee_state", "url")}
    day = date.fromisoformat(told["acted_on"])
    action = draft_action(by=people["recorder"], now=clock(), acted_on=day, **facts)
    person = Practitioner.objects.get(affiliations__clinic=clinic, name=told["practitioner"])
    match_action(action, clinic, how=told["matched_how"], by=people["recorder"], now=clock(), practitioner=person)
    signed_at = clock() - delay()
    for role in ("reviewer", "publisher"):
        sign_action(action, by=people[role], now=signed_at)
    publish_due_actions(clock())
