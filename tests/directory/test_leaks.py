"""Nothing that a machine alone decided, and nothing that staff keep to themselves, is at any public address."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from clinics.directory.sitemaps import SECTIONS
from clinics.domain.category import PUBLIC_SLUGS
from clinics.domain.understanding import pages
from clinics.models import (
    Claim,
    Clinic,
    ClinicAnswer,
    Flag,
    Organisation,
    OrganisationLink,
    Practitioner,
    Question,
    Rule,
)
from clinics.operations import action_publication
from clinics.operations.questions import publish_answer, withdraw_answer
from clinics.published.insight_charts import CHARTS
from clinics.published.tables import TABLES
from tests.build import NOW, a_correction, a_published_action, a_user, an_action, an_answer, an_answer_case
from tests.published import rows

MARK = "zqxsecret"
SENT = "zqysent words"
NEVER_OURS = re.compile(r"\bflag(s|ged|ging)?\b|risky|severity|compliance")
NO_LANGUAGE = ("/api/", "/robots", "/sitemap")
STAFF_ONLY = ("admin/", "healthz", "readyz", "metrics")

pytestmark = pytest.mark.usefixtures("vocabulary")


@dataclass(frozen=True)
class Seeded:
    """Public ids of rows that are public, and of those that are not."""

    clinic: str
    claim: str
    withdrawn: str
    removed: str
    hidden_clinics: tuple[str, ...]
    hidden_claims: tuple[str, ...]
    actions: tuple[str, ...]
    hidden_actions: tuple[str, ...]
    cases: tuple[str, ...]


@pytest.fixture
def vocabulary(db: None) -> None:
    rows.the_vocabulary()


@pytest.fixture
def seeded(vocabulary: None) -> Seeded:
    clinic = rows.a_clinic("Palm Court", notes=f"{MARK}-clinic-note")
    rows.a_location(clinic)
    rows.a_treatment(clinic, condition="knee_arthritis")
    claim = rows.a_claim(clinic, "We end your suffering.", notes=f"{MARK}-claim-note")
    hidden = [
        rows.a_claim(clinic, f"{MARK}-{state}.", state=state, notes=f"{MARK}-note")
        for state in ("draft", "comment_invited", "awaiting_second", "held")
    ]
    withdrawn = rows.a_claim(clinic, f"{MARK}-withdrawn.", state="withdrawn")
    rows.a_claim(clinic, f"{MARK}.rule_key", "missing_notice")
    rows.a_check(clinic, notes=f"{MARK}-check-note")
    rows.a_check(clinic, "clia", published=False, subject=f"{MARK}-draft-check")
    rows.a_check(clinic, "dea", subject=f"{MARK}-dea")
    superseded = rows.a_check(clinic, "npi", subject=f"{MARK}-superseded")
    rows.a_check(clinic, "npi", supersedes=superseded)
    Practitioner.objects.filter(pk=rows.a_practitioner(clinic, "Dr. Vale").pk).update(notes=f"{MARK}-person-note")
    company = Organisation.objects.create(name="Tidewater", notes=f"{MARK}-company-note")
    OrganisationLink.objects.create(clinic=clinic, organisation=company, relation="operates")
    _a_flag(clinic)
    _answers(clinic)
    removed = rows.a_clinic("Removed Clinic", "delisted", notes=f"{MARK}-note")
    rows.a_claim(removed, f"{MARK}-of-removed.")
    unlisted = [rows.a_clinic(f"{MARK}-{status}", status) for status in ("draft", "held")]
    claims = [rows.a_claim(one, f"{MARK}-of-unlisted.") for one in unlisted]
    return Seeded(
        clinic.public_id,
        claim.public_id,
        withdrawn.public_id,
        removed.public_id,
        tuple(one.public_id for one in unlisted),
        tuple(one.public_id for one in hidden + claims),
        *_actions(clinic, removed),
        _cases(clinic),
    )


def _actions(clinic: Clinic, removed: Clinic) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Official actions that are public or a tombstone, and those that are not; each with something to hide."""
    secret = {"title": f"{MARK}-title", "addressee": f"{MARK} LLC", "quote": f"{MARK}-quote", "notes": f"{MARK}-note"}
    public = a_published_action(clinic, notes=f"{MARK}-note")
    gone, held = (a_published_action(clinic, url=f"https://agency.example/{n}", **secret) for n in (2, 3))
    action_publication.withdraw_action(gone, reason="Another house.", by=a_user("first"), now=NOW)
    action_publication.hold_action(held, reason=f"{MARK}-reason", by=a_user("first"), now=NOW)
    hidden = [
        held,
        an_action(clinic, url="https://agency.example/4", **secret),
        a_published_action(removed, url="https://agency.example/5", **secret),
    ]
    return (public.public_id, gone.public_id), tuple(action.public_id for action in hidden)


def _cases(clinic: Clinic) -> tuple[str, ...]:
    """Visitors' reports in every state: nobody reads what was sent; of a closed one, the note alone."""
    secret = {
        "text": f"{MARK}-text",
        "contact": f"{MARK}@mail.example",
        "seen_at": f"{MARK}-seen",
        "reason": f"{MARK}-reason",
        "public_note": f"{MARK}-note",
        "about": f"/clinics/{clinic.public_id}/",
        "outcome": "stands",
        "decided_by": a_user("first"),
        "decided_at": NOW,
    }
    for state in ("received", "looked_at", "decided", "appealed"):
        case = a_correction(state=state, **secret)
    closed = {"state": "closed", "closed_at": NOW, "confirmed_by": a_user("second")}
    a_correction(**secret | closed | {"public_note": "We looked again: the date stands."})
    a_correction(**secret | closed | {"kind": "advertisement"})
    return (case.token, *_answered(clinic, secret, closed))


def _answered(clinic: Clinic, secret: dict[str, Any], closed: dict[str, Any]) -> list[str]:
    """Answers of the clinic in every state: nobody reads who sent them; of a closed one, the reasons.

    The words are told to whoever has the case's address, and to nobody else.
    """
    claim, kept, cases = Claim.objects.published().filter(clinic=clinic).first(), dict(secret), []
    facts = {"outcome": "stands", "public_reason": f"{MARK}-reason", "decided_by": a_user("first"), "decided_at": NOW}
    del kept["public_note"], kept["text"]
    for state in ("unproved", "expired", "received", "looked_at", "decided", "appealed", "closed"):
        case = an_answer_case(claim, **kept | (closed if state == "closed" else {"state": state}))
        told = {"public_reason": "The page says so."} if state == "closed" else {}
        case.points.update(text=SENT, **facts | told)
        ClinicAnswer.objects.filter(case=case).update(sender=f"{MARK}-sender")
        cases.append(case.token)
    return cases


def _answers(clinic: Clinic) -> None:
    """An answer that is public, with a private note; a draft, and one that was taken away."""
    public, gone, draft = (an_answer(clinic, f"{word} cells.", key=key) for word, key in ANSWERS)
    Question.objects.filter(pk=public.pk).update(notes=f"{MARK}-note")
    for answer in (public, gone):
        publish_answer(answer, by=a_user("first"), now=NOW)
    withdraw_answer(gone, reason=f"{MARK}-reason", by=a_user("first"), now=NOW)
    assert draft.state == Question.State.DRAFT


ANSWERS = (("Good", "product"), (f"{MARK}-gone", "price"), (f"{MARK}-draft", "route"))


def _a_flag(clinic: Clinic) -> None:
    now = timezone.now()
    rule = Rule.objects.create(
        key=f"{MARK}-rule",
        category="efficacy_disease",
        severity=5,
        explanation=f"{MARK}-why",
        citation_title="A letter",
        citation_url="https://agency.example/letter",
        citation_date=now.date(),
    )
    Flag.objects.create(
        clinic=clinic,
        subject="s",
        sentence=f"{MARK}-flagged sentence.",
        category="efficacy_disease",
        severity=5,
        rule=rule,
        cause="page_changed",
        raised_at=now,
        presence_since=now,
    )


def addresses(seeded: Seeded) -> dict[str, list[str]]:
    """For every public pattern the addresses to look at. A new pattern belongs in this table.

    One search is for the mark less its end, which the page may repeat and hidden rows would answer.
    """
    clinics = [seeded.clinic, seeded.removed]
    statements = [seeded.claim, seeded.withdrawn]
    searches = [
        "",
        f"?q={MARK[:-2]}",
        "?q=suffering",
        "?state=FL&condition=knee_arthritis",
        "?state=ZZ",
        "?sort=recent",
    ]
    return {
        "directory:search": [f"/{tail}" for tail in searches],
        "directory:clinic": [f"/clinics/{one}/" for one in clinics],
        "directory:statement": [f"/clinics/{seeded.clinic}/statements/{one}/" for one in statements],
        "directory:official_action": [f"/clinics/{seeded.clinic}/actions/{one}/" for one in seeded.actions],
        "directory:clinic_questions": [f"/clinics/{one}/questions/" for one in clinics],
        "directory:questions": ["/questions/"],
        "directory:compare": [
            "/compare/",
            f"/compare/?clinic={seeded.clinic}&clinic={seeded.removed}&clinic={seeded.hidden_clinics[0]}",
            f"/compare/?clinic={seeded.clinic}&find={MARK[:-2]}",
        ],
        "directory:understand": ["/understand/"],
        "directory:understand_page": [f"/understand/{slug}/" for slug in pages()],
        "directory:about": ["/about/"],
        "directory:our_reader": ["/about/our-reader/"],
        "directory:data": ["/about/data/"],
        "directory:clinics_as_json": [f"/data/clinics.json{tail}" for tail in searches],
        "directory:table": [f"/data/{name}.csv{tail}" for tail in searches for name in TABLES],
        "api:clinics": [f"/api/v1/clinics/{tail}" for tail in searches],
        "api:clinic": [f"/api/v1/clinics/{one}/" for one in clinics],
        "api:facets": [f"/api/v1/facets/{tail}" for tail in searches],
        "api:schema": ["/api/v1/schema/"],
        "api:docs": ["/api/v1/docs/", "/api/v1/docs/?script="],
        "directory:report_what": ["/report/"],
        "directory:harm": ["/report/harm/"],
        "directory:report": ["/report/error/", "/report/clinic/", "/report/advertisement/"],
        "directory:case": [f"/report/case/{case}/" for case in seeded.cases],
        "directory:appeal": [],  # takes posts alone
        "directory:proof": [],  # likewise
        "directory:answer": [f"/clinics/{one}/answer/" for one in clinics],
        "directory:corrections": ["/corrections/"],
        "directory:insight": ["/insight/"],
        "directory:insight_data": [f"/insight/{key}.csv" for key in CHARTS],
        "directory:feed": [f"/feed/{tail}" for tail in searches],
        "directory:clinic_feed": [f"/clinics/{one}/feed/" for one in clinics],
        "directory:dump": [],  # a file, which tests/operations/test_dumping.py opens
        "robots": ["/robots.txt"],
        "sitemap": ["/sitemap.xml"],
        "sitemap_section": [f"/sitemap-{name}.xml" for name in SECTIONS],
    }


def public_patterns(resolver: URLResolver, space: str = "", before: str = "") -> Iterator[str]:
    """The name of every address pattern outside the staff's rooms."""
    for entry in resolver.url_patterns:
        where = before + str(entry.pattern)
        if where.startswith(STAFF_ONLY):
            continue
        if isinstance(entry, URLPattern):
            yield f"{space}:{entry.name}" if space else str(entry.name)
        else:
            yield from public_patterns(entry, entry.namespace or space, where)


def body(answer: HttpResponse) -> str:
    """All of an answer, also of one that is made piece by piece."""
    pieces = answer.streaming_content if answer.streaming else [answer.content]  # type: ignore[attr-defined]
    return b"".join(pieces).decode()


def test_every_public_address_is_in_the_table(seeded: Seeded) -> None:
    assert set(public_patterns(get_resolver())) == set(addresses(seeded))


def test_no_public_answer_tells_what_is_not_public(seeded: Seeded, client: Client) -> None:
    for found in addresses(seeded).values():
        for address in found:
            for path in (address, f"/es{address}") if not address.startswith(NO_LANGUAGE) else (address,):
                answer = client.get(path)
                whole = f"{answer.headers} {body(answer)}"
                assert answer.status_code in (200, 400), path
                assert MARK not in whole, path
                assert SENT not in whole or address.startswith("/report/case/"), path


def test_no_public_answer_speaks_in_our_inner_words(seeded: Seeded, client: Client) -> None:
    for found in addresses(seeded).values():
        for address in found:
            said = body(client.get(address)).lower()
            assert NEVER_OURS.search(said) is None, address
            assert [key for key in PUBLIC_SLUGS if f'"{key}"' in said] == [], address


def test_what_is_not_public_has_no_address(seeded: Seeded, client: Client) -> None:
    paths = [f"/{room}{one}/" for one in seeded.hidden_clinics for room in ("clinics/", "api/v1/clinics/")]
    homes = (seeded.clinic, seeded.removed, *seeded.hidden_clinics)
    paths += [f"/clinics/{home}/statements/{one}/" for one in seeded.hidden_claims for home in homes]
    paths += [f"/clinics/{home}/actions/{one}/" for one in seeded.hidden_actions for home in homes]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert MARK not in body(answer), path


def test_no_page_sets_a_cookie(seeded: Seeded, client: Client) -> None:
    for found in addresses(seeded).values():
        for address in found[:1]:
            assert not client.get(address).cookies
