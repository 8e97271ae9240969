"""A recorder hands in a file with faults, mends it, sees what it would change, and has it recorded."""

import csv
from uuid import uuid4

import pytest
from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import expect

from clinics.models import Clinic
from clinics.operations import jobs
from tests.axe import faults
from tests.journeys.hands import Hands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEADER = ["name", "website", "city", "zip", "phone"]
ROWS = [
    ["Knee House", "https://knee-house.test/", "", "33130", "305-555-0134"],
    ["Hip House", "hip-house.test", "", "78701", "512-555-0101"],
    ["=Back House", "https://back-house.test/", "", "1", "512-555-0102"],
]


def work():
    while jobs.work_one(timezone.now, uuid4()):
        continue


def hand_in(hands, file):
    desk = hands.desk
    desk.goto("/admin/clinics/clinic/")
    hands.begin()
    hands.click(desk.get_by_role("link", name="Import a file"))
    desk.get_by_label("File:").set_input_files(file)
    hands.clicks += 2  # the field, and the file in the browser's own window
    hands.click(desk.get_by_role("button", name="Save", exact=True))
    desk.get_by_text("Nobody has begun yet.").wait_for()
    work()
    hands.click(desk.get_by_role("link", name="Look again"))
    desk.wait_for_load_state()
    hands.end()


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark", "viewport": {"width": 320, "height": 800}}])
def test_an_import_with_faults_is_mended_and_recorded(
    prepared, sign_in, person, tmp_path, record_testsuite_property, options
):
    first = tmp_path / "clinics.csv"
    with first.open("w", newline="") as file:
        csv.writer(file).writerows([[*HEADER[:3], "zipp", *HEADER[4:]], *ROWS])
    hands = Hands(desk := sign_in(person("rowan", "recorder"), **options))
    hand_in(hands, first)
    expect(desk.locator("#rows table")).to_contain_text("Did you mean “zip”?")
    found = faults(desk)

    with first.open("w", newline="") as file:
        csv.writer(file).writerows([HEADER, *ROWS])
    hand_in(hands, first)
    expect(desk.locator("#rows").get_by_text("2 rows with faults")).to_be_visible()
    expect(desk.get_by_role("button", name="Record these changes")).to_have_count(0)
    found += faults(desk)
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Download it with its faults").click()
    back = tmp_path / "back.csv"
    download.value.save_as(back)
    with back.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[-1][:8] for row in rows] == ["errors", "", "website:", "zip: “1”"]

    rows[2][1], rows[3][3] = "https://hip-house.test/", "78702"
    mended = tmp_path / "mended.xlsx"
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(mended)
    hand_in(hands, mended)
    expect(desk.locator("#rows").get_by_text("3 new clinics")).to_be_visible()
    expect(desk.locator("#rows table")).to_contain_text("https://hip-house.test/")
    found += faults(desk)
    assert not Clinic.objects.exists()
    hands.begin()
    desk.get_by_role("button", name="Record these changes").focus()
    hands.press("Enter")
    expect(desk.locator(".messagelist")).to_contain_text("as a whole, or not at all")
    work()
    hands.click(desk.get_by_role("link", name="Look again"))
    expect(desk.get_by_text("What it changed")).to_be_visible()
    hands.end()
    found += faults(desk)
    assert set(Clinic.objects.values_list("name", flat=True)) == {"Knee House", "Hip House", "=Back House"}
    assert found == []
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    width = options.get("viewport", {}).get("width", 1280)
    for name, (clicks, keys, seconds) in zip(("first file", "faults", "mended", "recorded"), hands.laps, strict=True):
        assert clicks + keys <= 5
        record_testsuite_property(f"import, {name}, {width} px", f"{clicks} clicks, {keys} keys, {seconds:.1f} s")
