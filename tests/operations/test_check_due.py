"""When published checks are due, in which order, and the one reminder that people get of each."""

from datetime import timedelta

import pytest

from clinics.models import CheckDue, Clinic, CredentialCheck
from clinics.operations import check_due, credentials
from tests.build import NOW, a_check, a_kind, a_listed_clinic, a_published_credential, a_user

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def published(kind="state_licence", days=40, outcome="verified", clinic=None, **more):
    facts = {"register_date": None} if outcome == "verified" else {}
    checked_on = TODAY - timedelta(days=days)
    return a_published_credential(
        clinic, outcome, kind=a_kind(kind), identifier="", checked_on=checked_on, **{**facts, **more}
    )


def due(now=NOW):
    return list(CredentialCheck.objects.due(now.date()).most_pressing_first())


@pytest.mark.parametrize(
    ("kind", "days", "outcome", "is_due"),
    [
        ("state_licence", 30, "verified", True),
        ("state_licence", 29, "verified", False),
        ("npi", 180, "verified", True),
        ("npi", 179, "verified", False),
        ("exclusions", 30, "ambiguous", True),
        ("ind", 3000, "verified", False),
    ],
)
def test_a_check_is_due_after_the_days_of_its_kind(kind, days, outcome, is_due):
    check = published(kind, days, outcome)
    assert due() == ([check] if is_due else [])


def test_a_licence_is_due_two_weeks_before_it_ends():
    check = published(days=1, register_date=TODAY + timedelta(days=20))
    assert due() == []
    assert due(NOW + timedelta(days=5)) == []
    assert due(NOW + timedelta(days=6)) == [check]


def test_a_draft_is_never_due_nor_is_a_check_for_which_a_new_one_is_begun():
    a_check(a_listed_clinic(), checked_on=TODAY - timedelta(days=400))
    old = published(clinic=Clinic.objects.get())
    assert due() == [old]
    new = credentials.check_again(old, outcome="not_found", checked_on=TODAY, by=a_user("eve"), now=NOW)
    assert due() == []
    credentials.publish_check(new, by=a_user("second"), now=NOW)
    assert due() == []
    assert due(NOW + timedelta(days=30)) == [new]


@pytest.mark.parametrize(
    ("status", "is_due"), [("listed", True), ("draft", True), ("closed", False), ("delisted", False)]
)
def test_clinics_that_are_gone_are_left_alone(status, is_due):
    check = published()
    facts = {"status": status, "status_since": TODAY, "status_reason": "Why."}
    Clinic.objects.filter(pk=check.clinic_id).update(**facts)
    assert (due() == [check]) is is_due


def test_the_list_is_in_the_order_of_risk_and_age():
    clinic = a_listed_clinic()
    young_number = published("npi", 190, clinic=clinic)  # 11 days + 2 × 10
    old_number = published("npi", 280, clinic=clinic)  # 101 + 20
    licence = published("state_licence", 40, clinic=clinic)  # 11 + 50
    order = published("state_licence", 40, "restricted", clinic=clinic)  # 11 + 100
    assert due() == [old_number, order, licence, young_number]


def test_people_are_reminded_once_and_not_daily():
    first, second = published(days=40), published("npi", 200, clinic=Clinic.objects.get())
    assert list(check_due.reminders_due(NOW)) == [first, second]
    assert check_due.mark_reminded([first], now=NOW) == [first.pk]
    for days in (0, 1, 30):
        assert list(check_due.reminders_due(NOW + timedelta(days=days))) == [second]
    assert check_due.mark_reminded([first, second], now=NOW) == [second.pk]
    assert CheckDue.objects.get(pk=first.pk).reminded_at == NOW
    assert due() == [first, second]


def test_a_new_check_has_a_reminder_of_its_own():
    old = published()
    check_due.mark_reminded([old], now=NOW)
    new = credentials.check_again(old, outcome="not_found", checked_on=TODAY, by=a_user("eve"), now=NOW)
    credentials.publish_check(new, by=a_user("second"), now=NOW)
    assert list(check_due.reminders_due(NOW + timedelta(days=29))) == []
    assert list(check_due.reminders_due(NOW + timedelta(days=30))) == [new]


def test_due_dates_follow_the_data_and_keep_what_was_told():
    check = published()
    check_due.mark_reminded([check], now=NOW)
    CheckDue.objects.filter(pk=check.pk).update(due_on=TODAY + timedelta(days=99), weight=9)
    ageless = published("ind", clinic=Clinic.objects.get())
    CheckDue.objects.create(credential_check=ageless, due_on=TODAY, weight=1)
    assert check_due.set_due_dates() == 2
    row = CheckDue.objects.get()
    assert (row.pk, row.due_on, row.weight, row.reminded_at) == (check.pk, TODAY - timedelta(days=10), 5, NOW)
    assert check_due.set_due_dates() == 0


def test_the_due_list_is_one_query_whatever_its_length(django_assert_num_queries):
    clinic = a_listed_clinic()
    for days in range(40, 50):
        published(days=days, clinic=clinic)
    with django_assert_num_queries(1):
        assert len([f"{check} {check.due} {check.clinic}" for check in check_due.reminders_due(NOW)]) == 10
