"""When a person is mailed next."""

from datetime import datetime, timedelta
from typing import Final

FIRST_RETRY: Final = timedelta(minutes=15)
LONGEST_RETRY: Final = timedelta(days=1)
DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)


def next_mail(now: datetime, hour: int, *, weekly: bool) -> datetime:
    """The next time after `now` at which it is this hour; of a Monday, where it is weekly."""
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=today.weekday()) if weekly else today
    return first if first > now else first + (WEEK if weekly else DAY)


def next_try(now: datetime, failures: int) -> datetime:
    """When to try again after so many attempts in a row that failed: a quarter of an hour later, then twice as long.

    A server that lists strangers grey lets them in after some minutes; one that refuses for good is asked once a day.
    """
    return now + min(FIRST_RETRY * (1 << min(max(failures, 1) - 1, 10)), LONGEST_RETRY)
