"""The demonstration, loaded by the real fetcher from the real site on loopback."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import transaction
from django.test import override_settings

from clinics.domain.outcome import Outcome
from clinics.domain.presence import Presence
from clinics.models import (
    Cause,
    Claim,
    ClaimVersion,
    Clinic,
    CredentialCheck,
    Decision,
    Flag,
    OfficialAction,
    Page,
    PageProposal,
    PageUse,
    Question,
    Treatment,
)
from clinics.operations import proposals
from clinics.operations.demonstration import load_demonstration
from clinics.operations.demonstration_clinics import told
from clinics.operations.rechecking import recheck_pages
from clinics.operations.reference import prepare
from tracker.demo.site import Stage, server


@dataclass
class Time:
    """One time for the site and for the tracker, moved by the test."""

    seconds: float = 0.0

    def __call__(self) -> datetime:
        return datetime(2026, 11, 2, 9, 0, tzinfo=UTC) + timedelta(seconds=self.seconds)


@pytest.fixture(scope="module")
def passing() -> Time:
    return Time()


@pytest.fixture(scope="module")
def site(passing) -> Iterator[None]:
    with server(0, Stage(clock=lambda: passing.seconds)) as playing:
        threading.Thread(target=playing.serve_forever, args=(0.01,), daemon=True).start()
        port = playing.server_address[1]
        servers = f"*.test=127.0.0.1:{port},*.example=127.0.0.1:{port}"
        with override_settings(FETCH_TEST_SERVERS=servers, FETCH_HOST_DELAY=0):
            yield
        playing.shutdown()


@pytest.fixture(scope="module")
def loaded_once(site, passing, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[dict[str, Any]]:
    """The demonstration, loaded once for all tests of this file and rolled back after them."""
    evidence = override_settings(EVIDENCE_FOLDER=tmp_path_factory.mktemp("evidence"))
    with django_db_blocker.unblock(), transaction.atomic():
        with evidence:
            prepare(passing())
            answer = load_demonstration(passing)
        yield answer
        transaction.set_rollback(True)


@pytest.fixture
def loaded(loaded_once, db, passing) -> Iterator[dict[str, Any]]:
    """The demonstration just loaded, whatever the test before has done to it."""
    with transaction.atomic():
        yield loaded_once
        transaction.set_rollback(True)
    passing.seconds = 0.0


def read_all(passing: Time) -> None:
    for _ in recheck_pages(list(Page.objects.values_list("pk", flat=True)), passing):
        continue


def rows() -> dict[str, int]:
    """How many rows each of our tables holds."""
    return {model.__name__: model._base_manager.count() for model in apps.get_app_config("clinics").get_models()}


def sentences(**wanted) -> set[str]:
    return set(Flag.objects.filter(**wanted).values_list("sentence", flat=True))


def test_the_directory_has_clinics_with_statements_and_checks(loaded):
    assert loaded["clinics"] >= 6
    assert Clinic.objects.filter(status=Clinic.Status.DRAFT).exists()
    assert Claim.objects.published().filter(clinic__in=Clinic.objects.listed()).count() >= 6
    assert CredentialCheck.objects.published().count() >= 6


def test_enough_is_left_to_decide(loaded):
    assert loaded["flags"] >= 6
    assert Claim.objects.filter(state=Claim.State.AWAITING_SECOND).count() == 1


def test_every_decision_of_the_data_file_found_its_flag(loaded):
    wanted = {decision["sentence"] for clinic in told()["clinics"] for decision in clinic["decisions"]}
    assert set(Decision.objects.values_list("sentence", flat=True)) == wanted


def test_every_page_was_read_by_the_fetcher(loaded):
    assert set(Page.objects.values_list("state__outcome", flat=True)) == {Outcome.OK}


def test_what_is_public_went_through_the_hands_of_people(loaded):
    for claim in Claim.objects.published():
        assert ClaimVersion.objects.filter(claim=claim).exists()
        assert claim.comment_waived_because
        assert not claim.is_critical or claim.second_signed_by_id not in (None, claim.first_signed_by_id)
    for check in CredentialCheck.objects.published():
        assert check.published_by_id != check.checked_by_id


def test_a_clinic_that_only_denies_has_no_flags(loaded):
    assert not Flag.objects.filter(clinic__name="Plainspoken Spine and Joint").exists()


def test_a_page_about_clinics_flags_nobody(loaded):
    page = Page.objects.get(identity__contains="regen-facts.example")
    assert page.uses.get().purpose == PageUse.Purpose.OTHER
    assert not page.sightings.exists()


PROPOSED = {
    "https://harborview-regenerative.example/conditions/knee-arthritis": "link",
    "https://harborview-regenerative.example/questions": "link",
    "https://harborview-regenerative.example/contact": "link",
    "https://clinica-nueva-vida.example/enfermedades/artritis": "sitemap",
    "https://lonestar-renewal.example/exosomes": "sitemap",
}


def test_pages_that_sites_link_to_or_name_in_their_sitemaps_are_proposed_and_not_read(loaded):
    assert {each.url: each.source for each in PageProposal.objects.waiting()} == PROPOSED
    assert not Page.objects.filter(url__in=PROPOSED).exists()
    last = PageProposal.objects.likeliest_first().last()
    assert last.url.endswith("/contact")


def test_a_proposed_page_that_is_accepted_is_read_and_its_wording_flagged(loaded, passing):
    proposal = PageProposal.objects.get(url="https://lonestar-renewal.example/exosomes")
    proposals.accept(proposal, by=User.objects.get(username="demo-recorder"), now=passing())
    read_all(passing)
    flag = Flag.objects.get(sentence="Our exosomes reverse COPD and restore the lungs.")
    assert (flag.clinic, flag.cause) == (proposal.clinic, Cause.FIRST_READING)


def test_loading_again_changes_nothing(loaded, passing):
    before = rows()
    assert load_demonstration(passing) == loaded
    assert rows() == before


def test_a_changed_password_is_not_told(loaded, passing, django_user_model):
    account = django_user_model.objects.get(username=loaded["account"])
    account.set_password("something else entirely")
    account.save()
    assert load_demonstration(passing)["password"] is None


def test_time_brings_the_expected_flags_and_only_these(loaded, passing):
    before = sentences()
    passing.seconds = 29
    read_all(passing)
    assert sentences() == before
    passing.seconds = 600
    read_all(passing)
    assert sentences(cause=Cause.PAGE_CHANGED) == {
        "We guarantee that your knee pain will be gone after a single treatment.",
        "Stem cell injections cure arthritis.",
        "Our stem cell therapy is FDA approved.",
        "Garantizamos resultados con nuestras células madre.",
    }


def test_a_cookie_banner_raises_nothing(loaded, passing):
    before = sentences()
    passing.seconds = 31
    read_all(passing)
    assert sentences() == before


def test_an_edited_price_keeps_the_decision(loaded, passing):
    passing.seconds = 46
    read_all(passing)
    flag = Flag.objects.get(clinic__name="Lakeshore Regen Partners", sentence__contains="this week only")
    assert (flag.state, flag.cause) == (Flag.State.CONFIRMED, Cause.FIRST_READING)
    assert "$650" in flag.sentence


@pytest.mark.parametrize(
    ("clinic", "url", "outcome"),
    [
        ("Golden West Cell Center", "https://goldenwest-cells.example/conditions", Outcome.BLOCKED),
        ("Lone Star Renewal Clinic", "https://lonestar-renewal.example/lungs", Outcome.GONE),
    ],
)
def test_a_page_that_cannot_be_read_resolves_nothing(loaded, passing, clinic, url, outcome):
    for passing.seconds in (600, 620, 640):
        read_all(passing)
    assert Page.objects.get(url=url).state.outcome == outcome
    assert set(Flag.objects.filter(clinic__name=clinic).values_list("presence", flat=True)) == {Presence.PRESENT}


def test_a_statement_taken_off_is_absent_after_two_good_readings(loaded, passing):
    wording = "Stem cells cure erectile dysfunction."
    passing.seconds = 600
    read_all(passing)
    assert Flag.objects.get(sentence=wording).presence == Presence.PRESENT
    passing.seconds = 620
    read_all(passing)
    assert Flag.objects.get(sentence=wording).presence == Presence.ABSENT


def test_some_questions_of_patients_are_answered_and_some_are_not_stated(loaded):
    answers = Question.objects.published()
    assert set(answers.values_list("finding", flat=True)) == {"stated", "not_stated"}
    assert answers.count() >= 8
    assert Question.objects.filter(state="draft").count() == 1
    assert all(answer.published_by_id != answer.recorded_by_id for answer in answers)


def test_a_document_of_a_board_was_signed_by_two_people_and_is_public(loaded):
    action = OfficialAction.objects.published().get()
    assert action.clinic.name == "Lakeshore Regen Partners"
    assert action.practitioner.name == "Simon Achebe"
    assert action.first_signed_by != action.second_signed_by
    assert not Flag.objects.filter(sightings__page=action.link).exists()


def test_what_was_looked_for_in_vain_is_recorded(loaded):
    assert Treatment.objects.filter(not_stated__contains=["laboratory"], laboratory=None).exists()
