"""Small edits of a wording that ask no new decision: a price, a date, a count."""

import re
from typing import Final

from clinics.domain.identity import folded

# "100 %" promises everybody what "97 %" does not.
_ALL: Final = r"100(?: ?(?:%|percent\b|per cent\b|por ciento\b))"
_NUMBER: Final = re.compile(rf"(?<![\d.,])(?!{_ALL})\d+(?:[.,:/-]\d+)*")


def but_for_numbers(wording: str) -> str:
    """The same text for wordings that differ in their numbers and in nothing else; "100 %" counts as a word."""
    return _NUMBER.sub("#", folded(wording))
