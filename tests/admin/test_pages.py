"""A recorded page: its attempts are shown, and an override of robots.txt has a person."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from clinics.models import Check, IgnoreRule, Page, PageState
from tests.admin.conftest import SignedIn
from tests.build import NOW, a_clinic

HOSTS = reverse("admin:clinics_host_changelist")
USES = {"uses-TOTAL_FORMS": "0", "uses-INITIAL_FORMS": "0"}


def test_the_newest_attempts_are_shown(signed_in: SignedIn) -> None:
    page = a_clinic().website
    Check.objects.create(id=uuid4(), started_at=NOW, page=page, outcome="blocked", reason="A <i>captcha</i>.")
    text = signed_in("auditor").get(reverse("admin:clinics_page_change", args=[page.pk])).content.decode()
    assert "A &lt;i&gt;captcha&lt;/i&gt;." in text


def test_a_page_is_made_due_now(signed_in: SignedIn) -> None:
    page = a_clinic().website
    PageState.objects.update(due_at=NOW.replace(year=2090))
    signed_in("recorder").post(reverse("admin:clinics_page_step", args=[page.pk, "read"]))
    assert PageState.objects.get().due_at.year < 2090


@pytest.mark.parametrize(("outcome", "offered"), [("parked", True), ("partial", True), ("ok", False), ("gone", False)])
def test_a_person_may_say_that_a_changed_text_is_the_clinics(signed_in: SignedIn, outcome: str, offered: bool) -> None:
    page = a_clinic().website
    PageState.objects.update(outcome=outcome, due_at=NOW.replace(year=2090))
    browser = signed_in("recorder")
    shown = browser.get(reverse("admin:clinics_page_change", args=[page.pk])).content.decode()
    assert ("Its present text is the clinic&#x27;s" in shown) is offered
    browser.post(reverse("admin:clinics_page_step", args=[page.pk, "accept"]))
    page.refresh_from_db()
    assert (page.text_accepted_by.username if page.text_accepted_by else None) == ("recorder" if offered else None)
    assert (PageState.objects.get().due_at.year < 2090) is offered


def test_who_only_reads_accepts_no_text(signed_in: SignedIn) -> None:
    page = a_clinic().website
    PageState.objects.update(outcome="parked")
    signed_in("auditor").post(reverse("admin:clinics_page_step", args=[page.pk, "accept"]))
    page.refresh_from_db()
    assert page.text_accepted_at is None


@pytest.mark.parametrize(("reason", "person"), [("The owner allowed it in writing.", "recorder"), ("", None)])
def test_who_overrides_robots_is_kept_with_the_reason(signed_in: SignedIn, reason: str, person: str | None) -> None:
    page = a_clinic().website
    sent = {"check_every": "7 00:00:00", "robots_override_reason": reason, **USES}
    address = reverse("admin:clinics_page_change", args=[page.pk])
    assert signed_in("recorder").post(address, sent).status_code == 302
    page.refresh_from_db()
    assert (page.robots_override_by.username if page.robots_override_by else None) == person


ADD = reverse("admin:clinics_ignorerule_add")


def choice(page: Page, **more: str) -> dict[str, object]:
    return {"kind": "selector", "what": ".feed", "reason": "Posts of others.", "page": page.pk, **more}


def test_what_is_left_out_of_a_page_is_shown_there_with_person_and_reason(signed_in: SignedIn) -> None:
    page = a_clinic().website
    browser = signed_in("reviewer")
    sent = browser.post(ADD, choice(page), follow=True)
    assert "Tried on the newest text of 0 pages" in sent.content.decode()
    shown = browser.get(reverse("admin:clinics_page_change", args=[page.pk])).content.decode()
    assert all(words in shown for words in (".feed", "Posts of others.", "reviewer", "Left out"))
    rule = IgnoreRule.objects.get()
    browser.post(reverse("admin:clinics_ignorerule_step", args=[rule.pk, "end"]))
    shown = browser.get(reverse("admin:clinics_page_change", args=[page.pk])).content.decode()
    assert "the whole page is read" in shown


def test_a_choice_that_takes_the_whole_page_is_refused_with_all_that_was_typed(signed_in: SignedIn) -> None:
    page = a_clinic().website
    shown = signed_in("reviewer").post(ADD, choice(page, what="body")).content.decode()
    assert "would leave out the whole page" in shown
    assert "Posts of others." in shown
    assert not IgnoreRule.objects.exists()


@pytest.mark.parametrize(
    ("failures", "free_in", "shown"),
    [(0, 0, "closed: asked as usual"), (2, 1, "closed"), (3, 1, "open: left alone until"), (5, -1, "half open")],
)
def test_a_hosts_breaker_is_shown(signed_in: SignedIn, failures: int, free_in: int, shown: str) -> None:
    host = a_clinic().website.host
    host.failures, host.free_at = failures, timezone.now() + timedelta(hours=free_in)
    host.save()
    browser = signed_in("auditor")
    assert shown in browser.get(HOSTS).content.decode()
    assert shown in browser.get(reverse("admin:clinics_host_change", args=[host.pk])).content.decode()
    assert ("circuit breaker" in browser.get(HOSTS).content.decode().lower()) is True
    assert (host.name in browser.get(f"{HOSTS}?failing=open").content.decode()) is (failures >= 3)


def test_the_pause_at_present_is_shown_with_its_reason(signed_in: SignedIn) -> None:
    page = a_clinic().website
    Page.objects.update(check_slowest=timedelta(days=28))
    PageState.objects.update(steadiness=4)
    text = signed_in("auditor").get(reverse("admin:clinics_page_change", args=[page.pk])).content.decode()
    assert "14 days, 0:00:00 (4 readings in a row without a change)" in text


@pytest.mark.parametrize(("slowest", "status"), [("28 00:00:00", 302), ("1 00:00:00", 200)])
def test_bounds_that_leave_out_the_usual_pause_are_refused(signed_in: SignedIn, slowest: str, status: int) -> None:
    page = a_clinic().website
    sent = {"check_every": "7 00:00:00", "check_slowest": slowest, **USES}
    answer = signed_in("recorder").post(reverse("admin:clinics_page_change", args=[page.pk]), sent)
    assert answer.status_code == status
    assert status == 302 or "must lie between" in answer.content.decode()
