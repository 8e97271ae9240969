"""A clinic's page: all that belongs to it is typed on one page, and nothing is half written."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clinics.models import Clinic, Flag, Location, Page, PageState, PageUse, Snapshot
from tests.admin.conftest import SignedIn
from tests.build import NOW, a_clinic, a_flag, a_published_claim, a_published_credential, a_rule

ADD = reverse("admin:clinics_clinic_add")
ROWS = ("page_uses", "locations", "treatments", "affiliations", "organisation_links")


def _change(clinic: Clinic) -> str:
    return reverse("admin:clinics_clinic_change", args=[clinic.pk])


def _typed(**more: Any) -> dict[str, Any]:
    """What the form sends, with empty rows."""
    management = {f"{row}-{name}": "0" for row in ROWS for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return {"name": "Knee House", "website_url": "", "serves_us_patients": "on", **management, **more}


def _pages(*urls: str) -> dict[str, str]:
    rows = {"page_uses-TOTAL_FORMS": str(len(urls))}
    for number, url in enumerate(urls):
        rows |= {f"page_uses-{number}-url": url, f"page_uses-{number}-purpose": "clinic_page"}
    return rows


def test_a_clinic_is_recorded_with_website_pages_and_place_on_one_page(signed_in: SignedIn) -> None:
    place = {"locations-TOTAL_FORMS": "1", "locations-0-zip": "33101", "locations-0-country": "US"}
    sent = _typed(website_url="https://knees.example/", **_pages("https://knees.example/prices"), **place)
    assert signed_in("recorder").post(ADD, sent).status_code == 302
    clinic = Clinic.objects.get()
    assert (clinic.name, clinic.status, clinic.website.url) == ("Knee House", "draft", "https://knees.example/")
    assert {use.page.url for use in clinic.page_uses.all()} == {
        "https://knees.example/",
        "https://knees.example/prices",
    }
    assert (clinic.locations.get().city, clinic.locations.get().state) == ("Miami", "FL")


def test_an_address_is_typed_as_in_a_browsers_bar(signed_in: SignedIn) -> None:
    sent = _typed(website_url="knees.example", **_pages("www.knees.example/prices"))
    assert signed_in("recorder").post(ADD, sent).status_code == 302
    found = {use.page.url for use in Clinic.objects.get().page_uses.all()}
    assert found == {"https://knees.example/", "https://www.knees.example/prices"}


@pytest.mark.parametrize(
    "url",
    [
        "ftp://knees.example/",
        "https://user:secret@knees.example/",
        "http://127.0.0.1/",
        "http://10.0.0.7/",
        "http://169.254.169.254/latest",
        "http://localhost/",
        "knees",
        "javascript:alert(1)",
    ],
)
@pytest.mark.parametrize("field", ["website_url", "page"])
def test_an_address_that_is_never_read_is_refused_at_its_field_and_nothing_is_written(
    signed_in: SignedIn, url: str, field: str
) -> None:
    sent = _typed(website_url=url) if field == "website_url" else _typed(**_pages("https://knees.example/", url))
    answer = signed_in("recorder").post(ADD, sent)
    assert answer.status_code == 200
    assert b"errorlist" in answer.content
    assert url.replace("&", "&amp;") in answer.content.decode()
    assert not Clinic.objects.exists()
    assert not Page.objects.exists()


def test_a_refusal_of_an_operation_is_shown_and_nothing_is_half_written(signed_in: SignedIn) -> None:
    place = {"locations-TOTAL_FORMS": "1", "locations-0-zip": "3310", "locations-0-country": "US"}
    answer = signed_in("recorder").post(ADD, _typed(website_url="https://knees.example/", **place))
    assert answer.status_code == 200
    assert b"is no US ZIP" in answer.content
    assert b"errornote" in answer.content
    assert (Clinic.objects.count(), Page.objects.count(), Location.objects.count()) == (0, 0, 0)


def test_the_same_address_typed_twice_is_one_page(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    sent = _typed(name=clinic.name, **_pages("https://knees.example/a", "http://www.knees.example/a/#top"))
    assert signed_in("recorder").post(_change(clinic), sent).status_code == 302
    assert Page.objects.filter(host__name__endswith="knees.example").count() == 1


def test_a_clinics_page_shows_what_is_known_of_it(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    a_flag(clinic, "We guarantee a thing to decide.")
    a_published_claim(clinic, "We guarantee what is public.")
    a_published_credential(clinic)
    text = signed_in("recorder").get(_change(clinic)).content.decode()
    for shown in ("a thing to decide", "what is public", "Dr. Ana Example", clinic.website.url, "Add claim"):
        assert shown in text


@pytest.mark.parametrize(
    ("step", "answers", "status"),
    [("list", {}, "listed"), ("hold", {"reason": "A complaint."}, "draft"), ("explode", {}, "draft")],
)
def test_a_draft_may_be_listed_and_nothing_else(
    signed_in: SignedIn, step: str, answers: dict[str, str], status: str
) -> None:
    clinic = a_clinic()
    signed_in("recorder").post(reverse("admin:clinics_clinic_step", args=[clinic.pk, step]), answers)
    clinic.refresh_from_db()
    assert clinic.status == status


def test_a_refused_step_says_why_and_keeps_the_reason(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    address = reverse("admin:clinics_clinic_step", args=[clinic.pk, "hold"])
    text = signed_in("recorder").post(address, {"reason": "A complaint came in."}).content.decode()
    assert "errornote" in text
    assert "A complaint came in." in text


def test_a_hold_needs_a_reason(signed_in: SignedIn) -> None:
    clinic = a_clinic(status="listed", status_since=NOW.date())
    client = signed_in("recorder")
    address = reverse("admin:clinics_clinic_step", args=[clinic.pk, "hold"])
    assert b"This field is required" in client.post(address).content
    client.post(address, {"reason": "A complaint came in."})
    clinic.refresh_from_db()
    assert (clinic.status, clinic.status_reason) == ("held", "A complaint came in.")


def test_reading_again_makes_its_pages_due(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    PageState.objects.update(due_at=NOW.replace(year=2090))
    signed_in("recorder").post(reverse("admin:clinics_clinic_step", args=[clinic.pk, "read"]))
    assert PageState.objects.get().due_at.year < 2090


def test_pasted_words_are_kept_and_read_by_the_rules(signed_in: SignedIn) -> None:
    a_rule()
    clinic = a_clinic()
    sent = {"described_as": "Seminar slide", "seen_on": "2026-11-02", "text": "We guarantee lasting relief."}
    answer = signed_in("recorder").post(reverse("admin:clinics_clinic_capture", args=[clinic.pk]), sent)
    assert answer.status_code == 302
    assert Snapshot.objects.get().origin == "hand"
    assert Flag.objects.get().sentence == "We guarantee lasting relief."


def test_a_file_is_kept_and_read_by_the_rules(signed_in: SignedIn) -> None:
    a_rule()
    clinic = a_clinic()
    file = SimpleUploadedFile("flyer.html", b"<html><body><p>We guarantee lasting relief.</p></body></html>")
    sent = {"described_as": "Flyer", "seen_on": "2026-11-02", "file": file}
    signed_in("recorder").post(reverse("admin:clinics_clinic_capture", args=[clinic.pk]), sent)
    assert Flag.objects.get().sentence == "We guarantee lasting relief."


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"text": ""}, "Paste the words, or choose a file."),
        ({"text": "Words.", "seen_on": "2090-01-01"}, "This day has not come yet."),
        ({"text": "Words.", "described_as": ""}, "This field is required."),
        ({"file": SimpleUploadedFile("large.txt", b"x" * 5_000_001)}, "more than 5 MB"),
    ],
)
def test_a_capture_that_says_too_little_or_too_much_is_refused(
    signed_in: SignedIn, sent: dict[str, Any], told: str
) -> None:
    clinic = a_clinic()
    facts = {"described_as": "Flyer", "seen_on": "2026-11-02", **sent}
    answer = signed_in("recorder").post(reverse("admin:clinics_clinic_capture", args=[clinic.pk]), facts)
    assert told in answer.content.decode()
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("recorder", 200), ("auditor", 403)])
def test_captures_are_for_those_who_record(signed_in: SignedIn, role: str, status: int) -> None:
    clinic = a_clinic()
    assert signed_in(role).get(reverse("admin:clinics_clinic_capture", args=[clinic.pk])).status_code == status


def test_a_note_with_script_is_shown_as_text(signed_in: SignedIn) -> None:
    clinic = a_clinic("<script>alert(1)</script>", website=None, notes="</textarea><script>alert(2)</script>")
    client = signed_in("recorder")
    for address in (_change(clinic), reverse("admin:clinics_clinic_changelist")):
        assert "<script>alert" not in client.get(address).content.decode()


def test_a_recorded_use_keeps_its_note(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    rows = {
        **_pages("https://registry.example/entry"),
        "page_uses-0-purpose": "registry",
        "page_uses-0-note": "Entry 7",
    }
    signed_in("recorder").post(_change(clinic), _typed(name=clinic.name, **rows))
    assert PageUse.objects.get(purpose="registry").note == "Entry 7"
