"""A clinic whose page is empty until its scripts run: from the suggestion at the desk to a flag with its picture."""

import pytest
from django.utils import timezone

from clinics.models import Flag, PageState, Screenshot
from clinics.operations import triage
from clinics.operations.browsing import work_by_browser
from clinics.operations.pictures import picture
from clinics.operations.rechecking import recheck_due
from clinics.operations.recording import record_clinic, set_by_browser
from tests.web.browsing import has_sandbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHELL = "<!doctype html><title>Knee House</title><div id=root></div><script src=/app.js></script>"
APP = """
fetch('/words.json').then(answer => answer.json()).then(words => {
    document.getElementById('root').innerHTML = words.map(each => `<p>${each}</p>`).join('')
})
"""
WORDS = """["Knee House stands in Example Street and opens at nine.",
    "Our stem cell injections are FDA approved and cure arthritis of the knee.",
    "Call us to learn more about how we work and who works here."]"""


def test_a_page_that_only_scripts_make_is_read_flagged_and_pictured(prepared, stranger, settings, person):
    settings.BROWSER_ENABLED, settings.BROWSER_SANDBOX = True, has_sandbox()
    stranger.says("knees.test", "/", SHELL)
    stranger.says("knees.test", "/app.js", APP, headers={"Content-Type": "text/javascript"})
    stranger.says("knees.test", "/words.json", WORDS, headers={"Content-Type": "application/json"})
    page = record_clinic("Knee House", "http://knees.test/", by=None, now=timezone.now()).website

    recheck_due(timezone.now)
    assert PageState.objects.get(page=page).outcome == "js_only"
    assert not Flag.objects.exists()

    set_by_browser(page, True, now=timezone.now())
    work_by_browser(timezone.now)
    state = PageState.objects.get(page=page)
    assert (state.outcome, state.by_browser) == ("ok", True)
    flag = Flag.objects.get(sentence__contains="FDA approved")
    first = Screenshot.objects.get(flag=flag)
    assert first.carries_wording
    assert picture(first.image).startswith(b"\x89PNG")

    triage.dismiss(flag, dismissed_as="trivial", reason="A test.", by=person("ada", "reviewer"), now=timezone.now())
    work_by_browser(timezone.now)
    decided = Screenshot.objects.get(flag=flag, decision__isnull=False)
    assert decided.carries_wording
    assert picture(decided.image).startswith(b"\x89PNG")


def test_the_picture_is_seen_at_the_desk(prepared, stranger, settings, person, sign_in):
    settings.BROWSER_ENABLED, settings.BROWSER_SANDBOX = True, has_sandbox()
    stranger.says("knees.test", "/", "<title>Knee House</title><p>Our stem cells cure arthritis.</p>")
    page = record_clinic("Knee House", "http://knees.test/", by=None, now=timezone.now()).website
    set_by_browser(page, True, now=timezone.now())
    work_by_browser(timezone.now)
    row = Screenshot.objects.exclude(image="").first()
    desk = sign_in(person("ada", "reviewer"))
    desk.goto(f"/admin/clinics/screenshot/{row.pk}/change/")
    shown = desk.locator("img.screenshot")
    shown.wait_for()
    assert shown.evaluate("image => image.complete && image.naturalWidth") == 1280
