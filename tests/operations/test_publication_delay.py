"""A signature can be taken back for a while; then, and only then, the claim is public."""

import pytest

from clinics.models import Claim, ClaimVersion
from clinics.operations import claims, publication
from clinics.operations.refusal import Refusal
from tests.build import NOW, a_claim, a_user, later

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_quarter_of_an_hour(settings):
    settings.PUBLICATION_DELAY_MINUTES = 15


def signed(severity: int = 3, **people: str) -> Claim:
    claim = a_claim(severity=severity)
    claims.waive_comment(claim, reason="Public since long.", by=a_user("ada"), now=NOW)
    publication.sign(claim, by=a_user("ada"), now=NOW)
    if severity >= 5:
        publication.sign(claim, by=a_user("bob"), now=NOW)
    return claim


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


@pytest.mark.parametrize(
    "change",
    [
        lambda claim: publication.sign(claim, by=a_user("eve"), now=NOW),
        lambda claim: claims.invite_comment(claim, by=a_user("eve"), now=NOW),
        lambda claim: claims.add_assessment(claim, "not_checkable", by=a_user("eve"), now=NOW),
    ],
    ids=["signed again", "comment invited", "assessed"],
)
def test_nothing_about_it_changes_between_signature_and_publication(change):
    claim = signed()
    with pytest.raises(Refusal, match="take that back first"):
        change(claim)


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
    assert (claim.state, publication.publish_due(later(hours=9))) == ("held", [])
    publication.release(claim, by=a_user("ada"), now=later(hours=10))
    publication.publish_due(later(hours=11))
    assert is_public(claim)
    assert ClaimVersion.objects.count() == 2


def test_without_a_delay_it_is_public_at_once(settings):
    settings.PUBLICATION_DELAY_MINUTES = 0
    assert is_public(signed())
