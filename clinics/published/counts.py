"""How many clinics each option would find."""

from collections.abc import Mapping
from typing import Any

from clinics.published import search
from clinics.published.filters import ClinicFilter

Counts = Mapping[str, Mapping[str, int]]


def facet_counts(params: Any) -> Counts:
    """For each facet and option: the results if it alone were chosen in its facet, the other facets as they stand.

    Options that would find nothing are left out. Wrong parameters count nothing: `{}`.
    """
    filters = ClinicFilter(params)
    return search.counts(filters.search) if filters.is_valid() else {}
