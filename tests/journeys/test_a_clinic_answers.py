"""A clinic answers on a narrow screen without scripts, proves itself by mail, and two people hear it."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from clinics.models import Correction
from clinics.operations import jobs
from tests.axe import faults
from tests.build import a_listed_clinic, a_published_claim, an_answer_case, later
from tests.mail_server import Postbox, serving

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 700}


def work():
    while jobs.work_one(timezone.now, uuid4()):
        pass


def step(desk: Page, name: str, **answers: str) -> None:
    """Take a step on the page that is open, with what it asks for."""
    desk.get_by_text(f"{name} …").click()
    form = desk.locator("details[open]")
    for label, given in answers.items():
        field = form.get_by_label(label.replace("_", " "), exact=False)
        field.select_option(given) if field.evaluate("e => e.tagName") == "SELECT" else field.fill(given)
    form.get_by_role("button", name=name).click()
    expect(desk.locator(".messagelist .success")).to_be_visible()


def test_a_clinic_answers_by_mail_and_two_people_hear_it(prepared, new_context, sign_in, person, settings):
    clinic = a_listed_clinic("Knee House")
    wrong, meant = a_published_claim(clinic), a_published_claim(clinic, "Our cells are young.")
    visitor = new_context(java_script_enabled=False, viewport=NARROW).new_page()
    box = Postbox()
    with serving(box) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
        visitor.goto(f"/clinics/{clinic.public_id}/statements/{wrong.public_id}/")
        visitor.get_by_role("link", name="Answer as the clinic").click()
        visitor.get_by_role("button", name="Send").click()
        expect(visitor.get_by_role("alert")).to_contain_text("This was not sent")
        for claim, kind, words in (
            (wrong, "The record is wrong", "That was never on our page."),
            (meant, "The record is right", "Cells of donors below thirty."),
        ):
            part = visitor.locator("details", has=visitor.locator(f"[name='{claim.public_id}-text']"))
            part.get_by_label("We answer this statement").check()
            part.get_by_label(kind).check()
            part.get_by_label("Your words").fill(words)
        visitor.get_by_label("Your name and your office").fill("Ana Example, owner")
        visitor.get_by_label("Mail: we send a code").check()
        visitor.get_by_label("before the @").fill("office")
        visitor.wait_for_timeout(3100)
        visitor.get_by_role("button", name="Send").click()
        expect(visitor.get_by_role("heading", level=1)).to_contain_text("Case C-")
        address, case = visitor.url, Correction.objects.get()
        work()
        visitor.reload()
        expect(visitor.locator("main")).to_contain_text("We mailed a code to office@")
        code = re.findall(r"The code: (\w{8})", box.mails[0].get_content())[0]
        visitor.get_by_label("The code from the mail").fill(code)
        visitor.get_by_role("button", name="This is the code").click()
        expect(visitor.locator("main")).to_contain_text("Proved on")

    first = sign_in(person("rowan", "publisher"))
    first.goto("/admin/")
    first.get_by_role("link", name="1 visitors’ reports to look at").click()
    first.get_by_role("link", name=case.case_number).click()
    for words, outcome, reason in (
        (wrong.quote, "withdrawn", "The page is another house's."),
        (meant.quote, "shown", "The clinic's own words."),
    ):
        first.goto(f"/admin/clinics/correction/{case.pk}/change/")
        first.get_by_role("link", name=words).click()
        first.get_by_role("button", name="Read the page again now").click()
        expect(first.locator(".messagelist .success")).to_contain_text("due now")
        step(first, "Decide on this point", Outcome=outcome, Reason_for_everybody=reason)
    first.goto(f"/admin/clinics/correction/{case.pk}/change/")
    step(first, "All points are decided", Reason="Looked at both pages.")
    visitor.goto(address)
    expect(visitor.locator("main")).not_to_contain_text("another house's")

    second = sign_in(person("sasha", "publisher"))
    second.goto(f"/admin/clinics/correction/{case.pk}/change/")
    second.get_by_role("button", name="Agree as another person, and do it").click()
    expect(second.locator(".messagelist .success")).to_contain_text("Done and closed")
    visitor.goto("/corrections/")
    for said in ("A clinic answered", "statement withdrawn", "The page is another house's.", "The clinic's own words."):
        expect(visitor.locator("main")).to_contain_text(said)
    visitor.goto(f"/clinics/{clinic.public_id}/")
    expect(visitor.locator("main")).to_contain_text("Cells of donors below thirty.")
    expect(visitor.locator("main")).not_to_contain_text(wrong.quote)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("start", ["", "/es"])
def test_no_page_of_an_answer_has_a_fault_or_is_wider_than_a_narrow_screen(
    prepared, new_context, scheme, start, settings
):
    settings.EMAIL_HOST = "127.0.0.1"
    clinic = a_listed_clinic("The Knee and Shoulder House of Greater Tallahassee")
    claim = a_published_claim(clinic)
    cases = {way: an_answer_case(claim, state="unproved") for way in ("mail", "token", "call")}
    for way, case in cases.items():
        case.answer.way, case.answer.address = way, "a-rather-long-name-of-an-office@kneehouse.example"
        case.answer.site = clinic.website.host.name
        case.answer.expires_at = later(days=9999)
        case.answer.save()
    page, found = new_context(color_scheme=scheme, viewport=NARROW).new_page(), []

    def look():
        found.extend(faults(page))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url

    page.goto(f"{start}/clinics/{clinic.public_id}/answer/")
    look()
    page.locator("main form button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look()
    for case in cases.values():
        page.goto(f"{start}/report/case/{case.token}/")
        look()
    page.goto(f"{start}/report/case/{cases['token'].token}/")
    page.locator("form[action*='/token/'] button").click()
    expect(page.locator("pre").first).to_be_visible()
    look()
    assert found == []
