"""How often a rule is right, from what people decided, and how sure that is.

A few decisions say little: 4 of 5 may be a rule that is right half of the time. So a share is told with its Wilson
interval, and a rule is called weak only where the whole interval lies below the bar.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Final

BAR: Final = 0.80  # a rule that is surely less precise is proposed for review …
LEAST_DECISIONS: Final = 10  # … where people decided at least so often
Z95: Final = 1.959963984540054  # the standard normal's 97.5 % quantile: 95 % lie between it and its negative


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true share lies, 95 times of 100."""

    lower: float
    upper: float


def wilson(hits: int, n: int, z: float = Z95) -> Interval:
    """Wilson's score interval for `hits` of `n`; without decisions anything is possible.

    Raises ValueError where the numbers do not belong together.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"There are no {hits} hits among {n}.")
    if n == 0:
        return Interval(0.0, 1.0)
    share, square = hits / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    reach = z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    # Rounding must not leave the ends: none of n is compatible with 0, all of n with 1.
    lower = 0.0 if hits == 0 else max(0.0, middle - reach)
    return Interval(lower, 1.0 if hits == n else min(1.0, middle + reach))


def is_weak(hits: int, n: int, *, bar: float = BAR, least: int = LEAST_DECISIONS) -> bool:
    """Whether a rule is surely less precise than the bar: the interval's upper limit lies below it."""
    return n >= least and wilson(hits, n).upper < bar
