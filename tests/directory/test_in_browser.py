"""The public pages in a real browser: accessible, no wider than the window, keyboard first, and readable on paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from clinics.directory.urls import urlpatterns
from clinics.domain.category import PUBLIC_SLUGS
from clinics.models import CredentialCheck, OfficialAction
from clinics.published.insight import LEAST_CLINICS
from tests.axe import faults_in_both_schemes
from tests.directory.page_kinds import OTHER_FORMATS, page_kinds
from tests.plugin import browser
from tests.published import rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def kinds() -> dict[str, list[str]]:
    """The faces of every kind of page, over rows that fill them."""
    return page_kinds()


@pytest.fixture
def addresses(kinds: dict[str, list[str]]) -> list[str]:
    """Every face of a page in English, and the fullest ones in Spanish."""
    spanish = [f"/es{kinds[kind][-1]}" for kind in ("search", "statement", "compare", "insight")]
    return [*(address for faces in kinds.values() for address in faces), f"/es{kinds['clinic'][0]}", *spanish]


@pytest.fixture
def chromium(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A browser, begun after the rows: its loop and the database don't share a thread."""
    for made in ("kinds", "many_numbers"):
        if made in request.fixturenames:
            request.getfixturevalue(made)
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        found = playwright.chromium.launch(executable_path=browser(), args=options)
        yield found
        found.close()


def test_every_kind_of_page_is_looked_at(kinds: dict[str, list[str]]) -> None:
    assert set(kinds) - {""} == {pattern.name for pattern in urlpatterns} - OTHER_FORMATS


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_is_accessible(
    chromium: Browser, live_server: LiveServer, kinds: dict[str, list[str]], width: int
) -> None:
    # axe is put into the page, which the page's own policy refuses
    context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    for address in (*kinds["search"], *kinds["clinic"], kinds["compare"][1], *(faces[0] for faces in kinds.values())):
        page.goto(live_server.url + address)
        assert faults_in_both_schemes(page) == []


@pytest.mark.parametrize("media", ["screen", "print"])
def test_no_page_is_wider_than_its_window(
    chromium: Browser, live_server: LiveServer, addresses: list[str], media: str
) -> None:
    page = chromium.new_page()
    page.emulate_media(media=media)  # type: ignore[arg-type]
    for width in (320, 1280) if media == "screen" else (700,):
        page.set_viewport_size({"width": width, "height": 900})
        for address in addresses:
            page.goto(live_server.url + address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)


def test_clinics_side_by_side_move_within_their_own_region(
    chromium: Browser, live_server: LiveServer, kinds: dict[str, list[str]]
) -> None:
    page = chromium.new_page(viewport={"width": 320, "height": 700})
    page.goto(live_server.url + kinds["compare"][1])
    region = page.get_by_role("region", name="Clinics side by side")
    assert region.evaluate("part => part.scrollWidth > part.clientWidth")
    label = region.get_by_role("rowheader", name="Laboratory")
    before = label.bounding_box()
    region.focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(50)
    assert region.evaluate("part => part.scrollLeft") > 100
    after = label.bounding_box()
    assert before is not None and after is not None
    assert after["x"] == pytest.approx(before["x"], abs=1), "the rows' names stay where they are"
    assert page.evaluate("scrollX") == 0
    assert region.locator("thead a").last.evaluate("link => link.closest('th').offsetWidth") < 320


MOVES = """part => part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1"""
CUT = """part => [...part.querySelectorAll('th, td')].filter(cell => {
  const group = cell.closest('thead, tbody').getBoundingClientRect(), seen = cell.getBoundingClientRect();
  return group.width > 2 && (seen.right > innerWidth || cell.scrollWidth > cell.clientWidth + 1);
}).map(cell => cell.textContent)"""


@pytest.fixture
def many_numbers() -> None:
    """Clinics of two states, with statements of every category."""
    rows.the_vocabulary()
    for number in range(2 * LEAST_CLINICS):
        clinic = rows.a_clinic(f"Clinic {number}")
        rows.a_location(clinic, state="MA" if number % 2 else "FL")
    for category in PUBLIC_SLUGS:
        rows.a_claim(clinic, "We end your suffering.", category)
    for outcome in CredentialCheck.Outcome.values:
        rows.a_check(clinic, outcome=outcome)
    for kind in OfficialAction.Kind.values:
        rows.an_action(clinic, kind)


@pytest.mark.parametrize("width", [320, 480, 1280])
@pytest.mark.parametrize("start", ["", "/es"])
def test_the_tables_of_numbers_are_whole_and_every_word_of_a_chart_stands_within_the_page(
    many_numbers: None, chromium: Browser, live_server: LiveServer, start: str, width: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 700})
    page.goto(f"{live_server.url}{start}/insight/")
    tables = page.locator(".figures .table")
    assert [table.evaluate(MOVES) for table in tables.all()] == [False] * tables.count()
    assert [table.evaluate(CUT) for table in tables.all()] == [[]] * tables.count()
    sizes = page.locator(".chart .words").evaluate_all(
        "all => all.map(one => [one.getBoundingClientRect(), one.ownerSVGElement.getBoundingClientRect(), one])"
        ".map(([seen, drawing, one]) => [seen.right <= innerWidth && seen.left >= 0,"
        " parseFloat(getComputedStyle(one).fontSize) * drawing.width / 320, one.textContent])"
    )
    assert [text for is_within, _, text in sizes if not is_within] == []
    assert min(size for _, size, _ in sizes) >= 11.5


def test_a_table_of_products_is_stacked_into_labelled_rows_on_a_narrow_screen(
    kinds: dict[str, list[str]], chromium: Browser, live_server: LiveServer
) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 700})
    page.goto(f"{live_server.url}/understand/approved-products/")
    cells = [page.get_by_role(role).count() for role in ("table", "row", "columnheader", "rowheader", "cell")]  # type: ignore[arg-type]
    assert min(cells) > 0
    wide = page.evaluate("document.documentElement.scrollHeight")
    for start, label in (("", "For what"), ("/es", "Para qué")):
        page.set_viewport_size({"width": 320, "height": 700})
        page.goto(f"{live_server.url}{start}/understand/approved-products/")
        for table in page.locator(".scroller").all():
            assert table.evaluate(MOVES) is False
            assert table.evaluate(CUT) == []
        told = page.locator("td").first.evaluate("cell => getComputedStyle(cell, '::before').content")
        assert label in told
        assert [
            page.get_by_role(role).count()  # type: ignore[arg-type]
            for role in ("table", "row", "columnheader", "rowheader", "cell")
        ] == cells
        assert page.evaluate("document.documentElement.scrollHeight") < 4 * wide


DARK_ON_WHITE = """() => [...document.querySelectorAll('main *, footer *')].filter(part => {
  const style = getComputedStyle(part), [r, g, b, a = 1] = style.color.match(/[\\d.]+/g).map(Number);
  const [br, bg, bb, ba = 1] = style.backgroundColor.match(/[\\d.]+/g).map(Number);
  const said = [...part.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  return said && part.checkVisibility() && (r + g + b > 300 || (ba > 0 && br + bg + bb < 700));
}).map(part => part.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_white_and_asks_for_no_click(
    chromium: Browser, live_server: LiveServer, addresses: list[str], scheme: str
) -> None:
    page = chromium.new_page(viewport={"width": 700, "height": 900})
    page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]
    for address in addresses:
        page.goto(live_server.url + address)
        assert page.evaluate(DARK_ON_WHITE) == [], address
        assert page.locator("button:visible").count() == 0, address
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)", address


@pytest.mark.parametrize("address", ["/", "/admin/login/"])
def test_browsers_leave_our_pages_no_power(chromium: Browser, live_server: LiveServer, address: str) -> None:
    page = chromium.new_page()
    page.goto(live_server.url + address)
    left = set(page.evaluate("document.featurePolicy.allowedFeatures()"))
    assert {power for power in left if not power.startswith("ch-")} <= {"aria-notify", "unload"}


def test_a_visitor_searches_by_keyboard_without_scripts(
    kinds: dict[str, list[str]], chromium: Browser, live_server: LiveServer
) -> None:
    page = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700}).new_page()
    page.goto(f"{live_server.url}/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.locator("#q").focus()
    page.keyboard.type("knee")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=knee**")
    assert page.locator("#results").inner_text() == "4 clinics"
    page.get_by_role("link", name="Palm Court Regenerative").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/clinics/**")
    assert "“We end your suffering.”" in page.locator("blockquote").all_inner_texts()


def test_the_policy_of_the_pages_refuses_nothing_of_theirs(
    chromium: Browser, live_server: LiveServer, addresses: list[str]
) -> None:
    page = chromium.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for address in addresses:
        page.goto(live_server.url + address)
    assert [text for text in said if "Content Security Policy" in text or "Content-Security-Policy" in text] == []
