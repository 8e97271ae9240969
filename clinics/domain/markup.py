"""What elements and class names of a page mean for a reader: inline or block, folded away, hidden, in the footer."""

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from clinics.domain.block import Surface

_NOT_SHOWN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ROOTS: Final = frozenset({"html", "body", "main", "head"})
_UNSEEN: Final = frozenset({"hidden", "d-none"})
_CANDIDATES: Final = "[class],[id],[style],[hidden],[aria-hidden],[aria-expanded],[role],details,footer"


@dataclass(frozen=True, slots=True)
class Names:
    """Names of elements and classes, each group for one meaning."""

    inline: frozenset[str]
    code: frozenset[str]
    footer_classes: frozenset[str]
    collapsed_classes: frozenset[str]
    opened_classes: frozenset[str]
    hidden_classes: frozenset[str]


@cache
def names() -> Names:
    """The names as the data file gives them."""
    file = Path(__file__).with_name("data") / "markup.json"
    groups = json.loads(file.read_text(encoding="utf-8"))
    return Names(**{field: frozenset(groups[field]) for field in Names.__slots__})


def special_surfaces(tree: LexborHTMLParser) -> dict[int, Surface]:
    """The elements (by their memory id) at which another surface begins, and which."""
    found: dict[int, Surface] = {}
    controlled: set[str] = set()
    named: dict[str, int] = {}
    for node in tree.css(_CANDIDATES):
        attributes = node.attributes
        if attributes.get("aria-expanded") == "false":
            controlled.update((attributes.get("aria-controls") or "").split())
        if attributes.get("id"):
            named[attributes["id"] or ""] = node.mem_id
        surface = _surface(node, attributes)
        if surface is not None:
            found[node.mem_id] = surface
    found.update((named[name], Surface.COLLAPSED) for name in controlled if name in named)
    return found


def _surface(node: LexborNode, attributes: dict[str, str | None]) -> Surface | None:
    by_class = _by_class(attributes.get("class") or "")
    if by_class is Surface.COLLAPSED or _is_hidden(attributes):
        surface = Surface.COLLAPSED if by_class is Surface.COLLAPSED else Surface.HIDDEN
        return None if node.tag in _ROOTS else surface
    tag = node.tag
    if tag == "details":
        return by_class if "open" in attributes else Surface.COLLAPSED
    in_footer = tag == "footer" or attributes.get("role") == "contentinfo"
    if by_class is None and (in_footer or (attributes.get("id") or "").lower() in names().footer_classes):
        return Surface.FOOTER
    return None if tag in _ROOTS else by_class


@lru_cache(maxsize=8192)
def _by_class(value: str) -> Surface | None:
    """The surface that an element's classes tell of."""
    tokens = frozenset(value.lower().split())
    known = names()
    if tokens & known.collapsed_classes and not tokens & known.opened_classes:
        return Surface.COLLAPSED
    if tokens & known.hidden_classes or (tokens & _UNSEEN and not any(map(_shows_again, tokens))):
        return Surface.HIDDEN
    return Surface.FOOTER if tokens & known.footer_classes else None


def _shows_again(name: str) -> bool:
    """Whether a class shows an element on wider or narrower screens ("md:block", "d-lg-flex")."""
    return ":" in name or (name.startswith("d-") and name != "d-none")


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    return "style" in attributes and bool(_NOT_SHOWN.search(attributes["style"] or ""))
