"""What elements and class names of a page mean for a reader: inline or block, folded away, hidden, in the footer."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from clinics.domain.block import Surface

_FOLDED_INTO: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ROOTS: Final = frozenset({"html", "body", "main", "head"})
_CANDIDATES: Final = (
    '[hidden],[aria-hidden="true"],[style*="none" i],[style*="hidden" i],details,footer,'
    '[aria-expanded="false"][aria-controls],'
    '[class*="footer" i],[id*="footer" i],[role="contentinfo"],[class*="colophon"],[class*="accordion" i],'
    '[class*="collaps" i],[class*="faq" i],[class*="toggle" i],[class*="tab-" i],[class*="modal" i],[class*="popup" i],'
    '[class*="more-content" i],[class*="dropdown" i],[class*="sr-only" i],[class*="hidden" i],[class*="screen" i]'
)


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
    for node in tree.css(_CANDIDATES):
        attributes = node.attributes
        if attributes.get("aria-expanded") == "false":
            controlled.update((attributes.get("aria-controls") or "").split())
        surface = _surface(node, attributes)
        if surface is not None:
            found[node.mem_id] = surface
    if controlled:
        for node in tree.css("[id]"):
            if node.id in controlled:
                found[node.mem_id] = Surface.COLLAPSED
    return found


def _surface(node: LexborNode, attributes: dict[str, str | None]) -> Surface | None:
    tag = node.tag or ""
    if tag in _ROOTS:
        return None
    if tag == "details":
        return None if "open" in attributes else Surface.COLLAPSED
    tokens = frozenset((attributes.get("class") or "").lower().split())
    known = names()
    if tokens & known.collapsed_classes and not tokens & known.opened_classes:
        return Surface.COLLAPSED
    if _is_hidden(attributes, tokens):
        return Surface.HIDDEN
    if tokens & known.footer_classes or (attributes.get("id") or "").lower() in known.footer_classes:
        return Surface.FOOTER
    return Surface.FOOTER if tag == "footer" or attributes.get("role") == "contentinfo" else None


def _is_hidden(attributes: dict[str, str | None], tokens: frozenset[str]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or tokens & names().hidden_classes:
        return True
    if tokens & {"hidden", "d-none"}:
        return not any(":" in name or (name.startswith("d-") and name != "d-none") for name in tokens)
    return bool(_FOLDED_INTO.search(attributes.get("style") or ""))
