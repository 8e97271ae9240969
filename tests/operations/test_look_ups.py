"""A register asked by a worker: what it proposes, how it fails, and that only a person makes a check of it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from clinics.models import CredentialCheck, Host, Job, Location, PageUse, Practitioner, RegisterFile, RegisterLookUp
from clinics.operations import credentials, jobs, look_ups
from clinics.operations.asking_registers import answer_look_up
from clinics.operations.connectors import connector_for, parse_connectors
from clinics.operations.keeping import evidence_store
from clinics.operations.refusal import Refusal
from clinics.operations.retention import sweep
from clinics.operations.turns import DatabaseTurns
from clinics.operations.verifying import Verification
from clinics.published.clinics import checks_in_full
from clinics.published.freshness import last_attempt
from tests.build import NOW, a_check, a_clinic, a_kind, a_look_up, a_published_credential, a_user
from tests.operations.reading import Clock
from tests.stranger import Stranger
from tests.web import register_answers as said

pytestmark = pytest.mark.django_db
NPPES, TRIALS, PUBMED, CROSSREF, OIG = (
    "npiregistry.cms.hhs.gov",
    "clinicaltrials.gov",
    "eutils.ncbi.nlm.nih.gov",
    "api.crossref.org",
    "oig.hhs.gov",
)
BY_NUMBER = f"/api/?version=2.1&number={said.NPI}"
FILE = "/exclusions/downloadables/UPDATED.csv"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def registers(settings, tmp_path):
    """All registers, played by one server on this machine; all connectors on."""
    with Stranger() as playing:
        played = ",".join(f"{host}=127.0.0.1:{playing.port}" for host in (NPPES, TRIALS, PUBMED, CROSSREF, OIG))
        settings.FETCH_TEST_SERVERS = played
        settings.FETCH_HOST_DELAY = 0
        settings.REGISTRY_CONNECTORS = ["nppes", "clinicaltrials", "pubmed", "crossref", "leie"]
        settings.EVIDENCE_FOLDER = tmp_path
        yield playing


@pytest.fixture
def clinic():
    clinic = a_clinic()
    Location.objects.create(clinic=clinic, street="118 Bayshore Avenue", city="Tampa", state="FL", zip="33606")
    return clinic


def ask(clinic, kind="npi", subject="Dr. Ana Example", **more):
    facts = {"identifier": said.NPI} if kind == "npi" else {}
    return look_ups.ask(clinic, a_kind(kind), subject, by=a_user("asker"), now=NOW, **{**facts, **more})


def worked(look_up, clock=None):
    """The look-up after a worker has had its turn."""
    assert jobs.work_one(clock or Clock(NOW), uuid4())
    look_up.refresh_from_db()
    return look_up


def looked_up(clinic, kind="npi", *, clock=None, **more):
    return worked(ask(clinic, kind, **more), clock)


def test_a_worker_asks_the_register_and_a_person_drafts_a_check_of_its_answer(registers, clinic):
    registers.says(NPPES, BY_NUMBER, said.nppes(said.a_person()), headers=JSON)
    look_up = looked_up(clinic)
    assert (look_up.state, look_up.proposal["outcome"]) == ("answered", "verified")
    assert not CredentialCheck.objects.exists()
    facts = {"outcome": "verified", "register_word": "Active", "source_url": look_up.proposal["entry"]}
    check = look_ups.confirm(look_up, by=a_user("confirmer"), now=NOW, **facts)
    assert (check.state, check.checked_by, check.answer) == ("draft", a_user("confirmer"), look_up.answer)
    assert (check.register, check.identifier, check.checked_on) == ("NPPES NPI Registry", said.NPI, NOW.date())
    assert check.source.uses.get().purpose == PageUse.Purpose.REGISTRY
    look_up.refresh_from_db()
    assert (look_up.state, look_up.drafted, look_up.decided_by) == ("confirmed", check, a_user("confirmer"))
    kept = evidence_store().get(check.answer)
    assert b"WARC-Type: request" in kept
    assert b"BAYSHORE" in kept


def test_the_register_is_asked_by_our_name_and_robots_txt_is_for_crawlers(registers, clinic):
    registers.robots(NPPES, "User-agent: *\nDisallow: /")
    registers.says(NPPES, BY_NUMBER, said.nppes(), headers=JSON)
    assert looked_up(clinic).proposal["outcome"] == "not_found"
    assert registers.paths == [NPPES + BY_NUMBER]
    assert registers.requests[0].headers["user-agent"].startswith("ClinicDirectoryReader/")


@pytest.mark.parametrize(
    ("kind", "subject", "identifier", "host", "path", "body", "outcome"),
    [
        (
            "trial",
            "Knee House",
            said.NCT,
            TRIALS,
            f"/api/v2/studies/{said.NCT}?format=json&fields=IdentificationModule,StatusModule,"
            "SponsorCollaboratorsModule,ContactsLocationsModule,DesignModule,ConditionsModule",
            said.trial(),
            "verified",
        ),
        (
            "reference",
            "Cells and sore knees in twenty people",
            f"PMID {said.PMID}",
            PUBMED,
            f"/entrez/eutils/esummary.fcgi?db=pubmed&id={said.PMID}&retmode=json&tool=ClinicDirectoryReader",
            said.paper(**said.RETRACTED),
            "restricted",
        ),
        (
            "reference",
            "Cells and sore knees in twenty people",
            f"https://doi.org/{said.DOI}",
            CROSSREF,
            "/works/10.1234%2Fknees.5",
            said.work(),
            "verified",
        ),
        ("exclusions", "Dr. Ana Example", "", OIG, FILE, said.leie(), "not_listed"),
    ],
)
def test_every_connector_reads_what_its_register_publishes(
    registers, clinic, kind, subject, identifier, host, path, body, outcome
):
    registers.says(host, path, body, headers=JSON)
    look_up = looked_up(clinic, kind, subject=subject, identifier=identifier)
    assert (look_up.state, look_up.reason, look_up.proposal.get("outcome")) == ("answered", "", outcome)


def _hangs(registers):
    registers.never_answers(NPPES, BY_NUMBER)


FAILURES = {
    "asked to wait": (
        lambda r: r.says(NPPES, BY_NUMBER, "Slow down", 429, {"Retry-After": "3600"}),
        "failed",
        "left alone",
    ),
    "broken": (lambda r: r.says(NPPES, BY_NUMBER, "Oops", 500), "unreachable", "status 500"),
    "closed for repairs": (lambda r: r.says(NPPES, BY_NUMBER, "<p>Back soon</p>", 503), "unreachable", "status 503"),
    "a web page": (lambda r: r.says(NPPES, BY_NUMBER, "<html>Sign in</html>"), "failed", "web page"),
    "cut off": (lambda r: r.says(NPPES, BY_NUMBER, b'{"results":[{"num', headers=JSON), "failed", "cut off"),
    "hangs up": (lambda r: r.hangs_up(NPPES, BY_NUMBER), "unreachable", "closed the connection"),
    "resets": (lambda r: r.resets(NPPES, BY_NUMBER), "unreachable", ""),
    "endless": (lambda r: r.endless(NPPES, BY_NUMBER), "failed", ""),
    "bomb": (lambda r: r.bombs(NPPES, BY_NUMBER), "failed", ""),
    "another site": (lambda r: r.redirects(NPPES, BY_NUMBER, "https://elsewhere.example/"), "failed", "another site"),
    "into our network": (lambda r: r.redirects(NPPES, BY_NUMBER, "http://10.0.0.1/"), "failed", ""),
    "refuses": (lambda r: r.says(NPPES, BY_NUMBER, "{}", 403, JSON), "failed", "status 403"),
    "time-out": (_hangs, "unreachable", "in time"),
}


@pytest.mark.parametrize(("behave", "state", "reason"), FAILURES.values(), ids=FAILURES)
def test_an_answer_that_cannot_be_used_is_an_attempt_and_no_outcome(
    registers, clinic, monkeypatch, behave, state, reason
):
    monkeypatch.setattr("clinics.operations.asking_registers.SECONDS", 1.0)
    behave(registers)
    look_up = looked_up(clinic)
    assert (look_up.state, look_up.proposal, bool(look_up.reason)) == (state, {}, True)
    assert reason in look_up.reason
    with pytest.raises(Refusal, match="nothing to decide"):
        look_ups.confirm(look_up, outcome="verified", by=a_user(), now=NOW)


def test_a_register_that_asks_to_be_left_alone_is(registers, clinic, settings):
    settings.FETCH_HOST_DELAY = 0.001
    registers.says(NPPES, BY_NUMBER, "Slow down", 429, {"Retry-After": "3600"})
    clock = Clock(NOW)
    looked_up(clinic, clock=clock)
    assert Host.objects.get(name=NPPES).free_at == NOW + timedelta(hours=1)
    again = ask(clinic)
    job = Job.objects.get(state="queued")
    for _ in answer_look_up(job, clock, pause=lambda _: None):
        continue
    again.refresh_from_db()
    assert (again.state, len(registers.requests)) == ("failed", 1)
    assert "look again later" in again.reason


def test_a_host_that_somebody_else_reads_is_waited_for(registers, clinic):
    registers.says(NPPES, BY_NUMBER, said.nppes(said.a_person()), headers=JSON)
    clock = Clock(NOW)
    other = DatabaseTurns(clock)
    assert other.take(NPPES)
    look_up = ask(clinic)
    for _ in answer_look_up(Job.objects.get(), clock, pause=lambda _: other.give_back(NPPES)):
        continue
    look_up.refresh_from_db()
    assert look_up.state == "answered"


def test_the_same_question_waits_once_and_is_answered_once(registers, clinic):
    registers.says(NPPES, BY_NUMBER, said.nppes(), headers=JSON)
    first, second = ask(clinic), ask(clinic)
    assert first == second
    assert Job.objects.count() == 1
    worked(first)
    for _ in answer_look_up(Job.objects.get(), Clock(NOW)):
        continue
    assert len(registers.requests) == 1


def test_a_question_whose_job_was_cancelled_can_be_asked_again(registers, clinic):
    look_up = ask(clinic)
    jobs.cancel(Job.objects.get(), by=None, now=NOW)
    assert ask(clinic) == look_up
    assert Job.objects.filter(state="queued").count() == 1


def test_an_edition_of_a_register_serves_all_questions_of_a_day_and_is_asked_for_again_by_its_validators(
    registers, clinic
):
    registers.says(OIG, FILE, said.leie(), headers={"Content-Type": "text/csv", "ETag": '"november"'})
    clock = Clock(NOW)
    for name in ("Dr. Ana Example", "Dr. Bo Example"):
        assert looked_up(clinic, "exclusions", subject=name, clock=clock).proposal["outcome"] == "not_listed"
    assert len(registers.requests) == 1
    clock.days(2)
    third = looked_up(clinic, "exclusions", subject="Dr. Cy Example", clock=clock)
    assert registers.requests[1].headers["if-none-match"] == '"november"'
    file = RegisterFile.objects.get()
    assert (third.answer, file.fetched_at) == (file.exchange, NOW + timedelta(days=2))


def test_half_an_edition_is_not_kept(registers, clinic):
    registers.says(OIG, FILE, said.leie()[:-30])
    assert looked_up(clinic, "exclusions").state == "failed"
    assert not RegisterFile.objects.exists()


def test_what_we_know_of_the_clinic_goes_into_the_question_and_none_of_it_to_a_list(registers, clinic):
    clinic.other_names = "Knees of Tampa, "
    clinic.save()
    person = Practitioner.objects.create(name="Ana Example", npi=said.NPI)
    look_up = ask(clinic, "exclusions", practitioner=person, born=date(1970, 1, 2))
    look_up.refresh_from_db()
    assert look_up.question["names"] == ["Knee House", "Knees of Tampa"]
    assert (look_up.question["npi"], look_up.question["born"]) == (said.NPI, "1970-01-02")
    registers.says(OIG, FILE, said.leie(said.excluded(npi=said.NPI, born="19700102")))
    assert worked(look_up).proposal["outcome"] == "listed"
    assert registers.paths == [OIG + FILE]


def test_a_confirmed_adverse_answer_is_published_by_another_person(registers, clinic):
    registers.says(NPPES, BY_NUMBER, said.nppes(said.a_person("JOHN", "ELSE")), headers=JSON)
    look_up = looked_up(clinic)
    assert look_up.proposal["outcome"] == "mismatch"
    check = look_ups.confirm(look_up, outcome="mismatch", by=a_user("confirmer"), now=NOW)
    with pytest.raises(Refusal, match="another person"):
        credentials.publish_check(check, by=a_user("confirmer"), now=NOW)
    assert credentials.publish_check(check, by=a_user("second"), now=NOW).state == "published"


def test_a_person_may_find_something_else_than_what_was_proposed():
    check = look_ups.confirm(a_look_up(outcome="verified"), outcome="ambiguous", by=a_user(), now=NOW)
    assert check.outcome == "ambiguous"


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_answer_is_declined_with_a_reason_and_once(reason):
    look_up = a_look_up()
    with pytest.raises(Refusal, match="reason"):
        look_ups.decline(look_up, reason=reason, by=a_user(), now=NOW)
    look_ups.decline(look_up, reason="Another person of that name.", by=a_user(), now=NOW)
    with pytest.raises(Refusal, match="nothing to decide"):
        look_ups.confirm(look_up, outcome="verified", by=a_user(), now=NOW)
    assert not CredentialCheck.objects.exists()


def test_an_answer_about_a_published_check_takes_its_place_and_one_about_a_draft_fills_it_in(registers):
    old = a_published_credential(kind=a_kind("npi"), identifier=said.NPI, checked_on=NOW.date() - timedelta(days=200))
    registers.says(NPPES, BY_NUMBER, said.nppes(said.a_person()), headers=JSON)
    new = look_ups.confirm(
        worked(look_ups.ask_about(old, by=a_user(), now=NOW)),
        outcome="verified",
        register_word="Active",
        by=a_user("confirmer"),
        now=NOW,
    )
    assert (new.supersedes, new.state, new.source) == (old, "draft", None)
    draft = a_check(a_clinic("Hip House"), kind=a_kind("npi"), identifier=said.NPI, by=a_user("first"))
    filled = look_ups.confirm(
        worked(look_ups.ask_about(draft, by=a_user(), now=NOW)), outcome="ambiguous", by=a_user("confirmer"), now=NOW
    )
    assert (filled, filled.outcome, filled.checked_by) == (draft, "ambiguous", a_user("confirmer"))


@pytest.mark.parametrize(
    ("on", "kind", "identifier", "asked"),
    [
        (["nppes"], "npi", said.NPI, "nppes"),
        ([], "npi", said.NPI, None),
        (["nppes"], "trial", said.NCT, None),
        (["pubmed", "crossref"], "reference", said.PMID, "pubmed"),
        (["pubmed", "crossref"], "reference", said.DOI, "crossref"),
        (["pubmed"], "reference", said.DOI, None),
        (["leie"], "exclusions", "", "leie"),
        (["nppes"], "state_licence", "ME 1", None),
    ],
)
def test_a_connector_is_asked_only_where_it_is_switched_on_and_can_know(settings, on, kind, identifier, asked):
    settings.REGISTRY_CONNECTORS = on
    registry = connector_for(kind, identifier)
    assert (registry.key if registry else None) == asked


@pytest.mark.parametrize(
    ("kind", "more", "told"),
    [
        ("npi", {"identifier": "1234567890"}, "is not a valid NPI"),
        ("npi", {"identifier": "", "subject": "Example"}, "first and a last name"),
        ("npi", {"subject": " "}, "is missing"),
        ("dea", {"identifier": "AB1234563"}, "No register is asked"),
        ("state_licence", {}, "Follow the link"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_and_leaves_nothing(registers, clinic, kind, more, told):
    with pytest.raises(Refusal, match=told):
        ask(clinic, kind, **more)
    assert not RegisterLookUp.objects.exists()
    assert not Job.objects.exists()


def test_without_a_connector_the_link_stays(settings):
    settings.REGISTRY_CONNECTORS = []
    with pytest.raises(Refusal, match="Follow the link"):
        ask(a_clinic())


@pytest.mark.parametrize(("names", "near"), [(["npes"], "nppes"), (["clinicaltrial"], "clinicaltrials"), (["x"], "")])
def test_a_connector_that_there_is_not_is_refused_at_the_start_with_the_nearest(names, near):
    with pytest.raises(ValueError, match=f"Did you mean {near}" if near else "is none of"):
        parse_connectors(names)
    assert parse_connectors(["leie", "nppes", "leie"]) == ("leie", "nppes")


def test_an_attempt_in_vain_is_told_beside_the_last_result_and_changes_no_outcome(registers):
    check = a_published_credential(kind=a_kind("npi"), identifier=said.NPI, checked_on=NOW.date() - timedelta(days=9))
    registers.says(NPPES, BY_NUMBER, "Oops", 503)
    worked(look_ups.ask_about(check, by=a_user(), now=NOW))
    shown = checks_in_full().get()
    assert (shown.outcome, shown.pk) == ("verified", check.pk)
    assert last_attempt(shown).text.startswith("Register unreachable ")


def test_that_our_own_question_failed_is_told_to_nobody_outside(registers):
    check = a_published_credential(kind=a_kind("npi"), identifier=said.NPI, checked_on=NOW.date() - timedelta(days=9))
    registers.says(NPPES, BY_NUMBER, "<html>Sign in</html>")
    worked(look_ups.ask_about(check, by=a_user(), now=NOW))
    assert last_attempt(checks_in_full().get()) is None


def test_a_person_notes_that_a_register_could_not_be_reached():
    check = a_published_credential(checked_on=NOW.date() - timedelta(days=9))
    look_ups.record_unreachable(check, reason="The board's site is down.", by=a_user(), now=NOW)
    assert last_attempt(checks_in_full().get()) is not None
    with pytest.raises(Refusal, match="draft"):
        look_ups.record_unreachable(a_check(), reason="Down.", by=a_user(), now=NOW)
    with pytest.raises(Refusal, match="is missing"):
        look_ups.record_unreachable(check, reason=" ", by=a_user(), now=NOW)


def test_the_answer_is_evidence_that_stays_and_whose_loss_is_told(registers, clinic, settings):
    registers.says(NPPES, BY_NUMBER, said.nppes(said.a_person()), headers=JSON)
    look_up = looked_up(clinic)
    facts = {"outcome": "verified", "register_word": "Active"}
    check = look_ups.confirm(look_up, by=a_user("confirmer"), now=NOW, **facts)
    credentials.publish_check(check, by=a_user("confirmer"), now=NOW)
    store = evidence_store()
    sweep(store, NOW + timedelta(days=30))
    assert store.has(check.answer)
    assert list(Verification(store).faults()) == []
    next(settings.EVIDENCE_FOLDER.rglob(f"{check.answer}*")).unlink()
    assert [fault.what for fault in Verification(store).faults()] == ["A record is missing."]
