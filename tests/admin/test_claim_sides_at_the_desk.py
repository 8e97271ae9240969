"""A claim's page with what stands beside it, and steps for several claims at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinics.models import Claim
from clinics.operations import claims
from tests.build import NOW, a_claim, a_clinic, a_published_claim, a_user

pytestmark = pytest.mark.django_db
STORY = "I dance again after one visit, says Zelda Q., Tampa."
LIST = "admin:clinics_claim_changelist"


def page_of(claim):
    return reverse("admin:clinics_claim_change", args=[claim.pk])


def step(client, claim, taken, **answers):
    return client.post(reverse("admin:clinics_claim_step", args=[claim.pk, taken]), answers, follow=True)


def test_the_page_lists_what_is_missing_and_what_looks_like_a_name(signed_in):
    claim = a_claim(quote=STORY)
    shown = signed_in("publisher").get(page_of(claim)).content.decode()
    assert "Before it can be signed" in shown
    assert "Invite the clinic to comment first" in shown
    assert "<mark>Zelda Q.</mark>" in shown


def test_names_are_taken_out_by_a_person_and_what_the_public_reads_is_shown(signed_in):
    client, claim = signed_in("reviewer"), a_claim(quote=STORY)
    refused = step(client, claim, "names", names="Zelda Q.", none="on").content.decode()
    assert "or tick that there are none" in refused
    shown = step(client, claim, "names", names="Zelda Q.").content.decode()
    assert "says [name], Tampa" in shown
    claim.refresh_from_db()
    assert (claim.redacted_names, claim.names_judged_by.username) == (["Zelda Q."], "reviewer")


def test_out_of_what_was_public_only_who_may_publish_takes_names(signed_in):
    claim = a_published_claim()
    for taken in ("names", "public-names"):
        step(signed_in("recorder"), claim, taken, names="We")
        claim.refresh_from_db()
        assert (claim.redacted_names, claim.versions.count()) == ([], 1)
    recorder, publisher = signed_in("recorder"), signed_in("publisher")
    assert "Look for patients" not in recorder.get(page_of(claim)).content.decode()
    assert "Look for patients" in publisher.get(page_of(claim)).content.decode()
    step(publisher, claim, "public-names", names="We")
    claim.refresh_from_db()
    assert (claim.redacted_names, claim.versions.count()) == (["We"], 2)


@pytest.mark.parametrize("made", [a_claim, a_published_claim])
def test_since_when_a_claim_is_disputed_is_for_who_may_publish(signed_in, made):
    claim, typed = made(), {"disputed_since": "2026-11-01"}
    recorder, publisher = signed_in("recorder"), signed_in("publisher")
    assert recorder.post(page_of(claim), a_form(recorder, claim, **typed)).status_code == 302
    claim.refresh_from_db()
    assert claim.disputed_since is None
    assert publisher.post(page_of(claim), a_form(publisher, claim, **typed)).status_code == 302
    claim.refresh_from_db()
    assert str(claim.disputed_since) == "2026-11-01"
    assert "Nov. 1, 2026" in recorder.get(page_of(claim)).content.decode()
    assert publisher.post(page_of(claim), a_form(publisher, claim, disputed_since="")).status_code == 302
    claim.refresh_from_db()
    assert claim.disputed_since is None


def test_nothing_is_disputed_since_a_day_to_come(signed_in):
    client, claim = signed_in("publisher"), a_published_claim()
    today = timezone.now().date()
    for day, told in ((today, False), (today + timedelta(days=1), True)):
        shown = client.post(page_of(claim), a_form(client, claim, disputed_since=str(day))).content.decode()
        assert ("still to come" in shown) is told
    claim.refresh_from_db()
    assert claim.disputed_since == today


def a_form(client, claim, **more):
    """What the page sends when nothing was typed into it, with what was."""
    context = client.get(page_of(claim)).context
    form = context["adminform"].form
    typed = {name: form[name].value() or "" for name in form.fields}
    for inline in context["inline_admin_formsets"]:
        rows = inline.formset.initial_form_count()
        typed |= {f"{inline.formset.prefix}-{name}_FORMS": rows for name in ("TOTAL", "INITIAL")}
    return {**typed, **more}


@pytest.mark.parametrize(("number", "kept"), [("PMID 123", True), ("none", False)])
def test_a_reference_is_added_on_the_page_or_refused_at_its_field(signed_in, number, kept):
    client, claim = signed_in("recorder"), a_claim()
    row = {"kind": "pmid", "identifier": number, "title": "Knees"}
    sent = {f"references-2-0-{name}": value for name, value in row.items()} | {"references-2-TOTAL_FORMS": 1}
    answer = client.post(page_of(claim), a_form(client, claim, **sent))
    assert (answer.status_code == 302) is kept
    assert list(claim.references.values_list("identifier", flat=True)) == (["123"] if kept else [])
    if not kept:
        assert "no PMID" in answer.content.decode()


def test_a_reply_takes_a_proof_and_a_publisher(signed_in):
    claim = a_published_claim()
    facts = {"text": "We answer.", "received_on": "2026-11-02", "sender": "Ana", "proved_by": "mail"}
    assert (
        "not at the clinic"
        in step(signed_in("recorder"), claim, "reply", proof="a@b.example", **facts).content.decode()
    )
    step(signed_in("recorder"), claim, "reply", proof="a@knee-house.example", **facts)
    reply = claim.replies.get()
    assert step(signed_in("recorder"), claim, "publish-reply").status_code == 403
    step(signed_in("publisher"), claim, "publish-reply")
    reply.refresh_from_db()
    assert reply.published_by.username == "publisher"


def test_counsel_is_asked_and_signs(signed_in):
    client, claim = signed_in("publisher"), a_claim()
    step(client, claim, "ask-counsel")
    assert "Counsel has to sign it first" in client.get(page_of(claim)).content.decode()
    step(client, claim, "counsel", name="Ada Counsel", signed_on="2026-11-01")
    claim.refresh_from_db()
    assert (claim.needs_counsel, claim.counsel_name) == (True, "Ada Counsel")


def bulk(client, action, rows, **more):
    chosen = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(reverse(LIST), chosen, follow=True).content.decode()


def test_each_of_several_claims_is_judged_by_itself_and_all_is_told(signed_in):
    ready, waiting, named = a_claim(), a_claim(a_clinic("Hip House")), a_claim(a_clinic("Elbow House"), STORY)
    for claim in (ready, named):
        claims.waive_comment(claim, reason="Public.", by=a_user("first"), now=NOW)
    told = bulk(signed_in("publisher"), "sign_selected", [ready, waiting, named])
    assert "Signed: 1 of 3." in told
    assert "Hip House" in told
    assert "Invite the clinic to comment first" in told
    assert "Zelda Q." in told
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["draft", "draft", "published"]


def test_one_reason_is_asked_for_and_kept_with_each(signed_in):
    client, rows = signed_in("reviewer"), [a_claim(), a_claim(a_clinic("Hip House"))]
    assert "Why comment is not invited on 2 claims" in bulk(client, "waive_selected", rows)
    bulk(client, "waive_selected", rows, apply="yes", reason="The site is closed")
    assert set(Claim.objects.values_list("comment_waived_because", flat=True)) == {"The site is closed"}


def test_several_are_invited_and_one_that_is_published_is_told(signed_in):
    draft, public = a_claim(), a_published_claim(a_clinic("Hip House"))
    told = bulk(signed_in("recorder"), "invite_selected", [draft, public])
    assert "Invited: 1 of 2." in told
    assert "that cannot be done now" in told


def test_only_a_publisher_is_offered_to_sign_several(signed_in):
    a_claim()
    offered = signed_in("reviewer").get(reverse(LIST)).content.decode()
    assert "waive_selected" in offered
    assert "sign_selected" not in offered
