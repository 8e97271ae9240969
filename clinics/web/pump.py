"""Runs many scripts side by side: each says what it needs next, the pump brings it."""

import heapq
import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from clinics.domain.address import RefusedAddress
from clinics.domain.outcome import Outcome
from clinics.domain.page_identity import host_of
from clinics.web.engine import Engine
from clinics.web.errand import Get, Reply, Steps, Wait
from clinics.web.limits import Limits
from clinics.web.line import Line
from clinics.web.lookups import Found, Lookups
from clinics.web.policy import Policy, Route, port_of
from clinics.web.resolve import Resolve
from clinics.web.trouble import Trouble, out_of_time

Script = Steps[None]

_LONGEST: Final = 0.5  # seconds between two looks at `stop`


class Pump:
    """Everything happens in the calling thread, except looking names up."""

    def __init__(self, *, policy: Policy, limits: Limits, user_agent: str, resolve: Resolve, ca_file: str) -> None:
        self._policy, self._limits, self._user_agent, self._ca_file = policy, limits, user_agent, ca_file
        self._lookups = Lookups(resolve)
        self._engine = Engine(self._lookups.bell, idle=max(16, limits.in_flight // 2))
        self._tickets = itertools.count()
        self._alarms: list[tuple[float, int]] = []
        self._resting: dict[int, Script] = {}
        self._asking: dict[int, tuple[Script, Get]] = {}
        self._calling: dict[Line, Script] = {}
        self._spare_lines: list[Line] = []

    def run(self, scripts: Iterable[Script], stop: Callable[[], bool]) -> None:
        """Run all scripts to their ends, or until `stop` answers True; what a script raises ends the run."""
        waiting = iter(scripts)
        looked = float("-inf")
        try:
            while self._fill(waiting):
                if time.monotonic() - looked >= _LONGEST / 2:
                    if stop():
                        return
                    looked = time.monotonic()
                self._turn()
        finally:
            self.close()

    def _fill(self, waiting: Iterator[Script]) -> bool:
        """Start scripts until enough are under way; whether there are any."""
        while self._under_way() < self._limits.in_flight:
            script = next(waiting, None)
            if script is None:
                break
            self._go_on(script, None)
        return self._under_way() > 0

    def _under_way(self) -> int:
        return len(self._resting) + len(self._asking) + len(self._calling)

    def _turn(self) -> None:
        for line, code in self._engine.turn(self._patience()):
            script = self._calling.pop(line)
            reply = line.reply(code)
            self._spare_lines.append(line)
            self._go_on(script, reply)
        for ticket, found in self._lookups.answers():
            asked = self._asking.pop(ticket, None)
            if asked and (failed := self._call(*asked, found)):
                self._go_on(asked[0], failed)
        self._ring_alarms()

    def _patience(self) -> float:
        if not self._alarms:
            return _LONGEST
        return max(0.0, min(_LONGEST, self._alarms[0][0] - time.monotonic()))

    def _ring_alarms(self) -> None:
        while self._alarms and self._alarms[0][0] <= time.monotonic():
            _, ticket = heapq.heappop(self._alarms)
            if script := self._resting.pop(ticket, None):
                self._go_on(script, None)
            elif asked := self._asking.pop(ticket, None):
                self._go_on(asked[0], Reply(trouble=out_of_time()))

    def _go_on(self, script: Script, answer: Reply | None) -> None:
        """Hand a script its answer, and again as long as the next one is there at once."""
        try:
            step = next(script) if answer is None else script.send(answer)
            while reply := self._begin(script, step):
                step = script.send(reply)
        except StopIteration:
            return

    def _begin(self, script: Script, step: Get | Wait) -> Reply | None:
        """Set about what a script asked for. Answers a Reply where nothing needs waiting for."""
        if isinstance(step, Wait):
            self._resting[self._alarm(time.monotonic() + step.seconds)] = script
            return None
        try:
            route = self._policy.direct(step.url)
        except RefusedAddress as refused:
            return Reply(trouble=Trouble(Outcome.REFUSED, str(refused)))
        if route is not None:
            return self._dial(script, step, route)
        host, port = host_of(step.url), port_of(step.url)
        if (known := self._lookups.known(host, port)) is not None:
            return self._call(script, step, known)
        ticket = self._alarm(step.deadline)
        self._asking[ticket] = (script, step)
        self._lookups.ask(ticket, host, port)
        return None

    def _alarm(self, when: float) -> int:
        ticket = next(self._tickets)
        heapq.heappush(self._alarms, (when, ticket))
        return ticket

    def _call(self, script: Script, get: Get, found: Found) -> Reply | None:
        """Judge what a look-up answered, then dial."""
        if isinstance(found, Exception):
            return Reply(trouble=Trouble(Outcome.ERROR, f"The name {host_of(get.url)} could not be found."))
        try:
            route = self._policy.way(get.url, found)
        except RefusedAddress as refused:
            return Reply(trouble=Trouble(Outcome.REFUSED, str(refused)))
        except OSError as fault:
            return Reply(trouble=Trouble(Outcome.ERROR, str(fault)))
        return self._dial(script, get, route)

    def _dial(self, script: Script, get: Get, route: Route) -> Reply | None:
        seconds = get.deadline - time.monotonic()
        if seconds <= 0:
            return Reply(trouble=out_of_time())
        line = self._spare_lines.pop() if self._spare_lines else Line(self._limits, self._ca_file)
        try:
            line.prepare(get, route, seconds, self._headers(get))
        except Trouble as trouble:
            self._spare_lines.append(line)
            return Reply(trouble=trouble)
        self._calling[line] = script
        self._engine.start(line)
        return None

    def _headers(self, get: Get) -> dict[str, str]:
        """Exactly what is sent, so that the evidence can say so."""
        return {
            "Host": _authority(get.url),
            "User-Agent": self._user_agent,
            "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip, deflate",
            **get.headers,
        }

    def close(self) -> None:
        """Break off everything; scripts may tidy up, but not ask for more."""
        scripts = [*self._resting.values(), *(asked[0] for asked in self._asking.values()), *self._calling.values()]
        self._engine.close()
        self._lookups.close()
        for line in self._calling:
            line.hang_up()
        for script in scripts:
            script.close()


def _authority(url: str) -> str:
    host, port = host_of(url), port_of(url)
    name = f"[{host}]" if ":" in host else host
    own = 443 if url.startswith("https:") else 80
    return name if port == own else f"{name}:{port}"
