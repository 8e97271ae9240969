"""Taking the pictures that are wanted, with this machine's browser, in the turn of each page's host."""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Final, cast

from django.db.models import F, QuerySet

from clinics.domain.answer import Answer
from clinics.domain.identity import subject_key
from clinics.domain.inspection import inspect
from clinics.domain.outcome import Outcome
from clinics.domain.page_identity import site_of
from clinics.evidence.store import EvidenceFault
from clinics.models import Page, Rule, Screenshot, Sighting
from clinics.operations.going_out import address_policy, user_agent
from clinics.operations.keeping import evidence_store
from clinics.operations.refusal import Refusal
from clinics.operations.robots_cache import DatabaseRobots
from clinics.operations.turns import Clock, DatabaseTurns, Release, Turn, claim_for, release
from clinics.operations.ways import Way
from clinics.web.chromium import BrowserFault
from clinics.web.limits import Limits
from clinics.web.visiting import HostVisit, PageRequest, visit

log = logging.getLogger(__name__)

PAGES_LOOKED_AT: Final = 500  # of those wanted longest, when the next one is chosen
Visit = Callable[..., None]


def take_wanted(clock: Clock, way: Way, *, visit: Visit = visit) -> int:
    """Take the pictures that are wanted of one free host's pages; how many were kept.

    A picture is no reading: it moves no flag. Raises Refusal where this machine's browser cannot be used.
    """
    started = clock()
    wanted = Screenshot.objects.wanted(started).order_by("wanted_at").values_list("page_id", flat=True)
    turns = claim_for(set(wanted[:PAGES_LOOKED_AT]), started, most=1, way=way)
    if not turns:
        return 0
    taking = _Taking(turns, clock)
    try:
        visit(
            [HostVisit(turn.host.name, tuple(map(_request, turn.pages)), turn.delay) for turn in turns],
            on_answer=taking.hear,
            turns=DatabaseTurns(clock),
            robots=DatabaseRobots(),
            policy=address_policy(),
            limits=Limits(page_seconds=way.seconds),
            user_agent=user_agent(),
            chromium=way.chromium,
            stop=lambda: (clock() - started).total_seconds() > way.turn_seconds,
        )
    except BrowserFault as fault:
        raise Refusal(str(fault)) from fault
    finally:
        taking.end()
    return taking.kept


def _request(page: Page) -> PageRequest:
    return PageRequest(page.url, key=page.pk, override_robots=bool(page.robots_override_reason))


def _fail(wanted: QuerySet[Screenshot], reason: str) -> None:
    """A try came to nothing, whosever fault it is: a stranger's page is not opened without end."""
    wanted.update(tries=F("tries") + 1, reason=reason[:300])


class _Taking:
    """The pictures of one visit, on their way into the store."""

    def __init__(self, turns: Sequence[Turn], clock: Clock) -> None:
        self.kept = 0
        self._turns, self._clock = turns, clock
        self._pages = {page.pk: page for turn in turns for page in turn.pages}
        self._retry_after: int | None = None

    def hear(self, request: PageRequest, answer: Answer) -> None:
        """Keep the picture for whatever wants it, or why there is none."""
        page = self._pages[cast(int, request.key)]
        self._retry_after = answer.retry_after or self._retry_after
        if answer.trouble is Outcome.BUSY:
            return
        now = self._clock()
        wanted = Screenshot.objects.wanted(now).filter(page=page)
        found = inspect(answer, site_of(page.url))
        if found.outcome is not Outcome.OK or not answer.picture:
            _fail(wanted, found.reason or "The browser made no picture of the page.")
            return
        try:
            image = evidence_store().put(answer.picture)
        except EvidenceFault as fault:
            log.error("%s No picture of %s is kept.", fault, page)
            _fail(wanted, str(fault))
            return
        self._fill(wanted, page, image, {subject_key(sentence.text) for sentence in found.sentences}, now)

    def _fill(
        self, wanted: QuerySet[Screenshot], page: Page, image: str, subjects: Collection[str], now: datetime
    ) -> None:
        sightings = Sighting.objects.filter(page=page).exclude(flag__rule__kind=Rule.Kind.PAGE)
        said = dict(sightings.values_list("flag_id", "sentence"))
        for row in wanted.filter(wanted_at__lte=now):
            carries = subject_key(said[row.flag_id]) in subjects if row.flag_id in said else None
            self.kept += Screenshot.objects.filter(pk=row.pk, taken_at__isnull=True).update(
                taken_at=now, image=image, carries_wording=carries, reason=""
            )

    def end(self) -> None:
        """Give the hosts back, to have their rest."""
        for turn in self._turns:
            release([Release(turn.host, self._retry_after)], turn.token, self._clock())
