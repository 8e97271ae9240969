"""A demonstration: fictional clinics, read by the real fetcher and decided on by demonstration people.

Everything enters through the same operations that staff use. Loading it again changes nothing.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils.crypto import salted_hmac

from clinics.models import Claim, Clinic, Decision, Flag
from clinics.operations.claims import add_assessment, waive_comment
from clinics.operations.demonstration_actions import record_told_actions
from clinics.operations.demonstration_answers import record_told_answers
from clinics.operations.demonstration_clinics import Told, record_told_clinic, told, unread_pages
from clinics.operations.publication import delay, publish_due, sign
from clinics.operations.rechecking import Visit, recheck_pages
from clinics.operations.triage import confirm, dismiss
from clinics.operations.turns import Clock
from clinics.web.visiting import visit

ACCOUNT: Final = "demo"
CONFIRMED_BECAUSE: Final = "The clinic's own words about its own offer, read in full on its page."
WAIVED_BECAUSE: Final = "A demonstration: the clinic is fictional, so that there is nobody to invite."


def load_demonstration(clock: Clock, *, visit: Visit = visit) -> dict[str, Any]:
    """Record the clinics, read their pages, and decide on some of what was flagged.

    The answer names the account to sign in with, its password (None where somebody changed it), the demonstration's
    other people, who share that password, and how many clinics are listed and how many flags wait for a decision.
    """
    data = told()
    people = {each["role"]: _person(each["account"], each["role"]) for each in data["people"]}
    account = _account()
    clinics = [
        record_told_clinic(facts, recorder=people["recorder"], publisher=people["publisher"], now=clock())
        for facts in data["clinics"]
    ]
    for clinic, facts in zip(clinics, data["clinics"], strict=True):
        record_told_actions(clinic, facts.get("actions", ()), people, clock)
    for _ in recheck_pages(unread_pages(clinics), clock, visit=visit):
        continue
    for clinic, facts in zip(clinics, data["clinics"], strict=True):
        _decide(clinic, facts["decisions"], people, clock)
        recorder, publisher = people["recorder"], people["publisher"]
        record_told_answers(clinic, facts.get("answers", ()), recorder=recorder, publisher=publisher, clock=clock)
    return {
        "account": account.username,
        "password": _password() if account.check_password(_password()) else None,
        "people": [person.username for person in people.values()],
        "clinics": Clinic.objects.listed().filter(pk__in=[clinic.pk for clinic in clinics]).count(),
        "flags": Flag.objects.to_decide(clock()).count(),
    }


def _password() -> str:
    """The same at every start of this installation, and another one in any other."""
    return salted_hmac("demonstration", "password", algorithm="sha256").hexdigest()[:12]


def _person(name: str, role: str) -> User:
    person = User.objects.filter(username=name).first()
    if person is None:
        person = User.objects.create_user(name, password=_password(), is_staff=True)
        person.groups.add(Group.objects.get(name=role))
    return person


def _account() -> User:
    known = User.objects.filter(username=ACCOUNT).first()
    return known or User.objects.create_superuser(ACCOUNT, password=_password())


def _decide(clinic: Clinic, decisions: Sequence[Told], people: dict[str, User], clock: Clock) -> None:
    """Decide on the flags that the data file names, and that nobody ever decided on."""
    for decision in decisions:
        flag = Flag.objects.filter(clinic=clinic, sentence=decision["sentence"], state=Flag.State.OPEN).first()
        if flag is not None and not Decision.objects.filter(flag=flag).exists():
            _decide_one(flag, decision, people, clock)


@transaction.atomic
def _decide_one(flag: Flag, decision: Told, people: dict[str, User], clock: Clock) -> None:
    reviewer = people["reviewer"]
    if decision["do"] == "dismiss":
        reason, dismissed_as = decision["reason"], decision["dismissed_as"]
        dismiss(flag, dismissed_as=dismissed_as, reason=reason, by=reviewer, now=clock())
        return
    claim = confirm(flag, reason=CONFIRMED_BECAUSE, by=reviewer, now=clock())
    if "assessment" in decision:
        add_assessment(claim, by=reviewer, now=clock(), **decision["assessment"])
    waive_comment(claim, reason=WAIVED_BECAUSE, by=reviewer, now=clock())
    signed_at = clock() - delay()
    claim = sign(claim, by=reviewer, now=signed_at)
    if decision["do"] == "publish" and claim.state == Claim.State.AWAITING_SECOND:
        sign(claim, by=people["publisher"], now=signed_at)
    publish_due(clock())
