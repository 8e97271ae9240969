"""What is published of a clinic besides its statements, entry by entry, with where on our pages each stands.

By these addresses a report says what it is about; statements are answered by a form of their own.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from clinics.models import Treatment
from clinics.published import statements
from clinics.published.clinics import SHOWN, action_in_full, checks_in_full, claim_in_full, places_of

CHECK: Final = "check-"  # how the name of a part of a clinic's page begins that is a look-up
_LONGEST_NAME: Final = 50  # of an offer, within the name of a part of a page


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry in a line, and the path of where it stands."""

    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one kind under its heading."""

    heading: str
    entries: tuple[Entry, ...]


def part_of_check(check: Any) -> str:
    """The name of the part of a clinic's page that is a look-up."""
    return f"{CHECK}{check.public_id}"


def parts_of_offers(offers: Sequence[Any]) -> list[str]:
    """The same of its offers, in their order. The name stands in it, so that people can tell which one was meant."""
    return [
        f"offer-{number}-{slugify(offer.name)[:_LONGEST_NAME]}".rstrip("-") for number, offer in enumerate(offers, 1)
    ]


def groups_of(clinic: Any) -> list[Group]:
    """Everything but its statements that is published of a clinic fetched in full; kinds without any are left out."""
    page = reverse("directory:clinic", args=[clinic.public_id])
    told: tuple[tuple[str, Iterable[Entry]], ...] = (
        (_("Official documents"), _documents(clinic)),
        (_("What we looked up"), _checks(clinic, page)),
        (_("What it offers"), _offers(clinic, page)),
        (_("Who treats there"), _names(_people(clinic), f"{page}#people")),
        (_("Where"), _names(places_of(clinic), f"{page}#places")),
        (_("Questions to ask, with its answers"), _answers(clinic)),
    )
    groups = (Group(heading, tuple(entries)) for heading, entries in told)
    return [group for group in groups if group.entries]


def entry_in_words(clinic: str, room: str, row: str) -> str:
    """The published entry that a report names, in a line; "" where it is no single one, or nothing public."""
    return _WORDS[room](clinic, row)


def _documents(clinic: Any) -> Iterator[Entry]:
    for action in clinic.public_actions:
        path = reverse("directory:official_action", args=[clinic.public_id, action.public_id])
        yield Entry(statements.action_sentence(action), path)


def _checks(clinic: Any, page: str) -> Iterator[Entry]:
    return (Entry(statements.check_in_words(one), f"{page}#{part_of_check(one)}") for one in clinic.public_checks)


def _offers(clinic: Any, page: str) -> Iterator[Entry]:
    offers = clinic.public_treatments
    for offer, part in zip(offers, parts_of_offers(offers), strict=True):
        yield Entry(offer.name, f"{page}#{part}")


def _people(clinic: Any) -> Iterator[str]:
    return (link.practitioner.name for link in clinic.public_affiliations)


def _names(names: Iterable[str], path: str) -> Iterator[Entry]:
    if together := " · ".join(dict.fromkeys(names)):
        yield Entry(together, path)


def _answers(clinic: Any) -> Iterator[Entry]:
    if clinic.public_answers:
        yield Entry(_("What we found on its pages"), reverse("directory:clinic_questions", args=[clinic.public_id]))


def _statement_in_words(clinic: str, row: str) -> str:
    claim = claim_in_full(clinic, row)
    if claim is None:
        return ""
    return " ".join(filter(None, (f"{statements.category_label(claim)}.", statements.quote_of(claim))))


def _document_in_words(clinic: str, row: str) -> str:
    action = action_in_full(clinic, row)
    return statements.action_sentence(action) if action else ""


def _check_in_words(clinic: str, row: str) -> str:
    checks = checks_in_full().filter(clinic__public_id=clinic, clinic__status__in=SHOWN, public_id=row)
    check = checks.first()
    return statements.check_in_words(check) if check else ""


def _offer_in_words(clinic: str, row: str) -> str:
    offers = list(Treatment.objects.filter(clinic__public_id=clinic, clinic__status__in=SHOWN).order_by("pk"))
    named = dict(zip(parts_of_offers(offers), offers, strict=True))
    return named[row].name if row in named else ""


_WORDS: Final[dict[str, Callable[[str, str], str]]] = {
    "statements": _statement_in_words,
    "actions": _document_in_words,
    "checks": _check_in_words,
    "parts": _offer_in_words,
}
