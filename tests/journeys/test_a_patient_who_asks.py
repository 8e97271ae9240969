"""A visitor understands a word, takes questions along, compares two clinics: by keyboard, scriptless, at 320 px.

Every page of these is held against axe in both languages and both colour schemes, and printed.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from clinics.domain.questions import patient_questions
from clinics.domain.understanding import pages
from clinics.models import Clinic
from clinics.operations.approved_products import load_shipped_products
from clinics.operations.regimes import load_shipped_regimes
from tests.axe import faults_in_both_schemes
from tests.build import a_published_action, a_published_answer
from tests.plugin import browser
from tests.published import rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 700}
MOST_TABS = 60


@pytest.fixture
def clinics(settings: Settings, tmp_path: Path) -> list[Clinic]:
    """Two clinics with something in every row, one of them with a recorded answer."""
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    rows.the_vocabulary()
    load_shipped_products()
    load_shipped_regimes()
    found = [rows.a_clinic(name) for name in ("Palm Court", "Cedar Court")]
    for clinic in found:
        rows.a_location(clinic)
        rows.a_treatment(clinic, condition="knee_arthritis", cell_source="adipose_svf", posture="state_law")
        rows.a_claim(clinic, "We end your suffering.")
        rows.a_check(clinic, "state_licence", practitioner=rows.a_practitioner(clinic, "Dr. Ines Vale"))
    a_published_action(found[0])
    a_published_answer(found[0])
    return found


@pytest.fixture
def addresses(clinics: list[Clinic]) -> list[str]:
    """Every page of ours, in English."""
    one, other = (clinic.public_id for clinic in clinics)
    compared = [
        "/compare/",
        f"/compare/?clinic={one}&clinic={other}",
        f"/compare/?clinic={one}&clinic=unknown&find=cedar",
        "/compare/?" + "&".join(f"clinic={rows.a_clinic(f'Clinic {n}').public_id}" for n in range(5)),
    ]
    explained = ["/understand/", *(f"/understand/{slug}/" for slug in pages())]
    return [*explained, "/questions/", f"/clinics/{one}/questions/", f"/clinics/{other}/questions/", *compared]


@pytest.fixture
def chromium(clinics: list[Clinic], addresses: list[str]) -> Iterator[Browser]:
    """A browser, begun after the rows: its loop and the database don't share a thread."""
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        found = playwright.chromium.launch(executable_path=browser(), args=options)
        yield found
        found.close()


@pytest.fixture
def visitor(chromium: Browser, live_server: LiveServer) -> Page:
    """A visitor with a narrow screen and no scripts."""
    return chromium.new_context(java_script_enabled=False, viewport=NARROW, base_url=live_server.url).new_page()  # type: ignore[arg-type]


def tab_to(page: Page, text: str) -> None:
    """Press Tab until what has the focus says so."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        if focus.count() and text in (focus.text_content() or focus.get_attribute("value") or ""):
            return
    raise AssertionError(f"The tab key does not reach “{text}”.")


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_every_page_is_accessible_and_fits_a_narrow_window(
    chromium: Browser, live_server: LiveServer, addresses: list[str], prefix: str
) -> None:
    context = chromium.new_context(viewport=NARROW, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()  # axe is put into the page, which the page's own policy refuses
    for address in addresses:
        page.goto(f"{live_server.url}{prefix}{address}")
        assert faults_in_both_schemes(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], address


def test_a_word_on_a_clinics_page_is_explained_by_keyboard_alone(visitor: Page, clinics: list[Clinic]) -> None:
    visitor.goto(f"/clinics/{clinics[0].public_id}/")
    tab_to(visitor, "What this means: How to read evidence")
    visitor.keyboard.press("Enter")
    visitor.wait_for_url("**/understand/reading-evidence/")
    assert "Last reviewed Nov. 26, 2026." in visitor.locator(".reviewed").inner_text()
    tab_to(visitor, "[1]")
    visitor.keyboard.press("Enter")
    visitor.wait_for_url("**#source-1")
    tab_to(visitor, "State rules")
    visitor.keyboard.press("Enter")
    visitor.wait_for_url("**/understand/state-rules/")


def test_the_questions_of_a_clinic_are_reached_and_filled(visitor: Page, clinics: list[Clinic]) -> None:
    visitor.goto(f"/clinics/{clinics[0].public_id}/")
    tab_to(visitor, "Questions to ask, with its answers")
    visitor.keyboard.press("Enter")
    visitor.wait_for_url("**/questions/")
    part = visitor.locator("#laboratory")
    assert "“Each batch is made at Bay Cell Works, Tampa.”" in part.inner_text()
    assert "On the clinic's page, read Nov. 2, 2026." in part.inner_text()
    assert "We have not looked for an answer on its pages yet." in visitor.locator("#trial").inner_text()


def test_two_clinics_are_ticked_and_compared_by_keyboard_alone(visitor: Page, clinics: list[Clinic]) -> None:
    visitor.goto("/?q=court")
    for clinic in clinics:
        box = visitor.get_by_role("checkbox", name=f"Compare {clinic.name}")
        box.focus()
        visitor.keyboard.press("Space")
        assert box.is_checked()
    button = visitor.get_by_role("button", name="Compare the ticked clinics")
    button.focus()
    visitor.keyboard.press("Enter")
    visitor.wait_for_url("**/compare/?clinic=*&clinic=*")
    assert "q=" not in visitor.url
    heads = visitor.locator("thead th").all_inner_texts()
    assert sorted(head.split("\n")[0] for head in heads) == ["Cedar Court", "Palm Court"]
    region = visitor.get_by_role("region", name="Clinics side by side")
    region.focus()
    before = region.bounding_box()
    for _ in range(4):
        visitor.keyboard.press("ArrowRight")
    assert before is not None
    assert before["width"] <= NARROW["width"]
    tab_to(visitor, "Remove Palm Court")
    visitor.keyboard.press("Enter")
    visitor.wait_for_url(f"**/compare/?clinic={clinics[1].public_id}")


def test_a_clinic_is_found_and_added_without_scripts(visitor: Page, clinics: list[Clinic]) -> None:
    visitor.goto(f"/compare/?clinic={clinics[0].public_id}")
    visitor.get_by_label("Name of a clinic").fill("cedar")
    visitor.keyboard.press("Enter")
    visitor.wait_for_url("**find=cedar#add")
    tab_to(visitor, "Add Cedar Court")
    visitor.keyboard.press("Enter")
    visitor.wait_for_url(f"**/compare/?clinic={clinics[0].public_id}&clinic={clinics[1].public_id}")
    assert visitor.locator("thead th").count() == 2


def printed(page: Page, landscape: bool = False) -> list[str]:
    """The text of each sheet of paper."""
    data = page.pdf(
        format="Letter", landscape=landscape, margin=dict.fromkeys(("top", "bottom", "left", "right"), "15mm")
    )
    return [sheet.extract_text() for sheet in PdfReader(BytesIO(data)).pages]


def test_the_questions_are_printed_with_sources_and_without_the_sites_furniture(
    chromium: Browser, live_server: LiveServer, clinics: list[Clinic]
) -> None:
    page = chromium.new_page(base_url=live_server.url)
    page.goto(f"/clinics/{clinics[0].public_id}/questions/")
    sheets = printed(page)
    said = " ".join(" ".join(sheets).split())
    assert len(sheets) <= 7
    assert said.count("Answer:") == len(patient_questions())
    unbroken = said.replace(" ", "")  # a long address may go on in the next line
    assert f"/clinics/{clinics[0].public_id}/questions/" in unbroken  # where the sheet is
    assert clinics[0].website is not None
    assert clinics[0].website.url in unbroken  # where the answer stands
    assert re.search(rf"\(http://\S+/clinics/{clinics[0].public_id}/statements/\w+/\)", unbroken)  # where one stands
    assert "Español" not in said
    assert "All clinics" not in said
    assert "Read more" not in said


@pytest.mark.parametrize("path", ["/questions/", "/es/questions/"])
def test_every_sheet_holds_a_question_and_the_first_one_what_the_site_says_of_itself(
    chromium: Browser, live_server: LiveServer, clinics: list[Clinic], path: str
) -> None:
    page = chromium.new_page(base_url=live_server.url)
    for address in (path, path.replace("/questions/", f"/clinics/{clinics[0].public_id}/questions/")):
        page.goto(address)
        for lines in range(4):  # wherever the last sheet begins
            page.locator("h1").evaluate("(node, more) => { node.style.marginBottom = `${more * 4}rem` }", lines)
            first, *_, last = printed(page)
            assert last.count("Answer:") + last.count("Respuesta:") > 0
            assert " ".join(page.locator("footer p").first.inner_text().split()[:6]) in " ".join(first.split())
            assert address in first.replace("\n", "")


def test_a_question_leaves_three_lines_for_its_answer_on_paper(
    chromium: Browser, live_server: LiveServer, clinics: list[Clinic]
) -> None:
    page = chromium.new_page(base_url=live_server.url)
    page.goto("/questions/")
    lines = page.locator("#product .write p")
    assert [lines.nth(n).is_visible() for n in range(3)] == [True, False, False]
    page.emulate_media(media="print")
    assert [lines.nth(n).is_visible() for n in range(3)] == [True, True, True]


def test_a_comparison_is_printed_whole(chromium: Browser, live_server: LiveServer, clinics: list[Clinic]) -> None:
    page = chromium.new_page(base_url=live_server.url)
    page.goto(f"/compare/?clinic={clinics[0].public_id}&clinic={clinics[1].public_id}")
    said = " ".join(" ".join(printed(page, landscape=True)).split())
    for part in ("Palm Court", "Cedar Court", "Not looked up by us", "says nothing about a clinic"):
        assert part in said
    assert "Remove" not in said
    assert "Add a clinic" not in said
