"""Days that people type: of what has happened, and so neither to come nor of another century."""

from datetime import date, datetime
from typing import Final

from clinics.operations.refusal import Refusal

EARLIEST: Final = date(1950, 1, 1)  # before it, a year is a slip of the hand (1026, 0202)


def refuse_no_past_day(day: date, now: datetime, *, to_come: str) -> None:
    """Raises Refusal, with the sentence `to_come` for a day that has not come, or for one of another century."""
    if day > now.date():
        raise Refusal(to_come)
    if day < EARLIEST:
        raise Refusal(f"{day:%d %B} {day.year}: is the year right? Write the day as 2026-11-27, say.")
