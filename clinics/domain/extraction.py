"""All the words of a page, in the pieces in which a reader sees them.

Nothing is left out because it looks like boilerplate: slogans stand in banners, and disclaimers in footers. Only code
is dropped (scripts, styles, templates, drawings). Where words stand is told by each block's surface.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from selectolax.lexbor import LexborHTMLParser
from w3lib.encoding import html_to_unicode

from clinics.domain.block import Block, Surface
from clinics.domain.ignoring import NOTHING, Ignoring
from clinics.domain.markup import names, special_surfaces
from clinics.domain.outline import outline
from clinics.domain.reading_order import Reader
from clinics.domain.structured import structured_blocks

EXTRACTOR_VERSION: Final = "2"  # a choice of what to leave out adds its own version to it
_META: Final = (
    'meta[name="description" i],meta[property^="og:" i],meta[name^="twitter:" i],meta[property^="twitter:" i]'
)
_JSON_LD: Final = 'script[type="application/ld+json" i]'
_META_WORDS: Final = ("description", "title", "image:alt", "site_name")
_LABELLED: Final = "[aria-label],[alt],[placeholder],input[value]"
_BUTTONS: Final = frozenset({"submit", "button", "reset"})


def decode(body: bytes, content_type: str) -> str:
    """The text of a body by its byte order mark, the header's charset, the document's own, or a guess; never raises."""
    return html_to_unicode(content_type, body, default_encoding="utf8", auto_detect_fun=_guess)[1]


def _guess(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def extract_html(markup: str, ignoring: Ignoring = NOTHING) -> tuple[Block, ...]:
    """The blocks of a page in reading order: title and descriptions, then its body, then its structured data.

    What staff chose to leave out is not in them. Never raises on any text.
    """
    return ParsedPage(markup, ignoring).blocks()


class ParsedPage:
    """A page's markup, parsed, without its code and what staff chose to leave out. No text makes it raise."""

    def __init__(self, markup: str, ignoring: Ignoring = NOTHING) -> None:
        self._tree, self._ignoring = LexborHTMLParser(markup), ignoring
        ignoring.strip(self._tree)
        self._structured = [script.text() for script in self._tree.css(_JSON_LD)]
        self._head = tuple(_head(self._tree))
        if self._tree.root is not None:
            self._tree.strip_tags([*names().code, "title"])

    def outline(self) -> str:
        """A mark that is the same for pages of which the same is read."""
        head = (block.text for block in self._head)
        return outline(self._tree, (*head, *self._structured, *_buttons(self._tree)))

    def blocks(self) -> tuple[Block, ...]:
        """The blocks in reading order."""
        structured = (block for script in self._structured for block in structured_blocks(script))
        return self._ignoring.kept((*self._head, *_body(self._tree), *structured))


def _head(tree: LexborHTMLParser) -> Iterator[Block]:
    title = tree.css_first("title")
    words = " ".join(title.text().split()) if title is not None else ""
    if words:
        yield Block(words, Surface.TITLE)
    said = {words}
    for meta in tree.css(_META):
        attributes = meta.attributes
        name = (attributes.get("property") or attributes.get("name") or "").lower()
        words = " ".join((attributes.get("content") or "").split())
        if words and name.endswith(_META_WORDS) and words not in said:
            said.add(words)
            yield Block(words, Surface.META)


def _body(tree: LexborHTMLParser) -> Iterable[Block]:
    root = tree.root
    if root is None:
        return ()
    reader = Reader(special_surfaces(tree), _labels(tree))
    reader.read(root)
    return reader.blocks


def _buttons(tree: LexborHTMLParser) -> Iterator[str]:
    """The values of input elements that a visitor sees as words."""
    for node in tree.css("input[value]"):
        yield _value(node.attributes)


def _value(attributes: Mapping[str, str | None]) -> str:
    return (attributes.get("value") or "") if (attributes.get("type") or "").lower() in _BUTTONS else ""


def _labels(tree: LexborHTMLParser) -> dict[int, str]:
    """Words that stand in attributes, by their element's memory id: of pictures, icons, fields and buttons."""
    found = {}
    for node in tree.css(_LABELLED):
        attributes = node.attributes
        value = _value(attributes)
        text = attributes.get("alt") or attributes.get("aria-label") or attributes.get("placeholder") or value
        words = " ".join((text or "").split())
        if words:
            found[node.mem_id] = words
    return found
