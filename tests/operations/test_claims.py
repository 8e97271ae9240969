import hashlib
import json
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, transaction

from clinics.models import Assessment, Claim, ClaimVersion, PageUse, QuotePresence
from clinics.operations import claims, publication
from clinics.operations.refusal import Refusal
from tests.build import (
    NOW,
    PROMISE,
    a_claim,
    a_clinic,
    a_flag,
    a_page,
    a_published_claim,
    a_rule,
    a_snapshot,
    a_user,
    later,
)

pytestmark = pytest.mark.django_db
TEXT = "We guarantee lasting relief for every knee. Walk again in a day. Ask us how."


def draft(quote, text=TEXT, clinic=None, **more):
    clinic = clinic or a_clinic()
    snapshot = a_snapshot(clinic.website, text)
    facts = {"category": "guarantee", "by": a_user(), "now": NOW, "page": clinic.website, "snapshot": snapshot, **more}
    return claims.draft_claim(clinic, quote, facts.pop("category"), **facts)


def waived(**more):
    claim = a_claim(**more)
    claims.waive_comment(claim, reason="The words are public.", by=a_user(), now=NOW)
    return claim


@pytest.mark.parametrize("quote", [PROMISE, "Walk again in a day. Ask us how.", "lasting relief for every knee"])
def test_up_to_two_sentences_that_stand_on_the_page_may_be_quoted(quote):
    claim = draft(quote)
    assert (claim.quote, claim.context, claim.state) == (quote, TEXT, "draft")


@pytest.mark.parametrize(
    ("quote", "because"),
    [
        (TEXT, "two sentences"),
        ("", "Quote"),
        ("We guarantee relief for every knee.", "exactly"),
        ("we guarantee lasting relief for every knee.", "exactly"),
        ("We guarantee … every knee.", "exactly"),
    ],
)
def test_more_than_two_sentences_or_other_words_are_refused(quote, because):
    with pytest.raises(Refusal, match=because):
        draft(quote)
    assert not Claim.objects.exists()


def test_a_claim_has_a_category_that_exists():
    with pytest.raises(Refusal, match="not a category"):
        draft(PROMISE, category="bragging")


def test_a_clinic_is_quoted_from_its_own_pages_only():
    clinic, letter = a_clinic(), a_page(url="https://agency.example/letter")
    PageUse.objects.create(page=letter, clinic=clinic, purpose="evidence")
    with pytest.raises(Refusal, match="not from a page of Knee House"):
        draft(PROMISE, clinic=clinic, snapshot=a_snapshot(letter, TEXT), page=letter)
    PageUse.objects.create(page=letter, clinic=clinic, purpose="clinic_page")
    draft(PROMISE, clinic=clinic, snapshot=a_snapshot(letter, TEXT), page=letter)


def test_a_claim_that_is_not_critical_is_public_by_one_signature():
    claim = publication.sign(waived(severity=4), by=a_user(), now=later(hours=1))
    assert (claim.state, claim.published_at, claim.first_signed_by) == ("published", later(hours=1), a_user())


def test_a_critical_claim_needs_another_person():
    claim = waived(severity=5)
    publication.sign(claim, by=a_user("ada"), now=NOW)
    assert claim.state == "awaiting_second"
    assert not Claim.objects.published().exists()
    with pytest.raises(Refusal, match="another person"):
        publication.sign(claim, by=a_user("ada"), now=NOW)
    assert not Claim.objects.published().exists()
    publication.sign(claim, by=a_user("bob"), now=NOW)
    assert (claim.state, claim.second_signed_by) == ("published", a_user("bob"))


def test_a_claim_cannot_be_made_out_to_be_less_grave_than_its_rules():
    a_rule(severity=5)
    claim = publication.sign(waived(severity=1), by=a_user(), now=NOW)
    assert (claim.severity, claim.state) == (5, "awaiting_second")


def test_a_claim_cannot_be_made_out_to_be_less_grave_than_its_flag():
    flag = a_flag(severity=5)
    claim = waived(clinic=flag.clinic, flag=flag, severity=2)
    assert publication.sign(claim, by=a_user(), now=NOW).state == "awaiting_second"


def test_a_graver_category_cannot_be_given_to_a_claim_with_one_signature():
    a_rule("cures", category="cure_reversal", severity=5)
    flag = a_flag(severity=3)
    claim = waived(clinic=flag.clinic, flag=flag, severity=3)
    Claim.objects.filter(pk=claim.pk).update(category="cure_reversal")
    assert publication.sign(claim, by=a_user(), now=NOW).state == "awaiting_second"


@pytest.mark.parametrize("state", ["published", "held", "withdrawn"])
def test_words_that_were_public_once_cannot_be_altered_even_in_the_database(state):
    claim = a_published_claim()
    if state == "held":
        publication.hold(claim, reason="A complaint came in.", by=a_user(), now=NOW)
    elif state == "withdrawn":
        publication.withdraw(claim, reason="It was a mistake of ours.", by=a_user(), now=NOW)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(quote="They never said this.")
    Claim.objects.filter(pk=claim.pk).update(notes="Seen by counsel.")


def test_words_edited_in_a_draft_are_looked_for_again_before_they_are_signed():
    claim = waived()
    Claim.objects.filter(pk=claim.pk).update(quote="We guarantee that you will walk.")
    with pytest.raises(Refusal, match="exactly"):
        publication.sign(claim, by=a_user(), now=NOW)
    Claim.objects.filter(pk=claim.pk).update(quote=PROMISE)
    assert publication.sign(claim, by=a_user(), now=NOW).state == "published"


def test_the_clinic_is_asked_first_or_a_reason_is_recorded():
    claim = a_claim()
    with pytest.raises(Refusal, match="Invite the clinic"):
        publication.sign(claim, by=a_user(), now=NOW)
    with pytest.raises(Refusal, match="reason"):
        claims.waive_comment(claim, reason=" ", by=a_user(), now=NOW)
    claims.waive_comment(claim, reason="The words are public.", by=a_user(), now=NOW)
    assert publication.sign(claim, by=a_user(), now=NOW).state == "published"


@pytest.mark.parametrize(
    ("invited", "first_day"),
    [
        (date(2026, 10, 19), date(2026, 11, 3)),  # Monday; ten working days end on Monday the 2nd
        (date(2026, 10, 23), date(2026, 11, 7)),  # Friday
        (date(2026, 10, 24), date(2026, 11, 7)),  # Saturday
        (date(2026, 11, 2), date(2026, 11, 18)),  # Veterans Day is between
    ],
)
def test_the_clinic_has_ten_working_days(invited, first_day):
    at = datetime(invited.year, invited.month, invited.day, 9, tzinfo=UTC)
    claim = a_claim()
    claims.invite_comment(claim, by=a_user(), now=at)
    assert (claim.state, claims.may_publish_from(claim)) == ("comment_invited", first_day)
    too_early = datetime(first_day.year, first_day.month, first_day.day - 1, 23, tzinfo=UTC)
    with pytest.raises(Refusal, match="may comment until"):
        publication.sign(claim, by=a_user(), now=too_early)
    now = datetime(first_day.year, first_day.month, first_day.day, 0, tzinfo=UTC)
    assert publication.sign(claim, by=a_user(), now=now).state == "published"


def test_publishing_freezes_a_version_with_the_hash_of_its_content():
    claim = a_published_claim(severity=5)
    version = claim.versions.get()
    canonical = json.dumps(version.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert version.digest == hashlib.sha256(canonical.encode()).hexdigest()
    assert (version.content["quote"], version.content["category"]) == (PROMISE, "outcome_promise")
    assert [people.username for people in (version.first_signed_by, version.second_signed_by)] == ["first", "second"]
    assert [each.key for each in claim.assessments.all()] == ["not_assessed"]
    assert claim.presence.state == QuotePresence.State.EXACT


def test_nothing_in_a_frozen_version_names_our_own_severity_or_rules():
    content = a_published_claim().versions.get().content
    assert not {"severity", "rule", "flag", "notes"} & set(content)


def test_a_hold_takes_a_claim_from_the_public_and_a_release_puts_it_back():
    claim = a_published_claim()
    with pytest.raises(Refusal, match="reason"):
        publication.hold(claim, reason="", by=a_user(), now=NOW)
    publication.hold(claim, reason="The clinic objects.", by=a_user(), now=later(days=1))
    assert (claim.state, Claim.objects.published().exists()) == ("held", False)
    publication.release(claim, by=a_user(), now=later(days=2))
    assert (claim.state, claim.ended_because, claim.published_at) == ("published", "", NOW)
    signers = [(each.first_signed_by, each.second_signed_by) for each in claim.versions.order_by("number")]
    assert signers == [(a_user("first"), None), (a_user(), None)]


def test_a_withdrawn_claim_keeps_its_reason_and_cannot_come_back():
    claim = a_published_claim()
    publication.withdraw(claim, reason="It was another clinic's.", by=a_user(), now=later(days=1))
    assert (claim.state, claim.ended_at, claim.ended_because) == (
        "withdrawn",
        later(days=1),
        "It was another clinic's.",
    )
    assert Claim.objects.withdrawn().get() == claim
    for again in (publication.release, publication.sign):
        with pytest.raises(Refusal, match="withdrawn"):
            again(claim, by=a_user(), now=NOW)
    with pytest.raises(Refusal, match="withdrawn"):
        publication.withdraw(claim, reason="Again.", by=a_user(), now=NOW)


@pytest.mark.parametrize(
    ("step", "more"),
    [("invite_comment", {}), ("waive_comment", {"reason": "Why."}), ("sign", {}), ("release", {})],
)
def test_what_comes_before_publishing_is_refused_after_it(step, more):
    claim = a_published_claim()
    with pytest.raises(Refusal, match="cannot be done now"):
        getattr(publication if hasattr(publication, step) else claims, step)(claim, by=a_user(), now=NOW, **more)


@pytest.mark.parametrize("step", ["hold", "release"])
def test_what_comes_after_publishing_is_refused_before_it(step):
    more = {"reason": "Why."} if step == "hold" else {}
    with pytest.raises(Refusal, match="cannot be done now"):
        getattr(publication, step)(a_claim(), by=a_user(), now=NOW, **more)


FULL = {"source_name": "State register", "source_date": NOW.date(), "detail": "No entry for the product."}


@pytest.mark.parametrize("key", Assessment.Key.values)
def test_an_assessment_has_what_its_public_sentence_is_filled_with(key):
    claim = a_claim()
    for name in claims.ASSESSMENT_NEEDS[key]:
        with pytest.raises(Refusal, match="cannot be shown without"):
            claims.add_assessment(claim, key, by=a_user(), now=NOW, **{**FULL, name: None})
    made = claims.add_assessment(claim, key, by=a_user(), now=NOW, **FULL)
    assert (made.key, made.assessed_on) == (key, NOW.date())


@pytest.mark.parametrize("name", ["assessed_on", "source_date"])
@pytest.mark.parametrize(("day", "told"), [("2090-01-01", "come"), ("1026-11-02", "is the year right")])
def test_what_an_assessment_says_was_so_on_a_day_that_has_been(name, day, told):
    with pytest.raises(Refusal, match=told):
        facts = {**FULL, name: date.fromisoformat(day)}
        claims.add_assessment(a_claim(), "source_agrees", by=a_user(), now=NOW, **facts)


def test_an_assessment_that_does_not_exist_is_refused():
    with pytest.raises(Refusal, match="not an assessment"):
        claims.add_assessment(a_claim(), "false", by=a_user(), now=NOW, **FULL)


def test_the_source_of_an_assessment_is_recorded_as_evidence_that_flags_nobody():
    claim = a_claim()
    url = "https://agency.example/letter"
    made = claims.add_assessment(claim, "source_differs", source_url=url, by=a_user(), now=NOW, **FULL)
    assert PageUse.objects.get(page=made.source).purpose == "evidence"
    with pytest.raises(Refusal, match="http"):
        claims.add_assessment(claim, "source_differs", source_url="agency.example", by=a_user(), now=NOW, **FULL)


def test_an_assessment_of_a_published_claim_makes_a_version_signed_by_who_made_it():
    claim = a_published_claim()
    claims.add_assessment(claim, "source_agrees", by=a_user("eve"), now=later(days=1), **FULL)
    assert [each.key for each in claim.assessments.all()] == ["source_agrees"]
    last = ClaimVersion.objects.latest("number")
    assert (last.number, last.first_signed_by, last.second_signed_by) == (2, a_user("eve"), None)
    with pytest.raises(Refusal, match="has been assessed"):
        claims.add_assessment(claim, "not_assessed", by=a_user(), now=NOW)


def test_a_held_critical_claim_comes_back_only_by_two_signatures():
    claim = a_published_claim(severity=5)
    publication.hold(claim, reason="A complaint came in.", by=a_user("ada"), now=NOW)
    publication.release(claim, by=a_user("first"), now=NOW)
    assert claim.state == Claim.State.AWAITING_SECOND
    with pytest.raises(Refusal, match="another person"):
        publication.sign(claim, by=a_user("first"), now=NOW)
    publication.sign(claim, by=a_user("second"), now=NOW)
    assert claim.state == Claim.State.PUBLISHED


def test_a_held_claim_that_todays_rules_call_critical_comes_back_by_two_signatures():
    claim = a_published_claim(severity=4)
    publication.hold(claim, reason="A complaint came in.", by=a_user("ada"), now=NOW)
    a_rule(severity=5)
    publication.release(claim, by=a_user("ada"), now=NOW)
    assert (claim.severity, claim.state) == (5, Claim.State.AWAITING_SECOND)


def test_nobody_alone_adds_to_a_critical_claim_that_is_public():
    claim = a_published_claim(severity=5)
    with pytest.raises(Refusal, match="hold it"):
        claims.add_assessment(claim, "no_study_found", by=a_user("ada"), now=NOW)
    publication.hold(claim, reason="An assessment is to be added.", by=a_user("ada"), now=NOW)
    claims.add_assessment(claim, "no_study_found", by=a_user("ada"), now=NOW)
    assert claim.versions.count() == 1
