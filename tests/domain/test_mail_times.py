"""When a person is mailed next, and when a failed mail is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from clinics.domain.mail_times import next_mail, next_try

MONDAY_NINE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "hour", "weekly", "expected"),
    [
        (MONDAY_NINE, 10, False, datetime(2026, 11, 2, 10, tzinfo=UTC)),
        (MONDAY_NINE, 9, False, datetime(2026, 11, 3, 9, tzinfo=UTC)),
        (MONDAY_NINE, 0, False, datetime(2026, 11, 3, 0, tzinfo=UTC)),
        (MONDAY_NINE, 10, True, datetime(2026, 11, 2, 10, tzinfo=UTC)),
        (MONDAY_NINE, 9, True, datetime(2026, 11, 9, 9, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), 7, False, datetime(2027, 1, 1, 7, tzinfo=UTC)),
        (datetime(2026, 11, 8, 23, tzinfo=UTC), 7, True, datetime(2026, 11, 9, 7, tzinfo=UTC)),
    ],
)
def test_the_next_mail_comes_at_its_hour(now: datetime, hour: int, weekly: bool, expected: datetime) -> None:
    assert next_mail(now, hour, weekly=weekly) == expected


@pytest.mark.parametrize(("failures", "minutes"), [(1, 15), (2, 30), (3, 60), (7, 960), (8, 1440), (10**6, 1440)])
def test_a_failed_mail_waits_twice_as_long_each_time_and_a_day_at_most(failures: int, minutes: int) -> None:
    assert next_try(MONDAY_NINE, failures) == MONDAY_NINE + timedelta(minutes=minutes)
