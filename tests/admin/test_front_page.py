"""The first page tells what waits, and what a newcomer may try."""

import html
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from clinics.models import CheckDue, Claim, Flag, Host, Job
from clinics.operations.everywhere import dismiss_everywhere
from tests.admin.conftest import SignedIn
from tests.build import (
    NOW,
    a_claim,
    a_clinic,
    a_flag,
    a_listed_clinic,
    a_proposal,
    a_published_credential,
    a_user,
)

INDEX = reverse("admin:index")
NUMBER = re.compile(r'<a href="([^"]+)"><strong>(\d+)</strong> ([A-Za-z ]+)</a>')
AGE = re.compile(r'has waited <a href="([^"]+)">([^<]+)</a>, half of them longer than <a href="[^"]+">([^<]+)</a>')


def shown_to(client: Client) -> dict[str, tuple[str, int]]:
    """Address and number of each entry of the front page."""
    text = client.get(INDEX).content.decode()
    return {what: (html.unescape(url), int(number)) for url, number, what in NUMBER.findall(text)}


def everything_waits(me: User, second: User) -> None:
    """One row or two for each number, and beside it one that the number leaves out."""
    now, clinic = timezone.now(), a_listed_clinic()
    tomorrow = (now + timedelta(days=1)).date()
    mine = a_flag(clinic, "We guarantee a thing.", assigned_to=me, at=now - timedelta(days=1))
    a_flag(clinic, "We guarantee rest.", at=now - timedelta(days=90))
    a_flag(clinic, "Decided already.", state="confirmed", decided_by=me, decided_at=now)
    Flag.objects.filter(pk=mine.pk).update(severity=1)
    drafted = a_claim(clinic, "We guarantee another.")
    for first in (me, second):
        decided = {"state": "confirmed", "decided_by": me, "decided_at": now}
        critical = a_flag(clinic, f"This cures autism, says {first}.", **decided)
        Flag.objects.filter(pk=critical.pk).update(severity=5)
        critical.refresh_from_db()
        dismiss_everywhere(critical, dismissed_as="reported", reason="A quote.", expires_on=tomorrow, by=first, now=now)
        claim = a_claim(clinic, f"We guarantee much, says {first}.")
        Claim.objects.filter(pk=claim.pk).update(
            state="awaiting_second", first_signed_by=first, comment_waived_because="It is public."
        )
    a_clinic("Hip House")
    a_proposal(clinic)
    Host.objects.filter(pk=clinic.website.host_id).update(failures=2)
    Job.objects.create(kind="apply_rules", requested_by=me)
    Job.objects.create(kind="apply_rules", requested_by=me, state="done", finished_at=NOW)
    for days in (-1, 7, 29, 31):
        check = a_published_credential(clinic, subject=f"Dr. {drafted.pk} {days}")
        CheckDue.objects.update_or_create(
            credential_check=check, defaults={"due_on": now.date() + timedelta(days=days), "weight": 1}
        )


NUMBERS = {
    "flags that I look after": 1,
    "claims that I may sign as the second": 1,
    "dismissals everywhere that I may agree to": 1,
    "dismissals everywhere that await a second person": 2,
    "flags to decide": 2,
    "claims that await a second person": 2,
    "claims in draft": 1,
    "clinics in draft": 1,
    "pages proposed": 1,
    "flags overdue": 1,
    "credential checks due": 1,
    "credential checks due within a month": 2,
    "failing hosts": 1,
    "jobs at work": 1,
    "rules proposed for review": 0,
}


def test_every_number_leads_to_as_many_rows(signed_in: SignedIn) -> None:
    client = signed_in("administrator")
    everything_waits(a_user("administrator"), a_user("second"))
    shown = shown_to(client)
    assert {what: number for what, (_, number) in shown.items() if what in NUMBERS} == NUMBERS
    for what, (url, number) in shown.items():
        context = client.get(url).context
        if "cl" not in context:
            assert len(context["rows"]) == number, what
            continue
        changelist = context["cl"]
        assert changelist.result_count == number, what


def test_what_one_may_not_do_is_not_counted_as_ones_own(signed_in: SignedIn) -> None:
    assert "claims that I may sign as the second" in shown_to(signed_in("publisher"))
    assert "claims that I may sign as the second" not in shown_to(signed_in("recorder"))
    assert "dismissals everywhere that I may agree to" in shown_to(signed_in("reviewer"))
    assert "dismissals everywhere that I may agree to" not in shown_to(signed_in("recorder"))


def test_the_age_of_the_queue_leads_to_the_oldest(signed_in: SignedIn) -> None:
    client, now = signed_in("reviewer"), timezone.now()
    assert "No flag waits." in client.get(INDEX).content.decode()
    clinic = a_clinic()
    for days in (40, 5, 1):
        a_flag(clinic, f"We guarantee {days} things.", at=now - timedelta(days=days, hours=1))
    a_flag(
        clinic,
        "Old, and decided.",
        at=now - timedelta(days=900),
        state="dismissed",
        dismissed_as="true",
        decided_by=a_user(),
        decided_at=now,
    )
    url, oldest, median = AGE.findall(client.get(INDEX).content.decode())[0]
    assert (oldest, median) == ("40 days", "5 days")
    listed = [flag.sentence for flag in client.get(html.unescape(url)).context["cl"].result_list]
    assert listed == ["We guarantee 40 things.", "We guarantee 5 things.", "We guarantee 1 things."]


@pytest.mark.parametrize(("oldest", "told"), [(timedelta(hours=2), "less than a day"), (timedelta(days=40), "40 days")])
def test_that_half_of_the_queue_is_a_few_hours_old_is_not_told(
    signed_in: SignedIn, oldest: timedelta, told: str
) -> None:
    clinic, now = a_clinic(), timezone.now()
    for number, waited in enumerate((oldest, timedelta(hours=1), timedelta(minutes=1))):
        a_flag(clinic, f"We guarantee {number} things.", at=now - waited)
    text = signed_in("reviewer").get(INDEX).content.decode()
    assert re.search(rf'The oldest flag has waited <a href="[^"]+">{told}</a>\. ', text)


def test_of_a_long_queue_the_age_of_the_oldest_is_told_and_not_of_its_middle(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clinics.operations.queue_age.MOST", 2)
    client, now, clinic = signed_in("reviewer"), timezone.now(), a_clinic()
    for days in (40, 5, 1):
        a_flag(clinic, f"We guarantee {days} things.", at=now - timedelta(days=days, hours=1))
    text = client.get(INDEX).content.decode()
    assert re.search(r"has waited <a [^>]+>40 days</a>, 2 of them longer than <a [^>]+>5 days</a>", text)


def test_the_front_page_takes_few_queries(
    signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in("reviewer")
    with django_assert_max_num_queries(22):
        text = client.get(INDEX).content.decode()
    assert "New here? Try this" in text


def test_no_page_carries_script_or_style_of_its_own(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    flag = a_flag(clinic)
    client = signed_in("administrator")
    addresses = [INDEX, reverse("admin:clinics_clinic_change", args=[clinic.pk])]
    addresses.append(reverse("admin:clinics_flag_change", args=[flag.pk]))
    for address in addresses:
        answer = client.get(address)
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        text = answer.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text), address
        assert " style=" not in text
        assert not re.search(r"\son[a-z]+=\"", text)
