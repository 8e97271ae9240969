"""The queue and the page on which a person decides."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinics.admin.clinic_summary import counts_of, flags_of
from clinics.admin.flag_decision import seen
from clinics.models import Claim, Decision, Flag
from clinics.operations import triage
from tests.admin.conftest import SignedIn
from tests.build import NOW, a_clinic, a_flag, a_rule, a_snapshot, a_user, later

LIST = reverse("admin:clinics_flag_changelist")


def _page(flag: Flag, filters: str = "") -> str:
    address = reverse("admin:clinics_flag_change", args=[flag.pk])
    return f"{address}?_changelist_filters={quote(filters)}" if filters else address


def _decide(client: Client, flag: Flag, decision: str, filters: str = "", **answers: str) -> object:
    sent = {"decision": decision, "reason": "Read in full.", "seen_state": seen(flag), **answers}
    return client.post(_page(flag, filters), sent)


def test_the_queue_has_what_waits_and_the_gravest_first(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    a_flag(clinic, "We guarantee a little.", severity=2)
    a_flag(clinic, "We guarantee a lot.", severity=5)
    settled = a_flag(clinic, "We guarantee what was settled.")
    triage.dismiss(settled, dismissed_as="true", reason="It is.", by=a_user("earlier"), now=NOW)
    text = signed_in("reviewer").get(LIST).content.decode()
    assert text.index("We guarantee a lot.") < text.index("We guarantee a little.")
    assert "what was settled" not in text


def test_suggestions_of_the_second_reader_wait_in_a_queue_of_their_own(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    a_flag(clinic, "We guarantee what a rule knows.")
    suggested = a_flag(clinic, "We guarantee what no rule knows.")
    Flag.objects.filter(pk=suggested.pk).update(rule=a_rule("second_reader", kind="reader", patterns=[]))
    browser = signed_in("reviewer")
    queue, own = browser.get(LIST).content.decode(), browser.get(f"{LIST}?decision=suggested").content.decode()
    assert "what a rule knows" in queue
    assert "what no rule knows" not in queue
    assert "what no rule knows" in own
    assert "what a rule knows" not in own
    front = browser.get(reverse("admin:index")).content.decode()
    assert "suggestions of the second reader" in front


@pytest.mark.django_db
def test_a_clinics_page_counts_suggestions_apart_from_the_flags_of_its_queue() -> None:
    clinic = a_clinic()
    suggested = a_flag(clinic, "We guarantee what no rule knows.")
    Flag.objects.filter(pk=suggested.pk).update(rule=a_rule("second_reader", kind="reader", patterns=[]))
    counts = dict(counts_of(clinic, NOW))
    assert (counts["flags to decide"], counts["suggestions of the second reader"]) == (0, 1)
    assert flags_of(clinic, NOW).rows == []


@pytest.mark.parametrize(
    ("decision", "answers", "state"),
    [
        ("confirm", {}, "confirmed"),
        ("dismiss:denied", {}, "dismissed"),
        ("dismiss:trivial", {}, "dismissed"),
        ("defer", {"until": (timezone.now() + timedelta(days=9)).date().isoformat()}, "deferred"),
    ],
)
def test_a_decision_is_kept_with_its_person_and_reason(
    signed_in: SignedIn, decision: str, answers: dict[str, str], state: str
) -> None:
    flag = a_flag()
    assert _decide(signed_in("reviewer"), flag, decision, **answers).status_code == 302
    flag.refresh_from_db()
    made = Decision.objects.get(flag=flag)
    assert (flag.state, made.state, made.by.username, made.reason) == (state, state, "reviewer", "Read in full.")


def test_a_confirmed_flag_leaves_a_draft_claim_with_the_exact_words(signed_in: SignedIn) -> None:
    flag = a_flag()
    _decide(signed_in("reviewer"), flag, "confirm")
    claim = Claim.objects.get(flag=flag)
    assert (claim.quote, claim.state) == (flag.sentence, "draft")


@pytest.mark.parametrize(
    ("decision", "answers", "told"),
    [
        ("confirm", {"scope": "everywhere"}, "Only a dismissal can hold for every clinic."),
        ("dismiss:true", {"scope": "everywhere"}, "Say until when it holds everywhere."),
        ("dismiss:true", {"scope": "everywhere", "expires_on": "2020-01-01"}, "a day that is still to come"),
        ("", {}, "This field is required"),
        ("defer", {}, "Say on which day it should come back."),
        ("defer", {"until": "2020-01-01"}, "This day must lie ahead."),
        ("reopen", {}, "Select a valid choice"),
        ("confirm", {"seen_state": "dismissed 2026-01-01"}, "Someone else decided meanwhile"),
    ],
)
def test_a_decision_that_cannot_be_taken_is_refused_and_nothing_is_written(
    signed_in: SignedIn, decision: str, answers: dict[str, str], told: str
) -> None:
    flag = a_flag()
    answer = _decide(signed_in("reviewer"), flag, decision, **answers)
    assert told in answer.content.decode()
    assert not Decision.objects.exists()
    assert not Claim.objects.exists()


@pytest.mark.parametrize("role", ["recorder", "auditor"])
def test_who_may_not_decide_sees_no_form_and_is_refused(signed_in: SignedIn, role: str) -> None:
    flag = a_flag()
    client = signed_in(role)
    assert b"Decide and go on" not in client.get(_page(flag)).content
    assert _decide(client, flag, "confirm").status_code == 403
    assert not Decision.objects.exists()


def test_after_a_decision_the_next_flag_of_the_filtered_list_opens(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    first, _other, second = (
        a_flag(clinic, "We guarantee one.", severity=5),
        a_flag(clinic, "We guarantee two.", severity=4),
        a_flag(clinic, "We guarantee three.", severity=5, at=later(hours=1)),
    )
    client = signed_in("reviewer")
    answer = _decide(client, first, "dismiss:true", "severity__exact=5")
    assert answer.url == _page(second, "severity__exact=5")
    answer = _decide(client, second, "dismiss:true", "severity__exact=5")
    assert answer.url == f"{LIST}?severity__exact=5"


def test_the_wording_is_marked_in_its_place_with_what_changed(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    a_snapshot(clinic.website, "We never guarantee lasting relief for every knee.", at=NOW - timedelta(days=7))
    flag = a_flag(clinic)
    flag.sightings.update(block=f"Welcome. {flag.sentence} Call us.", governors=["Our promise"])
    text = signed_in("reviewer").get(_page(flag)).content.decode()
    assert '<mark class="words">guarantee</mark>' in text
    assert "Our promise" in text
    assert "<del>− never</del>" in text


def test_a_finding_shows_the_severity_it_was_given_not_that_of_its_rule_today(signed_in: SignedIn) -> None:
    flag = a_flag(severity=5)
    assert a_rule().severity != 5
    assert "version 1, critical</span>" in signed_in("reviewer").get(_page(flag)).content.decode()


def test_script_on_a_page_is_shown_as_text(signed_in: SignedIn) -> None:
    flag = a_flag(sentence="We <script>alert(1)</script> guarantee it.")
    client = signed_in("reviewer")
    snapshot = flag.sightings.get().snapshot
    for address in (_page(flag), LIST, reverse("admin:clinics_snapshot_change", args=[snapshot.pk])):
        text = client.get(address).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def test_many_flags_are_dismissed_with_one_reason(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    flags = [a_flag(clinic, f"We guarantee number {number}.") for number in range(3)]
    client = signed_in("reviewer")
    chosen = {"action": "dismiss_selected", "_selected_action": [flag.pk for flag in flags[:2]]}
    assert b"Dismiss 2 flags" in client.post(LIST, chosen).content
    assert b"This field is required" in client.post(LIST, {**chosen, "apply": "yes", "reason": ""}).content
    unsaid = {**chosen, "apply": "yes", "dismissed_as": "", "reason": "Old news."}
    assert b"This field is required" in client.post(LIST, unsaid).content  # as what is nobody's first choice
    assert not Decision.objects.exists()
    client.post(LIST, {**chosen, "apply": "yes", "dismissed_as": "trivial", "reason": "Old news."})
    assert sorted(Flag.objects.values_list("state", flat=True)) == ["dismissed", "dismissed", "open"]
    assert set(Decision.objects.values_list("reason", flat=True)) == {"Old news."}


def test_a_bulk_dismissal_is_not_offered_to_those_who_only_read(signed_in: SignedIn) -> None:
    flag = a_flag()
    client = signed_in("auditor")
    assert b"Dismiss the chosen" not in client.get(LIST).content
    client.post(LIST, {"action": "dismiss_selected", "_selected_action": [flag.pk], "apply": "yes", "reason": "x"})
    flag.refresh_from_db()
    assert flag.state == "open"


@pytest.mark.parametrize("number", ["0", "999999999", "x", "9" * 30])
def test_a_flag_that_does_not_exist_is_not_found(signed_in: SignedIn, number: str) -> None:
    assert signed_in("reviewer").get(f"{LIST}{number}/change/").status_code == 404


@pytest.mark.parametrize("filters", ["severity__exact=grave", "p=x", "o=99", "%00"])
def test_filters_that_make_no_sense_do_not_stand_in_the_way(signed_in: SignedIn, filters: str) -> None:
    assert signed_in("reviewer").get(_page(a_flag(), filters)).status_code == 200
