"""Pages for people who see, hear, type and point in different ways; public ones are also held against axe elsewhere."""

import re
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from clinics.models import Claim, Clinic
from tests.build import a_flag, a_listed_clinic, a_published_claim, a_published_credential, a_saved_filter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DISTANT_WORDS = "We guarantee that hips grow younger."
STOCK = {"exclude": [[".tabular th"]]}  # the stock admin leaves the heads of its button columns empty


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


def faults(page: Page) -> list[str]:
    """What axe finds wrong on the page, a line for each element."""
    violations = Axe().run(page, context=STOCK).response["violations"]
    return [
        f"{page.url}: {each['id']}: {node['html'][:120]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for each in violations
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_has_no_faults_that_axe_finds(shown, sign_in, person, scheme):
    flag = a_flag(a_listed_clinic("Hip House"), DISTANT_WORDS)
    rowan = person("rowan", "administrator")
    page = sign_in(rowan, color_scheme=scheme)
    found = []
    a_saved_filter("flag", "severity__exact=4", by=rowan)
    kept = "clinics/flag/?severity__exact=4"
    own = ("figures/", "clinics/savedfilter/", "clinics/savedfilter/add/", "clinics/digest/add/", "clinics/delivery/")
    of_rows = (f"clinics/flag/{flag.pk}/change/", f"clinics/clinic/{flag.clinic_id}/change/")
    for address in ("", "clinics/flag/", kept, *of_rows, *own):
        page.goto(f"/admin/{address}")
        found += faults(page)
    assert not found, "\n".join(found)


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
