"""Rows of one kind in memory, so that a search and the counts beside its options ask the database nothing.

A bitmap (https://roaringbitmap.org) for each value of each facet holds the numbers of the rows that have it, and
another one the clinics. What must hold together on one row is found among the rows; a single choice among the clinics.
"""

from array import array
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, Final, Protocol, Self

import numpy as np
from pyroaring import BitMap

from clinics.domain.city_names import city_key
from clinics.domain.earth import MILES_PER_DEGREE
from clinics.published.places import City, Point, miles_to

Values = Mapping[str, Iterable[Any]]
ENDLESS: Final = date.max.isoformat()


class Asked(Protocol):
    """What a search asks of rows: `search.Search`."""

    @property
    def now(self) -> datetime:
        """The time of the search."""

    @property
    def chosen(self) -> Mapping[str, tuple[str, ...]]:
        """The options of facets that have any."""

    @property
    def cities(self) -> tuple[City, ...]:
        """The cities named."""

    @property
    def zips(self) -> tuple[str, ...]:
        """The ZIP codes named."""

    @property
    def miles(self) -> float | None:
        """The distance from them that will do; None for these places alone."""

    @property
    def city_points(self) -> tuple[Point, ...]:
        """Where the cities lie."""

    @property
    def zip_points(self) -> tuple[Point, ...]:
        """Where the ZIP codes lie."""


def united(bitmaps: Iterable[BitMap]) -> BitMap:
    """What is in any of them."""
    return reduce(or_, bitmaps, BitMap())


def numbers(bitmap: BitMap) -> np.ndarray:
    """Its members in order, as indices of arrays."""
    return np.frombuffer(bitmap.to_array(), dtype=np.uint32) if bitmap else np.empty(0, dtype=np.uint32)


def bitmap(given: np.ndarray) -> BitMap:
    """The bitmap of these numbers; six times as fast as from a list of them."""
    return BitMap(array("I", given.astype(np.uint32).tobytes()))


class Shelf:
    """Rows of one kind, each of one clinic, with the values that they have in each facet."""

    def __init__(self, *facets: str) -> None:
        self.facets = facets
        self.owners = array("I")
        self.rows: dict[str, dict[Any, BitMap]] = {facet: {} for facet in facets}
        self.clinics: dict[str, dict[Any, BitMap]] = {facet: {} for facet in facets}

    def put(self, clinic: int, values: Values) -> int:
        """A new row of the clinic; its number. Empty values are left out."""
        row = len(self.owners)
        self.owners.append(clinic)
        for facet, given in values.items():
            rows, clinics = self.rows.setdefault(facet, {}), self.clinics.get(facet)
            for value in given:
                if value:
                    rows.setdefault(value, BitMap()).add(row)
                    if clinics is not None:
                        clinics.setdefault(value, BitMap()).add(clinic)
        return row

    def drop(self, clinic: int) -> None:
        """Take the clinic's rows away. Their numbers are not given again."""
        gone = bitmap(np.flatnonzero(np.frombuffer(self.owners, dtype=np.uint32) == clinic))
        for bitmaps in self.rows.values():
            for one in bitmaps.values():
                one.difference_update(gone)
        for bitmaps in self.clinics.values():
            for one in bitmaps.values():
                one.discard(clinic)

    def copied(self) -> Self:
        """The same rows, to be changed while others read these."""
        other = copy(self)
        other.owners = self.owners[:]
        other.rows = {facet: {value: one.copy() for value, one in of.items()} for facet, of in self.rows.items()}
        other.clinics = {facet: {value: one.copy() for value, one in of.items()} for facet, of in self.clinics.items()}
        return other

    def among_rows(self, search: Asked) -> BitMap | None:
        """The rows that meet what else is asked of this kind than its facets; None where nothing is."""
        return None

    def matching(self, search: Asked, but: str = "") -> BitMap | None:
        """The rows on which all chosen options hold together, leaving out one facet; None where nothing is chosen."""
        wanted = self.among_rows(search)
        for facet in self.facets:
            if facet in search.chosen and facet != but:
                rows = self._any_of(self.rows, facet, search)
                wanted = rows if wanted is None else wanted & rows
        return wanted

    def found(self, search: Asked) -> BitMap | None:
        """The clinics that have such a row; None where nothing is asked."""
        chosen = [facet for facet in self.facets if facet in search.chosen]
        if len(chosen) == 1 and self.among_rows(search) is None:
            return self._any_of(self.clinics, chosen[0], search)
        rows = self.matching(search)
        return None if rows is None else bitmap(self._owners(rows))

    def counts(self, search: Asked, among: BitMap | None) -> dict[str, dict[Any, int]]:
        """For each facet and value, how many of these clinics (None: of all) have it where the other choices hold."""
        whole = self._rows_of(among, self.matching(search))
        return {
            facet: self._counted(
                facet, among, self._rows_of(among, self.matching(search, facet)) if facet in search.chosen else whole
            )
            for facet in self.facets
        }

    def _counted(self, facet: str, among: BitMap | None, rows: BitMap | None) -> dict[Any, int]:
        if rows is not None:
            both = ((value, one & rows) for value, one in self.rows[facet].items())
            counted = ((value, self._number_of_owners(one)) for value, one in both if one)
        elif among is not None:
            counted = ((value, one.intersection_cardinality(among)) for value, one in self.clinics[facet].items())
        else:
            counted = ((value, len(one)) for value, one in self.clinics[facet].items())
        return {value: n for value, n in counted if n}

    def _rows_of(self, among: BitMap | None, rows: BitMap | None) -> BitMap | None:
        """Those of the rows that belong to the clinics."""
        if not rows or among is None:
            return rows
        owners = self._owners(rows)
        present = np.zeros(int(owners.max()) + 1, dtype=bool)
        members = numbers(among)
        present[members[members < len(present)]] = True
        return bitmap(numbers(rows)[present[owners]])

    def _number_of_owners(self, rows: BitMap) -> int:
        """How many clinics have these rows, of which there are some: a clinic's rows are put one after another."""
        owners = self._owners(rows)
        return 1 + int(np.count_nonzero(owners[1:] != owners[:-1]))

    def _owners(self, rows: BitMap) -> np.ndarray:
        owners: np.ndarray = np.frombuffer(self.owners, dtype=np.uint32)[numbers(rows)]
        return owners

    @staticmethod
    def _any_of(bitmaps: Mapping[str, Mapping[Any, BitMap]], facet: str, search: Asked) -> BitMap:
        return united(bitmaps[facet][value] for value in search.chosen[facet] if value in bitmaps[facet])


class Places(Shelf):
    """Locations, with where they lie, their city and ZIP, and their telephone's digits."""

    def __init__(self) -> None:
        super().__init__("state", "country")
        self.latitudes, self.longitudes = array("d"), array("d")
        self.phones: list[str] = []

    def put_place(self, clinic: int, facts: list[Any]) -> None:
        """A location: state, country, city, ZIP, latitude, longitude, digits."""
        state, country, city, code, latitude, longitude, phone = facts
        parts = code.split("-")
        codes = ["-".join(parts[:end]) for end in range(1, len(parts) + 1)]
        cities = [city_key(city), (city_key(city), state.casefold())] if city else []
        self.put(clinic, {"state": [state], "country": [country], "city": cities, "zip": codes})
        self.latitudes.append(np.nan if latitude is None else latitude)
        self.longitudes.append(np.nan if longitude is None else longitude)
        self.phones.append(phone)

    def copied(self) -> Self:
        """The same rows, to be changed while others read these."""
        other = super().copied()
        other.latitudes, other.longitudes, other.phones = self.latitudes[:], self.longitudes[:], self.phones[:]
        return other

    def among_rows(self, search: Asked) -> BitMap | None:
        """The locations in the cities and at the ZIP codes, or within the miles of them."""
        wanted = None
        if search.zips:
            wanted = self._near(search.zip_points, search.miles) if search.miles else self._with("zip", search.zips)
        if search.cities:
            cities = [
                (city_key(one.name), one.state.casefold()) if one.state else city_key(one.name) for one in search.cities
            ]
            rows = self._near(search.city_points, search.miles) if search.miles else self._with("city", cities)
            wanted = rows if wanted is None else wanted & rows
        return wanted

    def with_phone(self, digits: str) -> BitMap:
        """The clinics that have these digits in a telephone number."""
        rows = BitMap([row for row, phone in enumerate(self.phones) if digits in phone])
        return bitmap(self._owners(rows & self._here()))

    def miles(self, points: tuple[Point, ...]) -> np.ndarray:
        """How far each location lies from the nearest of the points; infinite where nobody knows."""
        north, east = (np.frombuffer(of, dtype=float) for of in (self.latitudes, self.longitudes))
        far = reduce(np.fmin, (miles_to(point, north, east) for point in points))
        far = np.where(np.isnan(far), np.inf, far)
        gone = np.ones(len(far), dtype=bool)
        gone[numbers(self._here())] = False
        far[gone] = np.inf
        return far

    def nearest(self, points: tuple[Point, ...], size: int) -> np.ndarray:
        """By a clinic's id, below `size`: how far its nearest location lies."""
        nearest = np.full(size, np.inf)
        np.minimum.at(nearest, np.frombuffer(self.owners, dtype=np.uint32), self.miles(points))
        return nearest

    def _near(self, points: tuple[Point, ...], miles: float | None) -> BitMap:
        """Those at most that far from any of the points: those of the same latitudes first, then the circle."""
        north, east = (np.frombuffer(of, dtype=float) for of in (self.latitudes, self.longitudes))
        found = BitMap()
        for point in points:
            band = np.flatnonzero(np.abs(north - point.latitude) <= (miles or 0) / MILES_PER_DEGREE + 0.01)
            found |= bitmap(band[miles_to(point, north[band], east[band]) <= (miles or 0)])
        return found & self._here()

    def _with(self, facet: str, values: Iterable[Any]) -> BitMap:
        known = self.rows.get(facet, {})
        return united(known[value] for value in values if value in known)

    def _here(self) -> BitMap:
        """The rows that were not dropped: each has a country."""
        return united(self.rows["country"].values())


class People(Shelf):
    """Practitioners named by clinics; those not yet or no longer there on a day do not count on it."""

    def __init__(self) -> None:
        super().__init__("provider")
        self.dated: dict[int, tuple[str, str]] = {}

    def put_person(self, clinic: int, facts: list[Any]) -> None:
        """A practitioner: kind of provider, first day, last day."""
        provider, since, until = facts
        row = self.put(clinic, {"provider": [key_of(provider)]})
        if since or until:
            self.dated[row] = (since or "", until or ENDLESS)

    def copied(self) -> Self:
        """The same rows, to be changed while others read these."""
        other = super().copied()
        other.dated = dict(self.dated)
        return other

    def among_rows(self, search: Asked) -> BitMap | None:
        """Those who are there today; None where all are."""
        today = search.now.date().isoformat()
        absent = [row for row, (since, until) in self.dated.items() if not since <= today <= until]
        if not absent:
            return None
        return united(self.rows["provider"].values()) - BitMap(absent)

    def found(self, search: Asked) -> BitMap | None:
        """The clinics that have such a person; None where nobody is asked for."""
        return super().found(search) if "provider" in search.chosen else None


def key_of(term: str | None) -> str:
    """A term's key without its kind; "" where there is none."""
    return (term or "").partition(":")[2]
