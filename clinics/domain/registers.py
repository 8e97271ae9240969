"""Where each kind of credential is looked up, after how many days a look is old, and how much a stale one can harm.

All of it is dated, sourced data (`data/registers.json`).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from clinics.domain.identifiers import tidied, valid_doi, valid_pmcid, valid_pmid

_FILE: Final = Path(__file__).with_name("data") / "registers.json"
_FORMS: Final = {"doi": valid_doi, "pmid": valid_pmid, "pmcid": valid_pmcid}


@dataclass(frozen=True, slots=True)
class Register:
    """One register. `states` and `countries` are empty where it knows all; `connector` is "" where none asks it."""

    key: str
    name: str
    search: str
    source: str
    verified_on: date | None
    entry: str = ""
    connector: str = ""
    states: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()

    def knows(self, identifier: str, state: str, country: str) -> bool:
        """Whether it may hold an entry for this number and place; unknown places exclude nothing."""
        abroad = bool(country) and country.upper() != "US"
        return (
            (not self.states or not (state or abroad) or (state.upper() in self.states and not abroad))
            and (not self.countries or not country or country.upper() in self.countries)
            and (not self.forms or not identifier or any(_FORMS[form](identifier) for form in self.forms))
        )

    def link(self, identifier: str) -> str:
        """The entry's own address where the number leads to it, else the address of the search."""
        if not (self.entry and identifier):
            return self.search
        return self.entry.replace("{identifier}", quote(identifier, safe="/:;()"))


@dataclass(frozen=True, slots=True)
class KindOfCredential:
    """What is known of a kind. `again_days`: when to look again; `limit_days`: when the public is told that it is old.

    Both are None where days do not age it; `yearly` is then the month and day by which it is renewed, if any.
    """

    kind: str
    again_days: int | None
    limit_days: int | None
    yearly: tuple[int, int] | None
    risk: int
    why: str
    registers: tuple[Register, ...]


_UNKNOWN: Final = KindOfCredential("", 180, 180, None, 1, "A kind that the data does not name.", ())


@cache
def _told() -> Mapping[str, Any]:
    told: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return told


def as_of() -> date:
    """The day on which the data was gathered."""
    return date.fromisoformat(_told()["date"])


@cache
def kinds_of_credential() -> Mapping[str, KindOfCredential]:
    """All kinds that the data names, by key."""
    return {facts["kind"]: _kind(facts) for facts in _told()["kinds"]}


def kind_of(key: str) -> KindOfCredential:
    """What is known of a kind; one that staff added is looked at again after 180 days and has no register."""
    return kinds_of_credential().get(key, _UNKNOWN)


def registers_for(kind: str, identifier: str = "", state: str = "", country: str = "") -> Iterator[Register]:
    """Where to look, the nearest first: a state's own register before those of all states."""
    found = [each for each in kind_of(kind).registers if each.knows(tidied(kind, identifier), state, country)]
    yield from sorted(found, key=lambda each: not (each.states or each.countries))


def due_on(kind: str, checked_on: date, ends_on: date | None = None) -> date | None:
    """The first day on which a look of `checked_on` is to be repeated; None where nothing but an event ages it.

    `ends_on`: an end date that the register gave; it is looked at some days ahead, and once more the day after.
    """
    facts = kind_of(kind)
    days = []
    if facts.again_days is not None:
        days.append(checked_on + timedelta(days=facts.again_days))
    if facts.yearly is not None:
        days.append(_next_yearly(facts.yearly, checked_on))
    if ends_on is not None:
        ahead = timedelta(days=_told()["ahead_days"])
        days.extend(day for day in (ends_on - ahead, ends_on + timedelta(days=1)) if day > checked_on)
    return min(days, default=None)


def past_limit_on(kind: str, checked_on: date) -> date | None:
    """The last day on which the public reads the look as fresh; None where it does not age."""
    facts = kind_of(kind)
    if facts.limit_days is not None:
        return checked_on + timedelta(days=facts.limit_days)
    return _next_yearly(facts.yearly, checked_on) if facts.yearly is not None else None


def weight(kind: str, *, adverse: bool) -> int:
    """How much a stale look can harm: the kind's risk, more where the published result is adverse to somebody."""
    return kind_of(kind).risk * (int(_told()["adverse_factor"]) if adverse else 1)


def _next_yearly(month_and_day: tuple[int, int], after: date) -> date:
    month, day = month_and_day
    this_year = date(after.year, month, day)
    return this_year if this_year > after else date(after.year + 1, month, day)


def _kind(facts: Mapping[str, Any]) -> KindOfCredential:
    month_and_day = facts.get("yearly")
    yearly = (int(month_and_day[:2]), int(month_and_day[3:])) if month_and_day else None
    registers = tuple(_register(each) for each in facts["registers"])
    return KindOfCredential(
        facts["kind"], facts["again_days"], facts["limit_days"], yearly, facts["risk"], facts["why"], registers
    )


def _register(facts: Mapping[str, Any]) -> Register:
    verified = facts["verified_on"]
    lists = {name: tuple(facts.get(name, ())) for name in ("states", "countries", "forms")}
    return Register(
        key=facts["key"],
        name=facts["name"],
        search=facts["search"],
        source=facts["source"],
        verified_on=date.fromisoformat(verified) if verified else None,
        entry=facts.get("entry", ""),
        connector=facts.get("connector", ""),
        **lists,
    )
