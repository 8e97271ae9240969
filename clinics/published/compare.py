"""Which clinics a visitor wants side by side: those with a public page, and what is said of the others."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from clinics.models import Clinic
from clinics.published.clinics import in_full, listed, survivor_of, with_public_page
from clinics.published.freshness import Said
from clinics.published.statements import shows_facts, status_of

MOST: Final = 4
TICKED: Final = "clinic"  # the parameter that names a clinic of a comparison, also while others are searched for
_MOST_LOOKED_AT: Final = 12  # ids of one address; whoever gives more has not chosen yet
_ID: Final = re.compile(r"[0-9a-z]{1,12}")
_SHOWN: Final = 20  # characters of an id that is repeated to the visitor


@dataclass(frozen=True, slots=True)
class Chosen:
    """Clinics in the order given, ids without a public entry, and clinics that we removed with what is told."""

    clinics: tuple[Clinic, ...]
    unknown: tuple[str, ...]
    removed: tuple[tuple[str, Said], ...]

    @property
    def too_many(self) -> bool:
        """Whether more clinics were chosen than can stand side by side."""
        return len(self.clinics) > MOST

    @property
    def ids(self) -> tuple[str, ...]:
        """The public ids of the clinics that are shown."""
        return tuple(clinic.public_id for clinic in self.clinics)


def ticked(given: Iterable[str]) -> dict[str, str]:
    """Of these public ids, no more than are looked at, those of listed clinics with their names, in the order given."""
    ids = _sound(_looked_at(given))
    names = dict(listed().filter(public_id__in=ids).values_list("public_id", "name")) if ids else {}
    return {public_id: names[public_id] for public_id in ids if public_id in names}


def choose(given: Iterable[str], today: date) -> Chosen:
    """The clinics of these public ids; a merged one is its survivor.

    What is not public is as unknown as what is not there.
    """
    ids = _looked_at(given)
    sound = _sound(ids)
    found = {clinic.public_id: clinic for clinic in _with_page(sound, today)}
    led = {public_id: survivor_of(public_id) for public_id in sound if public_id not in found}
    found |= {clinic.public_id: clinic for clinic in _with_page([each for each in led.values() if each], today)}
    wanted = dict.fromkeys(led.get(public_id) or public_id for public_id in ids)
    known = [found[public_id] for public_id in wanted if public_id in found]
    return Chosen(
        tuple(clinic for clinic in known if shows_facts(clinic)),
        tuple(public_id[:_SHOWN] for public_id in wanted if public_id not in found),
        tuple((clinic.name, status) for clinic in known if not shows_facts(clinic) and (status := status_of(clinic))),
    )


def _looked_at(given: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text.strip() for text in given if text.strip()))[:_MOST_LOOKED_AT]


def _sound(ids: Iterable[str]) -> list[str]:
    return [public_id for public_id in ids if _ID.fullmatch(public_id)]


def _with_page(ids: Sequence[str], today: date) -> list[Clinic]:
    if not ids:
        return []
    return list(in_full(with_public_page(*ids), today))
