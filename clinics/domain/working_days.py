"""Days on which offices work: Monday to Friday. Holidays differ by state and are not counted out."""

from datetime import date, timedelta


def after(day: date, working_days: int) -> date:
    """The day on which so many working days have gone by since `day`."""
    left = working_days
    while left > 0:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
