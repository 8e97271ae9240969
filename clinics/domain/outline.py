"""A short mark of all in a page's markup that bears on what is read of it: pages with equal marks say the same.

Making it costs a fraction of reading the page, because the parser does nearly all of it. What sites draw anew for every
visitor (tokens in scripts, comments, hidden fields, addresses and data attributes) is not in it.
"""

import re
from collections.abc import Iterable
from typing import Final

import xxhash
from selectolax.lexbor import LexborHTMLParser

_UNREAD: Final = re.compile(r' (?:data-[^\s=">/]*|value|nonce|href|src|srcset|action|content)="[^"]*"')
"""Attributes that sites draw anew, none of which is read in a page's body; the words of buttons go apart."""

_COMMENT: Final = re.compile("<!--.*?-->", re.DOTALL)
_BETWEEN: Final = "\x1f"


def outline(tree: LexborHTMLParser, apart: Iterable[str]) -> str:
    """16 hexadecimal digits of a tree without its code, and of the words that are read apart from it.

    In the parser's own spelling no value holds a quotation mark and no text a "<": nothing is cut in the middle.
    Text that looks like an unread attribute counts all the same, because the tree's text is marked by itself too.
    """
    root = tree.root
    if root is None:
        return ""
    spelt = _UNREAD.sub("", _COMMENT.sub("", root.html or ""))
    whole = _BETWEEN.join((spelt, root.text(), *apart))
    return xxhash.xxh3_64_hexdigest(whole.encode("utf-8", "surrogatepass"))
