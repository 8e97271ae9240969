"""The desk's pages for one wording of several clinics: previewed, ticked, decided by those who may."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinics.models import Claim, Flag
from clinics.operations.clusters import count_wordings
from tests.admin.conftest import SignedIn
from tests.build import PROMISE, a_clinic, a_flag

LIST = reverse("admin:clinics_flag_clusters")


@pytest.fixture
def flags(db: None) -> list[Flag]:
    flags = [a_flag(a_clinic(f"Clinic {number}")) for number in range(3)]
    count_wordings(timezone.now())
    return flags


def page(flag: Flag) -> str:
    return reverse("admin:clinics_flag_cluster", args=[flag.subject])


def decide(browser: Client, flags: list[Flag], decision: str, reason: str = "Read in full.") -> str:
    sent = {"flags": [flag.pk for flag in flags], "decision": decision, "reason": reason}
    return browser.post(page(flags[0]), sent, follow=True).content.decode()


def test_the_front_page_the_list_and_each_flag_lead_there(signed_in: SignedIn, flags: list[Flag]) -> None:
    browser = signed_in("reviewer")
    assert LIST in browser.get(reverse("admin:index")).content.decode()
    assert page(flags[0]) in browser.get(LIST).content.decode()
    shown = browser.get(reverse("admin:clinics_flag_change", args=[flags[0].pk])).content.decode()
    assert page(flags[0]) in shown
    assert "3 clinics say this" in shown


def test_each_clinic_is_shown_in_its_own_context_before_anything_is_decided(
    signed_in: SignedIn, flags: list[Flag]
) -> None:
    flags[1].sightings.update(block=f"Not so: {PROMISE}")
    shown = signed_in("reviewer").get(page(flags[0])).content.decode()
    assert all(f"Clinic {number}" in shown for number in range(3))
    assert "Not so: " in shown
    assert shown.count('name="flags"') == 3


def test_only_the_ticked_ones_are_dismissed(signed_in: SignedIn, flags: list[Flag]) -> None:
    shown = decide(signed_in("reviewer"), flags[:2], "dismiss:denied")
    assert "2 flags dismissed." in shown
    assert [Flag.objects.get(pk=flag.pk).state for flag in flags] == ["dismissed", "dismissed", "open"]


def test_confirming_makes_drafts(signed_in: SignedIn, flags: list[Flag]) -> None:
    assert "3 flags confirmed" in decide(signed_in("reviewer"), flags, "confirm")
    assert Claim.objects.filter(state=Claim.State.DRAFT).count() == 3


def test_without_a_reason_nothing_is_decided_and_the_ticks_stay(signed_in: SignedIn, flags: list[Flag]) -> None:
    shown = decide(signed_in("reviewer"), flags[:1], "dismiss:denied", reason="")
    assert "This field is required." in shown
    assert shown.count("checked>") == 1 + 1  # the tick and the decision
    assert set(Flag.objects.values_list("state", flat=True)) == {"open"}


@pytest.mark.parametrize("role", ["auditor", "recorder"])
def test_who_only_reads_sees_it_and_decides_nothing(signed_in: SignedIn, flags: list[Flag], role: str) -> None:
    browser = signed_in(role)
    assert "You may read this" in browser.get(page(flags[0])).content.decode()
    sent = {"flags": [flags[0].pk], "decision": "confirm", "reason": "x"}
    assert browser.post(page(flags[0]), sent).status_code == 403
    assert set(Flag.objects.values_list("state", flat=True)) == {"open"}


def test_a_wording_of_one_clinic_has_no_such_page(signed_in: SignedIn) -> None:
    flag = a_flag()
    assert signed_in("reviewer").get(page(flag)).status_code == 404
    assert "No wording of several clinics" in signed_in("auditor").get(LIST).content.decode()
