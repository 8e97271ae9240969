"""Whose turn it is on a host: claims with a lease and a token, kept in the database."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from clinics.domain.schedule import free_again
from clinics.models import Host, Page

Clock = Callable[[], datetime]

PAGE_TIMEOUT = 30.0  # seconds for a whole page: robots, probes and every hop
TURN_SECONDS = 200  # a host's pages of one batch are read within this; the workers' hard limit is longer
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
    return float(settings.FETCH_HOST_DELAY if host.delay_seconds is None else host.delay_seconds)


def _free(now: datetime) -> QuerySet[Host]:
    return Host.objects.free(now) if waits() else Host.objects.unleased(now)


def claim_due(now: datetime, *, most: int) -> list[Turn]:
    """Take up to `most` free hosts that have due pages; two workers never take the same host."""
    due = Page.objects.due(now).order_by("state__due_at")
    return _claim(_free(now).filter(Exists(due.filter(host=OuterRef("pk")))), due, now, most=most)


def claim_for(page_ids: Collection[int], now: datetime, *, most: int) -> list[Turn]:
    """Take up to `most` free hosts of the given pages, whether these are due or not."""
    wanted = Page.objects.filter(pk__in=page_ids).order_by("pk")
    return _claim(_free(now).filter(Exists(wanted.filter(host=OuterRef("pk")))), wanted, now, most=most)


def _claim(hosts: QuerySet[Host], pages: QuerySet[Page], now: datetime, *, most: int) -> list[Turn]:
    token = uuid4()
    with transaction.atomic():
        free = hosts.order_by("free_at", "pk").select_for_update(skip_locked=True, no_key=True, of=("self",))
        taken = list(free[:most])
        Host.objects.filter(pk__in=[host.pk for host in taken]).update(lease_token=token, leased_until=now + LEASE)
    turns = (Turn(host, token, _share(host, pages)) for host in taken)
    return [turn for turn in turns if turn.pages or release(turn.host, token, now)]


def _share(host: Host, pages: QuerySet[Page]) -> tuple[Page, ...]:
    """As many of the host's pages as surely end within one turn."""
    fitting = max(1, int(TURN_SECONDS / (delay_of(host) + PAGE_TIMEOUT)))
    mine = pages.filter(host=host).select_related("state__snapshot", "host")
    return tuple(mine[: min(fitting, PAGES_PER_TURN)])


def still_holds(host_id: int, token: UUID) -> bool:
    """Whether the lease is still this worker's; locks the host's row, so ask it inside the transaction that writes."""
    return Host.objects.select_for_update(no_key=True).filter(pk=host_id, lease_token=token).exists()


def release(
    host: Host, token: UUID, now: datetime, *, retry_after: int | None = None, trouble: str | None = None
) -> bool:
    """Give the host back, to be free after its rest. Does nothing if the lease has passed to another worker.

    `trouble` is what went wrong with the host itself ("" for nothing, None where it was not asked). Always False, so
    that an unused turn can be let go while filtering.
    """
    failures = host.failures if trouble is None else (host.failures + 1 if trouble else 0)
    Host.objects.filter(pk=host.pk, lease_token=token).update(
        lease_token=None,
        leased_until=None,
        free_at=free_again(now, delay_of(host), retry_after, failures),
        failures=failures,
        last_trouble=host.last_trouble if trouble is None else trouble[:300],
    )
    return False


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

    def give_back(self, host: str) -> None:
        """Let the host rest, and then be free."""
        token = self._held.pop(host, None)
        if token is not None:
            release(Host.objects.get(name=host), token, self._clock())
