"""Which wording a person should look at first, and by when.

The order is harm × novelty × precision: each step of severity counts double; what a page has just begun to say counts
more than what it said when we first came, and that more than what only our own change made us see; and a rule that is
seldom right waits behind one that mostly is.
"""

from datetime import timedelta
from typing import Final

from clinics.domain.rule import Severity

NOVELTY: Final = {"page_changed": 1.0, "first_reading": 0.75, "rule_changed": 0.5, "extractor_changed": 0.4}
PRIOR: Final = 0.8  # what a rule is taken for before anybody decided, as if …
PRIOR_WEIGHT: Final = 10  # … that had been found in so many decisions
DAYS: Final = {
    Severity.CRITICAL: 2,
    Severity.HIGH: 7,
    Severity.MEDIUM: 30,
    Severity.LOW: 90,
    Severity.NOTE: 180,
}


def estimated_precision(hits: int, n: int) -> float:
    """How often a rule is right, 0 to 1, from `hits` of `n` decisions; few decisions move it little."""
    return (hits + PRIOR * PRIOR_WEIGHT) / (n + PRIOR_WEIGHT)


def rank(severity: int, cause: str, precision: float) -> float:
    """The place in the queue: the larger, the earlier."""
    return float(2**severity) * NOVELTY[cause] * precision


def time_to_decide(severity: int) -> timedelta:
    """How long a wording of this severity may wait for a decision."""
    return timedelta(days=DAYS[Severity(severity)])
