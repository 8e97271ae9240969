"""Parts of a page that hang outside its document (shadow roots), set down where their hosts stand."""

import re
from typing import Final

_TEMPLATE: Final = re.compile(r"<template\b([^>]*)>|</template\s*>", re.IGNORECASE)
_OF_A_SHADOW: Final = re.compile(r"\bshadowrootmode\s*=", re.IGNORECASE)


def with_shadow_roots(html: str) -> str:
    """The serialised document with each declared shadow root as an ordinary element; other templates stay as they are.

    Browsers write shadow roots down as <template shadowrootmode=…>; readers take templates for code that is not shown.
    """
    if not _OF_A_SHADOW.search(html):
        return html
    opened: list[bool] = []

    def replaced(found: re.Match[str]) -> str:
        if found[1] is not None:
            opened.append(bool(_OF_A_SHADOW.search(found[1])))
            return "<div>" if opened[-1] else found[0]
        return "</div>" if opened and opened.pop() else found[0]

    return _TEMPLATE.sub(replaced, html)
