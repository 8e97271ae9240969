"""Where a clinic's places lie, on a small drawn map."""

from collections.abc import Iterator
from typing import Any

from clinics.domain.map_drawing import Map, Place, drawn
from clinics.published.sentences import labels

STATES = "US-"


def map_of(clinic: Any) -> Map | None:
    """The places of a clinic fetched in full that have coordinates, by their numbers in its list; None without any."""
    return drawn([*_places(clinic)], {**{f"{STATES}{code}": code for code in labels("state")}, **labels("country")})


def _places(clinic: Any) -> Iterator[Place]:
    for number, place in enumerate(clinic.public_locations, 1):
        if place.latitude is not None:
            area = f"{STATES}{place.state}" if place.country == "US" else place.country
            yield Place(number, place.latitude, place.longitude, area)
