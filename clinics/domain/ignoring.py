"""Pieces of a page that staff chose not to read: a carousel of news, a feed of posts, a line that changes daily.

What is left out is left out before the text is compared, stored or judged. Another choice makes another reading of
the same page, so its version belongs to the extractor's: what it takes away or brings is a change of ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import re2
import xxhash
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from clinics.domain.block import Block
from clinics.domain.normal import normalise
from clinics.domain.wording import options

LONGEST: Final = 300  # characters of a selector or pattern
_WHOLE_PAGE: Final = ("html", "body", "head", ":root", "*")


class IgnoringFault(Exception):
    """A selector or pattern that can't be read, or that would leave out everything; told in a sentence for staff."""


@dataclass(frozen=True, slots=True)
class Ignoring:
    """What is left out of a page: elements by CSS selectors, and pieces of text that a pattern matches wholly."""

    selectors: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """ "" where nothing is left out; else a mark that is the same for the same choice, in any order."""
        if not self.selectors and not self.patterns:
            return ""
        said = "\x1f".join((*sorted(self.selectors), "\x1e", *sorted(self.patterns)))
        return f"+{xxhash.xxh3_64_hexdigest(said.encode())}"

    def strip(self, tree: LexborHTMLParser) -> None:
        """Take the elements out of a document."""
        for selector in self.selectors:
            for node in tree.css(selector):
                node.decompose()

    def kept(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """The blocks but for those that a pattern matches from their first word to their last."""
        if not self.patterns:
            return tuple(blocks)
        made = [_compiled(pattern) for pattern in self.patterns]
        return tuple(block for block in blocks if not _matches(block.text, made))


NOTHING: Final = Ignoring()


def _matches(text: str, patterns: Iterable[Any]) -> bool:
    words = normalise(text).text
    return any(pattern.fullmatch(words) for pattern in patterns)


def _compiled(pattern: str) -> Any:
    return re2.compile(pattern, options())


def check_selector(selector: str) -> None:
    """Raises IgnoringFault where a selector can't be read or takes the whole page."""
    tree = LexborHTMLParser("<html><head></head><body><main><p>Words</p></main></body></html>")
    try:
        taken = tree.css(selector)
    except (SelectolaxError, ValueError):
        raise IgnoringFault(f"“{selector}” is not a CSS selector, such as “.news” or “#feed li”.") from None
    if any(node.tag in ("html", "body") for node in taken) or selector.strip().lower() in _WHOLE_PAGE:
        raise IgnoringFault(f"“{selector}” would leave out the whole page. Name the part that changes.")


def check_pattern(pattern: str) -> None:
    """Raises IgnoringFault where a pattern can't be read or matches anything."""
    try:
        made = _compiled(pattern)
    except re2.error as fault:
        raise IgnoringFault(f"“{pattern}” is not a pattern that RE2 can read: {fault}.") from None
    if made.fullmatch("") or all(made.fullmatch(words) for words in ("Our clinic cures the knee.", "12 May")):
        raise IgnoringFault(f"“{pattern}” matches any text. Name the words that stand in the piece to leave out.")
