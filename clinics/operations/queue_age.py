"""How long flags have waited for a decision."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from clinics.models import Flag

MOST: Final = 1000  # of the oldest flags are looked at; of a longer queue nobody asks for the middle


@dataclass(frozen=True, slots=True)
class QueueAge:
    """For how long the oldest flag has waited; and for how long at least `others` flags have."""

    oldest: timedelta
    later: timedelta
    others: int
    is_half: bool  # whether `others` are half of the queue, or as many as were looked at


def queue_age(now: datetime) -> QueueAge | None:
    """The age of what waits in the queue of the rules' flags, in one query; None where nothing waits."""
    waiting = Flag.objects.to_decide(now).by_rules().order_by("raised_at", "pk")
    raised = list(waiting.values_list("raised_at", flat=True)[: MOST + 1])
    if not raised:
        return None
    is_half = len(raised) <= MOST
    others = (len(raised) + 1) // 2 if is_half else MOST
    return QueueAge(now - raised[0], now - raised[others - 1], others, is_half)
