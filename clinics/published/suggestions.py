"""What to ask for instead where nothing was found: without one of the filters, or farther from the place."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from clinics.published.filters import MILES, MOST_MILES
from clinics.published.places import Place, all_measured_from, measured_from, place_of_zip
from clinics.published.search import Search, found
from clinics.published.text import clinics_with_exactly, without_a_part

MOST_TRIES = 12
MOST_PLACES: Final = 5  # from which a wider circle is tried
WIDER: Final = (*map(int, MILES), MOST_MILES)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Without the parameters named, the rest of the question finds `n` clinics.

    Where a part of the text alone is left out, it is that `part`, and `text` is what remains.
    """

    parameters: tuple[str, ...]
    n: int
    part: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Wider:
    """Within so many miles of the places, the rest of the question finds `n` clinics."""

    miles: int
    n: int
    places: tuple[Place, ...]


def farther(search: Search) -> Wider | None:
    """The next distance that finds something; None where no place is asked for, or one that we do not know."""
    if not 0 < len(search.zips) + len(search.cities) <= MOST_PLACES:
        return None
    zips = tuple(filter(None, map(place_of_zip, search.zips)))
    states = search.chosen.get("state", ())
    if len(zips) < len(search.zips) or not all(measured_from(city, states).places for city in search.cities):
        return None
    from_there = replace(search, zip_places=zips, city_places=all_measured_from(search.cities, states))
    for miles in WIDER:
        if search.miles is None or miles > search.miles:
            n = len(found(replace(from_there, miles=float(miles))))
            if n:
                return Wider(miles, n, from_there.places)
    return None


def without_each(search: Search) -> list[Suggestion]:
    """One suggestion for each filter whose absence would find something, the most fruitful first.

    None for the only filter: without it there is no question left.
    """
    tries: list[tuple[tuple[str, ...], Search]] = [((facet,), search.choosing(facet)) for facet in search.chosen]
    if search.text:
        tries.append((("q",), replace(search, text="")))
    if search.zips:
        tries.append((("zip", "within"), replace(search, zips=(), zip_places=())))
    if search.cities:
        tries.append((("city", "within"), replace(search, cities=(), city_places=())))
    asking = [(parameters, less) for parameters, less in tries if less.asks_anything]
    counted = [Suggestion(parameters, len(found(less))) for parameters, less in asking[:MOST_TRIES]]
    counted += _without_parts(search)
    return sorted((one for one in counted if one.n), key=lambda one: -one.n)


def _without_parts(search: Search) -> Iterator[Suggestion]:
    """The text without one of its words or phrases: what visitors type in one go may hold a place and a condition."""
    for part, rest in without_a_part(search.text):
        exact = clinics_with_exactly(rest, search.view.index)
        yield Suggestion(("q",), len(found(replace(search, text=rest, with_text=exact))), part, rest)
