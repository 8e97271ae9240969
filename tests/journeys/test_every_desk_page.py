"""Every page of the desk, by the table of its addresses: nothing for axe to find, nothing wider than the window."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from clinics.models import Cause, Flag
from tests.admin.address_table import NOTHING_THERE, OWN_ROWS
from tests.admin.test_access import a_row_of_each  # noqa: F401
from tests.admin.test_addresses import ADDRESSES, STEPS, address_of, rights, rows  # noqa: F401
from tests.axe import faults_in_both_schemes
from tests.build import PROMISE, a_clinic, a_flag, a_saved_filter
from tests.journeys.test_for_everyone import press_tab_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW, WIDE = {"width": 320, "height": 700}, {"width": 1280, "height": 900}
WIDEST = {"width": 1600, "height": 900}
NO_PAGES = {"autocomplete", "jsi18n", "view_on_site", "clinics_claim_pack", "clinics_screenshot_picture"}
FILES = ("_export", "_errors")
SIDEBAR = "#nav-sidebar"  # the same half of all elements on every page: looked at once
OUTSIDE = """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 321 &&
    getComputedStyle(e).position !== 'absolute').slice(0, 3).map(e => e.outerHTML.slice(0, 90))"""
SHOWN = """() => { const s = getComputedStyle(document.activeElement);
    return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none'; }"""


KINDS = ("changelist", "add", "change", "history", "step", "other")


def pages(kind: str, rows: dict[str, Any]) -> list[str]:  # noqa: F811
    """The addresses of the pages of a kind that an administrator may open."""
    if kind == "step":
        steps = [(model, step) for model, names in STEPS.items() if model not in OWN_ROWS for step in names]
        return [reverse(f"admin:clinics_{model}_step", args=[rows[model], step]) for model, step in steps]
    found = []
    for address in ADDRESSES:
        may = rights(address)
        is_page = address.name not in (*NO_PAGES, *NOTHING_THERE) and not address.name.endswith(FILES)
        is_open = may is not None and may.get is not None and "administrator" in may.get
        its_kind = address.name.rpartition("_")[2] if address.is_stock else "other"
        if is_page and is_open and its_kind == kind:
            found.append(address_of(address, rows))
    return [*found, *in_other_states(rows)] if kind == "other" else found


def in_other_states(rows: dict[str, Any]) -> list[str]:  # noqa: F811
    """A list with a kept filter and another one in use, one that found nothing, two clinics before they are merged."""
    flags, merge = (
        reverse("admin:clinics_flag_changelist"),
        reverse("admin:clinics_clinic_merge", args=[rows["clinic"]]),
    )
    other = Flag.objects.exclude(pk=rows["flag"]).get().clinic_id
    a_saved_filter("flag", "severity__exact=4", by=User.objects.get(username="rowan"))
    kept = f"{flags}?severity__exact=4"
    return [kept, f"{flags}?decision=all&severity__exact=4", f"{flags}?q=none", f"{merge}?other={other}&keep=this"]


@pytest.fixture
def desk(prepared, sign_in, person) -> Page:
    return sign_in(person("rowan", "administrator"))


def too_wide(page: Page) -> list[str]:
    page.set_viewport_size(NARROW)
    width = page.evaluate("document.documentElement.scrollWidth")
    found = [f"{page.url} is {width} wide: {page.evaluate(OUTSIDE)}"] if width > NARROW["width"] else []
    page.set_viewport_size(WIDE)
    return found


@pytest.mark.timeout(400)  # some thirty pages of each kind, two looks at each
@pytest.mark.parametrize("kind", KINDS)
def test_every_page_is_for_everybody(desk, rows, kind):  # noqa: F811
    found: list[str] = []
    for address in pages(kind, rows):
        answer = desk.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        found += faults_in_both_schemes(desk, but=(SIDEBAR,)) + too_wide(desk)
    assert found == [], "\n".join(found)


def test_a_form_with_faults_is_for_everybody_and_so_is_the_sidebar(desk):
    desk.goto(reverse("admin:clinics_clinic_add"))
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".errornote")).to_be_visible()
    expect(desk.locator(SIDEBAR)).to_be_visible()
    found = faults_in_both_schemes(desk) + too_wide(desk)
    assert found == [], "\n".join(found)


def test_filters_come_before_the_table_and_open_without_scripts(rows, person, sign_in):  # noqa: F811
    desk = sign_in(person("kim", "reviewer"), java_script_enabled=False, viewport=NARROW)
    desk.goto(reverse("admin:clinics_flag_changelist"))
    filters, table = desk.locator("#changelist-filter"), desk.locator("#result_list")
    assert filters.bounding_box()["y"] < table.bounding_box()["y"]
    link = filters.get_by_role("link", name="overdue")
    expect(link).to_be_hidden()
    filters.get_by_text("Filter", exact=True).click()
    expect(link).to_be_visible()
    link.click()
    expect(desk).to_have_url(re.compile("decision=overdue"))
    expect(desk.get_by_text("(in use)")).to_be_visible()
    desk.get_by_role("link", name="Clear all filters").click()
    expect(desk.get_by_text("(in use)")).to_be_hidden()


def test_no_list_or_table_of_figures_is_cut_at_the_width_of_a_laptop(rows, desk):  # noqa: F811
    found = []
    for address in (*pages("changelist", rows), reverse("desk_figures")):
        desk.goto(address)
        wide = desk.evaluate(
            "[...document.querySelectorAll('.results, .figures .table')].map(e => e.scrollWidth - e.clientWidth)"
        )
        found += [f"{address}: {by} pixels are cut" for by in wide if by > 0]
    assert found == [], "\n".join(found)


def test_filters_are_open_on_a_wide_page_and_stay_closed_once_closed(rows, desk):  # noqa: F811
    desk.set_viewport_size(WIDEST)
    link = desk.locator("#changelist-filter").get_by_role("link", name="overdue")
    desk.goto(reverse("admin:clinics_flag_changelist"))
    expect(link).to_be_visible()
    desk.locator("#changelist-filter-header").click()
    expect(link).to_be_hidden()
    desk.reload()
    expect(desk.locator("#result_list")).to_be_visible()
    expect(link).to_be_hidden()


def test_from_the_list_to_a_decision_by_keyboard_alone(prepared, sign_in, person):
    later = a_flag(a_clinic(), PROMISE, cause=Cause.PAGE_CHANGED, at=timezone.now())
    desk = sign_in(person("kim", "reviewer"))
    desk.goto(reverse("admin:clinics_flag_changelist"))
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="Skip to main content")).to_be_focused()
    assert desk.evaluate(SHOWN)
    desk.keyboard.press("Enter")
    press_tab_until(desk, "Skip the filters")
    desk.keyboard.press("Enter")
    press_tab_until(desk, PROMISE)
    assert desk.evaluate(SHOWN)
    desk.keyboard.press("Enter")
    desk.wait_for_url(re.compile(r"/flag/\d+/change/"))
    desk.keyboard.press("l")
    expect(desk.get_by_label("Later, on:")).to_be_focused()
    assert desk.evaluate(SHOWN)
    desk.keyboard.type((timezone.now() + timedelta(days=7)).date().isoformat())
    desk.keyboard.press("Enter")
    expect(desk.locator(".messagelist")).to_contain_text("Decided")
    later.refresh_from_db()
    assert later.state == "deferred"


def test_no_key_decides_what_was_not_said(prepared, sign_in, person):
    flag = a_flag(a_clinic(), PROMISE, cause=Cause.PAGE_CHANGED, at=timezone.now())
    desk = sign_in(person("kim", "reviewer"))
    desk.goto(reverse("admin:clinics_flag_change", args=[flag.pk]))
    desk.keyboard.press("c")
    desk.keyboard.press("d")  # another thought; as what, nobody has said
    expect(desk.get_by_label("Dismiss: the clinic denies or disclaims it")).to_be_focused()
    expect(desk.locator("input[name=decision]:checked")).to_have_count(0)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("This field is required.")).to_be_visible()
    flag.refresh_from_db()
    assert flag.state == "open"
    desk.keyboard.press("2")
    expect(desk.locator("input[name=decision]:checked")).to_have_value("dismiss:question")


def test_each_place_where_the_tab_key_stops_shows_it(rows, desk):  # noqa: F811
    for address in (
        reverse("admin:clinics_flag_changelist"),
        reverse("admin:clinics_flag_change", args=[rows["flag"]]),
    ):
        desk.goto(address)
        for _ in range(45):
            desk.keyboard.press("Tab")
            if desk.evaluate("document.activeElement !== document.body"):
                assert desk.evaluate(SHOWN), desk.evaluate("document.activeElement.outerHTML.slice(0, 200)")
