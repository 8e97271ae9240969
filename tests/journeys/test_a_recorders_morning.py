"""A recorder's morning: ten clinics and one seminar flyer, with every click and key counted."""

import pytest
from playwright.sync_api import expect

from clinics.models import Claim, Clinic, Flag, Snapshot, ToldApart
from tests.axe import faults
from tests.journeys.hands import Hands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = (
    "Harborview Regenerative Clinic",
    "Sunset Spine Institute",
    "Desert Bloom Wellness",
    "Plainspoken Knees",
    "Lakeshore Cells",
    "Summit Orthobiologics",
    "Peachtree Renewal",
    "Golden West Joints",
    "Lone Star Renewal",
    "Harborview Regenerative Center",  # looks like the first, and is another one
)
FLYER = "Free seminar, Tuesday 7 pm. We guarantee lasting relief for every knee. Bring your family."
MOST_CLICKS, MOST_KEYS = 3, 6  # of a clinic that looks like no other


def letterhead(number: int) -> str:
    site = f"http://{NAMES[number].lower().replace(' ', '-')}.test"
    place = f"{number + 1}2 Main Street\nMiami, FL 33130\nPhone: 305-555-01{number:02}"
    return f"{NAMES[number]}\n{place}\n{site}\n{site}/prices"


def record(hands: Hands, number: int) -> None:
    """Paste a letterhead, look, save, go on with the next."""
    desk = hands.desk
    hands.paste(desk.get_by_label("Paste what you have"), letterhead(number))
    hands.click(desk.get_by_role("button", name="Fill the fields"))
    expect(desk.get_by_role("textbox", name="Name:", exact=True)).to_have_value(NAMES[number])
    expect(desk.get_by_label("City").first).to_have_value("Miami")


@pytest.mark.timeout(300)
def test_ten_clinics_and_a_flyer(prepared, sign_in, person, settings, tmp_path, record_testsuite_property):
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    settings.FETCH_TEST_SERVERS = "*.test=127.0.0.1:9"
    desk = sign_in(person("rowan", "recorder"))
    hands = Hands(desk)
    desk.goto("/admin/clinics/clinic/add/")
    found = faults(desk)
    for number, name in enumerate(NAMES[:-1]):
        hands.begin()
        record(hands, number)
        hands.click(desk.get_by_role("button", name="Save and add another"))
        expect(desk.locator(".messagelist .success")).to_contain_text(name)
        clicks, keys, _ = hands.end()
        assert clicks <= MOST_CLICKS
        assert keys <= MOST_KEYS
    hands.begin()
    record(hands, len(NAMES) - 1)
    found += faults(desk)
    asked = desk.get_by_label("Not a duplicate: “Harborview Regenerative Clinic” is another clinic")
    expect(asked).to_be_visible()
    hands.click(desk.get_by_role("button", name="Save and continue editing"))
    expect(desk.locator(".errorlist").first).to_contain_text("may be a clinic that is recorded already")
    assert Clinic.objects.count() == len(NAMES) - 1
    found += faults(desk)
    hands.click(desk.get_by_label("Not a duplicate: “Harborview Regenerative Clinic” is another clinic"))
    hands.click(desk.get_by_role("button", name="Save and continue editing"))
    expect(desk.locator(".messagelist .success")).to_contain_text(NAMES[-1])
    alike = hands.end()
    assert Clinic.objects.count() == len(NAMES)
    assert ToldApart.objects.get().by.username == "rowan"
    assert {clinic.page_uses.count() for clinic in Clinic.objects.all()} == {2}
    assert {place.phone[:5] for clinic in Clinic.objects.all() for place in clinic.locations.all()} == {"(305)"}

    hands.begin()
    hands.click(desk.get_by_role("link", name="Capture by hand").first)
    hands.type(desk.get_by_label("What it is"), "Seminar flyer")
    hands.click(desk.get_by_role("link", name="Today"))
    hands.paste(desk.get_by_label("Its words"), FLYER)
    found += faults(desk)
    hands.click(desk.get_by_role("button", name="Keep and read"))
    expect(desk.locator(".messagelist .success")).to_contain_text("Captured")
    flyer = hands.end()
    capture = Snapshot.objects.get(origin="hand")
    assert (capture.captured_by.username, capture.described_as) == ("rowan", "Seminar flyer")
    assert Flag.objects.filter(clinic=capture.clinic, sentence__contains="guarantee").exists()

    hands.begin()
    desk.goto(f"/admin/clinics/claim/add/?clinic={capture.clinic_id}")
    hands.clicks += 1  # “Add claim” on the clinic's page
    hands.paste(desk.get_by_label("Quote:"), "We guarantee lasting relief for every knee.")
    hands.click(desk.get_by_role("button", name="Propose from the quote"))
    expect(desk.get_by_role("status")).to_contain_text("These words stand in")
    found += faults(desk)
    hands.click(desk.get_by_role("button", name="Save", exact=True))
    expect(desk.locator(".messagelist .success")).to_be_visible()
    quoted = hands.end()
    assert Claim.objects.get().snapshot == capture

    desk.goto("/admin/clinics/clinic/mine/")
    expect(desk.locator("#content-main tbody tr")).to_have_count(len(NAMES))
    found += faults(desk)
    assert found == [], "\n".join(sorted(set(found)))
    plain = hands.laps[: len(NAMES) - 1]
    record_testsuite_property("clicks and keys of a clinic", f"{max(lap[:2] for lap in plain)}")
    record_testsuite_property("of the one alike, the flyer, a claim", f"{alike[:2]}, {flyer[:2]}, {quoted[:2]}")
    record_testsuite_property("in all", f"{hands.clicks}, {hands.keys}, {sum(lap[2] for lap in hands.laps):.0f} s")
