"""What all errands of one visit share: whom to ask, and when each host was last spoken to."""

import time
from collections.abc import Callable
from datetime import datetime

from clinics.web.guest import RobotsCache, StoredRobots, Turns
from clinics.web.limits import Limits
from clinics.web.policy import Policy
from clinics.web.robots import RobotsRules


class Manners:
    """Host rests and robots rules for the length of one visit."""

    def __init__(
        self,
        turns: Turns,
        robots: RobotsCache,
        policy: Policy,
        limits: Limits,
        user_agent: str,
        now: Callable[[], datetime],
    ) -> None:
        self.turns, self.policy, self.limits, self.now = turns, policy, limits, now
        self._robots, self._user_agent = robots, user_agent
        self._rules: dict[str, RobotsRules] = {}
        self._spoken: dict[str, float] = {}
        self._worked = 0.0

    def work(self, doing: Callable[[], None]) -> None:
        """Do the caller's work on an answer; meanwhile nobody listens to servers, and it is not their time."""
        began = time.monotonic()
        doing()
        self._worked += time.monotonic() - began

    @property
    def worked(self) -> float:
        """Seconds of this visit spent on the caller's work."""
        return self._worked

    def spoke(self, host: str) -> None:
        """Remember that a request to this host has just ended."""
        self._spoken[host] = time.monotonic()

    def rest(self, host: str, delay: float) -> float:
        """Seconds until the next page of this host: its delay, or what its robots.txt asks for, up to the limit."""
        rules = self._rules.get(host)
        asked = min(rules.crawl_delay, self.limits.max_crawl_delay) if rules else 0.0
        return self._still_to_wait(host, max(delay, asked)) if delay > 0 else 0.0

    def breath(self, host: str, delay: float) -> float:
        """Seconds until the next request of the same page: the delay, but never so long that waits use up its time."""
        share = self.limits.page_seconds / (self.limits.max_redirects + 3)
        return self._still_to_wait(host, min(delay, share)) if delay > 0 else 0.0

    def _still_to_wait(self, host: str, seconds: float) -> float:
        spoken = self._spoken.get(host)
        return 0.0 if spoken is None else max(0.0, spoken + seconds - time.monotonic())

    def rules(self, host: str) -> RobotsRules | None:
        """The host's rules, if they are known and fresh."""
        if host not in self._rules:
            stored = self._robots.get(host)
            if stored is None or not stored.is_fresh(self.now()):
                return None
            self._rules[host] = RobotsRules(stored, self._user_agent)
        return self._rules[host]

    def learn(self, host: str, read: StoredRobots) -> RobotsRules:
        """Keep a new reading; one that failed does not replace an older one that may still stand in for it."""
        old = self._robots.get(host) if read.unreachable else None
        if old is not None and old.may_stand_in(read.read_at):
            read = old
        else:
            self._robots.put(host, read)
        self._rules[host] = RobotsRules(read, self._user_agent)
        return self._rules[host]
