"""Tables as Excel workbooks: no cell of them is ever computed."""

import io
import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, Final

from openpyxl import Workbook

from clinics.domain.formulae import harmless
from clinics.operations.refusal import Refusal
from clinics.operations.workbooks import escaped

LONGEST_CELL: Final = 32_767  # characters, in Excel
MOST_ROWS: Final = 50_000  # of a workbook: it is made while somebody waits


def workbook(rows: Iterable[Sequence[str]]) -> IO[bytes]:
    """The rows as an Excel workbook of one sheet, in a file that is gone once it is closed.

    Raises Refusal where there are more than `MOST_ROWS`, or where a cell is longer than Excel's.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("clinics")
    try:
        for number, row in enumerate(rows):
            if number > MOST_ROWS:
                raise Refusal(f"A workbook is made of {MOST_ROWS:,} rows at most. Choose fewer, or take CSV.")
            sheet.append([_cell(text, number + 1) for text in row])
    except Refusal:
        book.save(io.BytesIO())  # what was written so far lies in a file that only saving removes
        raise
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who reads it
    book.save(file)
    file.seek(0)
    return file


def _cell(text: str, row: int) -> str:
    cell = escaped(harmless(text))
    if len(cell) > LONGEST_CELL:
        raise Refusal(f"Row {row} has a cell of more than {LONGEST_CELL:,} characters, Excel's limit. Take CSV.")
    return cell
