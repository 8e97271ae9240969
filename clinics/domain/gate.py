"""What tells at one look which of many patterns may match a text.

It looks for the pieces of words without which a pattern can't match, all at once. A pattern without a piece of three
letters or more may always match.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import re2

from clinics.domain.wording import expand, options

_COUNTED: Final = re.compile(r"(?<=[.)\]])\{0,\d+\}\??")
_MARK: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\|", re.DOTALL)  # a bar, or what may hold one that is none
_ROOMY: Final = 8 << 20  # bytes for each pattern, which meets every text


class Gate:
    """A gate for patterns, which are known by their number. One look serves for all as long as RE2 finds room for
    their pieces (some 500 patterns)."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._filters: Final = list(_filters(patterns, 0))

    def passed(self, text: str) -> list[int]:
        """The patterns that match the text, or one of its lines, once their counted gaps may be of any width."""
        return self._numbers(text, potential=False)

    def possible(self, text: str) -> list[int]:
        """The patterns whose pieces stand in the text, wherever they stand."""
        return self._numbers(text, potential=True)

    def _numbers(self, text: str, *, potential: bool) -> list[int]:
        numbers: list[int] = []
        for first, each in self._filters:
            numbers += [first + number for number in each.Match(text, potential) or ()]
        numbers.sort()
        return numbers


def _filters(patterns: Sequence[str], first: int) -> Iterator[tuple[int, Any]]:
    """RE2's filters, each with the number of its first pattern."""
    if not patterns:
        return
    made = re2.Filter()
    for pattern in patterns:
        made.Add(_widened(expand(pattern)), options(_ROOMY))
    try:
        made.Compile()
    except re2.error:
        if len(patterns) == 1:
            raise
        half = len(patterns) // 2
        yield from _filters(patterns[:half], first)
        yield from _filters(patterns[half:], first + half)
    else:
        yield first, made


def _widened(pattern: str) -> str:
    """A wider pattern. Counted gaps make RE2's automaton large, open ones do not. From alternatives with a common
    beginning RE2 would take it out: "he(?:al|lp)" has no piece long enough to be looked for, "heal|help" has two."""
    return "(?m)" + _MARK.sub(_unlike, _COUNTED.sub("*", pattern))


def _unlike(mark: re.Match[str]) -> str:
    return {"|": "|(?:)", r"\A": "^", r"\z": "$"}.get(mark[0], mark[0])
