from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.working_days import after

MONDAY, FRIDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 28)


@pytest.mark.parametrize(
    ("day", "days", "then"),
    [
        (MONDAY, 0, MONDAY),
        (MONDAY, 1, date(2026, 11, 24)),
        (FRIDAY, 1, date(2026, 11, 30)),
        (SATURDAY, 1, date(2026, 11, 30)),
        (MONDAY, 10, date(2026, 12, 7)),
    ],
)
def test_weekends_do_not_count(day: date, days: int, then: date) -> None:
    assert after(day, days) == then


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 60))
def test_it_is_a_working_day_and_one_more_is_later(day: date, days: int) -> None:
    assert after(day, days).weekday() < 5
    assert day < after(day, days) < after(day, days + 1)
