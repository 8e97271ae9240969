"""A visitor reports an error on a narrow screen without scripts; two people answer; everybody reads the log."""

import re

import pytest
from playwright.sync_api import expect

from clinics.models import Correction
from tests.axe import faults
from tests.build import a_correction, a_listed_clinic, a_published_claim, a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 700}


def decide(desk, case):
    desk.goto("/admin/")
    desk.get_by_role("link", name="1 visitors’ reports to look at").click()
    desk.get_by_role("link", name=case.case_number).click()
    desk.get_by_text("Decide …").click()
    form = desk.locator("details[open]")
    form.get_by_label("Outcome:").select_option("changed")
    form.get_by_label("Reason:").fill("The register says so.")
    form.get_by_label("Note:").fill("The date was wrong; it is mended.")
    form.get_by_role("button", name="Decide").click()
    expect(desk.locator(".messagelist .success")).to_contain_text("another person has to agree")


def test_an_error_is_reported_without_scripts_and_answered_by_two(prepared, new_context, sign_in, person):
    clinic = a_listed_clinic("Knee House")
    claim = a_published_claim(clinic)
    visitor = new_context(java_script_enabled=False, viewport=NARROW).new_page()
    visitor.goto(f"/clinics/{clinic.public_id}/statements/{claim.public_id}/")
    visitor.get_by_role("link", name="Report an error on this page").click()
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_role("alert")).to_contain_text("This field is required.")
    visitor.get_by_label("What is wrong").fill("The date is wrong.")
    visitor.wait_for_timeout(3100)
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Case C-")
    address, case = visitor.url, Correction.objects.get()
    assert case.about == f"/clinics/{clinic.public_id}/statements/{claim.public_id}/"

    decide(sign_in(person("rowan", "reviewer")), case)
    visitor.goto(address)
    expect(visitor.locator("main")).not_to_contain_text("it is mended")
    second = sign_in(person("sasha", "reviewer"))
    second.goto(f"/admin/clinics/correction/{case.pk}/change/")
    second.get_by_role("button", name="Agree as another person").click()
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("The date was wrong; it is mended.")
    visitor.get_by_role("link", name="Corrections").click()
    expect(visitor.locator("main")).to_contain_text("The date was wrong; it is mended.")
    visitor.goto(address)
    visitor.get_by_role("button", name="Ask other people to look at it").click()
    expect(visitor.locator("main")).to_contain_text("You asked for other people on")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("start", ["", "/es"])
def test_no_page_for_reports_has_a_fault_or_is_wider_than_a_narrow_screen(prepared, new_context, scheme, start):
    facts = {"decided_by": a_user("a"), "decided_at": "2026-11-02T09:00Z", "outcome": "stands", "reason": "Seen."}
    closed = {"state": "closed", "confirmed_by": a_user("b"), "closed_at": "2026-11-03T09:00Z"}
    case = a_correction(**facts, **closed, public_note="It stands.", about="/clinics/x/")
    page, found = new_context(color_scheme=scheme, viewport=NARROW).new_page(), []
    pages = ("report/", "report/error/", "report/clinic/", "report/advertisement/", "report/harm/", "corrections/")
    for path in (*pages, f"report/case/{case.token}/"):
        page.goto(f"{start}/{path}")
        found += faults(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert re.match("Español|English", page.locator("header nav a").last.inner_text())
    page.goto(f"{start}/report/error/")
    page.locator("button").click()
    found += faults(page)
    assert found == []
