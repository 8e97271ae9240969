"""How long flags have waited for a decision."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from clinics.models import Flag
from clinics.operations.percentiles import Percentile


@dataclass(frozen=True, slots=True)
class QueueAge:
    """For how long the oldest flag has waited, and the one in the middle."""

    oldest: timedelta
    median: timedelta


def queue_age(now: datetime) -> QueueAge | None:
    """The age of what waits in the queue of the rules' flags, in one query; None where nothing waits."""
    waiting = Flag.objects.to_decide(now).by_rules().order_by()
    found = waiting.aggregate(oldest=Min("raised_at"), middle=Percentile("raised_at", 0.5))
    if found["oldest"] is None:
        return None
    return QueueAge(now - found["oldest"], now - found["middle"])
