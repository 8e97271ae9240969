"""When a page is due again and when a host may be asked again."""

from datetime import datetime, timedelta
from typing import Final

import xxhash

from clinics.domain.outcome import Outcome

JITTER: Final = 0.10  # pages recorded together drift apart by up to this part of their interval
LONGEST_BACK_OFF: Final = 4  # a page that fails again and again waits at most so many intervals
LONGEST_RETRY_AFTER: Final = timedelta(days=30)  # a server that asks for more is not believed
BUSY_PAUSE: Final = timedelta(minutes=15)
FIRST_RETRY: Final = timedelta(hours=1)
HOST_LONGEST: Final = timedelta(days=1)
HOST_TROUBLE: Final = timedelta(minutes=1)
STEADY: Final = 4  # so many readings in a row without a change make a page one that may be read less often
BREAKER: Final = 3  # troubles of a host in a row from which on it is left alone for longer and longer
_TRANSIENT: Final = frozenset({Outcome.ERROR, Outcome.PARTIAL, Outcome.BLOCKED})


def next_due(
    now: datetime, every: timedelta, outcome: Outcome, failures: int, retry_after: int | None, key: str
) -> datetime:
    """When to read a page again after an attempt that ended in `outcome`.

    `every` is its interval, `failures` the number of attempts in a row that were no observation (this one included),
    `retry_after` the seconds that the server asked for, `key` what the page's own jitter of ±10 % is drawn from.
    """
    if retry_after is not None:
        asked = min(timedelta(seconds=max(0, min(retry_after, 10**9))), LONGEST_RETRY_AFTER)
    else:
        asked = timedelta(0)
    wait = _wait(every, outcome, failures) * (1 + JITTER * _spread(key))
    return now + max(wait, asked + timedelta(seconds=60 * (1 + _spread(key))) if asked else wait)


def followed(steadiness: int, *, changed: bool) -> int:
    """A page's steadiness after one more good reading: readings in a row without a change, or with one if negative."""
    return min(steadiness, 0) - 1 if changed else max(steadiness, 0) + 1


def interval(every: timedelta, fastest: timedelta | None, slowest: timedelta | None, steadiness: int) -> timedelta:
    """The time between two readings that a page's own history asks for, within what staff allow.

    `every` is the usual one. It doubles with each `STEADY` readings in a row without a change, up to `slowest`, and is
    halved with each change in a row after the first, down to `fastest`; None for either: it does not go that way.
    """
    if slowest is not None and steadiness >= STEADY:
        return min(every * (1 << min(steadiness // STEADY, 20)), slowest)
    if fastest is not None and steadiness <= -2:
        return max(every / (1 << min(-steadiness - 1, 20)), fastest)
    return every


def _wait(every: timedelta, outcome: Outcome, failures: int) -> timedelta:
    if outcome is Outcome.BUSY:
        return min(BUSY_PAUSE, every)
    if outcome.is_observation or failures <= 0:
        return every
    doubled = 1 << min(failures - 1, 20)
    if outcome in _TRANSIENT:
        return min(FIRST_RETRY * doubled, every * LONGEST_BACK_OFF) if every > FIRST_RETRY else every
    return every * min(doubled, LONGEST_BACK_OFF)


def _spread(key: str) -> float:
    """A number from -1 to 1 that is always the same for a key, and evenly spread over keys."""
    number: int = xxhash.xxh3_64_intdigest(key.encode("utf-8", "surrogatepass"))
    return 2 * number / 0xFFFF_FFFF_FFFF_FFFF - 1


def free_again(now: datetime, delay_seconds: float, retry_after: int | None, failures: int) -> datetime:
    """When a host may be asked again: after its delay, after what it asked for, and later with each failure in a row.

    `failures` counts troubles of the host itself (no connection, 5xx, 429); from the third on, the wait doubles up to
    a day.
    """
    wait = timedelta(seconds=max(0.0, delay_seconds))
    if failures >= BREAKER:
        wait = max(wait, min(HOST_TROUBLE * (1 << min(failures - BREAKER, 20)), HOST_LONGEST))
    if retry_after is not None:
        wait = max(wait, min(timedelta(seconds=max(0, min(retry_after, 10**9))), LONGEST_RETRY_AFTER))
    return now + wait
