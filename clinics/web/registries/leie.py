"""The OIG's List of Excluded Individuals/Entities: the whole list as one CSV file, with a new edition each month.

Source: https://oig.hhs.gov/exclusions/exclusions_list.asp; the file holds those excluded now. A name alone excludes
nobody: an entry is proposed only where the name and two of number, day of birth and address are the same.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Final

from clinics.domain.answer import Answer
from clinics.domain.likeness import likeness_of_organisations, likeness_of_persons, place_in_words, words_of
from clinics.domain.look_up import Compared, Likeness, Place, Proposal, Question
from clinics.web.registries.registry import NotUnderstood

_FILE: Final = "https://oig.hhs.gov/exclusions/downloadables/UPDATED.csv"
_COLUMNS: Final = frozenset(
    ("LASTNAME", "FIRSTNAME", "BUSNAME", "NPI", "DOB", "ADDRESS", "CITY", "STATE", "ZIP", "EXCLTYPE", "EXCLDATE")
)
_SHOWN: Final = 10
_PLAUSIBLE: Final = 1_000  # rows: a list of less is no edition of the list
_NEEDED: Final = 2  # identifiers besides the name

Row = Mapping[str, str]


class Leie:
    """By name, with what tells people of one name apart."""

    key = "leie"
    register = "OIG List of Excluded Individuals/Entities"
    kinds = frozenset({"exclusions"})
    most_bytes = 60_000_000
    serves_days = 1

    def __init__(self, plausible_rows: int = _PLAUSIBLE) -> None:
        self._plausible_rows = plausible_rows

    def address(self, question: Question) -> str:
        """The same file for everybody: whom we ask about is told to nobody."""
        return _FILE

    def read(self, question: Question, answer: Answer, today: date) -> Proposal:
        """Raises NotUnderstood for a file that is not the whole list."""
        if answer.status != 200:
            raise NotUnderstood(f"The register answered with status {answer.status}.")
        entries = [found for row in self._rows(answer) if (found := _alike(question, row)) is not None]
        edition = _edition(answer)
        return _proposal(entries, edition, question)

    def _rows(self, answer: Answer) -> Iterator[Row]:
        text = io.TextIOWrapper(io.BytesIO(answer.body), encoding="utf-8-sig", errors="replace", newline="")
        reader = csv.DictReader(text)
        if not _COLUMNS.issubset(reader.fieldnames or ()):
            raise NotUnderstood("The file has not the columns that the register publishes.")
        count = 0
        try:
            for row in reader:
                if None in row or None in row.values():
                    raise NotUnderstood(f"Row {count + 1} of the file is not whole: it may have been cut off.")
                count += 1
                yield row
        except csv.Error as fault:
            raise NotUnderstood(f"The file cannot be read: {fault}.") from None
        if count < self._plausible_rows or not answer.body.endswith(b"\n"):
            raise NotUnderstood(f"The file has only {count} whole rows: that is not the whole list.")


def _edition(answer: Answer) -> date | None:
    """The day on which the file was last changed; None where the server does not say."""
    try:
        return parsedate_to_datetime(answer.headers.get("last-modified", "")).date()
    except (TypeError, ValueError):
        return None


def _alike(question: Question, row: Row) -> tuple[Compared, ...] | None:
    """The row compared, where its name could be meant and nothing says that it is somebody else."""
    name = (
        likeness_of_organisations((question.subject, *question.names), row["BUSNAME"])
        if row["BUSNAME"].strip()
        else likeness_of_persons(question.subject, row["FIRSTNAME"], row["LASTNAME"])
    )
    if name not in (Likeness.SAME, Likeness.NEAR):
        return None
    lines = (Compared("name", question.subject, _name_of(row), name), *_identifiers(question, row))
    told_apart = any(line.likeness is Likeness.DIFFERENT for line in lines if line.name in ("NPI", "day of birth"))
    return None if told_apart else lines


def _name_of(row: Row) -> str:
    return row["BUSNAME"].strip() or " ".join(f"{row['FIRSTNAME']} {row.get('MIDNAME', '')} {row['LASTNAME']}".split())


def _identifiers(question: Question, row: Row) -> Iterator[Compared]:
    theirs = row["NPI"].strip("0 ") and row["NPI"].strip()
    yield Compared("NPI", question.npi, theirs, _same(question.npi, theirs))
    born = question.born.strftime("%Y%m%d") if question.born else ""
    birth = row["DOB"].strip("0 ") and row["DOB"].strip()
    yield Compared("day of birth", born, birth, _same(born, birth))
    place = Place(row["ADDRESS"], row["CITY"], row["STATE"], row["ZIP"])
    ours = "; ".join(map(place_in_words, question.places))
    yield Compared("address", ours, place_in_words(place), _of_addresses(question.places, place))
    yield Compared("exclusion", "", f"{row['EXCLTYPE']} {row['EXCLDATE']}".strip(), Likeness.UNKNOWN)


def _same(ours: str, theirs: str) -> Likeness:
    if not (ours and theirs):
        return Likeness.UNKNOWN
    return Likeness.SAME if ours == theirs else Likeness.DIFFERENT


def _of_addresses(ours: tuple[Place, ...], theirs: Place) -> Likeness:
    """Street and town together identify; a town alone is only near."""
    found = Likeness.UNKNOWN
    for place in ours:
        if not (place.city and place.state and theirs.city and theirs.state):
            continue
        town = (words_of(place.city), words_of(place.state)) == (words_of(theirs.city), words_of(theirs.state))
        street = words_of(place.street)
        if town and street and street == words_of(theirs.street):
            return Likeness.SAME
        found = Likeness.NEAR if town or found is Likeness.NEAR else Likeness.DIFFERENT
    return found


def _matched(lines: tuple[Compared, ...]) -> list[str]:
    """The identifiers besides the name that are the same."""
    names = ("NPI", "day of birth", "address")
    return [line.name for line in lines if line.name in names and line.likeness is Likeness.SAME]


def _proposal(entries: list[tuple[Compared, ...]], edition: date | None, question: Question) -> Proposal:
    dated = {"register_date": edition.isoformat()} if edition else {}
    told = "" if edition else " The server does not say which edition it is."
    if not entries:
        return Proposal("not_listed", f"No entry could be meant.{told}", facts=dated)
    shown = tuple(line for lines in entries[:_SHOWN] for line in lines)
    certain = [lines for lines in entries if lines[0].likeness is Likeness.SAME and len(_matched(lines)) >= _NEEDED]
    if len(certain) == 1:
        matched = {"matched_by": ", ".join(_matched(certain[0]))}
        return Proposal("listed", f"Name and two identifiers are the same.{told}", certain[0], {**dated, **matched})
    if len(entries) > 1:
        remark = f"{len(entries)} entries could be meant; none is proved by two identifiers besides the name.{told}"
        return Proposal("ambiguous", remark, shown, dated)
    remark = f"One entry has this name, and less than two identifiers besides it: that proves nobody.{told}"
    return Proposal("", remark, shown, dated)
