"""One's own last decision can be taken back for a quarter of an hour, and the record keeps both."""

import pytest

from clinics.models import Claim, Decision, Flag
from clinics.operations import claims, publication, triage, undoing
from clinics.operations.refusal import Refusal
from tests.build import NOW, a_flag, a_user, later

pytestmark = pytest.mark.django_db

SOON = later(minutes=1)


def decide(kind: str, flag: Flag, at=NOW, by: str = "ada") -> None:
    flag.refresh_from_db()
    facts = {"reason": "Read.", "by": a_user(by), "now": at}
    if kind == "confirm":
        triage.confirm(flag, **facts)
    elif kind == "dismiss":
        triage.dismiss(flag, dismissed_as="denied", **facts)
    elif kind == "defer":
        triage.defer(flag, until=later(days=30), **facts)
    else:
        triage.reopen(flag, **facts)


def undo(by: str = "ada", at=SOON) -> Flag:
    last = undoing.last_decision_of(a_user(by), at)
    assert last is not None
    return undoing.take_back(last, by=a_user(by), now=at)


@pytest.mark.parametrize("kind", ["confirm", "dismiss", "defer"])
def test_the_flag_is_open_again_and_both_decisions_stay_on_record(kind):
    flag = a_flag()
    decide(kind, flag)
    undo()
    flag.refresh_from_db()
    assert (flag.state, flag.dismissed_as, flag.deferred_until) == ("open", "", None)
    assert Claim.objects.count() == 0
    newest, first = Decision.objects.filter(flag=flag)
    assert newest.takes_back == first
    assert newest.state == "open"


def test_what_it_was_before_comes_back_with_its_details():
    flag = a_flag()
    decide("dismiss", flag)
    decide("defer", flag, later(hours=1), by="bob")
    undo("bob", later(hours=1, minutes=5))
    flag.refresh_from_db()
    assert (flag.state, flag.dismissed_as, flag.deferred_until) == ("dismissed", "denied", None)


def test_a_flag_that_a_graver_rule_had_opened_is_open_again():
    flag = a_flag()
    decide("dismiss", flag)
    Flag.objects.filter(pk=flag.pk).update(state="open", dismissed_as="")
    decide("confirm", flag, later(hours=1))
    undo(at=later(hours=1, minutes=1))
    assert Flag.objects.get().state == "open"


def test_the_last_of_several_decisions_comes_first_then_the_one_before():
    one, two = a_flag(), a_flag(sentence="We guarantee two.")
    decide("confirm", one)
    decide("dismiss", two, later(minutes=2))
    assert undo(at=later(minutes=3)) == two
    assert undo(at=later(minutes=4)) == one
    assert undoing.last_decision_of(a_user("ada"), later(minutes=5)) is None


@pytest.mark.parametrize(
    ("happens", "at"),
    [
        (lambda flag: None, later(minutes=15)),
        (lambda flag: decide("reopen", flag, later(minutes=2), by="bob"), later(minutes=3)),
    ],
    ids=["a quarter of an hour has gone by", "somebody else has decided"],
)
def test_what_is_old_or_overtaken_is_not_taken_back(happens, at):
    flag = a_flag()
    decide("dismiss", flag)
    decision = Decision.objects.get()
    happens(flag)
    assert undoing.last_decision_of(a_user("ada"), at) is None
    with pytest.raises(Refusal, match="your own last decision"):
        undoing.take_back(decision, by=a_user("ada"), now=at)


def test_nobody_takes_back_what_another_person_decided():
    decide("dismiss", a_flag())
    assert undoing.last_decision_of(a_user("bob"), later(minutes=1)) is None
    with pytest.raises(Refusal, match="your own"):
        undoing.take_back(Decision.objects.get(), by=a_user("bob"), now=later(minutes=1))


def test_a_confirmed_flag_whose_claim_is_signed_stays_confirmed(settings):
    settings.PUBLICATION_DELAY_MINUTES = 15
    flag = a_flag(severity=3)
    decide("confirm", flag)
    claim = Claim.objects.get()
    claims.waive_comment(claim, reason="Public.", by=a_user("ada"), now=NOW)
    publication.sign(claim, by=a_user("ada"), now=NOW)
    with pytest.raises(Refusal, match="hold or withdraw"):
        undoing.take_back(Decision.objects.get(), by=a_user("ada"), now=later(minutes=1))
    assert Flag.objects.get().state == "confirmed"
