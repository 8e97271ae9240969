"""The demonstration's clinics, recorded as staff would record them, from `data/demonstration.json`."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.page_identity import identity_key
from clinics.models import Affiliation, Clinic, CredentialCheck, Page, PageUse, Practitioner, Term, Treatment
from clinics.operations.credentials import draft_check, publish_check
from clinics.operations.placing import place_location
from clinics.operations.recording import list_clinic, record_clinic, record_page
from clinics.operations.refusal import check

DATA: Final = Path(__file__).parent / "data" / "demonstration.json"
CHECK_EVERY: Final = timedelta(seconds=16)  # so that one need not wait for a change
TERMS: Final = ("condition", "cell_source", "origin", "route", "posture", "evidence")

Told = Mapping[str, Any]


def told() -> Told:
    """What the data file says: the demonstration's people and clinics."""
    data: Told = json.loads(DATA.read_text(encoding="utf-8"))
    return data


@transaction.atomic
def record_told_clinic(facts: Told, *, recorder: User, publisher: User, now: datetime) -> Clinic:
    """The clinic of the data file with all that belongs to it; one that is recorded already stays as it is."""
    known = Clinic.objects.filter(website__identity=identity_key(facts["website"])).first()
    if known is not None:
        return known
    clinic = record_clinic(facts["name"], facts["website"], by=recorder, now=now, languages=facts["languages"])
    place_location(clinic, **facts["location"])
    _record_pages(clinic, facts, recorder, now)
    people = {each["name"]: _record_practitioner(clinic, each) for each in facts["practitioners"]}
    for treatment in facts["treatments"]:
        _record_treatment(clinic, treatment)
    _record_checks(clinic, facts["checks"], people, recorder, publisher, now)
    if facts["listed"]:
        list_clinic(clinic, by=publisher, now=now)
    return clinic


def _record_pages(clinic: Clinic, facts: Told, by: User, now: datetime) -> None:
    for url in (facts["website"], *facts["pages"]):
        record_page(url, by=by, now=now, clinic=clinic, check_every=CHECK_EVERY)
    for url in facts.get("other_pages", ()):
        record_page(url, by=by, now=now, clinic=clinic, purpose=PageUse.Purpose.OTHER, check_every=CHECK_EVERY)


def _term(kind: str, key: str) -> Term:
    return Term.objects.get(pk=f"{kind}:{key}")


def _record_practitioner(clinic: Clinic, facts: Told) -> Practitioner:
    person = Practitioner(name=facts["name"], provider=_term("provider", facts["provider"]), npi=facts.get("npi", ""))
    check(person)
    person.save()
    affiliation = Affiliation(clinic=clinic, practitioner=person, role=facts["role"])
    check(affiliation)
    affiliation.save()
    return person


def _record_treatment(clinic: Clinic, facts: Told) -> None:
    terms = {kind: _term(kind, facts[kind]) for kind in TERMS}
    told = {name: facts[name] for name in ("price_stated", "not_stated") if name in facts}
    treatment = Treatment(clinic=clinic, name=facts["name"], **told, **terms)
    check(treatment)
    treatment.save()


def _record_checks(
    clinic: Clinic,
    checks: Sequence[Told],
    people: Mapping[str, Practitioner],
    recorder: User,
    publisher: User,
    now: datetime,
) -> None:
    """Each check made by one person and published by another."""
    for facts in checks:
        publish_check(_drafted(clinic, dict(facts), people, recorder, now), by=publisher, now=now)


def _drafted(
    clinic: Clinic, facts: dict[str, Any], people: Mapping[str, Practitioner], by: User, now: datetime
) -> CredentialCheck:
    kind = _term("credential_kind", facts.pop("kind"))
    if "register_date" in facts:
        facts["register_date"] = date.fromisoformat(facts["register_date"])
    return draft_check(
        clinic,
        kind,
        facts.pop("subject"),
        facts.pop("outcome"),
        now.date(),
        practitioner=people.get(facts.pop("practitioner", "")),
        by=by,
        now=now,
        **facts,
    )


def unread_pages(clinics: Sequence[Clinic]) -> list[int]:
    """Pages of these clinics that nobody has tried to read yet."""
    pages = Page.objects.filter(uses__clinic__in=clinics, state__last_tried_at__isnull=True)
    return list(pages.order_by("pk").distinct().values_list("pk", flat=True))
