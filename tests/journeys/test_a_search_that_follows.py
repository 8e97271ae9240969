"""With scripts a tick is answered at once, and nothing of the page that the visitor has opened or focused is lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from clinics.models import Clinic
from tests.build import a_listed_clinic, a_published_claim, a_published_credential

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RESULTS = "#results"
# A shell without devices does not know all the powers that we forbid; answers that a test has spoilt are told too.
EXPECTED = ("Unrecognized feature", "Failed to load resource", "Failed to fetch")


@pytest.fixture
def shown(prepared: object) -> Clinic:
    clinic = a_listed_clinic("Knee House")
    a_published_claim(clinic)
    other = a_listed_clinic("Shoulder House")
    a_published_credential(other)
    return clinic


@pytest.fixture
def visitor(shown: Clinic, new_context) -> Iterator[Page]:
    """A page that may not say anything on its console: a refused script or style would."""
    said: list[str] = []
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/")
    yield page
    assert [line for line in said if not any(known in line for known in EXPECTED)] == []


def tick(page: Page, facet: str, option: str) -> None:
    page.locator("summary", has_text=facet).click()
    box = page.get_by_label(option)
    box.focus()
    page.keyboard.press("Space")


def test_a_tick_is_answered_without_losing_the_place(visitor: Page) -> None:
    expect(visitor.locator(RESULTS)).to_have_text("2 clinics")
    other = visitor.locator("details.facet", has=visitor.locator("[name=assessment]"))
    other.locator("summary").click()  # opened by the visitor, nothing chosen in it
    opened = visitor.locator("details[open] > summary").all_inner_texts()
    tick(visitor, "What its statements are about", "Promised outcome")
    expect(visitor.locator(RESULTS)).to_have_text("1 clinic")
    assert visitor.url.endswith("/?claim_category=outcome_promise")
    assert visitor.evaluate("document.activeElement.value") == "outcome_promise"
    assert set(opened) < set(visitor.locator("details[open] > summary").all_inner_texts())
    expect(visitor.locator("#told")).to_have_text("1 clinic")
    expect(visitor.get_by_role("link", name="Remove What its statements are about: Promised outcome")).to_be_visible()

    visitor.keyboard.press("Space")
    expect(visitor.locator(RESULTS)).to_have_text("2 clinics")
    assert visitor.url.endswith("/")


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_ticked_for_a_comparison_stays_ticked_through_filters(shown: Clinic, new_context, scripts) -> None:
    page = new_context(java_script_enabled=scripts, viewport={"width": 1280, "height": 900}).new_page()

    def apply() -> None:
        if not scripts:
            page.get_by_role("button", name="Apply filters").click()

    page.goto("/")
    for name in ("Shoulder House", "Knee House"):
        page.get_by_role("checkbox", name=f"Compare {name}").check()
    tick(page, "What its statements are about", "Promised outcome")
    apply()
    expect(page.locator(RESULTS)).to_have_text("1 clinic")
    expect(page.get_by_role("checkbox", name="Compare Knee House")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Shoulder House")).to_be_checked()
    page.get_by_label("Promised outcome").uncheck()
    apply()
    expect(page.locator(RESULTS)).to_have_text("2 clinics")
    for name in ("Shoulder House", "Knee House"):
        expect(page.get_by_role("checkbox", name=f"Compare {name}")).to_be_checked()
    page.get_by_role("button", name="Compare the ticked clinics").click()
    page.wait_for_url("**/compare/?clinic=*&clinic=*")
    assert page.locator("thead th").count() == 2


IN_SIGHT = """part => {
  const seen = part.getBoundingClientRect();
  return seen.top >= 0 && seen.bottom <= innerHeight && document.elementFromPoint(
    (seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2) === part;
}"""


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(("start", "one", "two"), [("/", "1 clinic", "2 clinics"), ("/es/", "1 clínica", "2 clínicas")])
def test_on_a_narrow_screen_a_tick_among_the_filters_is_answered_in_sight(
    shown: Clinic, new_context, scripts: bool, start: str, one: str, two: str
) -> None:
    page = new_context(java_script_enabled=scripts, viewport={"width": 320, "height": 700}).new_page()
    page.goto(start)
    summary = page.locator(".filters > summary")
    expect(summary).to_contain_text(two)
    box = page.locator("[name=claim_category][value=outcome_promise]")
    expect(box).to_be_hidden()  # folded
    summary.click()
    page.locator("details.facet", has=box).locator("summary").click()
    box.scroll_into_view_if_needed()
    place = box.bounding_box()  # before the answer takes the form's place
    box.check()
    count, button = page.locator(".apply a"), page.locator(".apply button")
    if scripts:
        expect(count).to_have_text(one)
        expect(box).to_be_checked()
        assert box.bounding_box() == pytest.approx(place, abs=1)
    for part in (count, button):
        assert part.evaluate(IN_SIGHT)
    for place in page.locator("[name=claim_category], [name=assessment]").all():  # nothing focused is behind the line
        if place.is_visible():
            place.focus()
            assert place.evaluate(IN_SIGHT)
    button.click()
    expect(page.locator(RESULTS)).to_have_text(one)
    expect(page.locator(RESULTS)).to_be_in_viewport()
    expect(summary).to_contain_text(one)
    expect(summary).to_contain_text("1 chosen" if start == "/" else "1 elegido")


def test_the_back_button_leads_to_the_search_before(visitor: Page) -> None:
    tick(visitor, "What its statements are about", "Promised outcome")
    expect(visitor.locator(RESULTS)).to_have_text("1 clinic")
    visitor.get_by_role("link", name="Knee House").click()
    visitor.go_back()
    expect(visitor.locator(RESULTS)).to_have_text("1 clinic")
    expect(visitor.get_by_label("Promised outcome")).to_be_checked()
    visitor.go_back()
    expect(visitor.locator(RESULTS)).to_have_text("2 clinics")
    assert "claim_category" not in visitor.url


def test_what_is_typed_waits_for_its_button_and_stays(visitor: Page) -> None:
    visitor.get_by_label("Name, condition, phone or web address").fill("Shoulder")
    visitor.get_by_label("City").focus()
    expect(visitor.locator(RESULTS)).to_have_text("2 clinics")
    visitor.get_by_role("button", name="Search").click()
    expect(visitor.locator(RESULTS)).to_have_text("1 clinic")
    expect(visitor.get_by_label("Name, condition, phone or web address")).to_have_value("Shoulder")
    assert visitor.evaluate("document.activeElement.id") == "results"
    expect(visitor).to_have_title(re.compile("Search"))


def test_sorting_and_a_wrong_value_are_answered_in_place(visitor: Page) -> None:
    visitor.get_by_label("Sort by").select_option("distance")
    visitor.wait_for_url("**sort=distance**")
    expect(visitor.get_by_label("Sort by")).to_have_accessible_description(re.compile("Give a ZIP code or a city"))
    expect(visitor.locator(RESULTS)).to_have_text("2 clinics")
    expect(visitor.locator("#told")).to_have_text(re.compile("^2 clinics. Left out: Sort by. Give a ZIP code"))
    visitor.get_by_label("ZIP code").fill("nowhere")
    visitor.get_by_label("Within").select_option("25")
    visitor.get_by_role("button", name="Search").click()
    expect(visitor.get_by_label("ZIP code")).to_have_accessible_description(re.compile("“nowhere”"))
    expect(visitor.get_by_label("ZIP code")).to_have_value("nowhere")
    expect(visitor.locator(RESULTS)).to_have_text("2 clinics")
    expect(visitor.get_by_label("Sort by")).to_have_value("distance")


@pytest.mark.parametrize("status", [404, 500, 0])
def test_what_is_no_page_of_results_is_shown_as_the_browser_shows_it(visitor: Page, status: int) -> None:
    """A server out of order, or a line that broke: the form is not emptied by it."""

    def refuse(route) -> None:
        if not route.request.headers.get("hx-request"):
            route.continue_()
        elif status:
            route.fulfill(status=status, body="out of order")
        else:
            route.abort()

    visitor.route("**/?*", refuse)
    tick(visitor, "What its statements are about", "Promised outcome")
    expect(visitor.locator(RESULTS)).to_have_text("1 clinic")  # from the ordinary page, which the browser asked for
    expect(visitor.get_by_label("Promised outcome")).to_be_checked()


def test_nothing_is_kept_in_the_browser(visitor: Page) -> None:
    tick(visitor, "What its statements are about", "Promised outcome")
    expect(visitor.locator(RESULTS)).to_have_text("1 clinic")
    assert visitor.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
