"""A signature can be taken back for a while; then, and only then, the claim is public."""

import pytest

from clinics.models import Claim, ClaimReply, ClaimVersion
from clinics.operations import claim_names, claim_replies, claims, publication
from clinics.operations.claim_references import add_reference
from clinics.operations.refusal import Refusal
from tests.build import NOW, a_claim, a_user, later

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_quarter_of_an_hour(settings):
    settings.PUBLICATION_DELAY_MINUTES = 15


def signed(severity: int = 3) -> Claim:
    claim = a_claim(severity=severity)
    sign_first(claim)
    if severity >= 5:
        publication.sign(claim, by=a_user("bob"), now=NOW)
    return claim


def sign_first(claim: Claim) -> None:
    claims.waive_comment(claim, reason="Public since long.", by=a_user("ada"), now=NOW)
    publication.sign(claim, by=a_user("ada"), now=NOW)


def is_public(claim: Claim) -> bool:
    return Claim.objects.published().filter(pk=claim.pk).exists()


@pytest.mark.parametrize("severity", [3, 5])
def test_a_signed_claim_is_public_a_quarter_of_an_hour_later(severity):
    claim = signed(severity)
    assert publication.publish_due(later(minutes=14)) == []
    assert not is_public(claim)
    assert ClaimVersion.objects.count() == 0
    assert publication.publish_due(later(minutes=15)) == [claim]
    assert is_public(claim)
    assert ClaimVersion.objects.get().published_at == later(minutes=15)
    assert publication.publish_due(later(minutes=16)) == []


@pytest.mark.parametrize(
    ("severity", "left"), [(3, ("draft", None, None)), (5, ("awaiting_second", "ada", None))], ids=["one", "two"]
)
def test_what_is_taken_back_is_never_public_and_only_the_last_signature_goes(severity, left):
    claim = signed(severity)
    publication.take_back(claim, by=a_user("bob"), now=later(minutes=10))
    first = claim.first_signed_by.username if claim.first_signed_by else None
    assert (claim.state, first, claim.second_signed_by) == left
    assert publication.publish_due(later(days=1)) == []
    assert not is_public(claim)


def test_who_signed_a_critical_claim_first_may_take_that_back_and_nobody_else():
    claim = a_claim(severity=5)
    claims.invite_comment(claim, by=a_user("ada"), now=later(days=-60))
    publication.sign(claim, by=a_user("ada"), now=NOW)
    with pytest.raises(Refusal, match="no signature here"):
        publication.take_back(claim, by=a_user("bob"), now=NOW)
    publication.take_back(claim, by=a_user("ada"), now=NOW)
    assert (claim.state, claim.first_signed_by) == ("comment_invited", None)


def test_what_is_public_is_held_and_not_taken_back():
    claim = signed()
    publication.publish_due(later(minutes=15))
    with pytest.raises(Refusal, match="published"):
        publication.take_back(claim, by=a_user("ada"), now=later(minutes=15))


PROVED = {"proved_by": "mail", "proof": "office@knee-house.example", "sender": "Ana Example, owner"}


def a_reply(claim: Claim) -> ClaimReply:
    facts = {"text": "We stand by our words.", "received_on": NOW.date(), **PROVED}
    return claim_replies.record_reply(claim, by=a_user("rec"), now=NOW, **facts)


def publish_its_reply(claim: Claim) -> None:
    claim_replies.publish_reply(claim.replies.get(), by=a_user("eve"), now=NOW)


def take_its_reply_away(claim: Claim) -> None:
    claim_replies.take_reply_away(claim.replies.get(), reason="At its wish.", by=a_user("eve"), now=NOW)


CHANGES = {
    "assessed": lambda claim: claims.add_assessment(claim, "not_checkable", by=a_user("rec"), now=NOW),
    "referred": lambda claim: add_reference(claim, "pmid", identifier="123", by=a_user("rec"), now=NOW),
    "names looked for": lambda claim: claim_names.judge_names(claim, ["We"], by=a_user("rec"), now=NOW),
    "reply published": publish_its_reply,
}
AGAIN = {
    "signed again": lambda claim: publication.sign(claim, by=a_user("eve"), now=NOW),
    "comment invited": lambda claim: claims.invite_comment(claim, by=a_user("eve"), now=NOW),
}


@pytest.mark.parametrize("change", [*CHANGES.values(), *AGAIN.values()], ids=[*CHANGES, *AGAIN])
def test_nothing_about_it_changes_between_signature_and_publication(change):
    claim = a_claim(severity=3)
    a_reply(claim)
    sign_first(claim)
    with pytest.raises(Refusal, match="take that back first"):
        change(claim)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_about_it_changes_between_two_signatures_until_the_first_is_taken_back(change):
    claim = a_claim(severity=5)
    a_reply(claim)
    sign_first(claim)
    with pytest.raises(Refusal, match="ada has signed this claim as it stands"):
        change(claim)
    publication.take_back(claim, by=a_user("ada"), now=NOW)
    change(claim)


def test_a_reply_that_is_shown_is_not_taken_away_between_two_signatures_and_one_that_never_was_is_given_up():
    claim = a_claim(severity=5)
    a_reply(claim)
    publish_its_reply(claim)
    sign_first(claim)
    with pytest.raises(Refusal, match="let ada take that back first"):
        take_its_reply_away(claim)
    publication.take_back(claim, by=a_user("ada"), now=NOW)
    take_its_reply_away(claim)
    publication.sign(claim, by=a_user("ada"), now=NOW)
    given_up = a_reply(claim)
    claim_replies.take_reply_away(given_up, reason="Not the clinic's.", by=a_user("eve"), now=NOW)
    assert given_up.ended_because == "Not the clinic's."


def test_what_two_people_sign_is_the_same_for_both():
    claim = a_claim(severity=5)
    sign_first(claim)
    with pytest.raises(Refusal):
        CHANGES["assessed"](claim)
    publication.sign(claim, by=a_user("bob"), now=NOW)
    publication.publish_due(later(minutes=15))
    assert [each["key"] for each in ClaimVersion.objects.get().content["assessments"]] == ["not_assessed"]


def test_a_claim_withdrawn_in_time_is_never_public():
    claim = signed()
    publication.withdraw(claim, reason="The wrong clinic.", by=a_user("ada"), now=later(minutes=3))
    assert publication.publish_due(later(days=1)) == []
    assert Claim.objects.withdrawn().count() == 0


def test_a_released_claim_waits_too():
    claim = signed()
    publication.publish_due(later(minutes=15))
    publication.hold(claim, reason="A complaint.", by=a_user("ada"), now=later(hours=1))
    publication.release(claim, by=a_user("ada"), now=later(hours=2))
    assert not is_public(claim)
    publication.take_back(claim, by=a_user("ada"), now=later(hours=2))
    assert (claim.state, claim.ended_because, claim.first_signed_by) == ("held", "A complaint.", None)
    assert publication.publish_due(later(hours=9)) == []
    publication.release(claim, by=a_user("eve"), now=later(hours=10))
    publication.publish_due(later(hours=11))
    assert is_public(claim)
    assert who_signed() == [("ada", None), ("eve", None)]


def who_signed() -> list[tuple[str, str | None]]:
    """Who answers for each version."""
    names = ("first_signed_by__username", "second_signed_by__username")
    return list(ClaimVersion.objects.order_by("number").values_list(*names))


def released() -> Claim:
    """A critical claim that was public and held; one person signs to have it back."""
    claim = signed(5)
    publication.publish_due(later(minutes=15))
    publication.hold(claim, reason="A complaint.", by=a_user("eve"), now=later(hours=1))
    publication.release(claim, by=a_user("kim"), now=later(hours=2))
    return claim


def test_a_critical_claim_whose_release_is_taken_back_is_held_as_it_was():
    claim = released()
    with pytest.raises(Refusal, match="no signature here"):
        publication.take_back(claim, by=a_user("lee"), now=later(hours=3))
    publication.take_back(claim, by=a_user("kim"), now=later(hours=3))
    assert (claim.state, claim.ended_at, claim.ended_because) == ("held", later(hours=1), "A complaint.")
    assert (claim.first_signed_by, claim.second_signed_by) == (None, None)
    with pytest.raises(Refusal, match="held"):
        publication.sign(claim, by=a_user("kim"), now=later(hours=4))
    publication.release(claim, by=a_user("lee"), now=later(hours=5))
    publication.sign(claim, by=a_user("kim"), now=later(hours=6))
    publication.publish_due(later(hours=7))
    assert (is_public(claim), who_signed()) == (True, [("ada", "bob"), ("lee", "kim")])
    claim.refresh_from_db()
    assert (claim.ended_at, claim.ended_because) == (None, "")


def test_of_a_release_that_two_have_signed_only_the_last_signature_goes_first():
    claim = released()
    publication.sign(claim, by=a_user("lee"), now=later(hours=3))
    publication.take_back(claim, by=a_user("lee"), now=later(hours=3))
    assert (claim.state, claim.first_signed_by, claim.second_signed_by) == ("awaiting_second", a_user("kim"), None)
    publication.take_back(claim, by=a_user("kim"), now=later(hours=3))
    assert claim.state == "held"


def test_a_release_from_before_its_reason_was_kept_is_held_with_one_of_ours():
    claim = released()
    Claim.objects.filter(pk=claim.pk).update(ended_at=None, ended_because="")
    publication.take_back(claim, by=a_user("kim"), now=later(hours=3))
    assert (claim.state, claim.ended_at) == ("held", later(hours=3))
    assert claim.ended_because == "Its release was taken back."


def test_without_a_delay_it_is_public_at_once(settings):
    settings.PUBLICATION_DELAY_MINUTES = 0
    assert is_public(signed())
