"""What the re-check told in a year, set against what was planted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from benchmarks.simulated_year.sites import Planted, Site, day_of
from clinics.domain.identity import folded
from clinics.domain.variant import but_for_numbers

OBSERVED: Final = ("ok", "unchanged")


@dataclass(frozen=True, slots=True)
class Told:
    """One attempt on one page: when, how it ended, and the wordings that it told of, by kind.

    Kinds: "first" (a first reading), "new", "returned", "absent", "ours".
    """

    at: datetime
    host: str
    path: str
    outcome: str
    wordings: Mapping[str, Sequence[str]]


@dataclass(slots=True)
class Year:
    """The year's figures."""

    checks: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    vanished: int = 0
    vanished_told: int = 0
    back: int = 0
    back_told: int = 0
    false_new: list[str] = field(default_factory=list)
    false_returned: list[str] = field(default_factory=list)
    wrongly_resolved: list[str] = field(default_factory=list)
    told_as_ours: list[str] = field(default_factory=list)
    strangers_read: list[str] = field(default_factory=list)
    new_texts: int = 0

    @property
    def false_alarms(self) -> int:
        """What staff would have looked at for nothing."""
        return len(self.false_new) + len(self.false_returned)

    def as_json(self) -> dict[str, Any]:
        """The figures, and every case that went wrong."""
        return {
            "checks": self.checks,
            "outcomes": dict(self.outcomes.most_common()),
            "planted": sum(self.planted.values()),
            "flagged": sum(self.flagged.values()),
            "by_kind": {kind: [self.flagged[kind], count] for kind, count in sorted(self.planted.items())},
            "missed": self.missed,
            "taken_away": [self.vanished_told, self.vanished],
            "come_back": [self.back_told, self.back],
            "false_alarms": self.false_alarms,
            "false_new": self.false_new,
            "false_returned": self.false_returned,
            "wrongly_resolved": self.wrongly_resolved,
            "told_as_ours": self.told_as_ours,
            "strangers_read": self.strangers_read,
            "new_texts": self.new_texts,
        }


def judge_year(sites: Sequence[Site], told: Sequence[Told]) -> Year:
    """Set what was told against the truth."""
    year = Year(checks=len(told))
    by_host: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        year.outcomes[one.outcome] += 1
        year.new_texts += one.outcome == "ok"
        by_host[one.host].append(one)
    for site in sites:
        _judge_site(site, by_host[site.host], year)
    return year


def _judge_site(site: Site, told: Sequence[Told], year: Year) -> None:
    for planted in site.planted:
        _judge_planted(site, planted, told, year)
    ever = {folded(planted.sentence): planted for planted in site.planted}
    for one in told:
        day = day_of(one.at)
        where = f"{site.host}{one.path} day {day:.1f}: "
        if one.outcome in OBSERVED and day >= site.lost_from() + 1:
            year.strangers_read.append(where + one.outcome)
        standing = {folded(sentence) for sentence in site.truth(one.at)}
        if site.numbered:
            standing.add(but_for_numbers(site.numbered.replace("{number}", "1")))
        for sentence in one.wordings.get("new", ()):
            if folded(sentence) not in standing or ever[folded(sentence)].first == 0:
                year.false_new.append(where + sentence)
        for sentence in one.wordings.get("returned", ()):
            planted = ever.get(folded(sentence))
            if planted is None or planted.off is None or folded(sentence) not in standing:
                year.false_returned.append(where + sentence)
        for sentence in one.wordings.get("absent", ()):
            if folded(sentence) in standing or but_for_numbers(sentence) in standing:
                year.wrongly_resolved.append(where + sentence)
        year.told_as_ours.extend(where + sentence for sentence in one.wordings.get("ours", ()))


def _judge_planted(site: Site, planted: Planted, told: Sequence[Told], year: Year) -> None:
    readings = [one for one in told if one.path == planted.path and one.outcome in OBSERVED]
    if not any(planted.stands(day_of(one.at)) for one in readings):
        return
    year.planted[planted.kind] += 1
    kinds = ("first", "new") if planted.first == 0 else ("new",)
    if _is_told(planted, told, kinds):
        year.flagged[planted.kind] += 1
    else:
        year.missed.append(f"{site.host}{planted.path} day {planted.first}, {planted.kind}: {planted.sentence}")
    _judge_leaving(site, planted, readings, told, year)


def _judge_leaving(site: Site, planted: Planted, readings: Sequence[Told], told: Sequence[Told], year: Year) -> None:
    """Whether a statement's end was told once two readings had missed it, and its return after that."""
    gone = planted.off[0] if planted.off else planted.last
    until = planted.off[1] if planted.off else planted.last + 10**6
    without = [one for one in readings if gone <= day_of(one.at) < until]
    if len(without) < 2:
        return
    year.vanished += 1
    if not _is_told(planted, told, ("absent",)):
        year.missed.append(f"{site.host}{planted.path} day {gone}, not told as gone: {planted.sentence}")
        return
    year.vanished_told += 1
    if planted.off and any(day_of(one.at) >= until for one in readings):
        year.back += 1
        year.back_told += _is_told(planted, told, ("returned",))


def _is_told(planted: Planted, told: Iterable[Told], kinds: Sequence[str]) -> bool:
    wanted = folded(planted.sentence)
    return any(folded(sentence) == wanted for one in told for kind in kinds for sentence in one.wordings.get(kind, ()))
