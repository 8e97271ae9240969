"""What is pasted fills the form and saves nothing; a pasted list of addresses is judged line by line."""

from typing import Any

import pytest
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from clinics.models import Clinic, Location, Page, PageUse
from tests.admin.conftest import SignedIn
from tests.build import a_clinic

pytestmark = pytest.mark.django_db
ADD = reverse("admin:clinics_clinic_add")
ROWS = ("page_uses", "locations", "treatments", "affiliations", "organisation_links")
LETTERHEAD = """Harborview Regenerative Clinic
12 North Main Street, Suite 4
Miami, FL 33130
Phone: 305.555.0101
www.harborview.example/prices"""


def typed(**more: Any) -> dict[str, Any]:
    management = {f"{row}-{name}": "0" for row in ROWS for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return {"name": "Knee House", "website_url": "", "serves_us_patients": "on", **management, **more}


def values(html: str) -> dict[str, str]:
    fields = LexborHTMLParser(html).css("#clinic_form input, #clinic_form textarea")
    return {
        node.attributes.get("name") or "": (
            node.text() if node.tag == "textarea" else node.attributes.get("value") or ""
        )
        for node in fields
    }


def change(clinic: Clinic) -> str:
    return reverse("admin:clinics_clinic_change", args=[clinic.pk])


def test_a_letterhead_fills_the_form_and_nothing_is_saved(signed_in: SignedIn):
    shown = values(signed_in("recorder").post(ADD, {"propose": "yes", "pasted": LETTERHEAD}).content.decode())
    assert shown["name"] == "Harborview Regenerative Clinic"
    assert shown["website_url"] == "https://www.harborview.example/"
    assert shown["page_urls"].strip() == "https://www.harborview.example/prices"
    place = {name: shown[f"locations-0-{name}"] for name in ("street", "city", "state", "zip", "phone")}
    assert place == {
        "street": "12 North Main Street, Suite 4",
        "city": "Miami",
        "state": "FL",
        "zip": "33130",
        "phone": "(305) 555-0101",
    }
    assert not Clinic.objects.exists()
    assert not Page.objects.exists()


def test_a_name_is_only_suggested_by_a_site(signed_in: SignedIn):
    answer = signed_in("recorder").post(ADD, {"propose": "yes", "pasted": "https://harborview-regen.example/"})
    shown = answer.content.decode()
    assert "suggests the name “Harborview Regen”" in shown
    assert values(shown)["name"] == ""


def test_a_zip_that_cannot_be_is_left_for_the_form_to_refuse(signed_in: SignedIn):
    pasted = {"propose": "yes", "pasted": "12 Main St, Miami, NY 33130"}
    shown = values(signed_in("recorder").post(ADD, pasted).content.decode())
    assert (shown["locations-0-zip"], shown["locations-0-state"]) == ("33130", "NY")


def test_what_looks_like_a_recorded_clinic_is_said_at_once(signed_in: SignedIn):
    known = a_clinic("Harborview Regenerative")
    shown = signed_in("recorder").post(ADD, {"propose": "yes", "pasted": LETTERHEAD}).content.decode()
    assert f'name="not_duplicate" value="{known.pk}"' in shown


@pytest.mark.parametrize("pasted", ["", "   ", "?!", "<script>alert(1)</script>"])
def test_where_nothing_is_found_nothing_is_made_up(signed_in: SignedIn, pasted: str):
    shown = signed_in("recorder").post(ADD, {"propose": "yes", "pasted": pasted}).content.decode()
    assert values(shown)["website_url"] == ""
    assert "<script>alert" not in shown


def test_an_auditor_may_not_paste(signed_in: SignedIn):
    assert signed_in("auditor").post(ADD, {"propose": "yes", "pasted": LETTERHEAD}).status_code == 403


def test_a_list_of_addresses_is_recorded_and_known_ones_are_said(signed_in: SignedIn):
    clinic = a_clinic("Knee House")
    pasted = (
        "https://knee-house.example/a knee-house.example/b\n\nhttp://www.knee-house.example/\nknee-house.example/a#top"
    )
    answer = signed_in("recorder").post(change(clinic), typed(page_urls=pasted), follow=True).content.decode()
    assert "Pages recorded: 2" in answer
    assert "Recorded already: http://www.knee-house.example/" in answer
    assert clinic.page_uses.count() == 3
    assert {use.page.created_by.username for use in clinic.page_uses.all() if use.page.created_by} == {"recorder"}


def test_each_fault_of_a_list_is_told_with_its_line_and_nothing_is_recorded(signed_in: SignedIn):
    clinic = a_clinic("Knee House")
    pasted = "https://knee-house.example/a\nftp://knee-house.example/b\nhttps://10.0.0.7/ knees"
    shown = signed_in("recorder").post(change(clinic), typed(page_urls=pasted)).content.decode()
    told = " ".join(node.text() for node in LexborHTMLParser(shown).css("ul.errorlist li"))
    for line in ("Line 2, “ftp://knee-house.example/b”:", "Line 3, “https://10.0.0.7/”:", "Line 3, “knees”:"):
        assert line in told
    assert "Line 1" not in told
    assert values(shown)["page_urls"].strip() == pasted
    assert clinic.page_uses.count() == 1


def test_a_list_that_is_too_long_is_refused_whole(signed_in: SignedIn):
    clinic = a_clinic()
    pasted = "\n".join(f"https://knee-house.example/{n}" for n in range(501))
    shown = signed_in("recorder").post(change(clinic), typed(page_urls=pasted)).content.decode()
    assert "These are 501 addresses. Paste at most 500 at a time." in shown
    assert PageUse.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("zip", "3313", "is no US ZIP"),
        ("state", "XX", "is no US state"),
        ("phone", "call us", "is no telephone number"),
        ("phone", "305-55", "too few or too many digits"),
        ("country", "USA", "at most 2 characters"),
    ],
)
def test_a_location_is_refused_at_its_own_field(signed_in: SignedIn, field: str, value: str, told: str):
    place = {"locations-TOTAL_FORMS": "1", "locations-0-zip": "33130", "locations-0-country": "US"}
    shown = signed_in("recorder").post(ADD, typed(**{**place, f"locations-0-{field}": value})).content.decode()
    row = LexborHTMLParser(shown).css_first(f".errors .field-{field}, .errors.field-{field}")
    assert row is not None
    assert told in row.parent.text() + row.text()
    assert not Clinic.objects.exists()


def test_a_zip_that_nobody_knows_is_kept_and_told(signed_in: SignedIn):
    place = {"locations-TOTAL_FORMS": "1", "locations-0-city": "Miami", "locations-0-country": "US"}
    for zip_code, is_told in (("00000", True), ("33130", False)):
        shown = signed_in("recorder").post(
            ADD, typed(name=f"House {zip_code}", **{**place, "locations-0-zip": zip_code}), follow=True
        )
        assert ("we know no such ZIP code" in shown.content.decode()) is is_told
        assert Location.objects.filter(zip=zip_code).exists()


def test_a_zip_fills_the_rest_and_the_telephone_is_kept_as_typed(signed_in: SignedIn):
    place = {"locations-TOTAL_FORMS": "1", "locations-0-zip": "33130", "locations-0-country": "US"}
    signed_in("recorder").post(ADD, typed(**place, **{"locations-0-phone": "305.555.0101 "}))
    found = Location.objects.get()
    assert (found.city, found.state, found.phone, found.phone_typed) == (
        "Miami",
        "FL",
        "(305) 555-0101",
        "305.555.0101",
    )
    assert round(found.latitude or 0) == 26
