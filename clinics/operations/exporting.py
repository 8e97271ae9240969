"""Tables of what is recorded, row by row: clinics as the import reads them, flags, claims, credential checks."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Prefetch, QuerySet

from clinics.models import Claim, Clinic, CredentialCheck, Flag, OfficialAction, PageUse
from clinics.operations.import_columns import COLUMNS, PLACE

CHUNK: Final = 500  # rows in memory
MOST_OF_A_CELL: Final = 30_000  # characters of addresses in one row; Excel's cells hold 32,767
Column = tuple[str, Callable[[Any], Any]]

FLAGS: Final[tuple[Column, ...]] = (
    ("id", lambda flag: flag.pk),
    ("clinic", lambda flag: flag.clinic.name),
    ("clinic id", lambda flag: flag.clinic.public_id),
    ("wording", lambda flag: flag.sentence),
    ("evidence", lambda flag: flag.evidence),
    ("category", lambda flag: flag.category),
    ("severity", lambda flag: flag.get_severity_display()),
    ("rule", lambda flag: flag.rule.key),
    ("cause", lambda flag: flag.cause),
    ("raised", lambda flag: flag.raised_at),
    ("presence", lambda flag: flag.presence),
    ("presence since", lambda flag: flag.presence_since),
    ("decision", lambda flag: flag.state),
    ("dismissed as", lambda flag: flag.dismissed_as),
    ("deferred until", lambda flag: flag.deferred_until),
    ("decided by", lambda flag: flag.decided_by),
    ("decided", lambda flag: flag.decided_at),
)
CLAIMS: Final[tuple[Column, ...]] = (
    ("id", lambda claim: claim.public_id),
    ("clinic", lambda claim: claim.clinic.name),
    ("clinic id", lambda claim: claim.clinic.public_id),
    ("quote", lambda claim: claim.quote),
    ("category", lambda claim: claim.category),
    ("severity", lambda claim: claim.get_severity_display()),
    ("language", lambda claim: claim.language),
    ("page", lambda claim: claim.page.url if claim.page else ""),
    ("first seen by us", lambda claim: claim.first_seen_on),
    ("state", lambda claim: claim.state),
    ("drafted", lambda claim: claim.drafted_at),
    ("clinic invited", lambda claim: claim.comment_invited_on),
    ("not invited because", lambda claim: claim.comment_waived_because),
    ("first signature", lambda claim: claim.first_signed_by),
    ("second signature", lambda claim: claim.second_signed_by),
    ("published", lambda claim: claim.published_at),
    ("disputed since", lambda claim: claim.disputed_since),
    ("ended", lambda claim: claim.ended_at),
    ("ended because", lambda claim: claim.ended_because),
    ("notes", lambda claim: claim.notes),
)
CREDENTIALS: Final[tuple[Column, ...]] = (
    ("id", lambda check: check.public_id),
    ("clinic", lambda check: check.clinic.name),
    ("clinic id", lambda check: check.clinic.public_id),
    ("practitioner", lambda check: check.practitioner),
    ("kind", lambda check: check.kind.key),
    ("subject", lambda check: check.subject),
    ("register", lambda check: check.register),
    ("identifier", lambda check: check.identifier),
    ("outcome", lambda check: check.outcome),
    ("register's word", lambda check: check.register_word),
    ("searched for", lambda check: check.search_terms),
    ("document", lambda check: check.document_title),
    ("register's date", lambda check: check.register_date),
    ("matched by", lambda check: check.matched_by),
    ("checked", lambda check: check.checked_on),
    ("source", lambda check: check.source.url if check.source else ""),
    ("state", lambda check: check.state),
    ("checked by", lambda check: check.checked_by),
    ("published by", lambda check: check.published_by),
    ("published", lambda check: check.published_at),
    ("notes", lambda check: check.notes),
)

ACTIONS: Final[tuple[Column, ...]] = (
    ("id", lambda action: action.public_id),
    ("agency", lambda action: action.agency),
    ("kind", lambda action: action.get_kind_display()),
    ("date", lambda action: action.acted_on),
    ("title", lambda action: action.title),
    ("quote", lambda action: action.quote),
    ("addressee", lambda action: action.addressee),
    ("state of the addressee", lambda action: action.addressee_state),
    ("document", lambda action: action.link.url if action.link else ""),
    ("clinic", lambda action: action.clinic.name if action.clinic else ""),
    ("clinic id", lambda action: action.clinic.public_id if action.clinic else ""),
    ("matched how", lambda action: action.matched_how),
    ("matched by", lambda action: action.matched_by),
    ("state", lambda action: action.state),
    ("first signature", lambda action: action.first_signed_by),
    ("second signature", lambda action: action.second_signed_by),
    ("published", lambda action: action.published_at),
    ("ended", lambda action: action.ended_at),
    ("ended because", lambda action: action.ended_because),
    ("notes", lambda action: action.notes),
)


def clinic_rows(clinics: QuerySet[Clinic]) -> Iterator[list[str]]:
    """The clinics with the columns of the import, a location a row: importing them again changes nothing."""
    yield list(COLUMNS)
    own = PageUse.objects.own_pages().select_related("page").order_by("pk")
    whole = clinics.select_related("website").prefetch_related("locations", Prefetch("page_uses", own, "own_uses"))
    for clinic in whole.iterator(chunk_size=CHUNK):
        for values in _rows_of(clinic):
            yield [values.get(name, "") for name in COLUMNS]


def flag_rows(flags: QuerySet[Flag]) -> Iterator[list[str]]:
    """The flags, with what was decided."""
    return _table(flags.select_related("clinic", "rule", "decided_by"), FLAGS)


def claim_rows(claims: QuerySet[Claim]) -> Iterator[list[str]]:
    """The claims, with how far each is."""
    people = ("first_signed_by", "second_signed_by")
    whole = claims.select_related(None).select_related("clinic", "page", *people)
    return _table(whole, CLAIMS)


def credential_rows(checks: QuerySet[CredentialCheck]) -> Iterator[list[str]]:
    """The credential checks, with what was found."""
    people = ("checked_by", "published_by")
    return _table(checks.select_related("clinic", "practitioner", "kind", "source", *people), CREDENTIALS)


def action_rows(actions: QuerySet[OfficialAction]) -> Iterator[list[str]]:
    """The official actions, with how each was matched and how far it is."""
    people = ("matched_by", "first_signed_by", "second_signed_by")
    return _table(actions.select_related(None).select_related("clinic", "link", *people), ACTIONS)


def _table(rows: QuerySet[Any], columns: tuple[Column, ...]) -> Iterator[list[str]]:
    yield [name for name, _ in columns]
    for row in rows.iterator(chunk_size=CHUNK):
        yield [_told(value(row)) for _, value in columns]


def _rows_of(clinic: Any) -> Iterator[dict[str, str]]:
    """One row for each location; further ones where the addresses fill more than a cell."""
    website = clinic.website.url if clinic.website else ""
    itself = {
        "id": clinic.public_id,
        "name": clinic.name,
        "website": website,
        "other_names": clinic.other_names,
        "languages": " ".join(clinic.languages),
        "notes": clinic.notes,
    }
    cells = list(_cells([use.page.url for use in clinic.own_uses if use.page_id != clinic.website_id]))
    places = [{name: getattr(location, name) for name in PLACE} for location in clinic.locations.all()]
    for number in range(max(len(cells), len(places), 1)):
        pages = {"pages": cells[number]} if number < len(cells) else {}
        yield {**itself, **pages, **(places[number] if number < len(places) else {})}


def _cells(urls: list[str]) -> Iterator[str]:
    """The addresses with spaces between them, in as many cells as they need."""
    cell = ""
    for url in urls:
        if cell and len(cell) + len(url) + 1 > MOST_OF_A_CELL:
            yield cell
            cell = ""
        cell = f"{cell} {url}".strip()
    if cell:
        yield cell


def _told(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, date) else str(value)
