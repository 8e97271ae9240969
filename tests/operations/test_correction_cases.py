"""Who decides on a visitor's report, agrees, or gives it back: nobody who signed, and after an appeal two others."""

from collections.abc import Callable
from typing import Final

import pytest

from clinics.models import Claim, Clinic, Correction, OfficialAction
from clinics.operations import action_publication, correction_cases, corrections, publication
from clinics.operations.refusal import Refusal
from tests.build import (
    NOW,
    a_clinic,
    a_correction,
    a_listed_clinic,
    a_published_action,
    a_published_claim,
    a_user,
    an_answer_case,
    later,
)

pytestmark = pytest.mark.django_db
Signed = Claim | OfficialAction


def decide(case: Correction, by: str = "kim") -> None:
    facts = {"outcome": "stands", "reason": "Seen.", "public_note": "It stands."}
    correction_cases.decide(case, **facts, by=a_user(by), now=NOW)


def confirm(case: Correction, by: str) -> None:
    correction_cases.confirm(case, by=a_user(by), now=NOW)


def give_back(case: Correction, by: str) -> None:
    correction_cases.give_back(case, reason="Look at the second page.", by=a_user(by), now=NOW)


def about(row: Signed) -> Correction:
    """A report of an error on the row's own page."""
    room = "statements" if isinstance(row, Claim) else "actions"
    clinic = row.clinic
    assert isinstance(clinic, Clinic)
    return a_correction(about=f"/clinics/{clinic.public_id}/{room}/{row.public_id}/")


def a_released_claim() -> Claim:
    """Signed by first and second at first, and by eve and max since."""
    claim = a_published_claim(severity=5)
    publication.hold(claim, reason="A complaint.", by=a_user("eve"), now=NOW)
    publication.release(claim, by=a_user("eve"), now=NOW)
    publication.sign(claim, by=a_user("max"), now=NOW)
    return claim


def a_released_action() -> OfficialAction:
    """The same."""
    action = a_published_action()
    action_publication.hold_action(action, reason="A complaint.", by=a_user("eve"), now=NOW)
    action_publication.release_action(action, by=a_user("eve"), now=NOW)
    action_publication.sign_action(action, by=a_user("max"), now=NOW)
    return action


MADE: Final = {"statement": a_released_claim, "action": a_released_action}


@pytest.mark.parametrize("who", ["first", "second", "eve", "max"])
@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_nobody_who_signed_any_version_decides_agrees_or_gives_back(made: Callable[[], Signed], who: str) -> None:
    case = about(made())
    with pytest.raises(Refusal, match="You signed"):
        decide(case, by=who)
    decide(case)
    for refused in (confirm, give_back):
        with pytest.raises(Refusal, match="You signed"):
            refused(case, by=who)
    case.refresh_from_db()
    assert case.state == "decided"
    give_back(case, by="lee")
    decide(case)
    confirm(case, by="lee")


def test_who_signed_something_else_may_do_all_of_it() -> None:
    a_published_claim(a_listed_clinic("Hip House"), "Hips in a day.")
    claim = a_published_claim()
    Claim.objects.filter(pk=claim.pk).update(first_signed_by=a_user("eve"))
    action = about(a_published_action(a_clinic("Elbow House")))
    for case, decider, other in ((action, "eve", "kim"), (a_correction(about="/clinics/x/"), "first", "second")):
        decide(case, by=decider)
        give_back(case, by=other)
        decide(case, by=decider)
        confirm(case, by=other)


def appealed(case: Correction) -> Correction:
    """Decided by kim, agreed by lee, and asked for anew."""
    decide(case)
    confirm(case, by="lee")
    Correction.objects.filter(pk=case.pk).update(closed_at=NOW)
    assert corrections.appeal(case.token, later(days=1))
    return case


@pytest.mark.parametrize("earlier", ["kim", "lee"])
def test_after_an_appeal_those_who_decided_first_do_not_give_the_new_decision_back(earlier: str) -> None:
    case = appealed(a_correction())
    decide(case, by="max")
    with pytest.raises(Refusal, match="asked for other people"):
        give_back(case, by=earlier)
    case.refresh_from_db()
    assert case.state == "decided"
    give_back(case, by="noa")
    decide(case, by="max")
    confirm(case, by="noa")


@pytest.mark.parametrize("who", ["first", "second"])
def test_a_decision_on_a_clinics_answer_is_not_given_back_by_who_signed_the_statement(who: str) -> None:
    case = an_answer_case(a_published_claim(severity=5))
    case.state, case.outcome, case.reason = "decided", "stands", "Seen."
    case.decided_by, case.decided_at = a_user("kim"), NOW
    case.save()
    with pytest.raises(Refusal, match="You signed"):
        give_back(case, by=who)
    give_back(case, by="lee")
    case.refresh_from_db()
    assert case.state == "looked_at"


def test_of_points_that_were_carried_out_nobody_asks_who_signed() -> None:
    case = an_answer_case(a_published_claim(severity=5))
    who = {"decided_by": a_user("kim"), "decided_at": NOW}
    case.points.update(done_at=NOW, outcome="withdrawn", public_reason="Seen.", **who)
    Correction.objects.filter(pk=case.pk).update(state="decided", outcome="changed", reason="Seen.", **who)
    give_back(case, by="first")
