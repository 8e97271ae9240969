from datetime import date, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.working_days import after, is_working_day

MONDAY, FRIDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 28)


@pytest.mark.parametrize(
    ("day", "days", "then"),
    [
        (MONDAY, 0, MONDAY),
        (MONDAY, 1, date(2026, 11, 24)),
        (FRIDAY, 1, date(2026, 11, 30)),
        (SATURDAY, 1, date(2026, 11, 30)),
        (MONDAY, 3, FRIDAY),  # Thanksgiving between
        (MONDAY, 10, date(2026, 12, 8)),
        (date(2026, 12, 7), 10, date(2026, 12, 21)),
    ],
)
def test_weekends_and_federal_holidays_do_not_count(day: date, days: int, then: date) -> None:
    assert after(day, days) == then


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 60))
def test_it_is_a_working_day_and_one_more_is_later(day: date, days: int) -> None:
    assert after(day, days).weekday() < 5
    assert day < after(day, days) < after(day, days + 1)
    assert is_working_day(after(day, days))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 26), False),  # Thanksgiving
        (date(2026, 11, 27), True),  # a holiday of some states alone
        (date(2026, 7, 3), False),  # Independence Day falls on the Saturday
        (date(2027, 7, 5), False),  # and the year after on the Sunday
        (date(2027, 12, 31), False),  # New Year's Day of 2028
        (date(2026, 6, 19), False),  # Juneteenth
        (date(2020, 6, 19), True),  # before it was a holiday
        (date(2026, 2, 17), True),
        (date(2026, 4, 3), True),  # Good Friday: federal offices work
    ],
)
def test_federal_holidays_are_those_that_federal_offices_keep(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_they_are_those_that_a_kept_library_knows() -> None:
    known, day = country_holidays("US"), date(2022, 1, 1)
    while day < date(2072, 1, 1):
        assert is_working_day(day) is (day.weekday() < 5 and day not in known), day
        day += timedelta(days=1)
