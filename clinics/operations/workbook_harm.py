"""What an Excel workbook from a stranger may not be: an archive that swells, hides macros, or defines entities.

Judged by the archive's list of contents and by one pass over its markup, before any of it is made into elements: a
parser keeps all elements of a row, and an empty one for each row, in memory.
"""

import re
import zipfile
from typing import BinaryIO, Final

MOST_BYTES_UNPACKED: Final = 200_000_000
MOST_BYTES_OF_STRINGS: Final = 40_000_000  # texts of cells, which are held in memory as a whole
MOST_BYTES_OF_OTHERS: Final = 2_000_000  # styles, pictures and the like
MOST_BYTES_BEHIND_ROWS: Final = 10_000_000  # links, merged cells and the like of a sheet
MOST_BYTES_OF_A_ROW: Final = 1_000_000
MOST_TAGS_OF_STRINGS: Final = 4_000_000
MOST_ROWS_IN_A_SHEET: Final = 1_048_576  # Excel's own limit
MOST_PARTS: Final = 500
MOST_TIMES_UNPACKED: Final = 200  # honest sheets of clinics grow 5 to 20 times
SMALL: Final = 1_000_000  # bytes; what unpacks to less is no bomb, however often it repeats itself
_BLOCK: Final = 1 << 16
_ROW_END: Final = re.compile(rb"</(?:[\w.-]+:)?row\s*>|<(?:[\w.-]+:)?row\b[^<>]*/>")
_ROWS_END: Final = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>")  # links, merged cells and the like stand behind it
_CELL: Final = re.compile(rb"<(?:[\w.-]+:)?(?:c|row)[\s/>]")
_LONGEST_TAG: Final = 200  # bytes of a row's end, which may stand across two blocks
TOO_MUCH: Final = "This workbook unpacks to too much. Save the table alone, as .xlsx or as “CSV UTF-8”."
_MARKUP: Final = (".xml", ".rels", ".vml")


class Harmful(ValueError):
    """A workbook that is not read, and what to do about it."""


def refuse_harm(file: BinaryIO) -> None:
    """Look through the archive. Raises Harmful with what to do, and what `zipfile` raises over a damaged one."""
    archive = zipfile.ZipFile(file)
    parts = archive.infolist()
    _refuse_contents(parts)
    for part in parts:
        name = part.filename.lower()
        if name.endswith(_MARKUP):
            _refuse_doctype(archive, part)
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            _refuse_endless_rows(archive, part)
        elif name.endswith("sharedstrings.xml"):
            _refuse_too_many_strings(archive, part)
        elif part.file_size > MOST_BYTES_OF_OTHERS:  # whatever its name: any part can be declared a sheet
            raise Harmful(TOO_MUCH)


def _refuse_contents(parts: list[zipfile.ZipInfo]) -> None:
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise Harmful("This workbook holds macros. Save it as .xlsx, without macros.")
    if any(part.flag_bits & 1 for part in parts):
        raise Harmful("This workbook is encrypted. Save it without a password.")
    swells = unpacked > SMALL and unpacked > MOST_TIMES_UNPACKED * max(packed, 1)
    if swells or unpacked > MOST_BYTES_UNPACKED or len(parts) > MOST_PARTS:
        raise Harmful(TOO_MUCH)


def _refuse_doctype(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """A document type would define entities; it stands before the markup, in whichever encoding."""
    with archive.open(part) as markup:
        beginning = markup.read(4096).replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in beginning or b"<!ENTITY" in beginning:
        raise Harmful("This workbook's markup defines entities, which none needs. Save it again as .xlsx.")


def _refuse_endless_rows(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Rows must end soon, and be no more than Excel's; what stands behind them holds none."""
    rows = since_row = 0
    is_behind, kept = False, b""
    with archive.open(part) as markup:
        while block := markup.read(_BLOCK):
            text, kept = kept + block, block[-_LONGEST_TAG:]
            ends = [match.end() for match in _ROW_END.finditer(text) if match.end() > len(text) - len(block)]
            rows += len(ends)
            since_row = len(text) - ends[-1] if ends else since_row + len(block)
            if is_behind and _CELL.search(block):
                raise Harmful(TOO_MUCH)
            is_behind = is_behind or _ROWS_END.search(text) is not None
            if rows > MOST_ROWS_IN_A_SHEET or since_row > (
                MOST_BYTES_BEHIND_ROWS if is_behind else MOST_BYTES_OF_A_ROW
            ):
                raise Harmful(TOO_MUCH)


def _refuse_too_many_strings(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    tags = 0
    with archive.open(part) as markup:
        while block := markup.read(_BLOCK):
            tags += block.count(b"<")
            if tags > MOST_TAGS_OF_STRINGS or _CELL.search(block):
                raise Harmful(TOO_MUCH)
    if part.file_size > MOST_BYTES_OF_STRINGS:
        raise Harmful(TOO_MUCH)
