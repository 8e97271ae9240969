"""The earth in miles: its mean radius (IUGG) and about what a degree of latitude measures."""

from typing import Final

EARTH_RADIUS_MILES: Final = 3958.8
MILES_PER_DEGREE: Final = 69.0  # of latitude, which grows from 68.7 at the equator to 69.4 at the poles
