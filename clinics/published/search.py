"""A visitor's question, and the clinics that answer it.

Facets join by AND, options of one facet by OR. Facets about one kind of row hold together on *one* row: a condition
and a route on the same treatment, a credential and its outcome on the same check.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from operator import and_

import numpy as np
from pyroaring import BitMap

from clinics.published.index import View
from clinics.published.places import City, Place, Point, all_measured_from, places_of_city
from clinics.published.shelves import bitmap, numbers
from clinics.published.vocabulary import SEEN_WITHIN_DAYS

DAY = 86_400.0  # seconds
READINGS = "readings"


@dataclass(frozen=True, slots=True)
class Search:
    """A valid question. `chosen` holds the options of facets that have any; `miles` turns ZIP and city into circles."""

    now: datetime
    view: View = field(repr=False)
    text: str = ""
    with_text: Mapping[int, int] = field(default_factory=dict)  # clinics on which the text is found, 0 the best
    instead: tuple[str, ...] = ()  # what these have that is only written much like it
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cities: tuple[City, ...] = ()
    zips: tuple[str, ...] = ()
    miles: float | None = None
    city_places: tuple[Place, ...] = ()
    zip_places: tuple[Place, ...] = ()
    sort: str = ""

    def choosing(self, facet: str, *values: str) -> "Search":
        """The same question with exactly these options of one facet; states decide which city of a name is meant."""
        chosen = {name: options for name, options in self.chosen.items() if name != facet}
        if values:
            chosen[facet] = values
        moved = facet == "state" and self.city_places
        places = all_measured_from(self.cities, values) if moved else self.city_places
        return replace(self, chosen=chosen, city_places=places)

    @property
    def asks_anything(self) -> bool:
        """Whether there is any filter at all."""
        return bool(self.text or self.chosen or self.cities or self.zips)

    @property
    def places(self) -> tuple[Place, ...]:
        """Where distances are measured from."""
        return self.zip_places + self.city_places

    @property
    def points(self) -> tuple[Point, ...]:
        """Where these lie."""
        return tuple(place.point for place in self.places)

    @property
    def city_points(self) -> tuple[Point, ...]:
        """Where the cities lie."""
        return tuple(place.point for place in self.city_places)

    @property
    def zip_points(self) -> tuple[Point, ...]:
        """Where the ZIP codes lie."""
        return tuple(place.point for place in self.zip_places)


def found(search: Search) -> BitMap:
    """The listed clinics that answer."""
    return _all_of(search, _conditions(search).values())


def counts(search: Search) -> dict[str, dict[str, int]]:
    """For each facet and option: the results if it alone were chosen in its facet, the other facets as they stand."""
    conditions = _conditions(search)
    counted: dict[str, dict[str, int]] = {}
    for name, shelf in search.view.index.shelves.items():
        others = list(_but(conditions, name))
        counted |= shelf.counts(search, _all_of(search, others) if others else None)
    if search.miles and search.cities:
        counted["state"] = _by_state(search, _all_of(search, _but(conditions, "places")))
    times = search.view.reads.of(numbers(_all_of(search, _but(conditions, READINGS))))
    seen = {days: int(np.count_nonzero(times >= _since(search, int(days)))) for days in SEEN_WITHIN_DAYS}
    return {**counted, "seen_within": {days: n for days, n in seen.items() if n}}


def _by_state(search: Search, others: BitMap) -> dict[str, int]:
    """The counts of states where a distance is asked for: to choose one may move the place that it is measured from.

    `others` are the clinics that meet all but what is asked of their places.
    """
    places = search.view.index.places
    counted: dict[str, int] = places.counts(search.choosing("state"), others)["state"]
    for state in {place.state for city in search.cities for place in places_of_city(city.name, city.state)}:
        counted[state] = len(others & (places.found(search.choosing("state", state)) or BitMap()))
    return {state: n for state, n in counted.items() if n}


def _conditions(search: Search) -> dict[str, BitMap]:
    """What is asked of each kind of row, of the text and of the readings, as the clinics that meet it."""
    asked = {name: shelf.found(search) for name, shelf in search.view.index.shelves.items()}
    asked["text"] = bitmap(np.fromiter(search.with_text, dtype=np.uint32)) if search.text else None
    asked[READINGS] = _read(search) if "seen_within" in search.chosen else None
    return {name: clinics for name, clinics in asked.items() if clinics is not None}


def _but(conditions: Mapping[str, BitMap], name: str) -> Iterable[BitMap]:
    return (clinics for other, clinics in conditions.items() if other != name)


def _all_of(search: Search, conditions: Iterable[BitMap]) -> BitMap:
    return reduce(and_, sorted(conditions, key=len), search.view.index.listed)


def _read(search: Search) -> BitMap:
    """The clinics of which a page was read within the chosen number of days (the longest, where several)."""
    since = _since(search, max(int(days) for days in search.chosen["seen_within"]))
    return bitmap(np.flatnonzero(search.view.reads.at >= since))


def _since(search: Search, days: int) -> float:
    return search.now.timestamp() - days * DAY
