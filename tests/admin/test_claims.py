"""A claim's way to the public, and what stays as it was published."""

from typing import Any

import pytest
from django.contrib import admin
from django.forms import modelform_factory
from django.test import Client, RequestFactory
from django.urls import reverse

from clinics.models import Claim
from clinics.operations import claims, publication
from clinics.operations.refusal import Refusal
from tests.admin.conftest import SignedIn
from tests.build import NOW, PROMISE, a_check, a_claim, a_clinic, a_published_claim, a_snapshot, a_user

ROWS = ("assessments", "assessments-2", "credential_links", "versions", "references", "references-2", "replies")


def _step(claim: Claim, name: str) -> str:
    return reverse("admin:clinics_claim_step", args=[claim.pk, name])


def _change(claim: Claim) -> str:
    return reverse("admin:clinics_claim_change", args=[claim.pk])


def _management() -> dict[str, str]:
    return {f"{row}-{name}": "0" for row in ROWS for name in ("TOTAL_FORMS", "INITIAL_FORMS")}


@pytest.mark.parametrize(("severity", "state"), [(3, "published"), (4, "published"), (5, "awaiting_second")])
def test_a_critical_claim_waits_for_a_second_person(signed_in: SignedIn, severity: int, state: str) -> None:
    claim = a_claim(severity=severity)
    client = signed_in("publisher")
    client.post(_step(claim, "waive"), {"reason": "The statement is public."})
    client.post(_step(claim, "sign"))
    claim.refresh_from_db()
    assert claim.state == state


def test_the_same_person_does_not_sign_twice_and_another_does(signed_in: SignedIn) -> None:
    claim = a_claim(severity=5)
    client = signed_in("publisher")
    client.post(_step(claim, "waive"), {"reason": "The statement is public."})
    client.post(_step(claim, "sign"))
    assert b"another person" in client.post(_step(claim, "second")).content
    client.force_login(a_user("someone-else", "publisher"))
    assert client.post(_step(claim, "second")).status_code == 302
    claim.refresh_from_db()
    assert claim.state == "published"


def test_signing_before_the_clinic_was_asked_is_refused_with_what_to_do(signed_in: SignedIn) -> None:
    claim = a_claim()
    answer = signed_in("publisher").post(_step(claim, "sign"))
    assert "Invite the clinic to comment first" in answer.content.decode()
    claim.refresh_from_db()
    assert claim.state == "draft"


@pytest.mark.parametrize(("step", "state"), [("hold", "held"), ("withdraw", "withdrawn")])
def test_a_published_claim_is_held_or_withdrawn_with_a_reason(signed_in: SignedIn, step: str, state: str) -> None:
    claim = a_published_claim()
    client = signed_in("publisher")
    assert b"This field is required" in client.post(_step(claim, step)).content
    client.post(_step(claim, step), {"reason": "The clinic objects."})
    claim.refresh_from_db()
    assert (claim.state, claim.ended_because) == (state, "The clinic objects.")


def test_the_language_of_the_words_is_chosen_from_those_that_we_know(signed_in: SignedIn) -> None:
    claim = a_claim(language="Spanish")
    client = signed_in("recorder")
    assert (
        '<option value="Spanish" selected>Spanish (not a language of the list)'
        in client.get(_change(claim)).content.decode()
    )
    kept = {"category": claim.category, "severity": claim.severity, "quote": claim.quote, "notes": ""}
    assert "not one of the available choices" in (
        client.post(_change(claim), {**kept, "language": "espagnol", **_management()}).content.decode()
    )
    assert client.post(_change(claim), {**kept, "language": "es", **_management()}).status_code == 302
    claim.refresh_from_db()
    assert claim.language == "es"


def test_the_words_of_a_published_claim_cannot_be_typed_over(signed_in: SignedIn) -> None:
    claim = a_published_claim()
    client = signed_in("publisher")
    assert 'name="quote"' not in client.get(_change(claim)).content.decode()
    sent = {"quote": "Other words.", "notes": "Seen by counsel.", "disputed_since": "2026-11-03", **_management()}
    assert client.post(_change(claim), sent).status_code == 302
    claim.refresh_from_db()
    assert (claim.quote, claim.notes, str(claim.disputed_since)) == (PROMISE, "Seen by counsel.", "2026-11-03")


def test_saving_a_note_does_not_undo_a_step_that_was_taken_meanwhile(db: None) -> None:
    claim = a_claim()
    as_loaded = Claim.objects.get(pk=claim.pk)
    claims.waive_comment(claim, reason="The statement is public.", by=a_user("first"), now=NOW)
    publication.sign(claim, by=a_user("first"), now=NOW)
    as_loaded.notes = "Typed while it was being signed."
    form = modelform_factory(Claim, fields=["notes"])(
        {"notes": as_loaded.notes}, instance=Claim.objects.get(pk=claim.pk)
    )
    admin.site._registry[Claim].save_model(RequestFactory().post("/"), as_loaded, form, True)
    claim.refresh_from_db()
    assert (claim.state, claim.notes) == ("published", "Typed while it was being signed.")


def _typed(quote: str) -> dict[str, Any]:
    clinic = a_clinic()
    snapshot = a_snapshot(clinic.website, PROMISE)
    return {
        "clinic": clinic.pk,
        "snapshot": snapshot.pk,
        "category": "guarantee",
        "severity": "4",
        "quote": quote,
        "language": "en",
    }


def test_a_claim_is_drafted_from_the_words_of_a_text(signed_in: SignedIn) -> None:
    answer = signed_in("recorder").post(reverse("admin:clinics_claim_add"), _typed(PROMISE))
    assert answer.status_code == 302
    claim = Claim.objects.get()
    assert (claim.quote, claim.state, claim.page.url) == (PROMISE, "draft", "https://knee-house.example/")


@pytest.mark.parametrize(
    ("quote", "told"),
    [("Words that stand nowhere.", "do not stand in the capture"), ("One. Two. Three.", "at most two sentences")],
)
def test_words_that_cannot_be_quoted_are_refused_and_kept_in_the_form(
    signed_in: SignedIn, quote: str, told: str
) -> None:
    text = signed_in("recorder").post(reverse("admin:clinics_claim_add"), _typed(quote)).content.decode()
    assert told in text
    assert quote in text
    assert not Claim.objects.exists()


def test_an_assessment_is_added_with_its_source(signed_in: SignedIn) -> None:
    claim = a_claim()
    row = {
        "assessments-2-TOTAL_FORMS": "1",
        "assessments-2-0-key": "source_differs",
        "assessments-2-0-assessed_on": "2026-11-02",
        "assessments-2-0-source_name": "A regulator",
        "assessments-2-0-source_url": "https://regulator.example/list",
        "assessments-2-0-detail": "No such approval.",
    }
    words = {"category": "guarantee", "severity": "4", "quote": PROMISE, "language": "en"}
    answer = signed_in("recorder").post(_change(claim), {**words, **_management(), **row})
    assert answer.status_code == 302, answer.content.decode()
    assert claim.assessments.get().source.url == "https://regulator.example/list"


def test_after_a_release_that_is_taken_back_neither_words_nor_severity_are_open(signed_in: SignedIn) -> None:
    claim = a_published_claim(severity=5)
    client = signed_in("publisher")
    client.post(_step(claim, "hold"), {"reason": "The clinic objects."})
    client.post(_step(claim, "release"))
    client.post(_step(claim, "take-back"))
    claim.refresh_from_db()
    assert (claim.state, claim.ended_because) == ("held", "The clinic objects.")
    shown = client.get(_change(claim)).content.decode()
    assert not [name for name in ("quote", "category", "severity") if f'name="{name}"' in shown]
    sent = {"severity": "1", "notes": "Seen.", **_management()}
    assert client.post(_change(claim), sent).status_code == 302
    claim.refresh_from_db()
    assert (claim.severity, claim.notes) == (5, "Seen.")


def _asks(client: Client, claim: Claim) -> set[str]:
    """Rows of which kinds can be added on the claim's page."""
    inlines = client.get(_change(claim)).context["inline_admin_formsets"]
    return {each.formset.prefix for each in inlines if each.has_add_permission}


def _link(claim: Claim) -> dict[str, str]:
    """What the page sends where a credential check is linked and nothing else is typed."""
    rows = {"credential_links-TOTAL_FORMS": "1", "credential_links-0-credential_check": str(a_check(claim.clinic).pk)}
    return {"category": "guarantee", "severity": "5", "quote": PROMISE, "language": "en", **_management(), **rows}


def _assess() -> dict[str, str]:
    row = {"key": "not_checkable", "assessed_on": "2026-11-02"}
    rows = {f"assessments-2-0-{name}": value for name, value in row.items()} | {"assessments-2-TOTAL_FORMS": "1"}
    return {**_management(), **rows}


def _signed_once(claim: Claim) -> None:
    claims.waive_comment(claim, reason="The statement is public.", by=a_user("first"), now=NOW)
    publication.sign(claim, by=a_user("first"), now=NOW)
    claim.refresh_from_db()


@pytest.mark.parametrize("role", ["recorder", "publisher"])
def test_between_two_signatures_nothing_is_set_beside_the_claim(signed_in: SignedIn, role: str) -> None:
    claim = a_claim(severity=5)
    client = signed_in(role)
    assert _asks(client, claim) == {"assessments-2", "references-2", "credential_links"}
    link, assess = _link(claim), _assess()
    _signed_once(claim)
    assert _asks(client, claim) == set()
    for typed_before in (link, assess):
        told = client.post(_change(claim), typed_before).content.decode()
        assert "first has signed this claim as it stands" in told
    assert not claim.credential_links.exists()
    assert not claim.assessments.exists()
    publication.take_back(claim, by=a_user("first"), now=NOW)
    assert client.post(_change(claim), link).status_code == 302
    assert claim.credential_links.count() == 1


def test_words_typed_while_somebody_signs_are_refused(signed_in: SignedIn) -> None:
    claim = a_claim(severity=5)
    as_loaded = Claim.objects.get(pk=claim.pk)
    _signed_once(claim)
    form = modelform_factory(Claim, fields=["quote"])({"quote": "Other words."}, instance=as_loaded)
    assert form.is_valid()
    with pytest.raises(Refusal, match="first has signed this claim"):
        admin.site._registry[Claim].save_model(RequestFactory().post("/"), form.instance, form, True)
    claim.refresh_from_db()
    assert claim.quote == PROMISE
