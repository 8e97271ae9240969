"""Which filter to drop where nothing was found."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from clinics.published.search import Search, found
from clinics.published.text import clinics_with_exactly, without_a_part

MOST_TRIES = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Without the parameters named, the rest of the question finds `n` clinics.

    Where a part of the text alone is left out, it is that `part`, and `text` is what remains.
    """

    parameters: tuple[str, ...]
    n: int
    part: str = ""
    text: str = ""


def without_each(search: Search) -> list[Suggestion]:
    """One suggestion for each filter whose absence would find something, the most fruitful first."""
    tries: list[tuple[tuple[str, ...], Search]] = [((facet,), search.choosing(facet)) for facet in search.chosen]
    if search.text:
        tries.append((("q",), replace(search, text="")))
    if search.zips:
        tries.append((("zip", "within"), replace(search, zips=(), zip_points=())))
    if search.cities:
        tries.append((("city", "within"), replace(search, cities=(), city_points=())))
    counted = [Suggestion(parameters, len(found(less))) for parameters, less in tries[:MOST_TRIES]]
    counted += _without_parts(search)
    return sorted((one for one in counted if one.n), key=lambda one: -one.n)


def _without_parts(search: Search) -> Iterator[Suggestion]:
    """The text without one of its words or phrases: what visitors type in one go may hold a place and a condition."""
    for part, rest in without_a_part(search.text):
        exact = clinics_with_exactly(rest, search.view.index)
        yield Suggestion(("q",), len(found(replace(search, text=rest, with_text=exact))), part, rest)
