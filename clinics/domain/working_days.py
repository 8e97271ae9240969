"""Days on which offices work: Monday to Friday, but for the federal holidays of the United States."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta, weekday


def after(day: date, working_days: int) -> date:
    """The day on which so many working days have gone by since `day`."""
    left = working_days
    while left > 0:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    """Whether federal offices work: no weekend, no holiday, nor the day on which one is observed instead."""
    return day.weekday() < 5 and day not in federal_holidays(day.year)


@cache
def federal_holidays(year: int) -> frozenset[date]:
    """The weekdays of the year on which a federal holiday is observed."""
    near = (observed for each in (year, year + 1) for observed in _observed(each))
    return frozenset(day for day in near if day.year == year)


def _observed(year: int) -> Iterator[date]:
    """The days off for the holidays of a year: that of a Saturday on Friday, that of a Sunday on Monday."""
    for rule in _rules()["fixed"]:
        if year >= rule.get("since", 0):
            day = date(year, rule["month"], rule["day"])
            yield day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))
    for rule in _rules()["moving"]:
        nth = weekday(rule["weekday"], rule["nth"])
        yield date(year, rule["month"], 1) + relativedelta(day=31 if rule["nth"] < 0 else 1, weekday=nth)


@cache
def _rules() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Path(__file__).with_name("data").joinpath("federal_holidays.json").read_text())
    return data
