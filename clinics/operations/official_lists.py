"""FDA's lists of letters and compliance actions, as CSV or Excel: read when they are handed in, drafted by a job."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import BinaryIO, Final

from django.contrib.auth.models import User

from clinics.models import Job, OfficialAction
from clinics.operations import jobs
from clinics.operations.official_letters import Letter
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


def hand_in(file: BinaryIO, *, by: User) -> Job:
    """Have a worker draft what may name a recorded clinic. Raises Refusal for a file of another shape, with its faults.

    Nothing but the rows is kept of the file.
    """
    return jobs.ask(Job.Kind.DRAFT_LETTERS, {"letters": [letter.told for letter in read_letters(file)]}, by=by)


def read_letters(file: BinaryIO) -> list[Letter]:
    """Every row of a list. Raises Refusal for a file of another shape, and with the first faults of its rows."""
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
