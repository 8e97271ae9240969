"""FDA's lists of letters and compliance actions, as CSV or Excel: drafts of what may name a recorded clinic."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import BinaryIO, Final

from django.contrib.auth.models import User
from django.db import transaction

from clinics.models import OfficialAction
from clinics.operations.official_actions import draft_action
from clinics.operations.official_matching import like_any_clinic
from clinics.operations.refusal import Refusal
from clinics.operations.sheets import Line, Unreadable, read_lines

MOST_ROWS: Final = 10_000
MOST_BYTES: Final = 10_000_000
MOST_FAULTS: Final = 20
Kind = OfficialAction.Kind

# Column: the headers that name it, without case, spaces and signs. The first four stand in FDA's list of warning
# letters, the others in the compliance actions of its data dashboard, and in lists that add the letter's address.
_HEADERS: Final = {
    "date": ("letterissuedate", "actiontakendate", "letterdate", "issuedate"),
    "addressee": ("companyname", "legalname", "company", "firmname"),
    "office": ("issuingoffice", "center", "office"),
    "subject": ("subject", "lettersubject"),
    "kind": ("actiontype",),
    "state": ("state",),
    "case": ("caseinjunctionid",),
    "url": ("url", "link", "letterurl", "warningletterurl"),
}
_NEEDED: Final = {"date": "“Letter Issue Date”", "addressee": "“Company Name”"}
_ONE_OF: Final = ("subject", "kind")
_KINDS: Final = {
    "warning letter": Kind.WARNING_LETTER,
    "untitled letter": Kind.UNTITLED_LETTER,
    "it has come to our attention letter": Kind.ATTENTION_LETTER,
    "injunction": Kind.INJUNCTION,
    "consent decree": Kind.CONSENT_DECREE,
    "seizure": Kind.SEIZURE,
}
_DATES: Final = ("%m/%d/%Y", "%Y-%m-%d", "%B %d, %Y", "%m/%d/%y")
_LONGEST: Final = {"addressee": 300, "subject": 300, "office": 180}


@dataclass(frozen=True, slots=True)
class Letter:
    """One row of the list."""

    number: int
    acted_on: date
    addressee: str
    office: str = ""
    subject: str = ""
    kind: str = Kind.WARNING_LETTER
    state: str = ""
    case: str = ""
    url: str = ""

    @property
    def key(self) -> str:
        """By which the row is known again, whatever else is added to the list."""
        told = (self.acted_on.isoformat(), self.addressee.casefold(), self.subject.casefold(), self.kind, self.case)
        return sha256("\n".join(told).encode()).hexdigest()


@dataclass(slots=True)
class Imported:
    """What became of a list: drafts made, rows known from before, and rows that name nobody recorded."""

    rows: int = 0
    known: int = 0
    unlike: int = 0
    drafted: list[OfficialAction] = field(default_factory=list)


def import_letters(file: BinaryIO, *, by: User, now: datetime) -> Imported:
    """Draft each letter whose addressee is like a recorded clinic, company or practitioner. Nothing is matched by this.

    All or nothing; importing again changes nothing, and finds what clinics recorded since are named in. Raises Refusal
    for a file of another shape, and with the first faults where a row cannot be read.
    """
    letters = _read(file)
    unique = {letter.key: letter for letter in letters}
    known = set(OfficialAction.objects.filter(import_key__in=unique).values_list("import_key", flat=True))
    new = [letter for key, letter in unique.items() if key not in known]
    found = Imported(rows=len(letters), known=len(known))
    like = like_any_clinic([letter.addressee for letter in new])
    with transaction.atomic():
        for place, letter in enumerate(new):
            if place in like:
                found.drafted.append(_drafted(letter, by, now))
            else:
                found.unlike += 1
    return found


def _drafted(letter: Letter, by: User, now: datetime) -> OfficialAction:
    try:
        return draft_action(
            by=by,
            now=now,
            url=letter.url,
            agency=f"FDA, {letter.office}" if letter.office else "FDA",
            kind=letter.kind,
            acted_on=letter.acted_on,
            title=letter.subject or Kind(letter.kind).label.capitalize(),
            addressee=letter.addressee,
            addressee_state=letter.state,
            notes=f"Case {letter.case}" if letter.case else "",
            import_key=letter.key,
        )
    except Refusal as refusal:
        raise Refusal(f"Row {letter.number}: {refusal} Nothing was imported.") from None


def _read(file: BinaryIO) -> list[Letter]:
    letters: list[Letter] = []
    faults: list[str] = []
    try:
        lines = read_lines(file, most_rows=MOST_ROWS)
        columns = _columns(next(lines, Line(1, [])))
        for line in lines:
            if any(cell.strip() for cell in line.cells):
                _take(line, columns, letters, faults)
            if len(faults) >= MOST_FAULTS:
                break
    except Unreadable as fault:
        raise Refusal(f"Row {fault.row}: {fault.problem}") from None
    if faults:
        raise Refusal(f"Nothing was imported. {' '.join(faults)}")
    return letters


def _columns(header: Line) -> dict[str, int]:
    """Where each column stands. Raises Refusal for a list of another shape."""
    names = [re.sub(r"[^a-z]", "", cell.lower()) for cell in header.cells]
    places = {
        column: next(names.index(known) for known in headers if known in names)
        for column, headers in _HEADERS.items()
        if any(known in names for known in headers)
    }
    missing = [shown for column, shown in _NEEDED.items() if column not in places]
    if not missing and not any(column in places for column in _ONE_OF):
        missing = ["“Subject” or “Action Type”"]
    if missing:
        given = ", ".join(f"“{cell[:40]}”" for cell in header.cells[:12]) or "none"
        raise Refusal(
            f"This is not FDA's list of letters or compliance actions as we know it: no column {', '.join(missing)}. "
            f"Its columns: {given}."
        )
    return places


def _take(line: Line, columns: dict[str, int], letters: list[Letter], faults: list[str]) -> None:
    told = {name: _cell(line.cells, place) for name, place in columns.items()}
    acted_on = _day(told.pop("date"))
    kind = _kind(told.pop("kind", ""))
    state = told.pop("state", "")
    too_long = [name for name, most in _LONGEST.items() if len(told.get(name, "")) > most]
    if acted_on is None:
        faults.append(f"Row {line.number}: no date that we can read.")
    elif not told["addressee"]:
        faults.append(f"Row {line.number}: no company.")
    elif too_long:
        faults.append(f"Row {line.number}: {too_long[0]} is longer than {_LONGEST[too_long[0]]} characters.")
    else:
        two_letters = state.upper() if re.fullmatch(r"[A-Za-z]{2}", state) else ""
        letters.append(Letter(line.number, acted_on, kind=kind, state=two_letters, **told))


def _cell(cells: Sequence[str], place: int) -> str:
    return " ".join(cells[place].split()) if place < len(cells) else ""


def _kind(told: str) -> str:
    """The kind of an action as the list names it; its own list holds nothing but warning letters."""
    return _KINDS.get(told.casefold(), Kind.OTHER) if told else Kind.WARNING_LETTER


def _day(told: str) -> date | None:
    for shape in _DATES:
        try:
            return datetime.strptime(told.partition(" 00:00")[0], shape).date()
        except ValueError:
            continue
    return None
