"""A licence that ends is followed from the one reminder to a new check; a register is asked, and answers a person."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from clinics.models import Clinic, CredentialCheck, Location
from clinics.operations import check_due, credentials, jobs
from tests.build import a_kind, a_listed_clinic, a_user
from tests.journeys.test_for_everyone import faults
from tests.web import register_answers as said

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOARD = "Florida Department of Health, licence verification"
NPPES = "npiregistry.cms.hhs.gov"


@pytest.fixture
def clinic(prepared) -> Clinic:
    clinic = a_listed_clinic("Knee House")
    Location.objects.create(clinic=clinic, street="118 Bayshore Avenue", city="Tampa", state="FL", zip="33606")
    return clinic


def published(clinic: Clinic, kind: str, days: int, **facts: object) -> CredentialCheck:
    """A check that was made some days ago and published."""
    now = timezone.now() - timedelta(days=days)
    who = {"by": a_user("checker"), "now": now}
    draft = credentials.draft_check(clinic, a_kind(kind), "Dr. Ana Example", "verified", now.date(), **who, **facts)
    return credentials.publish_check(draft, by=a_user("checker"), now=now)


def opened(desk: Page, link: str) -> list[str]:
    """Follow a link of the desk; what axe finds wrong where it leads."""
    desk.get_by_role("link", name=link).first.click()
    desk.wait_for_load_state()
    return faults(desk)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_expiring_licence_is_followed_from_reminder_to_new_check(clinic, sign_in, person, new_context, scheme):
    now = timezone.now()
    ends = now.date() + timedelta(days=10)
    facts = {"register": BOARD, "register_word": "Clear/Active", "identifier": "ME 0000", "register_date": ends}
    old = published(clinic, "state_licence", 20, **facts)
    assert list(check_due.reminders_due(now)) == [old]
    assert check_due.mark_reminded([old], now=now) == [old.pk]
    assert list(check_due.reminders_due(now + timedelta(days=1))) == []

    desk = sign_in(person("rowan", "recorder"), color_scheme=scheme)
    found = opened(desk, "1 credential checks due")
    expect(desk.locator("#result_list")).to_contain_text("reminded")
    found += opened(desk, "Dr. Ana Example")
    expect(desk.get_by_role("link", name=BOARD)).to_have_attribute(
        "href", "https://mqa-internet.doh.state.fl.us/MQASearchServices/HealthCareProviders"
    )
    desk.get_by_text("Check again …").click()
    found += faults(desk)
    form = desk.locator("details[open]")
    expect(form.get_by_label("Register:", exact=True)).to_have_value(BOARD)
    form.get_by_label("Outcome:").select_option("verified")
    form.get_by_label("Register word:").fill("Clear/Active")
    form.get_by_label("Register date:").fill(f"{ends + timedelta(days=730)}")
    form.get_by_role("button", name="Check again").click()
    expect(desk.locator(".messagelist .success")).to_contain_text("takes the old one's place")
    new = CredentialCheck.objects.get(supersedes=old)
    desk.goto("/admin/")
    expect(desk.get_by_role("link", name="0 credential checks due", exact=True)).to_be_visible()

    publisher = sign_in(person("pat", "publisher"), color_scheme=scheme)
    publisher.goto(f"/admin/clinics/credentialcheck/{new.pk}/change/")
    found += faults(publisher)
    publisher.get_by_role("button", name="Publish").click()
    expect(publisher.locator(".messagelist .success")).to_contain_text("Published")
    assert list(CredentialCheck.objects.published()) == [new]
    visitor = new_context().new_page()
    visitor.goto(f"/clinics/{clinic.public_id}/")
    expect(visitor.locator(".check")).to_have_count(1)
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_register_is_asked_and_its_answer_confirmed_by_a_person(
    clinic, stranger, settings, sign_in, person, tmp_path, scheme
):
    settings.FETCH_TEST_SERVERS = f"{NPPES}=127.0.0.1:{stranger.port}"
    settings.REGISTRY_CONNECTORS = ["nppes"]
    settings.EVIDENCE_FOLDER = tmp_path
    body = said.nppes(said.a_person("JOHN", "ELSE"))
    stranger.says(NPPES, f"/api/?version=2.1&number={said.NPI}", body, headers={"Content-Type": "application/json"})
    published(clinic, "npi", 200, register="NPPES NPI Registry", register_word="Active", identifier=said.NPI)

    desk = sign_in(person("rowan", "recorder"), color_scheme=scheme)
    found = opened(desk, "1 credential checks due")
    found += opened(desk, "Dr. Ana Example")
    desk.get_by_role("button", name="Look it up").click()
    expect(desk.locator(".messagelist .success")).to_contain_text("for you to confirm or decline")
    assert stranger.requests == []
    jobs.work_one(timezone.now, uuid4())
    desk.goto("/admin/")
    found += opened(desk, "1 answers of registers to confirm")
    found += opened(desk, "Dr. Ana Example")
    expect(desk.get_by_text("Seems to say: mismatch.")).to_be_visible()
    expect(desk.get_by_role("row", name="name Dr. Ana Example")).to_contain_text("JOHN ELSE")
    assert CredentialCheck.objects.count() == 1
    desk.get_by_text("Confirm into a draft check …").click()
    found += faults(desk)
    form = desk.locator("details[open]")
    expect(form.get_by_label("Outcome:")).to_have_value("mismatch")
    form.get_by_role("button", name="Confirm into a draft check").click()
    expect(desk.locator(".messagelist .success")).to_contain_text("Nothing is public")
    draft = CredentialCheck.objects.get(state="draft")
    assert (draft.outcome, draft.checked_by.username, bool(draft.answer)) == ("mismatch", "rowan", True)
    assert found == []
