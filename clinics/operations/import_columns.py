"""The columns of a table of clinics, and what can be wrong with its header."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

PLACE: Final = ("street", "city", "state", "zip", "country", "phone")
COLUMNS: Final = {
    "name": "the clinic's name (required)",
    "website": "its address, with http:// or https:// (required, unless the id is given)",
    "street": "street and number",
    "city": "city; filled from a US ZIP where empty",
    "state": "in the US two letters, such as FL; filled from the ZIP where empty",
    "zip": "ZIP or postal code",
    "country": "two letters (ISO 3166); US where empty",
    "phone": "telephone number",
    "pages": "further addresses to read, with spaces between them",
    "other_names": "trade names and former names, with commas between them",
    "languages": "languages spoken, as keys such as “en es”, with spaces between them",
    "notes": "internal notes, never public",
    "id": "the clinic's id in this directory, as the export writes it; empty for a new clinic",
}
ERRORS: Final = "errors"  # the column that a file with faults is handed back with; what stands in it is passed over
REQUIRED: Final = ("name", "website")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in which cell, and what to do. Rows are counted as a spreadsheet does: the header is row 1."""

    row: int
    column: str  # "" where it is the row or the file as a whole
    value: str
    problem: str

    def __str__(self) -> str:
        where = f"row {self.row}" + (f", column {self.column}" if self.column else "")
        return f"{where}: {self.problem}"


def columns_of(header: Sequence[str]) -> list[str]:
    """The names of the columns of a header, however they were typed."""
    return [cell.strip().lower() for cell in header]


def faults_of_header(columns: Sequence[str]) -> Iterator[Fault]:
    """Every fault of a header: columns that are unknown (with the nearest known one), doubled, or missing."""
    if not any(columns):
        yield Fault(1, "", "", f"The first line must name the columns: {', '.join(COLUMNS)}.")
        return
    if len(columns) == 1 and (";" in columns[0] or "\t" in columns[0]):
        yield Fault(1, "", columns[0], "The columns are not divided by commas. Save the table as “CSV UTF-8”.")
        return
    for position, name in enumerate(columns):
        if name in columns[:position]:
            yield Fault(1, name, name, f"The column “{name}” stands there twice. Take one out.")
        elif name not in COLUMNS and name != ERRORS:
            near = get_close_matches(name, COLUMNS, n=1, cutoff=0.5)
            hint = f"Did you mean “{near[0]}”?" if near else f"Known columns: {', '.join(COLUMNS)}."
            yield Fault(1, name, name, f"There is no column “{name}”. {hint}")
    for name in REQUIRED:
        if name not in columns:
            yield Fault(1, name, "", f"The column “{name}” is missing. Add it.")
