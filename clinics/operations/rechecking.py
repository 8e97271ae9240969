"""Reading recorded pages: hosts are claimed, visited side by side, and what they say is written down."""

import gc
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction

from clinics.domain.address import RefusedAddress
from clinics.domain.answer import Answer
from clinics.domain.outcome import Outcome
from clinics.domain.page_identity import identity_key
from clinics.models import Cause, Clinic, Host, Page, PageState, Snapshot
from clinics.operations import sitemaps
from clinics.operations.flagging import Effects, Reading, lock_clinic, record_statements
from clinics.operations.going_out import address_policy, browser_enabled, user_agent
from clinics.operations.keeping import evidence_store
from clinics.operations.leaving_out import ignoring_of
from clinics.operations.lost_pages import Probe, is_owed, learn, probe_of
from clinics.operations.page_flags import Look, follow_page_rules
from clinics.operations.proposing import propose_links
from clinics.operations.readings import Judged, judge
from clinics.operations.refusal import Refusal
from clinics.operations.robots_cache import DatabaseRobots
from clinics.operations.rules import current_page_rules, current_ruleset
from clinics.operations.standing_dismissals import dismiss_what_stands
from clinics.operations.statements import Text, statements
from clinics.operations.turns import (
    Clock,
    DatabaseTurns,
    Release,
    Turn,
    claim_due,
    claim_for,
    release,
    waits,
)
from clinics.operations.ways import AS_SENT, Way, by_browser
from clinics.operations.writing import Desk, Watched, Written, is_quiet, write_alone, write_together
from clinics.web.chromium import BrowserFault
from clinics.web.limits import Limits
from clinics.web.visiting import HostVisit, PageRequest, visit

log = logging.getLogger(__name__)

HOSTS_PER_BATCH = 100
WAKE_UPS = 20  # messages of one tick; the next tick sends more
TOGETHER = 200  # quiet readings in one transaction
UNCOLLECTED = 50_000  # objects; a batch's rows and answers live together and are gone with it
Visit = Callable[..., None]


def recheck_due(
    clock: Clock, *, most_hosts: int = HOSTS_PER_BATCH, visit: Visit = visit, way: Way = AS_SENT
) -> list[Written]:
    """Read one batch of due pages. Safe to run anywhere, twice, and at the same time as others.

    Raises Refusal where it is to be done by a browser and this machine's cannot be used; the pages stay due.
    """
    written, _ = _read(claim_due(clock(), most=most_hosts, way=way), clock, visit, way)
    return written


def recheck_pages(
    page_ids: Collection[int], clock: Clock, *, pause: Callable[[float], None] = time.sleep, visit: Visit = visit
) -> Iterator[Written]:
    """Read these pages now, each once, waiting for hosts whose turn it is not yet; those last that need a browser.

    Raises Refusal where they do and this machine's cannot be used.
    """
    chosen = Page.objects.filter(pk__in=page_ids)
    for_browser = set(chosen.filter(by_browser=True).values_list("pk", flat=True)) if browser_enabled() else set()
    yield from _each_once(set(page_ids) - for_browser, AS_SENT, clock, pause, visit)
    if for_browser:
        yield from _each_once(for_browser, by_browser(), clock, pause, visit)


def _each_once(
    left: set[int], way: Way, clock: Clock, pause: Callable[[float], None], visit: Visit
) -> Iterator[Written]:
    while left:
        turns = claim_for(left, clock(), most=hosts_of_a_batch(way), way=way)
        if not turns:
            pause(1.0 if waits() else 0.1)
            continue
        written, answered = _read(turns, clock, visit, way)
        left -= answered
        yield from written


def hosts_of_a_batch(way: Way) -> int:
    """How many hosts are read side by side; a browser looks at one after another."""
    return 1 if way.by_browser else HOSTS_PER_BATCH


def batches_due(now: datetime, *, most: int = WAKE_UPS) -> int:
    """How many workers the pages that are read as they are sent can keep busy, each with one batch."""
    hosts = AS_SENT.among(Page.objects.due(now)).values("host").distinct().count()
    return min(-(-hosts // HOSTS_PER_BATCH), most)


def pages_to_read(*, url: str | None, every: bool, now: datetime) -> list[int]:
    """The ids of the pages that `recheck` is asked for. Raises Refusal for a URL that nobody recorded."""
    if url is not None:
        return [_recorded(url).pk]
    pages = Page.objects.all() if every else Page.objects.due(now)
    return list(pages.order_by("pk").values_list("pk", flat=True))


def _recorded(url: str) -> Page:
    try:
        identity = identity_key(address_policy().judge(url))
    except RefusedAddress as refusal:
        raise Refusal(str(refusal)) from None
    page = Page.objects.filter(identity=identity).first()
    if page is None:
        raise Refusal(f"{url} is not recorded. Record it with a clinic first, in the admin or by import_clinics.")
    return page


def _read(turns: Sequence[Turn], clock: Clock, visit: Visit, way: Way) -> tuple[list[Written], set[int]]:
    """What was written, and the ids of the pages that an answer came for."""
    if not turns:
        return [], set()
    with _collecting_seldom():
        started = clock()
        pages = [page for turn in turns for page in turn.pages]
        desk = Desk(
            current_ruleset(),
            evidence_store(),
            current_page_rules(started.date()),
            ignoring_of(pages),
            browser_enabled(),
        )
        batch = _Batch(turns, desk, clock, way)
        try:
            visit(
                [HostVisit(turn.host.name, batch.requests(turn), turn.delay) for turn in turns],
                on_answer=batch.hear,
                turns=DatabaseTurns(clock),
                robots=DatabaseRobots(turn.host for turn in turns),
                policy=address_policy(),
                limits=Limits(page_seconds=way.seconds),
                user_agent=user_agent(),
                chromium=way.chromium,
                stop=lambda: (clock() - started).total_seconds() > way.turn_seconds,
            )
        except BrowserFault as fault:
            raise Refusal(str(fault)) from fault
        finally:
            batch.end()
        return batch.written, batch.answered


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Let Python look for circles of garbage only now and then, not through a batch's objects while they live.

    That took a quarter of an unchanged page's processor time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(UNCOLLECTED, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _request_of(page: Page, way: Way) -> PageRequest:
    """Asked for whole where a browser is to show it: that a document is the same says nothing of its scripts' text."""
    override = bool(page.robots_override_reason)
    if way.by_browser or not page.state.snapshot_id:
        return PageRequest(page.url, key=page.pk, override_robots=override)
    return PageRequest(
        page.url,
        key=page.pk,
        etag=page.state.etag,
        last_modified=page.state.last_modified,
        override_robots=override,
        validated_url=page.state.validated_url,
    )


class _Batch:
    """The answers of one visit, on their way into the database."""

    def __init__(self, turns: Sequence[Turn], desk: Desk, clock: Clock, way: Way) -> None:
        self.written: list[Written] = []
        self.answered: set[int] = set()
        self._desk, self._clock, self._way = desk, clock, way
        self._turns = {turn.host.pk: turn for turn in turns}
        self._of_page = {page.pk: (turn, page) for turn in turns for page in turn.pages}
        self._passes = {
            turn.host.pk: sitemaps.SitemapPass(turn, clock) for turn in turns if sitemaps.is_owed(turn.host, clock())
        }
        self._left = Counter({turn.host.pk: len(turn.pages) for turn in turns}) + Counter(self._passes.keys())
        self._watched = Watched.among(self._of_page, desk.page_rules, clock())
        self._quiet: list[Judged] = []
        self._trouble: dict[int, str] = {}
        self._retry_after: dict[int, int] = {}

    def requests(self, turn: Turn) -> Iterator[PageRequest]:
        """What to ask the turn's host for, one after another: its sitemaps last, as far as the turn lasts."""
        if is_owed(turn.host, self._clock()):
            yield probe_of(turn.pages[0])
        yield from (_request_of(page, self._way) for page in turn.pages)
        if turn.host.pk in self._passes:
            yield from self._passes[turn.host.pk].requests()
            self._left[turn.host.pk] -= 1
            self._let_go(self._read_out([]))

    def hear(self, request: PageRequest, answer: Answer) -> None:
        """Judge one answer, write it, and let its host go after its last page."""
        if isinstance(request.key, Probe):
            self._learn(request.key.host, answer)
            return
        if isinstance(request.key, sitemaps.SitemapRequest):
            self._note_wish(request.key.host, answer)
            self._passes[request.key.host].hear(request.key, answer)
            return
        turn, page = self._of_page[cast(int, request.key)]
        self.answered.add(page.pk)
        judged = judge(
            page,
            answer,
            turn.token,
            self._clock(),
            self._desk.left_out(page),
            by_browser=self._way.by_browser,
        )
        self._note_host(judged)
        if is_quiet(judged, self._desk, self._watched):
            self._quiet.append(judged)
        else:
            written = write_alone(judged, self._desk, self._watched)
            self._keep(written, judged)
            if written is not None and written.outcome is Outcome.OK:
                propose_links(page, answer, judged.at)
            self._let_go(self._read_out([judged]))
        if len(self._quiet) >= TOGETHER:
            self._flush()

    def _learn(self, host: int, answer: Answer) -> None:
        """Keep what the host says in the place of a page that cannot exist, for all its pages at hand."""
        turn = self._turns[host]
        learn(turn.host, answer, self._clock())
        for page in turn.pages:
            page.host = turn.host

    def end(self) -> None:
        """Write what is pending, and let every host go that is still held."""
        self._flush()
        self._let_go(list(self._turns))

    def _flush(self) -> None:
        pending, self._quiet = self._quiet, []
        if pending:
            self.written.extend(write_together(pending, self._desk))
        self._let_go(self._read_out(pending))

    def _keep(self, written: Written | None, judged: Judged) -> None:
        if written is None:
            log.warning("the lease of %s has passed to another worker: reading dropped", judged.page.host)
        else:
            self.written.append(written)

    def _note_host(self, judged: Judged) -> None:
        host = judged.page.host_id
        if judged.is_host_trouble:
            self._trouble[host] = judged.reason
        elif judged.outcome is not Outcome.BUSY:
            self._trouble[host] = ""
        self._note_wish(host, judged.answer)

    def _note_wish(self, host: int, answer: Answer) -> None:
        """Remember for how long the host asked to be left alone."""
        if answer.retry_after is not None:
            self._retry_after[host] = max(answer.retry_after, self._retry_after.get(host, 0))

    def _read_out(self, written: Iterable[Judged]) -> list[int]:
        """The hosts whose last page is among these."""
        self._left.subtract(judged.page.host_id for judged in written)
        return [host for host in self._turns if self._left[host] <= 0]

    def _let_go(self, hosts: Collection[int]) -> None:
        of_token: dict[UUID, list[Release]] = defaultdict(list)
        for host in hosts:
            turn = self._turns.pop(host)
            of_token[turn.token].append(Release(turn.host, self._retry_after.get(host), self._trouble.get(host)))
        for token, releases in of_token.items():
            release(releases, token, self._clock())


def apply_snapshot(snapshot: Snapshot, clinic: Clinic, cause: Cause, now: datetime) -> Effects:
    """Hold a stored text against the present rules for one clinic, as it was when it was last read."""
    effects = Effects()
    page = snapshot.page if snapshot.origin == Snapshot.Origin.READ else None
    found = statements(Text.of(snapshot.blocks), current_ruleset())
    with transaction.atomic():
        seen_at = _last_seen(snapshot, page)
        if seen_at is not None:
            reading = Reading(page, snapshot, cause, now, seen_at, stored=True)
            locked = lock_clinic(clinic.pk)
            if locked.status == Clinic.Status.MERGED:  # merged while we came here: its texts are the survivor's now
                return effects
            record_statements(locked, found, reading, effects)
            dismiss_what_stands(effects, now)
            if page is not None:
                follow_page_rules(locked, current_page_rules(now.date()), Look(cause, now), effects)
    return effects


def _last_seen(snapshot: Snapshot, page: Page | None) -> datetime | None:
    """When the text was last seen; None where the page says something else by now.

    Locks the host, as whoever writes a reading of the page does, so that the answer holds until the transaction ends.
    """
    if page is None:
        return snapshot.taken_at
    Host.objects.select_for_update(no_key=True).get(pk=page.host_id)
    state = PageState.objects.get(page=page)
    return (state.last_read_at or snapshot.taken_at) if state.snapshot_id == snapshot.pk else None
