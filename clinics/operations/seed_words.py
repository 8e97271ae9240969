"""What synthetic clinics are called, where they are and what they say: the same for the same number, always."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import Final

import zipcodes

from clinics.domain.category import PUBLIC_SLUGS
from clinics.models import CredentialCheck, Rule, Term
from clinics.models.clinic import PUBLIC_ID_LETTERS

FIRST: Final = ("Summit", "Harbor", "Cedar", "Lakeside", "Prairie", "Coral", "Aspen", "Sunrise", "Granite", "Willow")
SECOND: Final = ("Regenerative", "Stem Cell", "Joint", "Spine", "Wellness", "Cellular", "Orthobiologic", "Renewal")
THIRD: Final = ("Clinic", "Institute", "Center", "Associates", "Group", "House")
GIVEN: Final = ("Ana", "Ben", "Carla", "Dev", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Luis")
FAMILY: Final = ("Example", "Sample", "Specimen", "Muster", "Prueba", "Modelo", "Placeholder", "Fictional")
PROMISES: Final = ("We guarantee", "Our cells repair", "We reverse", "Patients are cured of", "Say goodbye to")
PARTS: Final = ("knee pain", "back pain", "arthritis", "hip wear", "neuropathy", "autism", "lung disease", "stroke")
WAYS: Final = ("without surgery", "in one visit", "with no risk", "by your own cells", "for good", "in weeks")
ABROAD: Final = (("MX", "Tijuana", "BC"), ("PA", "Panama City", ""), ("CO", "Medellín", ""), ("KY", "George Town", ""))


@dataclass(frozen=True, slots=True)
class Choices:
    """What rows may name: words of the vocabularies, categories, outcomes, rules."""

    terms: dict[str, list[str]] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)

    @classmethod
    def of(cls) -> "Choices":
        """As the database has them now."""
        terms: dict[str, list[str]] = {}
        for key, kind in Term.objects.order_by("pk").values_list("pk", "kind"):
            terms.setdefault(kind, []).append(key)
        rules = Rule.objects.active().exclude(kind=Rule.Kind.PAGE).order_by("key")
        return cls(terms, list(rules))

    def term(self, kind: str, draw: Random, *, often: float = 0.85) -> str | None:
        """A word of this vocabulary; sometimes none was recorded."""
        return draw.choice(self.terms[kind]) if draw.random() < often else None


OUTCOMES: Final = tuple(
    outcome for outcome in CredentialCheck.Outcome.values if outcome not in ("listed", "restricted", "past_order")
)
CATEGORIES: Final = tuple(key for key in PUBLIC_SLUGS if key != "missing_notice")


def name_of(number: int) -> str:
    """A clinic's name; its number makes it the only one."""
    draw = Random(f"name {number}")  # noqa: S311 - no secret
    return f"{draw.choice(FIRST)} {draw.choice(SECOND)} {draw.choice(THIRD)} {number}"


def public_id_of(number: int) -> str:
    """A public name in the usual letters."""
    letters, rest = "", number
    for _ in range(8):
        rest, place = divmod(rest, len(PUBLIC_ID_LETTERS))
        letters = PUBLIC_ID_LETTERS[place] + letters
    return f"sd{letters}"


def sentence_of(number: int) -> str:
    """A statement of risky wording; its number makes it another one than all others."""
    draw = Random(f"sentence {number}")  # noqa: S311 - no secret
    return f"{draw.choice(PROMISES)} {draw.choice(PARTS)} {draw.choice(WAYS)}, says patient number {number}."


@lru_cache(maxsize=1)
def places() -> Sequence[tuple[str, str, str, float, float]]:
    """ZIP, city, state, latitude and longitude of ordinary ZIP areas of the United States."""
    return [
        (place["zip_code"], place["city"], place["state"], float(place["lat"]), float(place["long"]))
        for place in zipcodes.list_all()
        if place["zip_code_type"] == "STANDARD" and place["active"] and place["lat"] and place["long"]
    ]
