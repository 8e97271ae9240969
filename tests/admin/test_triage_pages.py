"""Beside the decision: undo, comments, who looks after it, dossiers, wording dismissed everywhere."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinics.admin.flag_decision import seen
from clinics.models import Claim, Decision, Flag, FlagComment, StandingDecision
from clinics.operations import triage
from tests.admin.conftest import SignedIn
from tests.build import a_clinic, a_flag, a_user

LIST = reverse("admin:clinics_flag_changelist")
UNDO = reverse("admin:clinics_flag_undo")
DOSSIERS = reverse("admin:clinics_flag_dossiers")


def page(flag: Flag) -> str:
    return reverse("admin:clinics_flag_change", args=[flag.pk])


def decide(client, flag: Flag, decision: str, **answers: str):
    sent = {"decision": decision, "reason": "Read.", "seen_state": seen(flag), **answers}
    return client.post(page(flag), sent, follow=True)


def test_a_decision_without_more_words_is_recorded_in_those_of_the_choice(signed_in: SignedIn) -> None:
    decide(signed_in("reviewer"), a_flag(), "dismiss:denied", reason=" ")
    assert Decision.objects.get().reason == "Dismiss: the clinic denies or disclaims it"


def test_the_last_decision_is_offered_to_be_undone_and_is(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    flag, other = a_flag(clinic), a_flag(clinic, "We guarantee another.")
    client = signed_in("reviewer")
    text = decide(client, flag, "confirm").content.decode()
    assert "Undo my last decision" in text
    answer = client.post(UNDO, follow=True)
    assert f"Taken back: {flag.sentence}" in answer.content.decode()
    flag.refresh_from_db()
    assert (flag.state, Claim.objects.count()) == ("open", 0)
    assert "Undo my last decision" not in client.get(page(other)).content.decode()
    assert "no decision of yours" in client.post(UNDO, follow=True).content.decode()


def test_undoing_is_asked_for_by_a_form_and_never_by_a_link(signed_in: SignedIn) -> None:
    assert signed_in("reviewer").get(UNDO).status_code == 405


@pytest.mark.parametrize("role", ["recorder", "auditor"])
def test_who_may_not_decide_may_neither_assign_nor_comment_nor_undo(signed_in: SignedIn, role: str) -> None:
    flag = a_flag()
    client = signed_in(role)
    for name in ("assign", "comment"):
        address = reverse(f"admin:clinics_flag_{name}", args=[flag.pk])
        assert client.post(address, {"text": "Hello."}).status_code == 403
    assert client.post(UNDO).status_code == 403
    assert client.get(page(flag)).status_code == 200
    assert FlagComment.objects.count() == 0


def test_a_flag_is_given_to_somebody_and_stands_in_their_list(signed_in: SignedIn) -> None:
    flag, other = a_flag(), a_flag(sentence="We guarantee another.")
    rita = a_user("rita", "reviewer")
    client = signed_in("reviewer")
    client.post(reverse("admin:clinics_flag_assign", args=[flag.pk]), {"to": rita.pk})
    assert Flag.objects.get(pk=flag.pk).assigned_to == rita
    client.force_login(rita)
    text = client.get(f"{LIST}?decision=mine").content.decode()
    assert flag.sentence in text
    assert other.sentence not in text


def test_what_is_said_of_a_flag_is_shown_as_text(signed_in: SignedIn) -> None:
    flag = a_flag()
    client = signed_in("reviewer")
    said = {"text": "<script>alert(1)</script> is it?"}
    text = client.post(reverse("admin:clinics_flag_comment", args=[flag.pk]), said, follow=True).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; is it?" in text
    assert "<script>alert" not in text
    empty = client.post(reverse("admin:clinics_flag_comment", args=[flag.pk]), {"text": " "}, follow=True)
    assert "This field is required" in empty.content.decode()


def test_the_lists_of_changes_first_readings_and_overdue_flags_hold_those(signed_in: SignedIn) -> None:
    clinic, old = a_clinic(), timezone.now() - timedelta(days=400)
    a_flag(clinic, "We guarantee what was first read.", at=timezone.now())
    a_flag(clinic, "We guarantee what has changed.", cause="page_changed", at=timezone.now())
    a_flag(clinic, "We guarantee what waits too long.", cause="rule_changed", at=old)
    client = signed_in("reviewer")

    def listed(which: str) -> list[str]:
        text = client.get(f"{LIST}?decision={which}").content.decode()
        return [words for words in ("was first read", "has changed", "waits too long") if words in text]

    assert listed("first") == ["was first read"]
    assert listed("changes") == ["has changed", "waits too long"]
    assert listed("overdue") == ["waits too long"]


def test_the_page_counts_what_a_dismissal_everywhere_would_reach_and_dismisses_it(signed_in: SignedIn) -> None:
    flags = [a_flag(a_clinic(f"Clinic {name}")) for name in "abc"]
    client = signed_in("reviewer")
    assert "3 waiting flags of 3 clinics" in client.get(page(flags[0])).content.decode()
    until = (timezone.now() + timedelta(days=90)).date().isoformat()
    decide(client, flags[0], "dismiss:trivial", scope="everywhere", expires_on=until)
    assert set(Flag.objects.values_list("state", flat=True)) == {"dismissed"}
    standing = StandingDecision.objects.get()
    ended = client.post(
        reverse("admin:clinics_standingdecision_step", args=[standing.pk, "end"]), {"reason": "No more."}, follow=True
    )
    assert "asked about again" in ended.content.decode()


def test_decisions_on_like_wording_are_shown(signed_in: SignedIn) -> None:
    settled = a_flag(a_clinic("Other House"), "We guarantee lasting relief for your sore knee.")
    triage.dismiss(settled, dismissed_as="reported", reason="Quoted.", by=a_user("bob"), now=timezone.now())
    near = a_flag(a_clinic("Knee House"), "We guarantee lasting relief for your sore hip.")
    far = a_flag(a_clinic("Far House"), "Guaranteed results, says our director of sales in Miami.")
    client = signed_in("reviewer")
    assert "Decided on like wording" in client.get(page(near)).content.decode()
    assert "Decided on like wording" not in client.get(page(far)).content.decode()


def test_a_dossier_is_decided_in_one_go_and_leads_to_its_drafts(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    first, *rest = [a_flag(clinic, f"We guarantee number {name}.") for name in ("one", "two", "three")]
    client = signed_in("reviewer")
    assert str(clinic) in client.get(DOSSIERS).content.decode()
    address = reverse("admin:clinics_flag_dossier", args=[clinic.pk])
    assert all(flag.sentence in client.get(address).content.decode() for flag in (first, *rest))
    sent = {f"flag_{flag.pk}": "rest" for flag in rest} | {f"flag_{first.pk}": "quote", "rest_guarantee": "same"}
    answer = client.post(address, sent, follow=True)
    assert "1 quoted, 2 dismissed, 0 left waiting." in answer.content.decode()
    assert answer.redirect_chain[-1][0].startswith(reverse("admin:clinics_claim_changelist"))
    assert Claim.objects.get().flag == first


def test_a_dossier_that_cannot_be_decided_says_why_and_keeps_what_was_chosen(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    flag = a_flag(clinic)
    client = signed_in("reviewer")
    address = reverse("admin:clinics_flag_dossier", args=[clinic.pk])
    text = client.post(address, {f"flag_{flag.pk}": "rest", "rest_guarantee": "same"}).content.decode()
    assert "choose what is quoted" in text
    assert '<option value="same" selected>' in text
    assert client.post(address, {"rest_guarantee": "same"}).content.decode().count("This field is required") == 1
    assert Flag.objects.get().state == "open"


def test_a_dossier_is_read_by_everybody_and_decided_by_those_who_may(signed_in: SignedIn) -> None:
    clinic = a_flag().clinic
    client = signed_in("auditor")
    address = reverse("admin:clinics_flag_dossier", args=[clinic.pk])
    assert "You may read this" in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 403
    assert client.get(reverse("admin:clinics_flag_dossier", args=[999_999])).status_code == 404
