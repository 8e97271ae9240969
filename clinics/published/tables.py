"""Public rows as tables, for spreadsheets: one row for each clinic, statement, credential check or official action."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from clinics.models import Clinic
from clinics.published import freshness, statements
from clinics.published.clinics import actions_in_full, checks_in_full, claims_in_full, for_cards, with_last_change

CHUNK: Final = 500  # rows in memory
BETWEEN: Final = " | "  # entries of one cell


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of public row: how the rows of the clinics found are read, and what stands in each column."""

    rows: Callable[[QuerySet[Clinic]], QuerySet[Any]]
    columns: Mapping[str, Callable[[Any], Any]]

    def lines(self, clinics: QuerySet[Clinic], site: str) -> Iterator[list[str]]:
        """The heads, and then a line for each row. `site` is what addresses of ours begin with."""
        yield [*self.columns]
        for row in self.rows(clinics).iterator(chunk_size=CHUNK):
            yield [_written(read(row), site) for read in self.columns.values()]


class Path(str):
    """An address of ours without its site."""


def _written(value: Any, site: str) -> str:
    if isinstance(value, Path):
        return f"{site}{value}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _joined(texts: Iterable[object]) -> str:
    return BETWEEN.join(dict.fromkeys(str(text) for text in texts if text))


def _clinic_page(clinic: Clinic) -> Path:
    return Path(reverse("directory:clinic", args=[clinic.public_id]))


def _place(place: Any) -> str:
    region = " ".join(filter(None, (place.state, place.zip)))
    return ", ".join(filter(None, (place.street, place.city, region, place.country)))


def _offers(name: str) -> Callable[[Any], str]:
    return lambda clinic: _joined(getattr(one, name) for one in clinic.public_treatments)


def _of_clinics(rows: QuerySet[Any], clinics: QuerySet[Clinic]) -> QuerySet[Any]:
    """The rows of the clinics found, clinic by clinic."""
    return rows.filter(clinic__in=clinics.order_by().values("pk")).select_related("clinic").order_by("clinic_id", "pk")


def _clinics(clinics: QuerySet[Clinic]) -> QuerySet[Clinic]:
    return for_cards(with_last_change(clinics))


def _statements(clinics: QuerySet[Clinic]) -> QuerySet[Any]:
    return _of_clinics(claims_in_full(), clinics).select_related("clinic", "page__state", "snapshot", "presence")


def _checks(clinics: QuerySet[Clinic]) -> QuerySet[Any]:
    return _of_clinics(checks_in_full(), clinics).select_related("clinic", "kind", "source__state", "practitioner")


def _actions(clinics: QuerySet[Clinic]) -> QuerySet[Any]:
    return _of_clinics(actions_in_full(), clinics).select_related("clinic", "link__state")


def _last_read(claim: Any) -> datetime | None:
    state = freshness.state_of(claim.page)
    return state.last_read_at if state else None


CLINICS: Final = Table(
    _clinics,
    {
        "id": lambda clinic: clinic.public_id,
        "name": lambda clinic: clinic.name,
        "other_names": lambda clinic: clinic.other_names,
        "url": _clinic_page,
        "website": lambda clinic: freshness.link_to(clinic.website),
        "locations": lambda clinic: _joined(map(_place, clinic.public_locations)),
        "states": lambda clinic: _joined(place.state for place in clinic.public_locations),
        "phones": lambda clinic: _joined(place.phone for place in clinic.public_locations),
        "languages": lambda clinic: _joined(clinic.languages),
        "serves_us_patients": lambda clinic: clinic.serves_us_patients,
        "conditions": _offers("condition"),
        "cell_sources": _offers("cell_source"),
        "origins": _offers("origin"),
        "routes": _offers("route"),
        "postures": _offers("posture"),
        "evidence": _offers("evidence"),
        "published_statements": lambda clinic: len(clinic.public_claims),
        "published_checks": lambda clinic: len(clinic.public_checks),
        "published_official_actions": lambda clinic: len(clinic.public_actions),
        "last_read_at": lambda clinic: clinic.last_read_at,
        "changed_at": lambda clinic: clinic.changed_at,
    },
)

STATEMENTS: Final = Table(
    _statements,
    {
        "id": lambda claim: claim.public_id,
        "url": lambda claim: Path(reverse("directory:statement", args=[claim.clinic.public_id, claim.public_id])),
        "clinic_id": lambda claim: claim.clinic.public_id,
        "clinic": lambda claim: claim.clinic.name,
        "category": lambda claim: claim.public_category,
        "category_label": statements.category_label,
        "quote": statements.quote_of,
        "remark": statements.remark_on,
        "language": lambda claim: claim.language,
        "surface": lambda claim: claim.surface,
        "page": lambda claim: freshness.link_to(claim.page),
        "first_seen_on": lambda claim: claim.first_seen_on,
        "last_read_at": _last_read,
        "freshness": lambda claim: _joined(one.text for one in freshness.freshness(claim, timezone.now())),
        "assessments": lambda claim: _joined(map(statements.assessment_sentence, claim.assessments.all())),
        "references": lambda claim: _joined(map(statements.reference_link, claim.references.all())),
        "replies": lambda claim: _joined(f"{reply.received_on}: {reply.text}" for reply in claim.public_replies),
        "disputed_since": lambda claim: claim.disputed_since,
        "published_at": lambda claim: claim.published_at,
    },
)

CHECKS: Final = Table(
    _checks,
    {
        "id": lambda check: check.public_id,
        "clinic_id": lambda check: check.clinic.public_id,
        "clinic": lambda check: check.clinic.name,
        "clinic_url": lambda check: _clinic_page(check.clinic),
        "kind": lambda check: check.kind.key,
        "subject": lambda check: check.subject,
        "register": lambda check: check.register,
        "identifier": lambda check: check.identifier,
        "outcome": lambda check: check.outcome,
        "sentence": statements.outcome_sentence,
        "register_date": lambda check: check.register_date,
        "checked_on": lambda check: check.checked_on,
        "source": lambda check: freshness.link_to(check.source),
        "published_at": lambda check: check.published_at,
    },
)

ACTIONS: Final = Table(
    _actions,
    {
        "id": lambda action: action.public_id,
        "clinic_id": lambda action: action.clinic.public_id,
        "clinic": lambda action: action.clinic.name,
        "clinic_url": lambda action: _clinic_page(action.clinic),
        "agency": lambda action: action.agency,
        "kind": lambda action: action.kind,
        "date": lambda action: action.acted_on,
        "title": lambda action: action.title,
        "addressee": lambda action: action.addressee,
        "matched_how": lambda action: action.matched_how,
        "document": lambda action: freshness.link_to(action.link),
        "outcomes": lambda action: _joined(map(statements.action_outcome, action.public_outcomes)),
        "published_at": lambda action: action.published_at,
    },
)

TABLES: Final[Mapping[str, Table]] = {
    "clinics": CLINICS,
    "statements": STATEMENTS,
    "credential-checks": CHECKS,
    "official-actions": ACTIONS,
}
