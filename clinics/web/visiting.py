"""The door of this room: visit hosts side by side, each host's pages one after another."""

import ssl
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

import certifi

from clinics.domain.answer import Answer
from clinics.domain.outcome import Outcome
from clinics.web.browser import Browser
from clinics.web.chromium import Chromium
from clinics.web.errand import Steps, Wait
from clinics.web.guest import HeldHosts, RobotsCache, Turns
from clinics.web.limits import Limits
from clinics.web.manners import Manners
from clinics.web.page_errand import PageErrand, PageRequest
from clinics.web.policy import Policy
from clinics.web.pump import Pump, Script
from clinics.web.resolve import Resolve, system_resolve
from clinics.web.sight import Look

__all__ = ["HostVisit", "PageRequest", "visit"]

OnAnswer = Callable[[PageRequest, Answer], None]


@dataclass(frozen=True, slots=True)
class HostVisit:
    """Pages of one host, in order. `delay`: seconds between two requests to it; 0 switches every wait off.

    Each page is taken when the one before was answered, in the thread of `visit`, so that an iterator may let an
    answer decide what is asked for next.
    """

    host: str
    pages: Iterable[PageRequest]
    delay: float


def visit(
    visits: Sequence[HostVisit],
    *,
    on_answer: OnAnswer,
    turns: Turns,
    robots: RobotsCache,
    policy: Policy,
    limits: Limits,
    user_agent: str,
    resolve: Resolve = system_resolve,
    chromium: Chromium | None = None,
    stop: Callable[[], bool],
) -> None:
    """Read all pages and hand each answer to `on_answer`, in this thread, as the page ends.

    With `chromium` each page is opened in that browser, one after another; it raises BrowserFault where this machine's
    browser cannot be used.

    Returns when all is read, or within a second after `stop` answers True (pages not read yet get no answer). The turn
    at each visit's own host is the caller's; `turns` is asked for every other. Nothing that a stranger does raises;
    what `on_answer`, `turns` or `robots` raise ends the visit and is passed on.
    """
    look: Look | None = None
    if chromium is not None:
        limits = replace(limits, in_flight=1)  # nobody listens to servers while a browser is looked at
        look = Browser(chromium, policy, limits, user_agent, resolve).look
    manners = Manners(turns, robots, policy, limits, user_agent, now=lambda: datetime.now(UTC))
    pump = Pump(policy=policy, limits=limits, user_agent=user_agent, resolve=resolve, ca_file=trusted_roots())
    pump.run((_host_script(each, manners, on_answer, look) for each in visits), stop)


def trusted_roots() -> str:
    """The file of certificate authorities: this machine's own where it has one, else certifi's."""
    return ssl.get_default_verify_paths().cafile or certifi.where()


def _host_script(host_visit: HostVisit, manners: Manners, on_answer: OnAnswer, look: Look | None) -> Script:
    """One host's pages, with the turns that they need elsewhere."""
    hosts = HeldHosts(host_visit.host, manners.turns)
    try:
        yield from _each_page(host_visit, hosts, manners, on_answer, look)
    finally:
        hosts.give_back()


def _each_page(
    host_visit: HostVisit, hosts: HeldHosts, manners: Manners, on_answer: OnAnswer, look: Look | None
) -> Script:
    """Page after page; once a host wants to be left alone, the rest is put off."""
    put_off = ""
    failures = 0
    for page in host_visit.pages:
        if put_off:
            on_answer(page, Answer(page.url, page.url, trouble=Outcome.BUSY, reason=put_off))
            continue
        answer = yield from _one_page(page, host_visit.delay, hosts, manners, look)
        manners.work(partial(on_answer, page, answer))
        failures = failures + 1 if answer.trouble is Outcome.ERROR else 0
        put_off = _wants_rest(answer, failures) if host_visit.delay > 0 else ""


def _one_page(page: PageRequest, delay: float, hosts: HeldHosts, manners: Manners, look: Look | None) -> Steps[Answer]:
    """Wait for the hosts' rest to end, then run the errand; the page's time starts after the wait."""
    rest = max(manners.rest(host, delay) for host in hosts)
    if rest > 0:
        yield Wait(rest)
    return (yield from PageErrand(page, hosts, delay, manners, look).run())


def _wants_rest(answer: Answer, failures: int) -> str:
    """Why the host's other pages should wait for another day; empty where they needn't."""
    if answer.retry_after or answer.status == 429:
        return "The host asked to be left alone for a while."
    if failures >= 2:
        return "The host failed twice in a row, so its other pages wait."
    return ""
