"""Places on earth: where a ZIP code or a city lies, and what lies within some miles of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from math import asin, cos, radians, sin, sqrt
from statistics import fmean
from typing import Final

import numpy as np
import zipcodes
from django.db.models import Expression, F, FloatField, Q, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt
from django.db.models.lookups import LessThanOrEqual

from clinics.domain.city_names import city_key, in_full
from clinics.domain.earth import EARTH_RADIUS_MILES, MILES_PER_DEGREE
from clinics.domain.lay_words import folded
from clinics.domain.zip_codes import Entry, entries_by_zip, where_it_lies
from clinics.published.sentences import labels_in_all

LONGEST_STATE: Final = 5  # words of a state's name, in either language
LARGE_PART: Final = 3  # ZIP codes
ZIP: Final = re.compile(r"[0-9]{5}(-?[0-9]{4})?")


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where distances are measured from: “Springfield, IL” and its middle.

    `codes` are the ZIP codes to whose doors mail is brought, by which a large place is told from a small one; `is_part`
    where the name is that of a part of a city.
    """

    label: str
    state: str
    point: Point
    codes: int = 1
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """The places from which the distance to a city is measured, and the others that bear its name, largest first."""

    places: tuple[Place, ...]
    others: tuple[Place, ...] = ()


def city_of(text: str) -> City:
    """“Springfield, IL”, “Springfield Illinois” and “NYC” as city and state; any other text as a city alone."""
    text = in_full(text)
    name, comma, state = text.rpartition(",")
    if not comma:
        name, state = _parted_from_state(text)
    code = _state_called(state)
    return City(name.strip(), code) if code else City(text)


def _parted_from_state(text: str) -> tuple[str, str]:
    """The text without the state's name at its end, and that; “Port Washington” and “West Virginia” stay whole."""
    words = text.split()
    ends = range(min(LONGEST_STATE, len(words) - 1), 0, -1)
    number = next((number for number in ends if _state_called(" ".join(words[-number:]))), 0)
    if not number or _state_called(text) or city_key(text) in _entries_by_name():
        return text, ""
    return " ".join(words[:-number]), " ".join(words[-number:])


def _state_called(text: str) -> str:
    """The letters of the state with this name, or with these letters; "" for none."""
    return _states().get("".join(folded(text).split()), "")


@cache
def _states() -> Mapping[str, str]:
    named = labels_in_all("state")
    names = {"".join(folded(name).split()): code for code, name in named}
    return names | {code.casefold(): code for code, _ in named}


def is_us_zip(code: str) -> bool:
    """Whether there is such a ZIP code in the United States, with or without its four further digits."""
    return ZIP.fullmatch(code) is not None and code[:5] in entries_by_zip()


def place_of_zip(code: str) -> Place | None:
    """The middle of a US ZIP code's area by the list that `zipcodes` bundles; None for an unknown one."""
    entry = entries_by_zip().get(code[:5])
    point = _middle([entry]) if entry else None
    if entry is None or point is None:
        return None
    return Place(f"{entry['zip_code']} ({entry['city']}, {entry['state']})", entry["state"], point)


@lru_cache(maxsize=4_096)
def places_of_city(name: str, state: str = "") -> tuple[Place, ...]:
    """The US cities of that name, one in each state, the largest first; in one state where that is given.

    Large parts of cities count as well (“Manhattan”), and small ones where no city bears the name.
    """
    grouped: dict[tuple[str, str], list[Entry]] = {}
    for entry in _entries_by_name().get(city_key(name), ()):
        if not state or entry["state"] == state.upper():
            grouped.setdefault((entry["state"], city_key(entry["city"])), []).append(entry)
    cities = [place for entries in grouped.values() if (place := _place(name, entries)) is not None]
    whole = {place.state: place for place in cities if not place.is_part}
    parts = [place for place in cities if place.is_part and place.state not in whole]
    counted = [place for place in parts if place.codes >= LARGE_PART or not whole]
    in_states = {place.state: place for place in sorted(counted, key=lambda place: place.codes)} | whole
    return tuple(sorted(in_states.values(), key=lambda place: (-place.codes, place.label)))


def _place(name: str, entries: list[Entry]) -> Place | None:
    """What the ZIP codes of one city say of the place with this name; None where it lies nowhere."""
    point = _middle(entries)
    if point is None:
        return None
    city, state = entries[0]["city"], entries[0]["state"]
    is_part = city_key(city) != city_key(name)
    label = f"{name.title()} ({city}), {state}" if is_part else f"{city}, {state}"
    codes = sum(entry["zip_code_type"] == "STANDARD" for entry in entries)
    return Place(label, state, point, codes, is_part)


def measured_from(city: City, states: tuple[str, ...] = ()) -> Measured:
    """Where to measure from: the city in its state, or in the states chosen beside it, else the largest of its name."""
    places = places_of_city(city.name, city.state)
    if chosen := tuple(place for place in places if place.state in states):
        return Measured(chosen)
    return Measured(places[:1], places[1:])


def all_measured_from(cities: Iterable[City], states: tuple[str, ...] = ()) -> tuple[Place, ...]:
    """The places from which the distance to any of these cities is measured, with these states chosen beside them."""
    return tuple(place for city in cities for place in measured_from(city, states).places)


@cache
def _entries_by_name() -> Mapping[str, list[Entry]]:
    """The ZIP codes of each city, also by other names under which mail is sent there."""
    entries: dict[str, list[Entry]] = {}
    for entry in zipcodes.list_all():
        names = (entry["city"], *entry["acceptable_cities"], *entry["unacceptable_cities"])
        for key in {city_key(name) for name in names}:
            entries.setdefault(key, []).append(entry)
    return entries


def _middle(entries: Iterable[Entry]) -> Point | None:
    """The middle of those of which it is known where they lie."""
    known = list(filter(None, map(where_it_lies, entries)))
    if not known:
        return None
    return Point(fmean(place[0] for place in known), fmean(place[1] for place in known))


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
