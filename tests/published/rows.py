"""Rows of the directory, made plainly: what is public about a clinic, and what must never be."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from clinics.domain.vocabulary import load_vocabulary
from clinics.models import (
    Affiliation,
    Assessment,
    Claim,
    Clinic,
    CredentialCheck,
    Host,
    Location,
    OfficialAction,
    Page,
    PageState,
    PageUse,
    Practitioner,
    QuotePresence,
    Term,
    Treatment,
)

NUMBERS = count(1)


def the_vocabulary() -> None:
    """Every term that staff may choose."""
    Term.objects.bulk_create(
        [
            Term(
                id=f"{term.kind}:{term.key}",
                kind=term.kind,
                key=term.key,
                english=term.english,
                spanish=term.spanish,
                group=term.group,
                position=position,
            )
            for position, term in enumerate(load_vocabulary())
        ],
        ignore_conflicts=True,
    )


def a_person(name: str) -> User:
    """A member of staff."""
    return User.objects.get_or_create(username=name)[0]


def a_page(path: str = "", read_days_ago: int | None = 1, **state: Any) -> Page:
    """A page of its own host, read some days ago, or never."""
    host, _ = Host.objects.get_or_create(name=f"clinic-{next(NUMBERS)}.example")
    url = f"https://{host.name}/{path}"
    page = Page.objects.create(url=url, typed=url, identity=f"{host.name}/{path}", host=host)
    read = None if read_days_ago is None else timezone.now() - timedelta(days=read_days_ago)
    PageState.objects.create(page=page, due_at=timezone.now(), last_read_at=read, **({"outcome": "ok"} | state))
    return page


def a_clinic(name: str = "Palm Court Regenerative", status: str = "listed", **more: Any) -> Clinic:
    """A clinic with a web site that was read yesterday."""
    page = more.pop("website", None) or a_page()
    ended = {"status_reason": "At the request of the owner."} if status in ("delisted", "held") else {}
    since = None if status == "draft" else date(2026, 3, 2)
    clinic = Clinic.objects.create(name=name, status=status, status_since=since, website=page, **(ended | more))
    PageUse.objects.create(page=page, clinic=clinic)
    return clinic


def a_location(clinic: Clinic, **more: Any) -> Location:
    """An address in Miami, unless said otherwise."""
    miami = {"street": "12 Flagler Ct", "city": "Miami", "state": "FL", "zip": "33130", "phone": "(305) 555-0142"}
    return Location.objects.create(clinic=clinic, **(miami | {"latitude": 25.7672, "longitude": -80.2059} | more))


def a_treatment(clinic: Clinic, name: str = "Knee renewal", **terms: str) -> Treatment:
    """An offer; terms by their keys: `condition="knee_arthritis"`."""
    facets = ("condition", "cell_source", "origin", "route", "posture", "evidence")
    ids = {f"{kind}_id": f"{kind}:{terms.pop(kind)}" for kind in facets if kind in terms}
    return Treatment.objects.create(clinic=clinic, name=name, **ids, **terms)


def a_practitioner(clinic: Clinic, name: str, provider: str = "md", **more: Any) -> Practitioner:
    """Someone whom the clinic names."""
    person = Practitioner.objects.create(name=name, provider_id=f"provider:{provider}", **more)
    Affiliation.objects.create(clinic=clinic, practitioner=person)
    return person


def a_claim(
    clinic: Clinic, quote: str, category: str = "efficacy_disease", state: str = "published", **more: Any
) -> Claim:
    """A statement in some state; a published one is assessed as not assessed, unless `assessed_as` says otherwise."""
    now = timezone.now()
    assessed_as = more.pop("assessed_as", ["not_assessed"])
    was_public = state in ("published", "held", "withdrawn")
    ended = (
        {"ended_at": now, "ended_because": "Recorded under the wrong clinic."} if state in ("held", "withdrawn") else {}
    )
    facts = {
        "context": f"Welcome. {quote} Call us.",
        "first_seen_on": date(2026, 5, 4),
        "drafted_by": a_person("ada"),
        "drafted_at": now,
        "comment_waived_because": "The page was about to change.",
        "first_signed_by": a_person("ada") if was_public else None,
        "published_at": now - timedelta(days=3) if was_public else None,
    }
    page = more.pop("page", None) or clinic.website
    claim = Claim.objects.create(
        clinic=clinic, quote=quote, category=category, state=state, page=page, **(facts | ended | more)
    )
    for key in assessed_as:
        named = {} if key in ("not_assessed", "not_checkable", "no_study_found") else {"source_name": "The list"}
        Assessment.objects.create(claim=claim, key=key, assessed_on=date(2026, 5, 6), detail="the product", **named)
    if was_public:
        QuotePresence.objects.create(claim=claim, since=claim.published_at, last_exact_at=now)
    return claim


def a_check(
    clinic: Clinic, kind: str = "npi", outcome: str = "verified", published: bool = True, **more: Any
) -> CredentialCheck:
    """A look into a register."""
    public = (
        {"state": "published", "published_by": a_person("ben"), "published_at": timezone.now()} if published else {}
    )
    facts = {
        "subject": "Dr. Ines Vale",
        "register": "The national register",
        "identifier": "1999999984",
        "register_word": "Active",
        "search_terms": "name and city",
        "document_title": "Order 12-3",
        "register_date": date(2026, 1, 15),
        "matched_by": "number and birth year",
        "checked_on": timezone.now().date() - timedelta(days=9),
        "checked_by": a_person("ada"),
    }
    return CredentialCheck.objects.create(
        clinic=clinic, kind_id=f"credential_kind:{kind}", outcome=outcome, **(facts | public | more)
    )


def an_action(clinic: Clinic, kind: str = "board_action", state: str = "published", **more: Any) -> OfficialAction:
    """A document about the clinic, matched with it, in some state."""
    now = timezone.now()
    ada, ben = a_person("ada"), a_person("ben")
    signed = {"first_signed_by": ada, "second_signed_by": ben} if state != "draft" else {}
    public = {"published_at": now} if state in ("published", "held", "withdrawn") else {}
    ended = {"ended_at": now, "ended_because": "Another house."} if state in ("held", "withdrawn") else {}
    facts = {
        "agency": "The medical board",
        "acted_on": date(2026, 2, 3),
        "title": "Order 12-3",
        "addressee": "Dr. Ines Vale",
        "link": a_page(),
        "matched_how": "Same licence number",
        "matched_by": ada,
        "matched_at": now,
        "drafted_by": ada,
        "drafted_at": now,
    }
    return OfficialAction.objects.create(
        clinic=clinic, kind=kind, state=state, **(facts | signed | public | ended | more)
    )
