"""The main journey: a recorded URL, a change of the page, a flag, a decision, two signatures, the directory."""

import pytest
from playwright.sync_api import Page, expect

from clinics.models import Claim, Clinic, Flag
from tests.journeys.steps import decide, read_again, record_clinic, type_clinic
from tests.operations.reading import a_rule

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOST = "kneehouse.test"
CALM = "<p>Our team has worked in this town for many years. We see people with sore knees and stiff hips.</p>" * 3
PROMISE = "Our injections bring lifelong knee sunshine."
SECOND_PROMISE = "Every visitor leaves with evening elbow moonlight."
WAIVER = "The practice has closed its mailbox."


def waive_comment(desk: Page, claim: Claim) -> None:
    desk.goto(f"/admin/clinics/claim/{claim.pk}/change/")
    desk.locator("summary", has_text="Go on without inviting comment").click()
    form = desk.locator("form", has=desk.get_by_role("button", name="Go on without inviting comment"))
    form.get_by_label("Reason").fill(WAIVER)
    form.get_by_role("button").click()
    expect(desk.locator(".messagelist")).to_contain_text("reason for not inviting comment is recorded")


def press(desk: Page, claim: Claim, button: str, told: str) -> None:
    desk.goto(f"/admin/clinics/claim/{claim.pk}/change/")
    desk.get_by_role("button", name=button, exact=True).click()
    expect(desk.locator("#container")).to_contain_text(told)


def what_the_public_finds(visitor: Page, words: str) -> str:
    visitor.goto("/")
    visitor.get_by_label("Name, condition, phone or web address").fill(words)
    visitor.get_by_role("button", name="Search", exact=True).click()
    return visitor.locator("main").inner_text()


@pytest.fixture
def rules(prepared):
    a_rule("journey_critical", r"lifelong knee sunshine", severity=5)
    a_rule("journey_medium", r"evening elbow moonlight", severity=3)


def test_from_a_recorded_page_to_a_published_statement(rules, stranger, person, sign_in, new_context):
    stranger.says(HOST, "/", f"<h1>Knee House</h1>{CALM}")
    reviewer, publisher = person("rowan", "publisher"), person("sasha", "publisher")
    desk, second_desk, visitor = sign_in(reviewer), sign_in(publisher), new_context().new_page()

    clinic = record_clinic(desk, f"https://{HOST}/")
    read_again()
    assert not Flag.objects.exists()

    stranger.says(HOST, "/", f"<h1>Knee House</h1>{CALM}<p>{PROMISE}</p><p>{SECOND_PROMISE}</p>")
    read_again()
    decide(desk, PROMISE, "Confirm: the clinic makes this statement")
    claim = Claim.objects.get()
    desk.goto(f"/admin/clinics/clinic/{clinic.pk}/change/")
    desk.get_by_role("button", name="List in the public directory").click()
    assert "Knee House" in what_the_public_finds(visitor, "Knee House")

    press(desk, claim, "Sign for publication", "Invite the clinic to comment first")
    waive_comment(desk, claim)
    press(desk, claim, "Sign for publication", "waits for another person")
    press(desk, claim, "Sign as the second person", "signature of another person")
    visitor.goto(f"/clinics/{clinic.public_id}/")
    expect(visitor.locator("main")).not_to_contain_text("sunshine")

    press(second_desk, claim, "Sign as the second person", "public")
    visitor.goto(f"/clinics/{clinic.public_id}/")
    expect(visitor.locator("blockquote")).to_have_text(f"“{PROMISE}”")
    assert "1 published statement" in what_the_public_finds(visitor, "Knee House")
    the_unconfirmed_flag_is_nowhere_public(visitor, clinic, claim)


def the_unconfirmed_flag_is_nowhere_public(visitor: Page, clinic: Clinic, claim: Claim) -> None:
    assert Flag.objects.get(sentence=SECOND_PROMISE).state == Flag.State.OPEN
    addresses = (
        "/",
        "/?q=moonlight",
        f"/clinics/{clinic.public_id}/",
        f"/clinics/{clinic.public_id}/statements/{claim.public_id}/",
        "/api/v1/clinics/",
        "/api/v1/clinics/?q=moonlight",
        f"/api/v1/clinics/{clinic.public_id}/",
        "/api/v1/facets/",
        "/about/",
        "/about/data/",
    )
    for address in addresses:
        answer = visitor.request.get(address)
        assert answer.ok, address
        assert "evening elbow moonlight" not in answer.text(), address


def test_a_refused_address_is_told_at_the_field(rules, stranger, person, sign_in):
    desk = sign_in(person("rowan", "recorder"))
    type_clinic(desk, "http://127.0.0.1/admin/")
    expect(desk.locator(".field-website_url .errorlist")).to_be_visible()
    assert not Clinic.objects.exists()
