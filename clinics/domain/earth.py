"""The earth in miles: its radius (mean, IUGG) and what a degree of latitude measures at least."""

from typing import Final

EARTH_RADIUS_MILES: Final = 3958.8
MILES_PER_DEGREE: Final = 69.0  # of latitude; the smallest value on earth is 68.7
