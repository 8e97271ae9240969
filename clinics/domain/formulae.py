"""Cells that a spreadsheet would take for a formula: made harmless on the way out, and read back as they were."""

import re
from typing import Final

# What spreadsheets begin a formula with, or pass over before one; the wide forms count in some of their languages.
_TAKEN_FOR_A_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MADE_HARMLESS: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def harmless(text: str) -> str:
    """The text as a cell that no spreadsheet computes: an apostrophe stands before what could be a formula.

    A text that begins with apostrophes and then so gets one more, which is what makes `as_meant` exact.
    """
    return f"'{text}" if _TAKEN_FOR_A_FORMULA.match(text) else text


def as_meant(cell: str) -> str:
    """The text of a cell that `harmless` may have written; any other cell as it is."""
    return cell[1:] if _MADE_HARMLESS.match(cell) else cell
