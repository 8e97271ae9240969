"""Reading a table of clinics: every fault with its row, its column, and what to do about it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

from django.db import models

from clinics.domain.page_identity import identity_key
from clinics.domain.vocabulary import load_vocabulary
from clinics.models import Clinic, Location
from clinics.operations.placing import complete
from clinics.operations.recording import judged
from clinics.operations.refusal import Refusal

PLACE: Final = ("street", "city", "state", "zip", "country", "phone")
COLUMNS: Final = {
    "name": "the clinic's name (required)",
    "website": "its address, with http:// or https:// (required)",
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
}
_REQUIRED: Final = ("name", "website")


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


@dataclass(frozen=True, slots=True)
class Address:
    """An address to read, and the identity under which its page is recorded."""

    url: str
    identity: str


@dataclass(frozen=True, slots=True)
class Row:
    """One sound row. `values` holds the cells that say something, `location` what they say of the place."""

    number: int
    values: dict[str, Any]
    identity: str
    pages: tuple[Address, ...]
    location: Location
    place_columns: tuple[str, ...] = field(default=())

    @property
    def has_place(self) -> bool:
        """Whether the row says where the clinic is, or how it is reached."""
        return bool(self.place_columns)

    @property
    def zip(self) -> str:
        return str(self.location.zip)


def read_table(data: bytes) -> tuple[list[Row], list[Fault]]:
    """The rows of a CSV file, and every fault in it. Rows with faults are left out."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        return [], [Fault(line, "", "", "This file is not in UTF-8. Save it again as “CSV UTF-8”.")]
    if "\x00" in text:
        return [], [Fault(1, "", "", "This is not a CSV file. Save the table as “CSV UTF-8”.")]
    try:
        return _read_lines(list(csv.reader(io.StringIO(text, newline=""), strict=True)))
    except csv.Error as fault:
        return [], [Fault(1, "", "", f"This is not a well-formed CSV file: {fault}. Save the table as “CSV UTF-8”.")]


def _read_lines(lines: list[list[str]]) -> tuple[list[Row], list[Fault]]:
    if not lines or not any(cell.strip() for cell in lines[0]):
        return [], [Fault(1, "", "", f"The first line must name the columns: {', '.join(COLUMNS)}.")]
    header = [cell.strip().lower() for cell in lines[0]]
    faults = list(_faults_of_header(header))
    if faults:
        return [], faults
    rows: list[Row] = []
    for number, cells in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in cells):
            row, found = _read_row(number, header, cells)
            faults.extend(found)
            rows.extend([row] if row else [])
    faults.extend(_contradictions(rows))
    return rows, sorted(faults, key=lambda fault: fault.row)


def _faults_of_header(header: list[str]) -> Iterator[Fault]:
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        yield Fault(1, "", header[0], "The columns are not divided by commas. Save the table as “CSV UTF-8”.")
        return
    for position, name in enumerate(header):
        if name not in COLUMNS:
            near = get_close_matches(name, COLUMNS, n=1, cutoff=0.5)
            hint = f"Did you mean “{near[0]}”?" if near else f"Known columns: {', '.join(COLUMNS)}."
            yield Fault(1, name, name, f"There is no column “{name}”. {hint}")
        elif name in header[:position]:
            yield Fault(1, name, name, f"The column “{name}” stands there twice. Take one out.")
    for name in _REQUIRED:
        if name not in header:
            yield Fault(1, name, "", f"The column “{name}” is missing. Add it.")


def _read_row(number: int, header: list[str], cells: list[str]) -> tuple[Row | None, list[Fault]]:
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
        problem = (
            f"This row has {len(cells)} cells, the header {len(header)}. Put cells with commas into quotation marks."
        )
        return None, [Fault(number, "", "", problem)]
    values: dict[str, Any] = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
    faults = [
        Fault(number, name, "", f"The {name} is missing. Fill it in.") for name in _REQUIRED if name not in values
    ]
    faults.extend(_too_long(number, values))
    website, found = _addresses(number, "website", values.get("website", ""))
    pages, more = _addresses(number, "pages", *values.get("pages", "").split())
    languages, unknown = _languages(number, values)
    location, wrong = _location(number, values)
    faults.extend([*found, *more, *unknown, *wrong])
    if faults or not website:
        return None, faults
    values["website"] = website[0].url
    if languages:
        values["languages"] = languages
    given = tuple(name for name in PLACE if name in values)
    follows = ("city", "state", "latitude", "longitude") if "zip" in given else ()
    return Row(
        number, values, website[0].identity, tuple(pages), location, tuple(dict.fromkeys([*given, *follows]))
    ), []


def _longest(model: type[models.Model], name: str) -> int:
    """How many characters the column holds."""
    return int(getattr(model._meta.get_field(name), "max_length", None) or 0)


def _too_long(number: int, values: dict[str, Any]) -> Iterator[Fault]:
    for name in ("name", "other_names"):
        most = _longest(Clinic, name)
        if len(values.get(name, "")) > most:
            yield Fault(number, name, values[name][:60], f"This has more than {most} characters. Shorten it.")


def _addresses(number: int, column: str, *urls: str) -> tuple[list[Address], list[Fault]]:
    found, faults = [], []
    for url in filter(None, urls):
        try:
            fetched = judged(url)
            found.append(Address(fetched, identity_key(fetched)))
        except Refusal as refusal:
            faults.append(Fault(number, column, url, str(refusal)))
    return found, faults


def _languages(number: int, values: dict[str, Any]) -> tuple[list[str], list[Fault]]:
    known = {term.key: term.english for term in load_vocabulary() if term.kind == "language"}
    keys = values.get("languages", "").lower().replace(",", " ").split()
    faults = [
        Fault(number, "languages", key, f"“{key}” is no known language. Known: {', '.join(known)}.")
        for key in keys
        if key not in known
    ]
    return keys, faults


def _location(number: int, values: dict[str, Any]) -> tuple[Location, list[Fault]]:
    """The row's place, completed from its ZIP as it would be saved, and every fault of it."""
    given: dict[str, Any] = {name: values[name] for name in PLACE if name in values}
    faults: list[Fault] = []
    while True:
        location = Location(**given)
        try:
            complete(location)
        except Refusal as refusal:
            column, _, problem = str(refusal).partition(": ")
            faults.append(Fault(number, column, str(given.pop(column)), problem))
        else:
            return location, [*faults, *_faults_of_place(number, location)]


def _faults_of_place(number: int, location: Location) -> Iterator[Fault]:
    if not (len(location.country) == 2 and location.country.isascii() and location.country.isalpha()):
        problem = f"“{location.country}” is no country's code. Write two letters, such as US or MX."
        yield Fault(number, "country", location.country, problem)
    for name in ("street", "city", "state", "zip"):
        most = _longest(Location, name)
        if len(getattr(location, name)) > most:
            yield Fault(
                number, name, getattr(location, name)[:60], f"This has more than {most} characters. Shorten it."
            )


def _contradictions(rows: list[Row]) -> Iterator[Fault]:
    """Rows of the same website are locations of one clinic, so they must call it the same."""
    first: dict[str, Row] = {}
    for row in rows:
        named = first.setdefault(row.identity, row)
        if named.values["name"].casefold() != row.values["name"].casefold():
            problem = (
                f"Row {named.number} has the same website under the name “{named.values['name']}”. Use one name for "
                "all locations of a clinic, or correct the website."
            )
            yield Fault(row.number, "name", row.values["name"], problem)
