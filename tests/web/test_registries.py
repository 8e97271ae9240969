"""What each register's published answer is taken to say: for each outcome a case that must, and one that must not."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.answer import Answer
from clinics.domain.look_up import Place, Proposal, Question
from clinics.domain.registers import kinds_of_credential
from clinics.web.registries import REGISTRIES
from clinics.web.registries.registry import CannotAsk, NotUnderstood
from tests.web import register_answers as said
from tests.web.register_answers import DOI, NCT, NPI, PMID

TODAY = date(2026, 11, 2)
TAMPA = Place("118 Bayshore Avenue", "Tampa", "FL", "33606")
TITLE = "Cells and sore knees in twenty people"


def asked(kind: str, **more: Any) -> Question:
    known = {"subject": "Dr. Ana Example", "names": ("Knee House",), "places": (TAMPA,), **more}
    return Question(kind, **known)


ANA = asked("npi", identifier=NPI)
KNEE_TRIAL = asked("trial", subject="Knee House", identifier=NCT)
BY_A_PERSON = asked("trial", subject="Pat Official", identifier=NCT, names=())
BY_PMID = asked("reference", subject=TITLE, identifier=PMID)
BY_DOI = asked("reference", subject=TITLE, identifier=DOI)
EXCLUDED = asked("exclusions", npi=NPI)


def read(key: str, question: Question, body: bytes, status: int = 200, **headers: str) -> Proposal:
    told = {"content-type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return REGISTRIES[key].read(question, Answer("u", "u", status, told, body), TODAY)


OUTCOMES = [
    # NPPES
    ("nppes", ANA, said.nppes(said.a_person()), "verified"),
    ("nppes", ANA, said.nppes(said.a_person(status="D")), ""),
    ("nppes", ANA, said.nppes(said.a_person(first="JOHN", last="ELSE")), "mismatch"),
    ("nppes", ANA, said.nppes(said.a_person(city="RENO", state="NV")), "mismatch"),
    ("nppes", ANA, said.nppes(said.a_person(city="MIAMI") | {"addresses": []}), ""),
    ("nppes", ANA, said.nppes(said.a_person(first="A")), ""),
    ("nppes", ANA, said.nppes(said.a_person(city="MIAMI")), ""),
    ("nppes", ANA, said.nppes(), "not_found"),
    (
        "nppes",
        ANA,
        said.nppes_error(f"CMS deactivated NPI {NPI}. It is not in service."),
        "inactive",
    ),
    ("nppes", asked("npi"), said.nppes(said.a_person()), ""),
    ("nppes", asked("npi"), said.nppes(said.a_person(), said.a_person(number="1993999998")), "ambiguous"),
    ("nppes", asked("npi"), said.nppes(said.a_person(last="ELSE"), said.a_person(last="OTHER")), "not_found"),
    # ClinicalTrials.gov
    ("clinicaltrials", KNEE_TRIAL, said.trial(), "verified"),
    ("clinicaltrials", KNEE_TRIAL, said.trial(status="UNKNOWN"), "verified"),
    ("clinicaltrials", KNEE_TRIAL, said.trial(sponsor="University of Elsewhere"), "mismatch"),
    ("clinicaltrials", KNEE_TRIAL, said.trial(sponsor="Knee House Research Network"), ""),
    ("clinicaltrials", KNEE_TRIAL, said.trial(city="Reno"), ""),
    ("clinicaltrials", KNEE_TRIAL, said.trial(status="WITHDRAWN"), "ended"),
    ("clinicaltrials", KNEE_TRIAL, said.trial(status="SUSPENDED"), "inactive"),
    ("clinicaltrials", KNEE_TRIAL, said.trial(sponsor="University of Elsewhere", status="WITHDRAWN"), "mismatch"),
    ("clinicaltrials", BY_A_PERSON, said.trial("Else"), "verified"),
    ("clinicaltrials", asked("trial", subject="Knee House", identifier=NCT, places=()), said.trial(), ""),
    # PubMed
    ("pubmed", BY_PMID, said.paper(), "verified"),
    ("pubmed", BY_PMID, said.paper("A survey of beetles in the north"), "mismatch"),
    ("pubmed", asked("reference", subject="Our study", identifier=PMID), said.paper(), ""),
    ("pubmed", BY_PMID, said.paper(**said.RETRACTED), "restricted"),
    ("pubmed", BY_PMID, said.paper(references=[{"reftype": "Erratum in", "refsource": "J. 2020 Jan 1"}]), "verified"),
    ("pubmed", BY_PMID, said.no_paper(), "not_found"),
    # Crossref
    ("crossref", BY_DOI, said.work(), "verified"),
    ("crossref", BY_DOI, said.work("A survey of beetles in the north"), "mismatch"),
    ("crossref", BY_DOI, said.work(TITLE, said.notice("correction")), "verified"),
    ("crossref", BY_DOI, said.work(TITLE, said.notice("correction"), said.notice("retraction")), "restricted"),
    ("crossref", BY_DOI, said.work(TITLE, said.notice("expression_of_concern")), "restricted"),
    # LEIE
    ("leie", EXCLUDED, said.leie(), "not_listed"),
    ("leie", EXCLUDED, said.leie(said.excluded("EXAMPLE", "JOHN")), "not_listed"),
    ("leie", EXCLUDED, said.leie(said.excluded()), ""),
    ("leie", EXCLUDED, said.leie(said.excluded(npi=NPI)), ""),
    ("leie", EXCLUDED, said.leie(said.excluded(npi="1993999998", city="TAMPA", state="FL")), "not_listed"),
    ("leie", EXCLUDED, said.leie(said.excluded(city="TAMPA", state="FL"), said.excluded()), "ambiguous"),
    ("leie", EXCLUDED, said.leie(said.excluded(npi=NPI, city="TAMPA", state="FL")), ""),
    (
        "leie",
        EXCLUDED,
        said.leie(said.excluded(npi=NPI, street="118 BAYSHORE AVENUE", city="TAMPA", state="FL"), said.excluded()),
        "listed",
    ),
    (
        "leie",
        asked("exclusions", npi=NPI, born=date(1970, 1, 2)),
        said.leie(said.excluded(npi=NPI, born="19700102")),
        "listed",
    ),
    (
        "leie",
        asked("exclusions", npi=NPI, born=date(1970, 1, 2)),
        said.leie(said.excluded(npi=NPI, born="19710102")),
        "not_listed",
    ),
    (
        "leie",
        asked("exclusions", npi=NPI, born=date(1970, 1, 2)),
        said.leie(said.excluded(first="A", npi=NPI, born="19700102")),
        "",
    ),
]


@pytest.mark.parametrize(("key", "question", "body", "outcome"), OUTCOMES)
def test_an_answer_proposes_what_it_shows_and_leaves_the_rest_to_a_person(
    key: str, question: Question, body: bytes, outcome: str
) -> None:
    proposal = read(key, question, body)
    assert (proposal.outcome, bool(proposal.remark)) == (outcome, True)


@pytest.mark.parametrize(("key", "question"), [("clinicaltrials", KNEE_TRIAL), ("crossref", BY_DOI)])
def test_a_number_that_the_register_does_not_have_is_not_found(key: str, question: Question) -> None:
    proposal = read(key, question, b"Not found.", 404, content_type="text/plain")
    assert (proposal.outcome, question.identifier in proposal.facts["search_terms"]) == ("not_found", True)


FACTS = [
    ("nppes", ANA, said.nppes(said.a_person()), {"identifier": NPI, "register_word": "Active"}),
    (
        "pubmed",
        BY_PMID,
        said.paper(**said.RETRACTED),
        {
            "identifier": PMID,
            "register_word": "Retracted",
            "document_title": "J Made Up. 2021 Jun 13;3(2):40",
            "register_date": "2021-06-13",
        },
    ),
    (
        "crossref",
        BY_DOI,
        said.work(TITLE, said.notice("retraction")),
        {
            "identifier": DOI,
            "register_word": "Retracted",
            "document_title": "Retraction, 10.1234/notice.9",
            "register_date": "2021-06-13",
        },
    ),
]


@pytest.mark.parametrize(("key", "question", "body", "facts"), FACTS)
def test_a_proposal_carries_what_the_public_sentence_needs(
    key: str, question: Question, body: bytes, facts: dict[str, str]
) -> None:
    assert dict(read(key, question, body).facts) == facts


def test_a_day_that_the_register_does_not_give_is_left_open() -> None:
    whole = read("crossref", BY_DOI, said.work(TITLE, said.notice("retraction", (2021, 6))))
    assert (whole.outcome, whole.facts["register_date"]) == ("restricted", "")


def test_an_exclusion_names_its_edition_and_what_matched() -> None:
    row = said.excluded(npi=NPI, street="118 BAYSHORE AVENUE", city="TAMPA", state="FL")
    dated = read("leie", EXCLUDED, said.leie(row), last_modified="Tue, 10 Nov 2026 12:13:06 GMT")
    assert dict(dated.facts) == {"matched_by": "NPI, address", "register_date": "2026-11-10"}
    undated = read("leie", EXCLUDED, said.leie(row))
    assert "register_date" not in undated.facts
    assert "does not say which edition" in undated.remark


def test_an_organisation_is_found_among_the_excluded_by_its_own_names() -> None:
    row = said.excluded("", "", business="KNEE HOUSE, INC", street="118 BAYSHORE AVENUE", city="TAMPA", state="FL")
    question = asked("exclusions", subject="Knees of Tampa")
    assert read("leie", question, said.leie(row)).outcome == ""  # one identifier besides the name
    assert read("leie", asked("exclusions", subject="Hip House", names=()), said.leie(row)).outcome == "not_listed"


NOT_ANSWERS = [
    ("a web page", b"<html><body>Sign in</body></html>", "text/html; charset=utf-8"),
    ("a web page as JSON", b"<html>", "application/json"),
    ("cut off", b'{"result_count":1,"results":[{"numb', "application/json"),
    ("nothing", b"", "application/json"),
    ("a list", b"[]", "application/json"),
    ("another object", b'{"hello": "world"}', "application/json"),
    ("very deep", b"[" * 100_000, "application/json"),
    ("bytes", bytes(range(256)), "application/octet-stream"),
]
QUESTIONS = {"nppes": ANA, "clinicaltrials": KNEE_TRIAL, "pubmed": BY_PMID, "crossref": BY_DOI, "leie": EXCLUDED}


@pytest.mark.parametrize("key", REGISTRIES)
@pytest.mark.parametrize(("body", "kind"), [case[1:] for case in NOT_ANSWERS], ids=[case[0] for case in NOT_ANSWERS])
def test_what_is_no_answer_is_no_outcome(key: str, body: bytes, kind: str) -> None:
    with pytest.raises(NotUnderstood):
        read(key, QUESTIONS[key], body, content_type=kind)


@pytest.mark.parametrize("key", REGISTRIES)
@pytest.mark.parametrize("status", [204, 301, 400, 403])
def test_another_status_is_no_outcome(key: str, status: int) -> None:
    with pytest.raises(NotUnderstood):
        read(key, QUESTIONS[key], b"{}", status)


@pytest.mark.parametrize(
    ("key", "question", "body"),
    [
        ("nppes", ANA, said.nppes(said.a_person(number="1993999998"))),
        ("nppes", ANA, said.nppes_error("Field number is required.")),
        ("clinicaltrials", KNEE_TRIAL, said.trial(number="NCT07654321")),
        ("pubmed", BY_PMID, b'{"error": "API rate limit exceeded", "count": "4"}'),
        ("crossref", asked("reference", identifier="10.1234/other"), said.work()),
        ("leie", EXCLUDED, said.leie()[:-40]),
        ("leie", EXCLUDED, (said.LEIE_HEAD + "\r\n" + said.excluded() + "\r\n").encode()),
        ("leie", EXCLUDED, said.leie().replace(b"EXCLDATE", b"SINCE", 1)),
    ],
)
def test_an_answer_to_another_question_or_half_a_file_is_no_outcome(key: str, question: Question, body: bytes) -> None:
    with pytest.raises(NotUnderstood):
        read(key, question, body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ANSWERS = {
    "nppes": said.nppes(said.a_person()),
    "clinicaltrials": said.trial(),
    "pubmed": said.paper(**said.RETRACTED),
    "crossref": said.work(TITLE, said.notice("retraction")),
}


def _with(told: Any, path: list[int], put: Any) -> Any:
    """The answer with something else in one of its places."""
    if not path or not isinstance(told, (dict, list)) or not told:
        return put
    keys = list(told) if isinstance(told, dict) else list(range(len(told)))
    key = keys[path[0] % len(keys)]
    changed = dict(told) if isinstance(told, dict) else list(told)
    changed[key] = _with(told[key], path[1:], put)
    return changed


@given(st.sampled_from(sorted(ANSWERS)), st.lists(st.integers(0, 30), min_size=1, max_size=6), JSON)
def test_no_answer_however_odd_makes_anything_but_a_proposal_or_a_refusal(key: str, path: list[int], put: Any) -> None:
    body = json.dumps(_with(json.loads(ANSWERS[key]), path, put)).encode()
    try:
        proposal = read(key, QUESTIONS[key], body)
    except NotUnderstood:
        return
    assert isinstance(proposal, Proposal)
    assert "\0" not in json.dumps(proposal.as_json(), ensure_ascii=False)


ADDRESSES = [
    ("nppes", ANA, f"https://npiregistry.cms.hhs.gov/api/?version=2.1&number={NPI}"),
    (
        "nppes",
        asked("npi"),
        "https://npiregistry.cms.hhs.gov/api/?version=2.1&first_name=ana&last_name=example&limit=50&state=FL",
    ),
    (
        "pubmed",
        BY_PMID,
        "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esummary.fcgi?db=pubmed&id=12345678&retmode=json",
    ),
    ("crossref", BY_DOI, "https://api.crossref.org/works/10.1234%2Fknees.5"),
    ("clinicaltrials", KNEE_TRIAL, f"https://clinicaltrials.gov/api/v2/studies/{NCT}?format=json"),
    ("leie", EXCLUDED, "https://oig.hhs.gov/exclusions/downloadables/UPDATED.csv"),
]


@pytest.mark.parametrize(("key", "question", "address"), ADDRESSES)
def test_a_question_is_asked_at_the_published_address(key: str, question: Question, address: str) -> None:
    assert REGISTRIES[key].address(question).startswith(address)


@pytest.mark.parametrize(
    ("key", "question"),
    [
        ("nppes", asked("npi", subject="Example")),
        ("clinicaltrials", asked("trial")),
        ("pubmed", BY_DOI),
        ("crossref", BY_PMID),
    ],
)
def test_a_question_that_lacks_what_the_register_needs_is_not_asked(key: str, question: Question) -> None:
    with pytest.raises(CannotAsk):
        REGISTRIES[key].address(question)


def test_the_data_of_registers_names_the_connectors_that_there_are() -> None:
    named = {
        (register.connector, kind, register.name)
        for kind, facts in kinds_of_credential().items()
        for register in facts.registers
        if register.connector
    }
    built = {(each.key, kind, each.register) for each in REGISTRIES.values() for kind in each.kinds}
    assert named == built
