"""What staff meet on other days: walls, wording that was decided before, and people who may only look."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinics.models import Flag, Snapshot
from tests.journeys.steps import decide, read_again, record_clinic
from tests.operations.reading import a_rule

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOST = "kneehouse.test"
CALM = "<p>Our team has worked in this town for many years. We see people with sore knees and stiff hips.</p>" * 3
PROMISE = "Our injections bring lifelong knee sunshine."
WALL = '<h1>Verify you are human</h1><p>Please complete the captcha to continue.</p><div class="g-recaptcha"></div>'


@pytest.fixture
def rule(prepared):
    return a_rule("journey", r"lifelong knee sunshine", severity=4)


def test_words_behind_a_wall_are_captured_by_hand(rule, stranger, person, sign_in):
    stranger.says(HOST, "/", WALL, status=403)
    desk = sign_in(person("rowan", "reviewer"))
    clinic = record_clinic(desk, f"https://{HOST}/")
    read_again()

    desk.goto(f"/admin/clinics/clinic/{clinic.pk}/change/")
    expect(desk.locator(".shelf", has_text="blocked")).to_be_visible()
    desk.get_by_role("link", name="capture by hand", exact=True).click()
    desk.get_by_label("What it is:").fill("Page behind a captcha")
    desk.get_by_label("Seen on:").fill(timezone.now().date().isoformat())
    desk.get_by_label("Its words:").fill(f"We see people with sore knees. {PROMISE}")
    desk.get_by_role("button", name="Keep and read").click()
    expect(desk.locator(".messagelist")).to_contain_text("Captured")

    expect(desk.get_by_role("link", name=PROMISE)).to_be_visible()
    assert Snapshot.objects.get().origin == Snapshot.Origin.HAND


def test_a_dismissed_wording_is_not_asked_about_again(rule, stranger, person, sign_in):
    stranger.says(HOST, "/", f"{CALM}<p>{PROMISE}</p>")
    desk = sign_in(person("rowan", "reviewer"))
    record_clinic(desk, f"https://{HOST}/")
    read_again()
    decide(desk, PROMISE, "Dismiss: the words mean something else here")

    stranger.says(HOST, "/", f"<h1>Welcome</h1><p>{PROMISE}</p>{CALM}<p>We are open on Sundays.</p>")
    read_again()
    desk.goto("/admin/clinics/flag/")
    expect(desk.locator("#content")).to_contain_text("0 flags")
    assert Flag.objects.get().state == Flag.State.DISMISSED


def test_who_may_only_look_decides_nothing(rule, stranger, person, sign_in):
    stranger.says(HOST, "/", f"{CALM}<p>{PROMISE}</p>")
    record_clinic(sign_in(person("rowan", "recorder")), f"https://{HOST}/")
    read_again()
    desk = sign_in(person("kim", "auditor"))
    desk.goto(f"/admin/clinics/flag/{Flag.objects.get().pk}/change/")
    expect(desk.locator("#content")).to_contain_text(PROMISE)
    expect(desk.get_by_role("button", name="Decide and go on")).to_have_count(0)
    answer = desk.request.get("/admin/clinics/clinic/add/")
    assert answer.status == 403
