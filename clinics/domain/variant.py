"""Small edits of a wording that ask no new decision: a price, a date, a count."""

import re
from typing import Final

from clinics.domain.identity import folded

_NUMBER: Final = re.compile(r"\d+(?:[.,:/-]\d+)*")


def but_for_numbers(wording: str) -> str:
    """The same text for wordings that differ in their numbers and in nothing else."""
    return _NUMBER.sub("#", folded(wording))
