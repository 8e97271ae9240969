"""Tables as people hand them in: the lines of a CSV file or of an Excel workbook, one at a time."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from clinics.domain.formulae import as_meant

MOST_COLUMNS: Final = 200
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SAVE_AS_CSV: Final = "Save the table as “CSV UTF-8”."


class Unreadable(Exception):
    """A file cannot be read on from this row, and what to do about it. Rows are counted as a spreadsheet does."""

    def __init__(self, row: int, problem: str) -> None:
        super().__init__(problem)
        self.row, self.problem = row, problem


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table, with its number as a spreadsheet counts it and the texts that its cells mean."""

    number: int
    cells: list[str]


def is_workbook(data: bytes) -> bool:
    """Whether a file that begins so is an Excel workbook (.xlsx)."""
    return data.startswith(_ZIP)


def read_lines(file: BinaryIO, *, most_rows: int | None = None) -> Iterator[Line]:
    """The lines of a table, the header first. Empty lines are among them, so that every row keeps its number.

    CSV must be in UTF-8; of a workbook only the values are read, and it may have one sheet. Raises Unreadable, also
    after some lines were given.
    """
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if head.startswith(_OLE):
        raise Unreadable(1, "This is an old Excel file (.xls), or one with a password. Save it as .xlsx without one.")
    lines = _workbook_lines(file, most_rows) if is_workbook(head) else _csv_lines(file)
    number = 0
    try:
        for number, cells in enumerate(lines, start=1):
            if most_rows is not None and number > most_rows + 1:
                raise Unreadable(number, f"This file has more than {most_rows:,} rows. Divide it into several.")
            if number == 1 and len(cells) > MOST_COLUMNS:
                raise Unreadable(1, f"This file has more than {MOST_COLUMNS} columns. Keep those of clinics.")
            yield Line(number, [as_meant(cell) for cell in cells])
    except csv.Error as fault:
        raise Unreadable(number + 1, f"This is not a well-formed CSV file: {fault}. {_SAVE_AS_CSV}") from None
    except ValueError as fault:
        raise Unreadable(number + 1, str(fault)) from None


def _workbook_lines(file: BinaryIO, most_rows: int | None) -> Iterator[list[str]]:
    from clinics.operations.workbooks import workbook_lines  # only here: whoever reads no workbook needs no openpyxl

    return workbook_lines(file, most_rows, MOST_COLUMNS)


def _csv_lines(file: BinaryIO) -> Iterator[list[str]]:
    return iter(csv.reader(_decoded(file), strict=True))


def _decoded(file: BinaryIO) -> Iterator[str]:
    """The file's lines as text. Raises ValueError where they are none."""
    for number, raw in enumerate(file):
        if number == 0 and raw.startswith(_UTF_16):
            raise ValueError("This file is not in UTF-8 but in UTF-16. Save it again as “CSV UTF-8”.")
        try:
            text = raw.decode("utf-8-sig" if number == 0 else "utf-8")
        except UnicodeDecodeError:
            raise ValueError("This file is not in UTF-8. Save it again as “CSV UTF-8”.") from None
        if "\x00" in text:
            raise ValueError(f"This is not a CSV file: it holds a NUL character. {_SAVE_AS_CSV}")
        yield from _LINE.findall(text)
