"""Places on earth: where a ZIP code or a city lies, and what lies within some miles of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from math import asin, cos, radians, sin, sqrt
from statistics import fmean

import numpy as np
import zipcodes
from django.db.models import Expression, F, FloatField, Q, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt
from django.db.models.lookups import LessThanOrEqual

from clinics.domain.earth import EARTH_RADIUS_MILES, MILES_PER_DEGREE


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class City:
    """A city as a visitor names it, with its state where that was given."""

    name: str
    state: str = ""


def point_of_zip(code: str) -> Point | None:
    """The middle of a US ZIP code's area by the list that `zipcodes` bundles; None for an unknown one."""
    entries = zipcodes.filter_by(zip_code=code[:5])
    return _middle(entries)


@lru_cache(maxsize=4_096)
def points_of_city(city: str, state: str = "") -> tuple[Point, ...]:
    """The middle of each US city of that name, letters' case ignored; in one state where that is given."""
    by_state: dict[str, list[dict[str, str]]] = {}
    for entry in _entries_by_city().get(city.casefold(), ()):
        if not state or entry["state"] == state.upper():
            by_state.setdefault(entry["state"], []).append(entry)
    return tuple(middle for entries in by_state.values() if (middle := _middle(entries)))


@cache
def _entries_by_city() -> dict[str, list[dict[str, str]]]:
    entries: dict[str, list[dict[str, str]]] = {}
    for entry in zipcodes.list_all():
        entries.setdefault(entry["city"].casefold(), []).append(entry)
    return entries


def _middle(entries: Iterable[dict[str, str]]) -> Point | None:
    places = [(float(entry["lat"]), float(entry["long"])) for entry in entries if entry["lat"] and entry["long"]]
    if not places:
        return None
    return Point(fmean(place[0] for place in places), fmean(place[1] for place in places))


def miles_between(one: Point, other: Point) -> float:
    """The great-circle distance in miles (haversine)."""
    north = sin(radians(other.latitude - one.latitude) / 2) ** 2
    east = sin(radians(other.longitude - one.longitude) / 2) ** 2
    chord = north + cos(radians(one.latitude)) * cos(radians(other.latitude)) * east
    return 2 * EARTH_RADIUS_MILES * asin(min(1.0, sqrt(chord)))


def miles_to(point: Point, latitudes: np.ndarray, longitudes: np.ndarray) -> np.ndarray:
    """The same distance for many places at once; not a number where a place has no coordinates."""
    north = np.sin(np.radians(latitudes - point.latitude) / 2) ** 2
    east = np.sin(np.radians(longitudes - point.longitude) / 2) ** 2
    chord = north + cos(radians(point.latitude)) * np.cos(np.radians(latitudes)) * east
    far: np.ndarray = 2 * EARTH_RADIUS_MILES * np.arcsin(np.minimum(1.0, np.sqrt(chord)))
    return far


def miles_from(point: Point, prefix: str = "") -> Expression:
    """The same distance as SQL, for rows with `latitude` and `longitude`."""
    latitude, longitude = F(f"{prefix}latitude"), F(f"{prefix}longitude")
    north = Power(Sin(Radians(latitude - Value(point.latitude)) / 2), 2)
    east = Power(Sin(Radians(longitude - Value(point.longitude)) / 2), 2)
    chord = north + Value(cos(radians(point.latitude))) * Cos(Radians(latitude)) * east
    distance = ASin(Least(Value(1.0), Sqrt(chord))) * Value(2 * EARTH_RADIUS_MILES)
    distance.output_field = FloatField()
    return distance


def within(points: Iterable[Point], miles: float) -> Q:
    """Rows with coordinates at most that far from any of the points: a box that an index serves, then the circle."""
    near = Q(pk__in=[])
    for point in points:
        near |= _box(point, miles) & Q(LessThanOrEqual(miles_from(point), Value(miles)))
    return near


def _box(point: Point, miles: float) -> Q:
    high = miles / MILES_PER_DEGREE + 0.01
    box = Q(latitude__range=(point.latitude - high, point.latitude + high))
    parallel = cos(radians(min(89.0, abs(point.latitude) + high)))
    wide = high / parallel
    west, east = point.longitude - wide, point.longitude + wide
    if west < -180 or east > 180:  # over the date line: the circle alone decides
        return box
    return box & Q(longitude__range=(west, east))
