"""A licence that ends is followed from the one reminder to a new check; a register is asked, and answers a person."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinics.models import Clinic, CredentialCheck, Location
from clinics.operations import check_due, credentials, jobs
from tests.axe import faults
from tests.build import a_kind, a_listed_clinic, a_user
from tests.journeys.hands import Hands, Lap
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


def opened(hands: Hands, link: str) -> None:
    """Follow a link of the desk."""
    hands.click(hands.desk.get_by_role("link", name=link).first)
    hands.desk.wait_for_load_state()


def told(lap: Lap) -> str:
    clicks, keys, seconds = lap
    return f"{clicks} clicks, {keys} keys, {seconds:.1f} s"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_expiring_licence_is_followed_from_reminder_to_new_check(
    clinic, sign_in, person, new_context, record_testsuite_property, scheme
):
    now = timezone.now()
    ends = now.date() + timedelta(days=10)
    facts = {"register": BOARD, "register_word": "Clear/Active", "identifier": "ME 0000", "register_date": ends}
    old = published(clinic, "state_licence", 20, **facts)
    assert list(check_due.reminders_due(now)) == [old]
    assert check_due.mark_reminded([old], now=now) == [old.pk]
    assert list(check_due.reminders_due(now + timedelta(days=1))) == []

    hands = Hands(desk := sign_in(person("rowan", "recorder"), color_scheme=scheme))
    hands.begin()
    opened(hands, "1 credential checks due")
    expect(desk.locator("#result_list")).to_contain_text("reminded")
    opened(hands, "Dr. Ana Example")
    expect(desk.get_by_role("link", name=BOARD)).to_have_attribute(
        "href", "https://mqa-internet.doh.state.fl.us/MQASearchServices/HealthCareProviders"
    )
    hands.click(desk.get_by_text("Check again …"))
    form = desk.locator("details[open]")
    expect(form.get_by_label("Register:", exact=True)).to_have_value(BOARD)
    form.get_by_label("Outcome:").select_option("verified")
    hands.clicks += 1
    hands.paste(form.get_by_label("Register word:"), "Clear/Active")
    hands.type(form.get_by_label("Register date:"), f"{ends + timedelta(days=730)}")
    hands.click(form.get_by_role("button", name="Check again"))
    expect(desk.locator(".messagelist .success")).to_contain_text("takes the old one's place")
    drafted = hands.end()
    found = faults(desk)
    new = CredentialCheck.objects.get(supersedes=old)
    for address in ("/admin/clinics/credentialcheck/?due=yes", f"/admin/clinics/credentialcheck/{old.pk}/change/"):
        desk.goto(address)
        found += faults(desk)
    desk.goto("/admin/")
    expect(desk.get_by_role("link", name="0 credential checks due", exact=True)).to_be_visible()

    second = Hands(publisher := sign_in(person("pat", "publisher"), color_scheme=scheme))
    second.begin()
    opened(second, "1 credential checks in draft")
    opened(second, "Dr. Ana Example")
    second.click(publisher.get_by_role("button", name="Publish"))
    expect(publisher.locator(".messagelist .success")).to_contain_text("Published")
    signed = second.end()
    assert list(CredentialCheck.objects.published()) == [new]
    visitor = new_context().new_page()
    visitor.goto(f"/clinics/{clinic.public_id}/")
    expect(visitor.locator(".check")).to_have_count(1)
    assert found == []
    assert (drafted[0], signed[0]) <= (8, 3)
    record_testsuite_property(f"licence checked again, {scheme}", told(drafted))
    record_testsuite_property(f"new check published, {scheme}", told(signed))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_register_is_asked_and_its_answer_confirmed_by_a_person(
    clinic, stranger, settings, sign_in, person, tmp_path, record_testsuite_property, scheme
):
    settings.FETCH_TEST_SERVERS = f"{NPPES}=127.0.0.1:{stranger.port}"
    settings.REGISTRY_CONNECTORS = ["nppes"]
    settings.EVIDENCE_FOLDER = tmp_path
    body = said.nppes(said.a_person("JOHN", "ELSE"))
    stranger.says(NPPES, f"/api/?version=2.1&number={said.NPI}", body, headers={"Content-Type": "application/json"})
    published(clinic, "npi", 200, register="NPPES NPI Registry", register_word="Active", identifier=said.NPI)

    hands = Hands(desk := sign_in(person("rowan", "recorder"), color_scheme=scheme))
    hands.begin()
    opened(hands, "1 credential checks due")
    opened(hands, "Dr. Ana Example")
    hands.click(desk.get_by_role("button", name="Look it up"))
    expect(desk.locator(".messagelist .success")).to_contain_text("for you to confirm or decline")
    asked = hands.end()
    assert stranger.requests == []
    jobs.work_one(timezone.now, uuid4())
    desk.goto("/admin/")
    hands.begin()
    opened(hands, "1 answers of registers to confirm")
    opened(hands, "Dr. Ana Example")
    expect(desk.get_by_text("Seems to say: mismatch.")).to_be_visible()
    expect(desk.get_by_role("row", name="name Dr. Ana Example")).to_contain_text("JOHN ELSE")
    assert CredentialCheck.objects.count() == 1
    hands.click(desk.get_by_text("Confirm into a draft check …"))
    form = desk.locator("details[open]")
    expect(form.get_by_label("Outcome:")).to_have_value("mismatch")
    hands.click(form.get_by_role("button", name="Confirm into a draft check"))
    expect(desk.locator(".messagelist .success")).to_contain_text("Nothing is public")
    confirmed = hands.end()
    draft = CredentialCheck.objects.get(state="draft")
    assert (draft.outcome, draft.checked_by.username, bool(draft.answer)) == ("mismatch", "rowan", True)
    assert (asked[0], confirmed[0]) == (3, 4)
    assert faults(desk) == []
    desk.goto(f"/admin/clinics/registerlookup/{draft.drafted_from.get().pk}/change/")
    assert faults(desk) == []
    record_testsuite_property(f"register asked, {scheme}", told(asked))
    record_testsuite_property(f"answer confirmed, {scheme}", told(confirmed))
