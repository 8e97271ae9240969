"""Figures of the desk's work: counted by week, without what was taken back or never waited."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from clinics.models import Decision, Flag
from clinics.operations import triage
from clinics.operations.figures import WEEKS, Figures, figures, last_mondays
from clinics.operations.rule_decisions import count_decisions
from clinics.operations.undoing import take_back
from tests.build import NOW, a_clinic, a_flag, a_user, later

pytestmark = pytest.mark.django_db
THIS_MONDAY = date(2026, 11, 2)


def of_this_week(found: Figures):
    return found.weeks[-1]


def test_the_weeks_begin_on_mondays_and_end_with_this_one() -> None:
    mondays = last_mondays(datetime(2026, 11, 8, 23, 59, tzinfo=UTC))
    assert (len(mondays), mondays[-1], mondays[0]) == (WEEKS, THIS_MONDAY, THIS_MONDAY - timedelta(weeks=25))
    assert {monday.weekday() for monday in mondays} == {0}


def test_flags_count_in_the_week_in_which_they_were_raised() -> None:
    clinic = a_clinic()
    first_of_week, last_of_former = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 1, 23, 59, tzinfo=UTC)
    for number, at in enumerate([first_of_week, last_of_former, last_of_former, later(weeks=-25), later(weeks=-26)]):
        a_flag(clinic, f"We guarantee {number} things.", at=at)
    joined = a_flag(clinic, "Joined already.")
    Flag.objects.filter(pk=joined.pk).update(joined_into=Flag.objects.first())
    found = figures(NOW)
    assert [week.raised for week in found.weeks] == [1, *[0] * 23, 2, 1]
    assert dict(found.states) == {"open": 5, "deferred": 0, "confirmed": 0, "dismissed": 0}


def test_decisions_count_by_week_and_kind_and_not_what_was_taken_back() -> None:
    clinic, by = a_clinic(), a_user()
    flags = [a_flag(clinic, f"We guarantee {number} things.", at=later(days=-3)) for number in range(5)]
    triage.confirm(flags[0], reason="Said.", by=by, now=later(weeks=-1))
    triage.dismiss(flags[1], reason="A question.", dismissed_as="question", by=by, now=NOW)
    triage.dismiss(flags[2], reason="True.", dismissed_as="true", by=by, now=NOW)
    triage.defer(flags[3], reason="Later.", until=later(days=9), by=by, now=NOW)
    triage.dismiss(flags[4], reason="Oh.", dismissed_as="true", by=by, now=NOW)
    take_back(Decision.objects.latest("pk"), by=by, now=later(minutes=1))
    found = figures(later(hours=1))
    week = of_this_week(found)
    assert (week.confirmed, week.dismissed, week.deferred) == (0, 2, 1)
    assert found.weeks[-2].confirmed == 1
    told = {label: number for label, number in found.kinds if number}
    assert told == {"confirmed": 1, "deferred": 1, "dismissed: it is a question": 1, "dismissed: it is true": 1}


def test_time_to_decision_is_told_by_its_middle_and_its_ninetieth_part() -> None:
    clinic, by = a_clinic(), a_user()
    for days in range(1, 11):
        flag = a_flag(clinic, f"We guarantee {days} things.", at=later(days=-days))
        triage.confirm(flag, reason="Said.", by=by, now=NOW)
    decided_at_once = a_flag(clinic, "Dismissed everywhere before it was read.", at=NOW)
    triage.confirm(decided_at_once, reason="Said.", by=by, now=NOW)
    week = of_this_week(figures(later(hours=1)))
    assert (week.timed, week.median, week.ninetieth) == (10, 5.0, 9.0)
    assert (figures(NOW).weeks[0].timed, figures(NOW).weeks[0].median) == (0, None)


def test_rules_are_told_with_their_interval() -> None:
    clinic, by = a_clinic(), a_user()
    for number in range(4):
        flag = a_flag(clinic, f"We guarantee {number} things.", at=later(days=-1))
        if number:
            triage.confirm(flag, reason="Said.", by=by, now=NOW)
        else:
            triage.dismiss(flag, reason="No.", dismissed_as="question", by=by, now=NOW)
    count_decisions(NOW)
    [(key, decided)] = figures(NOW).rules
    assert (key, decided.n, decided.precision) == ("guarantee", 4, 0.75)
    assert decided.interval.lower < 0.75 < decided.interval.upper


def test_the_figures_take_as_many_queries_whatever_there_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    clinic, by = a_clinic(), a_user()
    for number in range(3):
        flag = a_flag(clinic, f"We guarantee {number} things.", at=later(days=-number - 1))
        triage.confirm(flag, reason="Said.", by=by, now=NOW)
    with django_assert_num_queries(6):
        figures(NOW)
