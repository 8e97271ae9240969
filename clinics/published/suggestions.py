"""Which filter to drop where nothing was found."""

from dataclasses import dataclass, replace

from clinics.published.search import Search, found

MOST_TRIES = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Without the parameters named, the rest of the question finds `n` clinics."""

    parameters: tuple[str, ...]
    n: int


def without_each(search: Search) -> list[Suggestion]:
    """One suggestion for each filter whose absence would find something, the most fruitful first."""
    tries: list[tuple[tuple[str, ...], Search]] = [((facet,), search.choosing(facet)) for facet in search.chosen]
    if search.text:
        tries.append((("q",), replace(search, text="")))
    if search.zips:
        tries.append((("zip", "within"), replace(search, zips=(), zip_points=())))
    if search.cities:
        tries.append((("city", "within"), replace(search, cities=(), city_points=())))
    counted = [Suggestion(parameters, found(less).count()) for parameters, less in tries[:MOST_TRIES]]
    return sorted((one for one in counted if one.n), key=lambda one: -one.n)
