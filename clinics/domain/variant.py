"""Small edits of a wording that ask no new decision: a price, a date, a count."""

import re
from typing import Final

from clinics.domain.identity import folded

_NUMBER: Final = re.compile(r"\d+(?:[.,:/-]\d+)*")


def same_but_for_numbers(one: str, other: str) -> bool:
    """Whether two wordings differ in their numbers and in nothing else. Equal wordings are the same too."""
    return _NUMBER.sub("#", folded(one)) == _NUMBER.sub("#", folded(other))
