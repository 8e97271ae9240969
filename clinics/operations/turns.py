"""Whose turn it is on a host: claims with a lease and a token, kept in the database."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, QuerySet, TextField, Value, When, Window
from django.db.models.functions import RowNumber

from clinics.domain.schedule import free_again
from clinics.models import Host, Page
from clinics.models.many_rows import write_columns
from clinics.operations.going_out import user_agent
from clinics.operations.ways import AS_SENT, Way
from clinics.web.guest import StoredRobots
from clinics.web.limits import Limits
from clinics.web.robots import RobotsRules

Clock = Callable[[], datetime]

LEASE = timedelta(seconds=300)  # longer than the workers' hard limit, so a live worker never loses its host
PAGES_PER_TURN = 4


@dataclass(frozen=True, slots=True)
class Turn:
    """A host that this worker may read now, and the pages it is to read there."""

    host: Host
    token: UUID
    pages: tuple[Page, ...]

    @property
    def delay(self) -> float:
        """Seconds between two requests to the host."""
        return delay_of(self.host)


def waits() -> bool:
    """Whether waiting for hosts is on; a delay of 0 switches every wait off (they are still recorded)."""
    return bool(settings.FETCH_HOST_DELAY > 0)


def delay_of(host: Host) -> float:
    """Seconds between two requests to the host: its own, or the tracker's."""
    if not waits():
        return 0.0
    return default_delay() if host.delay_seconds is None else float(host.delay_seconds)


def default_delay() -> float:
    """Seconds between two requests to a host that nobody set another delay for."""
    return float(settings.FETCH_HOST_DELAY)


def _free(now: datetime) -> QuerySet[Host]:
    return Host.objects.free(now) if waits() else Host.objects.unleased(now)


def claim_due(now: datetime, *, most: int, way: Way = AS_SENT) -> list[Turn]:
    """Take up to `most` free hosts that have due pages; two workers never take the same host."""
    return _claim(way.among(Page.objects.due(now)), "state__due_at", now, most, way)


def claim_for(page_ids: Collection[int], now: datetime, *, most: int, way: Way = AS_SENT) -> list[Turn]:
    """Take up to `most` free hosts of the given pages, whether these are due or not; the caller chose their way."""
    return _claim(Page.objects.filter(pk__in=page_ids), "pk", now, most, way)


def _claim(pages: QuerySet[Page], order: str, now: datetime, most: int, way: Way) -> list[Turn]:
    token = uuid4()
    hosts = _free(now).filter(Exists(pages.filter(host=OuterRef("pk"))))
    with transaction.atomic():
        free = hosts.order_by("free_at", "pk").select_for_update(skip_locked=True, no_key=True, of=("self",))
        taken = list(free[:most])
        Host.objects.filter(pk__in=[host.pk for host in taken]).update(lease_token=token, leased_until=now + LEASE)
    shares = _shares({host.pk: host for host in taken}, pages, order)
    turns = [Turn(host, token, tuple(shares[host.pk][: _fitting(host, way)])) for host in taken]
    release([Release(turn.host) for turn in turns if not turn.pages], token, now)
    return [turn for turn in turns if turn.pages]


def _shares(hosts: Mapping[int, Host], pages: QuerySet[Page], order: str) -> dict[int, list[Page]]:
    """The first few of each host's pages in this order; of their states only what a reading is judged by."""
    place = Window(RowNumber(), partition_by=F("host_id"), order_by=[order, "pk"])
    first = pages.filter(host__in=hosts).annotate(place=place).filter(place__lte=PAGES_PER_TURN)
    shares: dict[int, list[Page]] = defaultdict(list)
    for page in first.select_related("state").defer("state__said", "state__marks").order_by("host_id", "place"):
        page.host = hosts[page.host_id]
        shares[page.host_id].append(page)
    return shares


def _fitting(host: Host, way: Way) -> int:
    """How many of the host's pages surely end within one turn."""
    return max(1, int(way.turn_seconds / (delay_of(host) + way.seconds)))


def still_holds(host_id: int, token: UUID) -> bool:
    """Whether the lease is still this worker's; locks the host's row, so ask it inside the transaction that writes."""
    return Host.objects.select_for_update(no_key=True).filter(pk=host_id, lease_token=token).exists()


@dataclass(frozen=True, slots=True)
class Release:
    """A host to be given back. `trouble` is what went wrong with the host itself: "" for nothing, None if not asked.

    `retry_after`: seconds that it asked to be left alone.
    """

    host: Host
    retry_after: int | None = None
    trouble: str | None = None


@transaction.atomic
def release(releases: Sequence[Release], token: UUID, now: datetime) -> None:
    """Give hosts back, to be free after their rest; those whose lease has passed to another worker are left alone."""
    if not releases:
        return
    hosts = Host.objects.select_for_update(no_key=True).filter(pk__in=[each.host.pk for each in releases])
    asks = When(robots_text__icontains="crawl", then=F("robots_text"))  # few do
    asking = Case(asks, default=Value(""), output_field=TextField())
    mine = dict(hosts.filter(lease_token=token).order_by("pk").values_list("pk", asking))
    given_back = [_given_back(each, mine[each.host.pk], now) for each in releases if each.host.pk in mine]
    write_columns(given_back, ("lease_token", "leased_until", "free_at", "failures", "last_trouble"))


def _given_back(release: Release, robots: str, now: datetime) -> Host:
    """The host's row as it is to be written; `robots` is its robots.txt, where that asks for a pause."""
    host, trouble = release.host, release.trouble
    failures = host.failures if trouble is None else (host.failures + 1 if trouble else 0)
    return Host(
        pk=host.pk,
        free_at=free_again(now, max(delay_of(host), _pause_in(robots, now)), release.retry_after, failures),
        failures=failures,
        last_trouble=host.last_trouble if trouble is None else trouble[:300],
    )


def _pause_in(robots: str, now: datetime) -> float:
    """Seconds between two requests that a robots.txt asks us for; 0 where waiting is off."""
    if not robots or not waits():
        return 0.0
    return min(RobotsRules(StoredRobots(robots, 200, now), user_agent()).crawl_delay, Limits().max_crawl_delay)


class DatabaseTurns:
    """Turns on hosts that a redirect leads to: taken if free, never waited for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: dict[str, UUID] = {}

    def take(self, host: str) -> bool:
        """Whether the host is ours now."""
        now, token = self._clock(), uuid4()
        Host.objects.get_or_create(name=host, defaults={"free_at": now})
        mine = _free(now).filter(name=host).update(lease_token=token, leased_until=now + LEASE)
        if mine:
            self._held[host] = token
        return bool(mine)

    def give_back(self, host: str, *, retry_after: int | None = None, trouble: str | None = None) -> None:
        """Let the host rest, and then be free; longer where it asked for that, or had trouble itself."""
        token = self._held.pop(host, None)
        if token is not None:
            release([Release(Host.objects.get(name=host), retry_after, trouble)], token, self._clock())
