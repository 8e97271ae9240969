"""In which order answers stand."""

import numpy as np
from pyroaring import BitMap

from clinics.published.search import Search
from clinics.published.shelves import numbers

FEW = 4  # answers in a hundred; fewer are sorted, more are picked from the order of all


def in_order(found: BitMap, search: Search) -> np.ndarray:
    """Ids by the order asked for; without one, best match for words, nearest for a distance, else by name."""
    index = search.view.index
    clinics = numbers(found).astype(np.int64)
    sort = search.sort or ("relevance" if search.text else "distance" if search.points else "name")
    if sort == "distance":
        return _sorted(clinics, search, index.places.nearest(search.points, index.size)[clinics])
    if sort == "recent":
        return _sorted(clinics, search, -index.last_change[clinics])
    if sort == "relevance" and search.text:
        return _sorted(clinics, search, _ranks(search)[clinics])
    return _by_name(clinics, search)


def _ranks(search: Search) -> np.ndarray:
    """By a clinic's id: how well it answers the text, 0 the best."""
    number = len(search.with_text)
    clinics = np.fromiter(search.with_text, np.int64, number)
    ranks = np.zeros(max(search.view.index.size, int(clinics.max(initial=0)) + 1))  # some may be newer than the index
    ranks[clinics] = np.fromiter(search.with_text.values(), float, number)
    return ranks


def _sorted(clinics: np.ndarray, search: Search, keys: np.ndarray) -> np.ndarray:
    return clinics[np.lexsort((search.view.index.place_by_name[clinics], keys))]


def _by_name(clinics: np.ndarray, search: Search) -> np.ndarray:
    index = search.view.index
    if len(clinics) * 100 < len(index.by_name) * FEW:
        return clinics[np.argsort(index.place_by_name[clinics], kind="stable")]
    among = np.zeros(index.size, dtype=bool)
    among[clinics] = True
    picked: np.ndarray = index.by_name[among[index.by_name]]
    return picked
