"""What a good guest must ask for before knocking: robots.txt kept from last time, and a turn at a host."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

_KEEP: Final = timedelta(hours=24)  # RFC 9309 section 2.4
_KEEP_FAILURE: Final = timedelta(hours=1)
_STAND_IN: Final = timedelta(days=30)  # RFC 9309 section 2.3.1.4: "a reasonably long period of time"


@dataclass(frozen=True, slots=True)
class StoredRobots:
    """One reading of a host's robots.txt: its text, the HTTP status (0: the file was not reached) and when."""

    text: str
    status: int
    read_at: datetime

    @property
    def unreachable(self) -> bool:
        """Whether the host failed to say what it allows, so that nothing is allowed for now (RFC 9309 2.3.1.4)."""
        return not 200 <= self.status < 500 or self.status == 429

    @property
    def says_nothing(self) -> bool:
        """Whether the host has no robots.txt, so that everything is allowed (RFC 9309 2.3.1.3)."""
        return not self.unreachable and not 200 <= self.status < 300

    def is_fresh(self, now: datetime) -> bool:
        """Whether this reading may be used without asking again: 24 hours, a failure one hour.

        One that a clock which ran ahead dates into the future counts no longer than that, either.
        """
        return abs(now - self.read_at) < (_KEEP_FAILURE if self.unreachable else _KEEP)

    def may_stand_in(self, now: datetime) -> bool:
        """Whether this reading still counts while the file cannot be reached: 30 days."""
        return not self.unreachable and abs(now - self.read_at) < _STAND_IN


class RobotsCache(Protocol):
    """Where readings of robots.txt are kept between visits. How long they count is judged by the reader."""

    def get(self, host: str) -> StoredRobots | None:
        """The last reading of this host's file, however old, or None."""
        ...

    def put(self, host: str, stored: StoredRobots) -> None:
        """Keep this reading in place of the last one."""
        ...


class Turns(Protocol):
    """The right to send requests to a host that is not the one being visited, such as a redirect's target."""

    def take(self, host: str) -> bool:
        """Take the host's turn without waiting; False where somebody else has it or the host must rest."""
        ...

    def give_back(self, host: str, *, retry_after: int | None = None) -> None:
        """Give back a turn that was taken. `retry_after`: seconds that the host asked to be left alone."""
        ...


class HeldHosts:
    """The hosts that one visit may send requests to: its own, and those that its pages led to, until it ends.

    They are kept from page to page: a turn that is given back begins a rest, in which the next page would find no way.
    """

    def __init__(self, home: str, turns: Turns) -> None:
        """`home` is the host whose turn the visit's caller holds."""
        self._home, self._turns = home, turns
        self._wishes: dict[str, int | None] = {}

    def __iter__(self) -> Iterator[str]:
        return iter((self._home, *self._wishes))

    def take(self, host: str) -> bool:
        """Whether the host's turn is ours, or becomes so now."""
        if host not in self and not self._turns.take(host):
            return False
        if host != self._home:
            self._wishes.setdefault(host, None)
        return True

    def wished(self, host: str, seconds: int) -> None:
        """Remember for how long a host asked to be left alone; the home host's wish is its caller's to hear."""
        if host != self._home:
            self._wishes[host] = max(seconds, self._wishes.get(host) or 0)

    def give_back(self) -> None:
        """Give back every turn but the home host's."""
        for host, wish in self._wishes.items():
            self._turns.give_back(host, retry_after=wish)
        self._wishes.clear()
