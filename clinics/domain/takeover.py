"""Whether a site still speaks for the clinic that it was recorded for."""

import re
from collections.abc import Iterable
from typing import Final

from clinics.domain.block import Block
from clinics.domain.identity import folded

_DIGITS: Final = re.compile(r"\d")
_NUMBER: Final = 7  # digits by which a telephone number is told, from its end: prefixes are written or not


def speaks_for(blocks: Iterable[Block], names: Iterable[str], phones: Iterable[str]) -> bool:
    """Whether a text holds one of these names, or one of these telephone numbers in whatever form."""
    text = "\n".join(block.text for block in blocks)
    words = f" {folded(text)} "
    if any(f" {folded(name)} " in words for name in names if folded(name)):
        return True
    digits = "".join(_DIGITS.findall(text))
    ends = ("".join(_DIGITS.findall(phone))[-_NUMBER:] for phone in phones)
    return any(end in digits for end in ends if len(end) == _NUMBER)
