"""One page from robots.txt to its last hop, as a script."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from clinics.domain.address import RefusedAddress
from clinics.domain.answer import Answer, Hop
from clinics.domain.outcome import Outcome
from clinics.domain.page_identity import host_of, site_of
from clinics.web.errand import Get, Reply, Steps, Wait
from clinics.web.guest import HeldHosts, StoredRobots
from clinics.web.line import REDIRECTS
from clinics.web.manners import Manners
from clinics.web.retry_after import retry_after
from clinics.web.robots import ROBOTS_BYTES, ROBOTS_REDIRECTS, RobotsRules
from clinics.web.sight import Look, Sight
from clinics.web.trouble import Trouble, not_listened

_OF_THE_BYTES = frozenset(
    {"content-length", "content-encoding", "transfer-encoding", "content-md5", "digest", "etag", "last-modified"}
)
_LONGEST_VALIDATOR = 1000  # characters
_LISTENED = 0.25  # of a page's time: with so much gone to other work, a late answer is no fault of the server's


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A page to read. `key` is the caller's own.

    Validators (etag, last_modified) came with `validated_url`, the final address of that reading; empty: with `url`.
    """

    url: str
    key: object
    etag: str = ""
    last_modified: str = ""
    override_robots: bool = False
    validated_url: str = ""


@dataclass(slots=True)
class PageErrand:
    """Reads one page within its time; every hop is judged, asks robots.txt, and takes the turn of a host not ours."""

    page: PageRequest
    hosts: HeldHosts  # whose turns are ours
    delay: float
    manners: Manners
    look: Look | None = None  # opens pages in a browser, where that is wanted
    started: float = field(default_factory=time.monotonic)
    url: str = ""
    robots: str = ""
    last: Reply = field(default_factory=Reply)
    hops: list[Hop] = field(default_factory=list)
    asked_to_wait: int | None = None
    sight: Sight | None = None
    worked_before: float = 0.0

    def run(self) -> Steps[Answer]:
        """The whole errand. Every trouble ends in an Answer that says so."""
        self.url = self.page.url
        self.worked_before = self.manners.worked
        try:
            yield from self._follow()
            return self._answer(None)
        except Trouble as trouble:
            return self._answer(not_listened() if self._was_deaf(trouble) else trouble)

    def _was_deaf(self, trouble: Trouble) -> bool:
        """Whether the server's time ran out because a good part of it went to work on other pages."""
        share = self.manners.limits.page_seconds * _LISTENED
        return trouble.of_time and self.manners.worked - self.worked_before > share

    def _answer(self, trouble: Trouble | None) -> Answer:
        last, sight = self.last, None if trouble else self.sight
        return Answer(
            url=self.page.url,
            final_url=self.url,
            status=last.status,
            headers=_headers_of_sight(last.headers) if sight else last.headers,
            body=b"" if trouble else sight.document if sight else last.body,
            hops=tuple(self.hops),
            trouble=trouble.outcome if trouble else None,
            reason=trouble.reason if trouble else "",
            robots=self.robots,
            milliseconds=round((time.monotonic() - self.started) * 1000),
            retry_after=self.asked_to_wait or self._retry_after(last),
            by_browser=sight is not None,
            served=last.body if sight else b"",
            picture=sight.picture if sight else b"",
        )

    def _retry_after(self, reply: Reply) -> int | None:
        value = reply.headers.get("retry-after", "") if reply.status == 429 or reply.status >= 500 else ""
        return retry_after(value, self.manners.now()) if value else None

    def _follow(self) -> Steps[None]:
        """Hop by hop to the page."""
        self.url = self._judge(self.page.url)
        site = site_of(self.url)
        for _ in range(self.manners.limits.max_redirects + 1):
            yield from self._ask_leave(self.url)
            conditions = self._conditions()
            reply = yield from self._get(self.url, self.manners.limits.max_bytes, conditions)
            self._arrived(reply, conditions)
            target = self._target(self.url, reply) or self._seen(reply)
            if target is None:
                return
            self.url = target
            if site_of(target) != site:
                raise Trouble(Outcome.MOVED, f"The page now sends its visitors to another site, {host_of(target)}.")
        raise Trouble(Outcome.ERROR, "The page redirects too often.")

    def _seen(self, reply: Reply) -> str | None:
        """Open the page in the browser, if there is one for it; where its scripts lead to, judged, if they do.

        An address that a script leads to is asked for like a redirect's target: robots.txt, turn and policy hold there.
        """
        if self.look is None or reply.status != 200 or not _is_markup(reply):
            return None
        left = self.started + self.manners.limits.page_seconds - time.monotonic()
        self.sight = self.look(self.url, reply, left)
        if not self.sight.leads_to:
            return None
        target = self.sight.leads_to
        self.sight = None
        return self._judge(target)

    def _arrived(self, reply: Reply, conditions: Mapping[str, str]) -> None:
        self.last = reply
        if reply.status:
            self.hops.append(Hop(self.url, reply.status, reply.headers, reply.peer, reply.sent))
        if reply.trouble:
            raise reply.trouble
        if reply.status == 304 and not conditions:
            raise Trouble(Outcome.ERROR, "The server answered 'not modified' though nothing was known before.")

    def _conditions(self) -> dict[str, str]:
        """Validators, sent only to the address that they came from: elsewhere a 304 would mean another page."""
        page = self.page
        hold_here = self.url == page.validated_url if page.validated_url else not self.hops
        if not hold_here:
            return {}
        named = {"If-None-Match": _sendable(page.etag), "If-Modified-Since": _sendable(page.last_modified)}
        return {name: value for name, value in named.items() if value}

    def _judge(self, url: str) -> str:
        limit = self.manners.limits.max_url
        if len(url) > limit:
            raise Trouble(Outcome.REFUSED, f"The address is longer than {limit:,} characters.")
        try:
            return self.manners.policy.judge(url)
        except RefusedAddress as refused:
            raise Trouble(Outcome.REFUSED, str(refused)) from refused

    def _target(self, base: str, reply: Reply) -> str | None:
        """Where a redirect leads, judged; None where the reply is not a redirect."""
        location = reply.headers.get("location", "")
        if reply.status not in REDIRECTS or not location:
            return None
        try:
            joined = urljoin(base, location.replace(" ", "%20"))
        except ValueError as fault:
            raise Trouble(Outcome.REFUSED, "The page redirects to an address that is not well formed.") from fault
        return self._judge(joined.partition("#")[0])

    def _get(self, url: str, max_bytes: int, headers: Mapping[str, str], truncate: bool = False) -> Steps[Reply]:
        """One request, in the host's turn and after its rest."""
        host = host_of(url)
        if not self.hosts.take(host):
            raise Trouble(Outcome.BUSY, f"The page leads to {host}, which is being read or resting just now.")
        breath = self.manners.breath(host, self.delay)
        if breath > 0:
            yield Wait(breath)
        deadline = self.started + self.manners.limits.page_seconds
        reply = yield Get(url, deadline, max_bytes, headers, truncate)
        self.manners.spoke(host)
        if reply and (wish := self._retry_after(reply)):
            self.hosts.wished(host, wish)
        return reply or Reply()

    def _ask_leave(self, url: str) -> Steps[None]:
        """Raise Trouble unless robots.txt allows this URL, or a person decided otherwise."""
        if self.page.override_robots:
            self.robots = "overridden"
            return
        host = host_of(url)
        rules = self.manners.rules(host) or (yield from self._read_robots(host, url))
        verdict = rules.judge(url)
        self.robots = verdict.word
        if verdict.word == "unreachable":  # the host has trouble, and has asked for nothing
            raise Trouble(Outcome.ERROR, verdict.reason)
        if not verdict.allowed:
            raise Trouble(Outcome.ROBOTS_DENIED, verdict.reason)

    def _read_robots(self, host: str, url: str) -> Steps[RobotsRules]:
        """Fetch the host's robots.txt; a network fault is the page's fault too, since the host did not answer."""
        self.robots = "unreachable"
        reply = yield from self._robots_reply(urljoin(url, "/robots.txt"))
        text = reply.body.decode("utf-8", "replace").removeprefix("\ufeff").replace("\0", "")
        status = 0 if reply.trouble else reply.status
        self.asked_to_wait = self._retry_after(reply)
        return self.manners.learn(host, StoredRobots(text if 200 <= status < 300 else "", status, self.manners.now()))

    def _robots_reply(self, url: str) -> Steps[Reply]:
        for _ in range(ROBOTS_REDIRECTS + 1):
            reply = yield from self._get(url, ROBOTS_BYTES, {}, truncate=True)
            if reply.trouble and not reply.status:
                raise reply.trouble
            target = self._target(url, reply)
            if target is None:
                return reply
            url = target
        return Reply(status=404)  # RFC 9309 2.3.1.2: after five redirects the file may count as unavailable


def _is_markup(reply: Reply) -> bool:
    """Whether a browser would run it as a page."""
    kind = reply.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    return kind in ("text/html", "application/xhtml+xml") and bool(reply.body.strip())


def _headers_of_sight(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers without those that speak of the bytes as they were sent; validators are of these, not of the text."""
    kept = {name: value for name, value in headers.items() if name not in _OF_THE_BYTES}
    return {**kept, "content-type": "text/html; charset=utf-8"}


def _sendable(value: str) -> str:
    """A validator as it came, or "" where no header can hold it: with other characters it would be another one."""
    return value if value.isascii() and value.isprintable() and len(value) <= _LONGEST_VALIDATOR else ""
