"""How two records may turn out to be one clinic: by name, telephone, address or site."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, utils

LIKE_NAME: Final = 87  # of 100: names that differ by more are two clinics' more often than one's
LIKE_STREET: Final = 85
_OF_THE_TRADE: Final = frozenset(
    [
        "and",
        "center",
        "centers",
        "centre",
        "clinic",
        "clinics",
        "corp",
        "group",
        "inc",
        "institute",
        "institutes",
        "llc",
        "ltd",
        "of",
        "pa",
        "pc",
        "pllc",
        "the",
    ]
)
_STREET_WORDS: Final = {
    "avenue": "ave",
    "boulevard": "blvd",
    "drive": "dr",
    "east": "e",
    "highway": "hwy",
    "lane": "ln",
    "north": "n",
    "parkway": "pkwy",
    "place": "pl",
    "road": "rd",
    "south": "s",
    "square": "sq",
    "street": "st",
    "suite": "ste",
    "unit": "ste",
    "west": "w",
}


def bare_name(name: str) -> str:
    """A clinic's name without case, signs and the words that half of all clinics carry, its words in order."""
    words = utils.default_process(name).split()
    kept = [word for word in words if word not in _OF_THE_TRADE]
    return " ".join(sorted(kept or words))


def bare_street(street: str) -> str:
    """A street without case and signs, its usual words shortened."""
    return " ".join(_STREET_WORDS.get(word, word) for word in utils.default_process(street).split())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clinic is: the first five digits of a ZIP, or another country's whole code; and the street."""

    zip: str
    street: str

    @classmethod
    def of(cls, code: str, street: str) -> "Place":
        """A place as it is recorded."""
        return cls(code[:5] if re.match(r"\d{5}(-|$)", code) else code.upper(), street)

    def is_like(self, other: "Place") -> bool:
        """Whether both are one door: the same code, the same number, and a street that is written alike."""
        mine, theirs = bare_street(self.street), bare_street(other.street)
        if not self.zip or self.zip != other.zip or not mine or not theirs:
            return False
        numbers = [re.findall(r"\d+", text)[:1] for text in (mine, theirs)]
        return numbers[0] == numbers[1] and fuzz.token_sort_ratio(mine, theirs) >= LIKE_STREET


@dataclass(frozen=True, slots=True)
class Facts:
    """What a clinic is told from others by. `site` is its registered domain, or the page's key on a shared platform."""

    names: tuple[str, ...] = ()
    phones: frozenset[str] = frozenset()
    places: frozenset[Place] = frozenset()
    site: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two records look like one clinic. `weight` orders what is shown: more speaks more for it."""

    what: str
    weight: int


def likeness(one: Facts, other: Facts) -> tuple[Reason, ...]:
    """Every reason to take both for one clinic, the strongest first; none where they look like two."""
    return tuple(sorted(_reasons(one, other), key=lambda reason: -reason.weight))


def _reasons(one: Facts, other: Facts) -> Iterator[Reason]:
    if one.site and one.site == other.site:
        yield Reason(f"same site: {one.site}", 100)
    for phone in sorted(one.phones & other.phones):
        yield Reason(f"same telephone: {phone}", 90)
    doors = [(mine, theirs) for mine in one.places for theirs in other.places if mine.is_like(theirs)]
    for _, theirs in doors[:1]:
        yield Reason(f"same address: {theirs.street}, {theirs.zip}", 60)
    score, name, like = max(_alike(one, other), default=(0, "", ""))
    if score >= LIKE_NAME:
        same = name.casefold() == like.casefold()
        yield Reason("same name" if same else f"names alike: “{name}”, “{like}”", 50 if same else score - 50)


def _alike(one: Facts, other: Facts) -> Iterator[tuple[int, str, str]]:
    for mine in one.names:
        for theirs in other.names:
            yield round(fuzz.ratio(bare_name(mine), bare_name(theirs))), mine, theirs
