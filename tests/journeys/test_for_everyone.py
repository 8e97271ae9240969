"""Pages for people who see, hear, type and point in different ways; they are held against axe elsewhere."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from clinics.models import Claim, Clinic
from tests.build import a_listed_clinic, a_published_claim, a_published_credential

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the directory holds in these journeys."""

    clinic: Clinic
    claim: Claim

    @property
    def public_addresses(self) -> list[str]:
        clinic = f"/clinics/{self.clinic.public_id}/"
        statement = f"{clinic}statements/{self.claim.public_id}/"
        return [
            "/",
            "/?q=nothing+like+it",
            "/es/",
            clinic,
            statement,
            "/about/",
            "/about/our-reader/",
            "/about/data/",
            "/insight/",
        ]


@pytest.fixture
def shown(prepared) -> Shown:
    clinic = a_listed_clinic("Knee House")
    claim = a_published_claim(clinic)
    a_published_credential(clinic)
    a_listed_clinic("Shoulder House")
    return Shown(clinic, claim)


def test_a_search_needs_no_more_than_a_keyboard(shown, new_context):
    page = new_context().new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Name, condition, phone or web address")).to_be_focused()
    page.keyboard.type("Knee")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=Knee"))
    press_tab_until(page, "Knee House")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Knee House")


def press_tab_until(page: Page, name: str) -> None:
    """Go on with the tab key until the link of this name has the focus; fails after as many as nobody would press."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"{name} was not reached by the tab key")


def test_search_and_filters_work_without_javascript(shown, new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/")
    page.locator("summary", has_text="What its statements are about").click()
    page.get_by_label("Promised outcome").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("heading", level=2, name="1 clinic")).to_be_visible()
    page.get_by_role("link", name="Knee House").click()
    expect(page.locator("blockquote")).to_contain_text(shown.claim.quote)


def test_no_page_asks_another_host_for_anything(shown, new_context, live_server):
    page = new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in [*shown.public_addresses, "/api/v1/schema/", "/admin/login/"]:
        page.goto(address)
    assert all(url.startswith((live_server.url, "data:")) for url in asked)
