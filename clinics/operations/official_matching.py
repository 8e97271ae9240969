"""Which recorded clinics the addressee of an official document may be: proposed with reasons, for a person to say."""

import re
from collections.abc import Collection
from typing import Final

from django.contrib.postgres.search import TrigramSimilarity
from rapidfuzz import fuzz, process

from clinics.domain.likeness import person_of
from clinics.domain.resemblance import LIKE_NAME, Facts, Reason, bare_name
from clinics.models import Affiliation, Clinic, Location, OfficialAction, OrganisationLink
from clinics.operations.duplicates import MOST_SHOWN, Likely, likely_duplicates

SAME_STATE: Final = Reason("a location in the addressee's state", 20)
OTHER_STATE: Final = Reason("no location in the addressee's state", -30)
_NAMES: Final = re.compile(r"\s*(?:\bd\.?/?b\.?/?a\.?\b|\ba/?k/?a\b|\bdoing business as\b|;|\|)\s*", re.IGNORECASE)
_MOST_NAMES: Final = 4
_MOST_OF_A_KIND: Final = 50


def names_in(addressee: str) -> tuple[str, ...]:
    """The names that an addressee's line holds: “One Inc. dba Two” holds two."""
    parts = [part.strip(" ,.") for part in _NAMES.split(addressee)]
    return tuple(dict.fromkeys(part for part in parts if bare_name(part)))[:_MOST_NAMES]


def likely_clinics(action: OfficialAction) -> list[Likely]:
    """Recorded clinics that the addressee may be, the likeliest first; by their names, companies and practitioners."""
    reasons: dict[int, dict[str, Reason]] = {}
    for name in names_in(action.addressee):
        for likely in likely_duplicates(Facts((name,))):
            _add(reasons, likely.clinic.pk, likely.reasons)
        for clinic_id, reason in _by_company(name) + _by_person(name):
            _add(reasons, clinic_id, (reason,))
    _weigh_state(reasons, action.addressee_state)
    clinics = Clinic.objects.living().filter(pk__in=reasons).select_related("website").order_by("pk")
    found = [Likely(clinic, tuple(reasons[clinic.pk].values())) for clinic in clinics]
    return sorted(found, key=lambda likely: -likely.weight)[:MOST_SHOWN]


def _add(found: dict[int, dict[str, Reason]], clinic_id: int, reasons: Collection[Reason]) -> None:
    found.setdefault(clinic_id, {}).update({reason.what: reason for reason in reasons})


def _by_company(name: str) -> list[tuple[int, Reason]]:
    links = OrganisationLink.objects.filter(organisation__name__trigram_similar=name, clinic__merged_into=None)
    like = links.annotate(likeness=TrigramSimilarity("organisation__name", name)).order_by("-likeness", "pk")
    rows = like.values_list("clinic_id", "organisation__name", "relation")[:_MOST_OF_A_KIND]
    wanted = bare_name(name)
    return [
        (clinic_id, Reason(f"{known} ({relation.replace('_', ' ')}) has that name", 40))
        for clinic_id, known, relation in rows
        if bare_name(known) == wanted
    ]


def _by_person(name: str) -> list[tuple[int, Reason]]:
    first, last = _person(name)
    if not first:
        return []
    named = Affiliation.objects.filter(practitioner__name__icontains=last, clinic__merged_into=None)
    rows = named.order_by("pk").values_list("clinic_id", "practitioner__name")[: 4 * _MOST_OF_A_KIND]
    same = [(clinic_id, known) for clinic_id, known in rows if _person(known) == (first, last)]
    return [(clinic_id, Reason(f"names the practitioner {known}", 30)) for clinic_id, known in same]


def _person(name: str) -> tuple[str, str]:
    """First and last name, with degrees known that are written with dots."""
    return person_of(name.replace(".", ""))


def _weigh_state(found: dict[int, dict[str, Reason]], state: str) -> None:
    """A location in the addressee's state speaks for a clinic; locations in other states only, against it."""
    if not state:
        return
    rows = Location.objects.filter(clinic__in=found).exclude(state="").values_list("clinic_id", "state").distinct()
    states: dict[int, set[str]] = {}
    for clinic_id, known in rows:
        states.setdefault(clinic_id, set()).add(known)
    for clinic_id, known_states in states.items():
        _add(found, clinic_id, (SAME_STATE if state in known_states else OTHER_STATE,))


def like_any_clinic(addressees: Collection[str]) -> set[int]:
    """The places in the list of those that `likely_clinics` would propose a clinic for, by the same measure of names.

    All names are fetched once and compared in memory, which for thousands of addressees is faster than asking for each.
    """
    clinics, companies, people = _known_names()
    return {place for place, addressee in enumerate(addressees) if _is_like(addressee, clinics, companies, people)}


def _known_names() -> tuple[list[str], set[str], set[tuple[str, str]]]:
    """The bare names of clinics, those of companies behind clinics, and the names of practitioners at clinics."""
    living = Clinic.objects.living().order_by().values_list("name", "other_names")
    clinics = {bare_name(each) for name, others in living.iterator() for each in (name, *others.split(",")) if each}
    links = OrganisationLink.objects.filter(clinic__merged_into=None).order_by()
    companies = {bare_name(name) for name in links.values_list("organisation__name", flat=True).distinct().iterator()}
    named = Affiliation.objects.filter(clinic__merged_into=None).order_by()
    people = {_person(name) for name in named.values_list("practitioner__name", flat=True).distinct().iterator()}
    return sorted(clinics - {""}), companies, people


def _is_like(addressee: str, clinics: list[str], companies: set[str], people: set[tuple[str, str]]) -> bool:
    for name in names_in(addressee):
        bare, person = bare_name(name), _person(name)
        if bare in companies or (person[0] and person in people):
            return True
        if process.extractOne(bare, clinics, scorer=fuzz.ratio, score_cutoff=LIKE_NAME - 0.5) is not None:
            return True
    return False
