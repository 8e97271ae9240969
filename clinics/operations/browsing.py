"""What the browser's own worker does: read pages that need one, and take the pictures that are wanted."""

from datetime import datetime
from typing import Final

from clinics.models import Host, Page, Screenshot
from clinics.operations.going_out import browser_enabled
from clinics.operations.picture_taking import take_wanted
from clinics.operations.rechecking import recheck_due
from clinics.operations.turns import Clock
from clinics.operations.ways import by_browser

MOST: Final = 10  # messages of one tick; the next tick sends more


def work_by_browser(clock: Clock) -> None:
    """Read the due pages of one host, or else take the pictures that are wanted of one. Nothing where none is enabled.

    Raises Refusal where this machine's browser cannot be used; everything stays due.
    """
    if not browser_enabled():
        return
    way = by_browser()
    if not recheck_due(clock, most_hosts=1, way=way):
        take_wanted(clock, way)


def browser_batches_due(now: datetime, *, most: int = MOST) -> int:
    """How many times that work is to be begun now."""
    if not browser_enabled():
        return 0
    due = Page.objects.due(now).filter(by_browser=True)
    wanted = Screenshot.objects.wanted(now)
    hosts = Host.objects.filter(pk__in=due.values("host")) | Host.objects.filter(pk__in=wanted.values("page__host"))
    return min(hosts.distinct().count(), most)
