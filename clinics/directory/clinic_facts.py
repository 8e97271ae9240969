"""What the page of a clinic shows of its offers, people and places, each with the day since which we have it so."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.utils.translation import gettext as _

from clinics.published.entries import parts_of_offers
from clinics.published.freshness import Said, said
from clinics.published.maps import Map, map_of
from clinics.published.offers import stated
from clinics.published.recorded import recorded_on


@dataclass(frozen=True, slots=True)
class Offer:
    """A treatment, and the name of its part of the page.

    What is not recorded of it says so, and so does what a person looked for in vain.
    """

    treatment: Any
    part: str
    product: str
    laboratory: str
    price: str
    recorded: Said | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A person who treats there, or a place."""

    row: Any
    recorded: Said | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All three, and the map of the places; None where none of them has coordinates."""

    offers: tuple[Offer, ...]
    people: tuple[Recorded, ...]
    places: tuple[Recorded, ...]
    map: Map | None
    are_all_on_map: bool

    @classmethod
    def of(cls, clinic: Any) -> Self:
        """The facts of a clinic as `clinic_in_full` gave it."""
        offers = clinic.public_treatments
        on = recorded_on(offers)
        parts = parts_of_offers(offers)
        return cls(
            tuple(_offer(one, part, on.get(one.pk)) for one, part in zip(offers, parts, strict=True)),
            tuple(_recorded(clinic.public_affiliations)),
            tuple(_recorded(clinic.public_locations)),
            map_of(clinic),
            all(place.latitude is not None for place in clinic.public_locations),
        )


def _offer(treatment: Any, part: str, on: date | None) -> Offer:
    told = (stated(treatment, name) or _("not recorded") for name in ("product", "laboratory", "price_stated"))
    return Offer(treatment, part, *told, _since(on))


def _recorded(rows: Any) -> list[Recorded]:
    on = recorded_on(rows)
    return [Recorded(row, _since(on.get(row.pk))) for row in rows]


def _since(on: date | None) -> Said | None:
    return said("question", "recorded", date=on) if on else None
