"""US ZIP codes by the list that `zipcodes` bundles: whose city and state each is, and where it lies."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import zipcodes

Entry = Mapping[str, Any]


@cache
def entries_by_zip() -> Mapping[str, Entry]:
    """Each ZIP code with its place; `zipcodes.matching` looks through all of them at each call (2.7 ms)."""
    return {entry["zip_code"]: entry for entry in reversed(zipcodes.list_all())}


def where_it_lies(entry: Entry) -> tuple[float, float] | None:
    """Latitude and longitude in degrees; None where the list has 0 and 0, since nobody knows."""
    lies = (float(entry["lat"] or 0), float(entry["long"] or 0))
    return lies if lies != (0, 0) else None
