"""A pasted quote proposes a claim: where it stands, what the rules say, what may be stated beside it."""

from typing import Any

import pytest
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from clinics.models import Claim
from clinics.operations import capturing
from clinics.operations.claim_proposals import propose_claim
from clinics.operations.publication import withdraw
from clinics.operations.refusal import Refusal
from tests.admin.conftest import SignedIn
from tests.build import NOW, a_clinic, a_rule, a_snapshot, a_user

pytestmark = pytest.mark.django_db
ADD = reverse("admin:clinics_claim_add")
TEXT = "Our team is kind. We guarantee lasting relief for every knee. Call today."
QUOTE = "We guarantee lasting relief for every knee."


@pytest.fixture
def clinic():
    a_rule()
    clinic = a_clinic()
    a_snapshot(clinic.website, TEXT, "We never sleep.")
    return clinic


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"


def test_words_that_stand_in_a_text_are_found_with_their_rule(clinic):
    found = propose_claim(clinic, f"  {QUOTE.replace(' ', chr(10), 1)} ")
    assert (found.quote, found.exact, found.block) == (QUOTE, True, TEXT)
    assert found.snapshot.page == clinic.website
    assert (found.rule.key, found.facts["category"], found.facts["severity"]) == ("guarantee", "guarantee", 4)


def test_words_that_were_copied_badly_lead_to_the_sentence_itself(clinic):
    found = propose_claim(clinic, "We guarantee lasting relief for each knee")
    assert (found.quote, found.exact) == (QUOTE, False)


def test_of_a_long_paste_the_sentence_is_taken_that_a_rule_flags(clinic):
    found = propose_claim(clinic, f"{TEXT} We guarantee it twice.")
    assert found.quote == QUOTE
    assert found.others == ("We guarantee it twice.",)


def test_words_that_no_rule_flags_are_found_all_the_same(clinic):
    found = propose_claim(clinic, "We never sleep.")
    assert (found.exact, found.rule) == (True, None)
    assert "category" not in found.facts


def test_words_of_nobody_are_in_no_text_and_other_clinics_texts_are_not_looked_through(clinic):
    other = a_clinic("Hip House")
    assert propose_claim(other, QUOTE).snapshot is None
    assert propose_claim(other, QUOTE).rule.key == "guarantee"  # the rule reads the words alone
    assert propose_claim(clinic, "Nothing of the kind was said here.").snapshot is None


def test_a_capture_by_hand_is_looked_through_too(clinic):
    other = a_clinic("Hip House")
    seen = {"described_as": "Brochure", "seen_on": NOW.date(), "by": a_user(), "now": NOW}
    capture = capturing.capture_text(other, "We guarantee every hip.", **seen)
    assert propose_claim(other, "We guarantee every hip.").snapshot == capture


def test_nothing_pasted_is_refused(clinic):
    with pytest.raises(Refusal, match="Paste the clinic's words first"):
        propose_claim(clinic, " \n ")


def proposed(client: Any, clinic: Any, quote: str, **more: Any) -> str:
    return client.post(
        ADD, {"propose": "yes", "clinic": clinic.pk if clinic else "", "quote": quote, **more}
    ).content.decode()


def value_of(html: str, name: str) -> str | None:
    page = LexborHTMLParser(html)
    chosen = page.css_first(f'select[name="{name}"] option[selected]')
    area = page.css_first(f'textarea[name="{name}"]')
    return chosen.attributes.get("value") if chosen else area.text().strip() if area else None


def test_the_form_is_filled_and_nothing_is_saved(signed_in: SignedIn, clinic):
    shown = proposed(signed_in("recorder"), clinic, QUOTE)
    filled = {name: value_of(shown, name) for name in ("clinic", "quote", "snapshot", "category", "severity")}
    assert filled == {
        "clinic": str(clinic.pk),
        "quote": QUOTE,
        "snapshot": str(clinic.website.snapshots.get().pk),
        "category": "guarantee",
        "severity": "4",
    }
    assert "Rule <b>guarantee</b> flags them (high)" in shown
    assert not Claim.objects.exists()


def test_the_proposed_claim_is_saved_with_the_assessment_that_was_ticked(signed_in: SignedIn, clinic):
    client, rule = signed_in("recorder"), a_rule()
    sent = {"clinic": clinic.pk, "quote": QUOTE, "snapshot": clinic.website.snapshots.get().pk, "language": "en"}
    sent |= {"category": "guarantee", "severity": 4}
    assert client.post(ADD, {**sent, "guidance": rule.pk}).status_code == 302
    stated = Claim.objects.get().assessments.get()
    assert (stated.key, stated.source_name, stated.source.url) == ("agency_guidance", "Guide", "https://rules.example/")
    other = {**sent, "quote": "Call today."}
    assert client.post(ADD, other).status_code == 302
    assert Claim.objects.order_by("pk").last().assessments.count() == 0  # nothing ticked, nothing stated


def test_the_same_words_of_a_clinic_are_one_claim(signed_in: SignedIn, clinic):
    client = signed_in("recorder")
    sent = {"clinic": clinic.pk, "quote": QUOTE, "snapshot": clinic.website.snapshots.get().pk, "language": "en"}
    sent |= {"category": "guarantee", "severity": 4}
    assert client.post(ADD, sent).status_code == 302
    again = client.post(ADD, {**sent, "quote": f" {QUOTE.replace(' ', '  ', 1)}"}).content.decode()
    assert "These words are a claim of Knee House already: it is “draft”" in again
    claim = Claim.objects.get()
    withdraw(claim, reason="Another quote is clearer.", by=a_user("x"), now=NOW)
    assert client.post(ADD, sent).status_code == 302


@pytest.mark.parametrize(("typed", "proposed_as"), [("en", "es"), ("", "es"), ("pt", "pt")])
def test_the_language_is_told_by_the_words_unless_a_person_chose_it(signed_in: SignedIn, clinic, typed, proposed_as):
    a_snapshot(clinic.website, "Garantizamos el alivio de sus rodillas.")
    shown = proposed(signed_in("recorder"), clinic, "Garantizamos el alivio de sus rodillas.", language=typed)
    assert value_of(shown, "language") == proposed_as


@pytest.mark.parametrize(
    ("who", "quote", "told"),
    [
        (None, QUOTE, "Choose the clinic first"),
        ("clinic", " ", "Paste the clinic&#x27;s words first"),
        ("clinic", "Nothing of the kind was said here.", "stand in no text that was read or captured"),
    ],
)
def test_what_cannot_be_proposed_is_said_and_what_was_typed_stays(signed_in: SignedIn, clinic, who, quote, told):
    shown = proposed(signed_in("recorder"), clinic if who else None, quote)
    assert told in shown
    assert value_of(shown, "quote") == quote.strip()


def test_script_in_a_quote_is_text(signed_in: SignedIn, clinic):
    shown = proposed(signed_in("recorder"), clinic, "<script>alert(1)</script> guarantees it.")
    assert "<script>alert" not in shown
