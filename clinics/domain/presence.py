"""Whether wording still stands on a page, as far as readings tell.

Presence is kept per flag and page and never touches a person's decision. A page that could not be read says nothing
about its words: only good readings can make a flag absent, and two of them must agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from clinics.domain.outcome import Outcome

MISSES_NEEDED: Final = 2
GONE_NEEDED: Final = 3
GONE_SPAN: Final = timedelta(days=6)


class Presence(StrEnum):
    """What readings last told of a wording. `returned` is present again after it was absent."""

    PRESENT = "present"
    ABSENT = "absent"
    UNAVAILABLE = "unavailable"
    RETURNED = "returned"

    @property
    def is_there(self) -> bool:
        """Whether the wording was on the page when that was last read."""
        return self in (Presence.PRESENT, Presence.RETURNED)


@dataclass(frozen=True, slots=True)
class Trace:
    """What is remembered of one flag on one page.

    `since` is when `state` began: the first sighting, the first of the two readings without it, the first of the
    attempts that found no page, the return. `misses` counts good readings in a row without the wording, from
    `missed_since`; `gones` counts attempts in a row that found no page, from `gone_since`.
    """

    state: Presence
    since: datetime
    misses: int = 0
    missed_since: datetime | None = None
    gones: int = 0
    gone_since: datetime | None = None
    before: Presence | None = None  # the state that unavailability interrupted


def seen_first(at: datetime) -> Trace:
    """The trace of wording that was read for the first time."""
    return Trace(Presence.PRESENT, at)


def observe(trace: Trace, at: datetime, outcome: Outcome, carries: bool) -> Trace:
    """The trace after one more attempt to read the page, which ended in `outcome`.

    `carries` says whether the text read then has the wording; for `unchanged` it is what the last reading said, and
    for an outcome that is no observation it is not looked at.
    """
    if outcome is Outcome.GONE:
        return _not_found(trace, at)
    if not outcome.is_observation:
        return trace  # nothing was learned; a run of "not found" answers is neither ended nor made longer by it
    return _seen(trace, at) if carries else _missed(trace, at)


def _seen(trace: Trace, at: datetime) -> Trace:
    was = trace.before if trace.state is Presence.UNAVAILABLE else trace.state
    if was is Presence.ABSENT:
        return Trace(Presence.RETURNED, at)
    if trace.state is Presence.UNAVAILABLE:
        return Trace(Presence.RETURNED if was is Presence.RETURNED else Presence.PRESENT, at)
    return Trace(trace.state, trace.since)


def _missed(trace: Trace, at: datetime) -> Trace:
    was = trace.before if trace.state is Presence.UNAVAILABLE else trace.state
    if was is Presence.ABSENT:
        since = trace.since if trace.state is Presence.ABSENT else (trace.missed_since or at)
        return Trace(Presence.ABSENT, since, trace.misses, trace.missed_since)
    first = trace.missed_since or at
    if trace.misses + 1 >= MISSES_NEEDED:
        return Trace(Presence.ABSENT, first, trace.misses + 1, first)
    return replace(trace, misses=trace.misses + 1, missed_since=first, gones=0, gone_since=None)


def _not_found(trace: Trace, at: datetime) -> Trace:
    first = trace.gone_since or at
    now = replace(trace, gones=trace.gones + 1, gone_since=first)
    if trace.state is Presence.UNAVAILABLE or now.gones < GONE_NEEDED or at - first < GONE_SPAN:
        return now
    return replace(now, state=Presence.UNAVAILABLE, since=first, before=trace.state)


def overall(presences: Iterable[Presence]) -> Presence:
    """The presence of a flag over the pages that carried it.

    Present (or returned, where every page that carries it is a return) if any page carries it; absent once it is
    absent from all of them; otherwise unavailable. Raises ValueError for no page at all.
    """
    states = frozenset(presences)
    if not states:
        raise ValueError("A flag without a page has no presence.")
    if Presence.PRESENT in states:
        return Presence.PRESENT
    if Presence.RETURNED in states:
        return Presence.RETURNED
    return Presence.ABSENT if states == {Presence.ABSENT} else Presence.UNAVAILABLE
