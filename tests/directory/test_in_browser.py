"""The public pages in a real browser: nothing for axe to complain of, nothing wider than the window, keyboard first."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.plugin import browser
from tests.published import rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def addresses() -> list[str]:
    """One address of every kind of page."""
    rows.the_vocabulary()
    clinic = rows.a_clinic(other_names="PCR Cell Therapy", languages=["en", "es"])
    rows.a_location(clinic)
    rows.a_treatment(clinic, condition="knee_arthritis", cell_source="prp")
    claim = rows.a_claim(clinic, "We end your suffering.", assessed_as=["no_entry"])
    rows.a_check(clinic, practitioner=rows.a_practitioner(clinic, "Dr. Ines Vale"))
    removed = rows.a_clinic("Removed Clinic", "delisted")
    home = f"/clinics/{clinic.public_id}/"
    searches = ["/", "/?state=FL&q=knee", "/?state=ZZ", "/?state=TX&q=knee"]
    plain = [
        "/about/",
        "/about/our-reader/",
        "/about/data/",
        "/insight/",
        "/nothing-here/",
        f"/clinics/{removed.public_id}/",
    ]
    return [*searches, home, f"{home}statements/{claim.public_id}/", *plain, "/es/", f"/es{home}"]


@pytest.fixture
def chromium(addresses: list[str]) -> Iterator[Browser]:
    """A browser, begun after the rows: its loop and the database don't share a thread."""
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        found = playwright.chromium.launch(executable_path=browser(), args=options)
        yield found
        found.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_is_accessible_and_fits(
    chromium: Browser, live_server: LiveServer, addresses: list[str], scheme: str, width: int
) -> None:
    context = chromium.new_context(
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        bypass_csp=True,  # type: ignore[arg-type]
    )  # axe is put into the page, which the page's own policy refuses
    page = context.new_page()
    for address in addresses:
        page.goto(live_server.url + address)
        faults = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in faults] == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_visitor_searches_by_keyboard_without_scripts(chromium: Browser, live_server: LiveServer) -> None:
    page = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700}).new_page()
    page.goto(f"{live_server.url}/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.locator("#q").focus()
    page.keyboard.type("knee")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=knee**")
    assert page.locator("#results").inner_text() == "1 clinic"
    page.get_by_role("link", name="Palm Court Regenerative").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/clinics/**")
    assert page.locator("blockquote").first.inner_text() == "“We end your suffering.”"


def test_the_policy_of_the_pages_refuses_nothing_of_theirs(
    chromium: Browser, live_server: LiveServer, addresses: list[str]
) -> None:
    page = chromium.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for address in addresses:
        page.goto(live_server.url + address)
    assert [text for text in said if "Content Security Policy" in text or "Content-Security-Policy" in text] == []
