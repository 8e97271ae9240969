"""After a clock that went wrong: what was put off to a time that no rule of ours allows is brought back."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from clinics.domain.schedule import LONGEST_BACK_OFF, LONGEST_RETRY_AFTER
from clinics.models import Host, Job, PageState
from clinics.models.page import YEARLY
from clinics.operations import turns
from clinics.operations.job_lease import LEASE

log = logging.getLogger(__name__)

SLACK: Final = timedelta(minutes=10)  # clocks of several machines differ a little


@dataclass(frozen=True, slots=True)
class Recovered:
    """How many pages, hosts and jobs a wrong clock had put off."""

    pages: int
    hosts: int
    jobs: int


@transaction.atomic
def recover_from_clock_jump(now: datetime) -> Recovered:
    """Bring back what a clock that was ahead for a time has put off; nothing where it never was.

    A page tried in the future, or due later than its longest pause allows, is due now; a lease that ends later than
    any lease can, or a rest longer than any server may ask for, has ended. What was recorded in that time keeps its
    dates.
    """
    tried = Q(last_tried_at__gt=now + SLACK)
    too_late = Q(due_at__gt=now + YEARLY * LONGEST_BACK_OFF * 2)
    pages = PageState.objects.filter(tried | too_late, due_at__gt=now).update(due_at=now)
    leased = Host.objects.filter(leased_until__gt=now + turns.LEASE + SLACK)
    hosts = leased.update(lease_token=None, leased_until=None)
    resting = Host.objects.filter(free_at__gt=now + LONGEST_RETRY_AFTER + SLACK, leased_until__isnull=True)
    rested = resting.update(free_at=now)
    worked = Job.objects.filter(state=Job.State.RUNNING, leased_until__gt=now + LEASE + SLACK)
    found = Recovered(pages, hosts + rested, worked.update(leased_until=now - timedelta(seconds=1)))
    if found != Recovered(0, 0, 0):
        log.warning("the clock was ahead: %s", found)
    return found
