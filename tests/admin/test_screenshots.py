"""Pictures at the desk: shown as an image and as nothing else, to staff alone."""

import pytest
from django.test import Client
from django.urls import reverse

from clinics.models import PageState, Screenshot
from clinics.operations.keeping import evidence_store
from tests.admin.conftest import SignedIn
from tests.build import NOW, a_clinic, a_flag

PNG = b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"


@pytest.fixture
def taken(db: None) -> Screenshot:
    flag = a_flag()
    image = evidence_store().put(PNG)
    facts = {"page": flag.clinic.website, "occasion": "first_sighting", "wanted_at": NOW}
    return Screenshot.objects.create(flag=flag, **facts, taken_at=NOW, image=image, carries_wording=True)


def address(row: Screenshot) -> str:
    return reverse("admin:clinics_screenshot_picture", args=[row.pk])


def test_a_picture_is_an_image_and_nothing_else(signed_in: SignedIn, taken: Screenshot) -> None:
    answer = signed_in("auditor").get(address(taken))
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert answer["X-Frame-Options"] == "DENY"


def test_only_staff_who_may_see_it_do(signed_in: SignedIn, taken: Screenshot) -> None:
    assert signed_in().get(address(taken)).status_code == 403
    assert Client().get(address(taken)).status_code == 302


def test_a_picture_that_was_not_taken_or_is_no_picture_is_not_found(signed_in: SignedIn, db: None) -> None:
    flag = a_flag()
    facts = {"flag": flag, "occasion": "first_sighting", "wanted_at": NOW}
    wanted = Screenshot.objects.create(page=flag.clinic.website, **facts)
    other = a_clinic("Hip House").website
    text = evidence_store().put(b"<script>alert(1)</script>")
    forged = Screenshot.objects.create(page=other, **facts, taken_at=NOW, image=text)
    client = signed_in("administrator")
    assert [client.get(address(row)).status_code for row in (wanted, forged)] == [404, 404]


def test_the_flag_and_its_picture_lead_to_each_other(signed_in: SignedIn, taken: Screenshot) -> None:
    client = signed_in("auditor")
    flag = client.get(reverse("admin:clinics_flag_change", args=[taken.flag_id])).content.decode()
    own = reverse("admin:clinics_screenshot_change", args=[taken.pk])
    assert f'href="{own}"' in flag
    assert f'<img class="screenshot" src="{address(taken)}"' in client.get(own).content.decode()


@pytest.mark.parametrize(
    ("outcome", "enabled", "told", "offered"),
    [
        ("js_only", True, "“Read it by a browser” lets them", True),
        ("js_only", False, "no browser is enabled here", False),
        ("ok", True, "", True),
    ],
)
def test_a_page_without_text_suggests_the_browser(
    signed_in: SignedIn, settings, outcome: str, enabled: bool, told: str, offered: bool
) -> None:
    settings.BROWSER_ENABLED = enabled
    page = a_clinic().website
    PageState.objects.update(outcome=outcome)
    shown = signed_in("recorder").get(reverse("admin:clinics_page_change", args=[page.pk])).content.decode()
    assert told in shown
    assert ("until its scripts run" in shown) is (outcome == "js_only")
    assert (">Read it by a browser</button>" in shown) is offered


def test_staff_switch_a_page_to_the_browser_and_back(signed_in: SignedIn, settings) -> None:
    settings.BROWSER_ENABLED = True
    page = a_clinic().website
    client = signed_in("recorder")
    for step, on in (("by-browser", True), ("as-sent", False)):
        PageState.objects.update(due_at=NOW.replace(year=2090))
        client.post(reverse("admin:clinics_page_step", args=[page.pk, step]))
        page.refresh_from_db()
        assert page.by_browser is on
        assert PageState.objects.get().due_at.year < 2090


def test_who_only_reads_switches_nothing(signed_in: SignedIn, settings) -> None:
    settings.BROWSER_ENABLED = True
    page = a_clinic().website
    signed_in("auditor").post(reverse("admin:clinics_page_step", args=[page.pk, "by-browser"]))
    page.refresh_from_db()
    assert not page.by_browser


def test_the_front_page_counts_pages_that_only_a_browser_can_read(signed_in: SignedIn) -> None:
    a_clinic()
    PageState.objects.update(outcome="js_only")
    assert "pages that only a browser can read" in signed_in("recorder").get(reverse("admin:index")).content.decode()
