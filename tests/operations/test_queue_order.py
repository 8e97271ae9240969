"""The queue follows what people decided on each rule's flags; who looks after a flag; how long the queue takes."""

from datetime import timedelta

import pytest
from django.apps import apps

from clinics.domain.urgency import rank
from clinics.models import Cause, Flag
from clinics.operations import pace, queue_order, remarks, triage
from clinics.operations.refusal import Refusal
from tests.build import NOW, a_clinic, a_flag, a_user, later

pytestmark = pytest.mark.django_db


def test_the_database_ranks_as_the_domain_does():
    clinic = a_clinic()
    for number, cause in enumerate(Cause.values):
        a_flag(clinic, f"We guarantee {cause}.", severity=number + 2, cause=cause)
    for flag in Flag.objects.all():
        assert flag.rank == pytest.approx(rank(flag.severity, flag.cause, flag.precision))


def test_a_rule_that_people_mostly_dismiss_sinks_and_history_is_silent():
    clinic = a_clinic()
    for number in range(20):
        flag = a_flag(clinic, f"We guarantee {'abcdefghijklmnopqrst'[number]}.")
        triage.dismiss(flag, dismissed_as="misread", reason="No.", by=a_user(), now=NOW)
    waiting = a_flag(clinic, "We guarantee what waits.")
    events = apps.get_model("clinics", "FlagEvent").objects.filter(pgh_obj=waiting)
    before = events.count()
    assert queue_order.order_queue(NOW) == 1
    waiting.refresh_from_db()
    assert waiting.precision < 0.3
    assert events.count() == before
    assert queue_order.order_queue(NOW) == 0


def test_flags_are_overdue_by_their_severity():
    grave, calm = a_flag(severity=5), a_flag(sentence="We guarantee calm.", severity=3)
    assert list(Flag.objects.overdue(later(days=3))) == [grave]
    assert set(Flag.objects.overdue(later(days=31))) == {grave, calm}
    assert grave.due_at == later(days=2)
    triage.dismiss(grave, dismissed_as="true", reason="Yes.", by=a_user(), now=NOW)
    assert list(Flag.objects.overdue(later(days=3))) == []


def test_a_flag_is_given_to_somebody_who_may_decide_it():
    flag = a_flag()
    remarks.assign(flag, a_user("rita", "reviewer"), by=a_user("ada"), now=NOW)
    assert Flag.objects.get().assigned_to.username == "rita"
    with pytest.raises(Refusal, match="may not decide"):
        remarks.assign(flag, a_user("otto", "auditor"), by=a_user("ada"), now=NOW)
    remarks.assign(flag, None, by=a_user("ada"), now=NOW)
    assert Flag.objects.get().assigned_to is None


def test_comments_are_kept_in_order_and_say_something():
    flag = a_flag()
    remarks.comment(flag, " Is this the old page? ", by=a_user("ada"), now=NOW)
    remarks.comment(flag, "It is.", by=a_user("bob"), now=later(minutes=1))
    assert [said.text for said in flag.comments.all()] == ["Is this the old page?", "It is."]
    for text in (" ", "x" * 5001):
        with pytest.raises(Refusal):
            remarks.comment(flag, text, by=a_user("ada"), now=NOW)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([], 60),
        ([20] * 4, 60),
        ([20] * 5, 20),
        ([10, 20, 30, 40, 50], 30),
        ([20, 20, 20, 20, 20, 4000], 20),
        ([0, 0, 0, 0, 0, 20, 20, 20, 20, 20], 20),
    ],
    ids=["nothing", "too little", "even", "the middle", "a lunch break", "decided together"],
)
def test_the_pace_is_the_middle_time_between_decisions(seconds, expected):
    made = [NOW]
    for gap in seconds:
        made.append(made[-1] - timedelta(seconds=gap))
    assert pace.pace(made) == timedelta(seconds=expected)


def test_minutes_left_are_rounded_up():
    assert (pace.minutes_left(0, a_user()), pace.minutes_left(1, a_user()), pace.minutes_left(90, a_user())) == (
        0,
        1,
        90,
    )
