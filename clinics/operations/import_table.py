"""Rows of a table of clinics: each sound one with all it says, each fault with its cell and what to do about it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models

from clinics.domain.page_identity import identity_key
from clinics.domain.vocabulary import load_vocabulary
from clinics.models import Clinic, Location
from clinics.operations.import_columns import ERRORS, PLACE, REQUIRED, Fault
from clinics.operations.placing import complete
from clinics.operations.recording import judged
from clinics.operations.refusal import Refusal
from clinics.operations.sheets import Line

MOST_ROWS_OF_A_CLINIC: Final = 1000
_LONGEST: Final = {
    name: int(getattr(Clinic._meta.get_field(name), "max_length", 0)) for name in ("name", "other_names")
}


@dataclass(frozen=True, slots=True)
class Address:
    """An address to read, as it was typed and as it is fetched, and the identity under which its page is recorded."""

    typed: str
    url: str
    identity: str


@dataclass(frozen=True, slots=True)
class Row:
    """One sound row. `values` holds the cells that say something, `location` what they say of the place, completed."""

    number: int
    values: dict[str, Any]
    website: Address | None  # none only where the row gives the clinic's id
    pages: tuple[Address, ...]
    location: Location

    @property
    def key(self) -> str:
        """What the rows of one clinic have in common."""
        return f"id {self.public_id}" if self.public_id or self.website is None else self.website.identity

    @property
    def public_id(self) -> str:
        return str(self.values.get("id", ""))

    @property
    def name(self) -> str:
        return str(self.values["name"])

    @property
    def place(self) -> dict[str, str]:
        """What the row itself says of the place, as it was typed."""
        return {name: self.values[name] for name in PLACE if name in self.values}


class Together:
    """What the rows read so far say of each clinic: rows of one clinic must call it the same, at one website."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[int, str, str]] = {}  # number, name and website's identity of the first row
        self._rows: Counter[str] = Counter()

    def first(self, row: Row) -> int:
        """The number of the first row of the same clinic, which may be this one."""
        identity = row.website.identity if row.website else ""
        self._rows[row.key] += 1
        return self._first.setdefault(row.key, (row.number, row.name.casefold(), identity))[0]

    def recall(self, keys: Iterable[str]) -> None:
        """Take up which clinics the table names, where its rows are known to go together."""
        self._first |= dict.fromkeys(keys, (0, "", ""))

    def contradiction(self, row: Row) -> Fault | None:
        """What the row says otherwise than the first one of its clinic."""
        number, name, identity = self._first[row.key]
        if self._rows[row.key] > MOST_ROWS_OF_A_CLINIC:
            problem = f"This clinic has more than {MOST_ROWS_OF_A_CLINIC} rows. Is its website or id the right one?"
            return Fault(row.number, "", row.name, problem)
        if name != row.name.casefold():
            same = "id" if row.public_id else "website"
            problem = (
                f"Row {number} has the same {same} under another name. Use one name for all locations of a clinic, or "
                f"correct the {same}."
            )
            return Fault(row.number, "name", row.name, problem)
        if row.website and identity and row.website.identity != identity:
            problem = f"Row {number} has the same id and another website. Use one website for all rows of a clinic."
            return Fault(row.number, "website", row.website.typed, problem)
        return None

    def means(self, clinic: Clinic) -> bool:
        """Whether a row names this clinic itself, by its id or its website."""
        by_website = clinic.website is not None and clinic.website.identity in self._first
        return by_website or f"id {clinic.public_id}" in self._first


def read_row(columns: Sequence[str], line: Line) -> tuple[Row | None, list[Fault]]:
    """The row of a line, or every fault in it. The header is taken to have none."""
    number, cells = line.number, line.cells
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        problem = (
            f"This row has {len(cells)} cells, the header {len(columns)}. Put cells with commas into quotation marks."
        )
        return None, [Fault(number, "", "", problem)]
    values = _values(columns, cells)
    faults = list(_missing(number, values))
    faults.extend(_too_long(number, values))
    website, found = _addresses(number, "website", values.get("website", ""))
    pages, more = _addresses(number, "pages", *values.get("pages", "").split())
    languages, unknown = _languages(number, values)
    location, wrong = _location(number, values)
    faults.extend([*found, *more, *unknown, *wrong])
    if faults:
        return None, faults
    if languages:
        values["languages"] = languages
    return Row(number, values, website[0] if website else None, tuple(pages), location), []


def _values(columns: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    pairs = zip(columns, cells, strict=False)
    return {name: cell.strip() for name, cell in pairs if name != ERRORS and cell.strip()}


def _missing(number: int, values: dict[str, Any]) -> Iterator[Fault]:
    for name in REQUIRED:
        if name not in values and not (name == "website" and "id" in values):
            yield Fault(number, name, "", f"The {name} is missing. Fill it in.")


def _too_long(number: int, values: dict[str, Any]) -> Iterator[Fault]:
    for name, most in _LONGEST.items():
        if len(values.get(name, "")) > most:
            yield Fault(number, name, values[name][:60], f"This has more than {most} characters. Shorten it.")


def _addresses(number: int, column: str, *urls: str) -> tuple[list[Address], list[Fault]]:
    found, faults = [], []
    for url in filter(None, urls):
        try:
            found.append(_address(url))
        except Refusal as refusal:
            faults.append(Fault(number, column, url, str(refusal)))
    return found, faults


def _address(url: str) -> Address:
    fetched = judged(url)
    return Address(url, fetched, identity_key(fetched))


@lru_cache(maxsize=1)
def _known_languages() -> frozenset[str]:
    return frozenset(term.key for term in load_vocabulary() if term.kind == "language")


def _languages(number: int, values: dict[str, Any]) -> tuple[list[str], list[Fault]]:
    keys = values.get("languages", "").lower().replace(",", " ").split()
    known = _known_languages()
    faults = [
        Fault(number, "languages", key, f"“{key}” is no known language. Known: {', '.join(sorted(known))}.")
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
    try:
        location.clean_fields(exclude=["clinic", "country"])
    except ValidationError as faults:
        for name in faults.message_dict:
            most, value = _longest(Location, name), str(getattr(location, name))
            yield Fault(number, name, value[:60], f"This has more than {most} characters. Shorten it.")


def _longest(model: type[models.Model], name: str) -> int:
    """How many characters the column holds."""
    return int(getattr(model._meta.get_field(name), "max_length", None) or 0)
