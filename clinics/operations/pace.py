"""How fast a person decides, and how long the queue takes at that pace."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final

from django.contrib.auth.models import User

from clinics.models import Decision

LOOKED_AT: Final = 200  # a person's last decisions
BREAK: Final = timedelta(minutes=10)  # whoever takes longer has done something else meanwhile
FEWEST: Final = 5  # gaps between decisions that make a pace
USUAL: Final = timedelta(seconds=60)  # for who has decided too little


def pace_of(by: User) -> timedelta:
    """How long this person takes for a decision, in the middle; a minute where that is not known yet."""
    made = Decision.objects.filter(by=by).order_by("-at", "-pk").values_list("at", flat=True)
    return pace(list(made[:LOOKED_AT]))


def pace(made: Sequence[datetime]) -> timedelta:
    """The median time between decisions made at these times, newest first. Decisions made together count as one."""
    gaps = [later - earlier for later, earlier in pairwise(made)]
    counted = [gap.total_seconds() for gap in gaps if timedelta(0) < gap <= BREAK]
    return timedelta(seconds=median(counted)) if len(counted) >= FEWEST else USUAL


def minutes_left(waiting: int, by: User) -> int:
    """How many minutes so many flags take this person, rounded up."""
    return -(-round(waiting * pace_of(by).total_seconds()) // 60)
