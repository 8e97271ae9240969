"""Excel workbooks (.xlsx) from strangers: the values of their one sheet, and refusals of what is meant to harm."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from lxml.etree import XMLSyntaxError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from clinics.operations.workbook_harm import Harmful, refuse_harm

_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_IN_XML: Final = re.compile(r"[\x01-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
# What openpyxl raises over a damaged workbook is whatever its code stumbles on.
_DAMAGES: Final = (
    *(zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, XMLSyntaxError, EOFError, OSError),
    *(KeyError, IndexError, TypeError, AttributeError, ValueError, NotImplementedError, RuntimeError, OverflowError),
)
_DAMAGED: Final = "This is no Excel workbook, or a damaged one. Open it, and save it again as .xlsx."


def workbook_lines(file: BinaryIO, most_rows: int | None, most_columns: int) -> Iterator[list[str]]:
    """The lines of the workbook's one sheet as text, with those that are empty. Raises Harmful with the reason.

    One line more than `most_rows` and the header, and one cell more than `most_columns`, are given at most.
    """
    _tried(lambda: refuse_harm(file))
    book = _tried(lambda: load_workbook(file, read_only=True, data_only=True, keep_links=False))
    sheets = _tried(lambda: list(book.worksheets))
    if not sheets:
        raise Harmful(_DAMAGED)
    filled = [sheet.title for sheet in sheets[1:] if _tried(lambda sheet=sheet: _has_content(sheet))]
    if filled:
        raise Harmful(f"This workbook has more than one sheet ({', '.join(filled)[:200]}). Keep that of the clinics.")
    sheets[0].reset_dimensions()  # what the sheet says of its own size counts for nothing
    most = None if most_rows is None else most_rows + 2
    rows = sheets[0].iter_rows(max_row=most, max_col=most_columns + 1, values_only=True)
    while (row := _tried(lambda: next(rows, None))) is not None:
        yield _without_end([_text(value) for value in row])


def escaped(text: str) -> str:
    """The text with what XML cannot hold written as Excel does: `_x000B_`."""
    return _NOT_IN_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def _tried(step: Any) -> Any:
    """What the step answers. Raises Harmful where the workbook is damaged or means harm."""
    try:
        return step()
    except Harmful:
        raise
    except DefusedXmlException:
        raise Harmful("This workbook's markup defines entities, which none needs. Save it again as .xlsx.") from None
    except _DAMAGES:
        raise Harmful(_DAMAGED) from None


def _has_content(sheet: Any) -> bool:
    """Whether anything stands among the sheet's first cells."""
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=100, max_col=50, values_only=True)
    return any(value is not None for row in rows for value in row)


def _without_end(cells: list[str]) -> list[str]:
    """The cells without empty ones at the end: a sheet is as wide as its widest row."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(value: Any) -> str:
    """A cell's value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(_unescaped, value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (datetime, date)) else str(value)


def _unescaped(match: re.Match[str]) -> str:
    """The character that Excel wrote so, unless no text of ours may hold it."""
    code = int(match[1], 16)
    return match[0] if code == 0 or 0xD800 <= code < 0xE000 else chr(code)
