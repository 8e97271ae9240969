"""Reading a parsed page from top to bottom: cutting its words into blocks and telling what stands over each of them.

The parser's traversal tells where an element begins but not where it ends; each node's parent tells it, and a stack of
open elements is unwound to that parent. So text after a closing paragraph never joins that paragraph.
"""

from collections.abc import Mapping
from typing import Final

from selectolax.lexbor import LexborNode

from clinics.domain.block import Block, Surface
from clinics.domain.markup import names
from clinics.domain.table_heads import Table

_BREAK: Final = "\x00"  # no text node can hold it: the parser replaces it
_LEVELS: Final = {f"h{level}": level for level in range(1, 7)}
_LISTS: Final = frozenset({"ul", "ol"})
_NAMING: Final = frozenset({*_LEVELS, "dt", "summary", "th"})
_CLOSED_WORLDS: Final = frozenset(  # a heading within them says nothing of what follows them
    {"article", "aside", "nav", "footer", "li", "td", "th", "details", "dialog", "blockquote", "figure", "form", "dd"}
    | {"dl", "table", "ul", "ol"}
)
_STRENGTH: Final = {Surface.BODY: 0, Surface.FOOTER: 1, Surface.COLLAPSED: 2, Surface.HIDDEN: 3}
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MARKS: Final = {"TM": "™", "SM": "℠"}
_ENDS: Final = (".", "!", "?", "…", ";", ",")
_LONGEST_LEAD: Final = 300


class _Frame:
    """An open element that matters for blocks, and what is to be put back when it closes."""

    __slots__ = ("first", "headings", "is_block", "leads", "mark", "surface", "tag", "term", "words")

    def __init__(self, tag: str, is_block: bool, reader: "Reader") -> None:
        self.tag = tag
        self.is_block = is_block
        self.surface = reader.surface
        self.headings = reader.headings
        self.leads = reader.leads
        self.first = len(reader.blocks)
        self.mark = 0  # inline: where in the words it began
        self.words: list[str] | None = None  # the words it interrupted
        self.term = ""  # the last <dt> within it


class Reader:
    """Collects the blocks of one page. `special` gives elements with another surface, `labels` words in attributes."""

    def __init__(self, special: Mapping[int, Surface], labels: Mapping[int, str]) -> None:
        self.blocks: list[Block] = []
        self.surface = Surface.BODY
        self.headings: tuple[tuple[int, str], ...] = ()
        self.leads: tuple[str, ...] = ()
        self._special = special
        self._labels = labels
        self._words: list[str] = []
        self._ids: list[int] = []
        self._frames: list[_Frame | None] = []
        self._tables: list[Table] = []
        self._in_heading = False
        self._latest = (0, 0)  # parent element and number of blocks, when a piece of text last ended
        self._over: tuple[str, ...] | None = ()

    def read(self, root: LexborNode) -> None:
        """Walk over everything below `root`."""
        inline, special, labels = names().inline, self._special, self._labels
        ids, frames = self._ids, self._frames
        ids.append(root.mem_id)
        frames.append(None)
        nodes = root.traverse(include_text=True)
        next(nodes)
        for node in nodes:
            above = node.parent
            if above is not None and above.mem_id != ids[-1]:
                self._unwind(above.mem_id)
            tag = node.tag or "-"
            if tag == "-text":
                self._words.append(node.text_content or "")
                continue
            if tag[0] in "-!":  # comments and the like
                continue
            mine = node.mem_id
            if mine in labels:
                self._label(labels[mine], special.get(mine))
            plain = tag in inline and mine not in special
            frames.append(self._inline(tag, node) if plain else self._open(tag, node, special.get(mine)))
            ids.append(mine)
        self._unwind(root.mem_id)
        self._flush()

    def _unwind(self, to: int) -> None:
        """Close the elements that were opened within element `to`."""
        ids, frames = self._ids, self._frames
        while ids[-1] != to:
            ids.pop()
            frame = frames.pop()
            if frame is not None:
                self._close(frame)

    def _inline(self, tag: str, node: LexborNode) -> _Frame | None:
        if tag == "br":
            self._words.append(_BREAK)
        elif tag == "a":
            before = node.prev
            if before is not None and before.tag == "a":
                self._words.append(" ")  # neighbours in a menu, told apart by their margins
        elif tag == "q":
            self._words.append("“")
            return _Frame(tag, False, self)
        elif tag == "sup":
            frame = _Frame(tag, False, self)
            frame.mark = len(self._words)
            return frame
        return None

    def _label(self, text: str, surface: Surface | None) -> None:
        hidden = Surface.HIDDEN in (self.surface, surface)
        self.blocks.append(Block(text, Surface.HIDDEN if hidden else Surface.ALT, self._governors()))

    def _open(self, tag: str, node: LexborNode, surface: Surface | None) -> _Frame:
        if tag == "noscript":
            surface = Surface.HIDDEN
        is_block = tag not in names().inline
        if is_block and self._words:
            self._flush()
        frame = _Frame(tag, is_block, self)
        if not is_block:
            frame.words, self._words = self._words, []
        if surface is not None and _STRENGTH[surface] > _STRENGTH[self.surface]:
            self.surface = surface
        if tag == "summary":
            self._unfold()
        if is_block:
            self._enter(tag, node)
        return frame

    def _unfold(self) -> None:
        """A summary is seen whether or not its details are: it has the surface that its details stand on."""
        for outer in reversed(self._frames):
            if outer is not None and outer.tag == "details":
                self.surface = outer.surface
                return

    def _enter(self, tag: str, node: LexborNode) -> None:
        level = _LEVELS.get(tag)
        if level is not None:
            self.headings = tuple(each for each in self.headings if each[0] < level)
            self._over = None
            self._in_heading = True
            return
        if self._latest == (self._ids[-1], len(self.blocks)):
            self._lead(tag)
        if tag == "dd":
            self._add(next((each.term for each in self._frames[-1:] if each is not None), ""))
        elif tag == "table":
            self._tables.append(Table())
        elif self._tables:
            self._in_table(tag, node)

    def _lead(self, tag: str) -> None:
        """Let the text right before govern what opens now: the lead-in of a list, a colon, a question."""
        text = self.blocks[-1].text
        if len(text) > _LONGEST_LEAD or (self.headings and self.headings[-1][1] == text):
            return
        if text.endswith((":", "?")) or (tag in _LISTS and not text.endswith(_ENDS)):
            self._add(text)

    def _in_table(self, tag: str, node: LexborNode) -> None:
        table = self._tables[-1]
        if tag == "tr":
            table.start_row()
        elif tag in ("td", "th"):
            span = node.attributes.get("colspan") or "1"
            for text in table.start_cell(tag, int(span) if span.isdecimal() and len(span) < 4 else 1):
                self._add(text)

    def _add(self, text: str) -> None:
        if text and (not self.leads or self.leads[-1] != text):
            self.leads = (*self.leads, text)
            self._over = None

    def _close(self, frame: _Frame) -> None:
        if not frame.is_block:
            self._close_inline(frame)
            return
        if self._words:
            self._flush()
        self._in_heading = self._in_heading and frame.tag not in _LEVELS
        said = " ".join(block.text for block in self.blocks[frame.first :]) if frame.tag in _NAMING else ""
        changed = self.surface is not frame.surface
        hidden = self.surface is Surface.HIDDEN
        self.surface = frame.surface
        self.leads = frame.leads
        if changed or frame.tag in _CLOSED_WORLDS or (frame.tag == "section" and self._has_text(frame.first)):
            self.headings = frame.headings
        self._over = None
        if said and not hidden:
            self._name(frame.tag, said)
        if frame.tag == "table" and self._tables:
            self._tables.pop()
        if len(self.blocks) > frame.first:
            self._latest = (self._ids[-1], len(self.blocks))

    def _has_text(self, first: int) -> bool:
        return any(block.surface is not Surface.HEADING for block in self.blocks[first:])

    def _name(self, tag: str, said: str) -> None:
        """Let a heading, term, summary or table head govern what follows."""
        level = _LEVELS.get(tag)
        above = self._frames[-1] if self._frames else None
        if level is not None:
            self.headings = (*(each for each in self.headings if each[0] < level), (level, said))
        elif tag == "dt" and above is not None:
            above.term = said
        elif tag == "summary":
            self._add(said)
        elif tag == "th" and self._tables:
            self._tables[-1].name(said)

    def _close_inline(self, frame: _Frame) -> None:
        if frame.words is not None:
            self._flush()
            self._words = frame.words
            self.surface, self.headings, self.leads = frame.surface, frame.headings, frame.leads
            self._over = None
        elif frame.tag == "q":
            self._words.append("”")
        elif frame.mark < len(self._words):
            raised = "".join(self._words[frame.mark :]).strip()
            new = raised.translate(_RAISED) if raised.isdecimal() else _MARKS.get(raised)
            if new is not None:
                self._words[frame.mark :] = [new]

    def _governors(self) -> tuple[str, ...]:
        if self._over is None:
            self._over = (*(text for _, text in self.headings), *self.leads)
        return self._over

    def _flush(self) -> None:
        """End the block that the words collected so far make."""
        joined = "".join(self._words)
        self._words.clear()
        for text in _paragraphs(joined) if _BREAK in joined else (" ".join(joined.split()),):
            if text:
                surface = Surface.HEADING if self._in_heading and self.surface is Surface.BODY else self.surface
                self.blocks.append(Block(text, surface, self._governors()))
                self._latest = (self._ids[-1], len(self.blocks))


def _paragraphs(joined: str) -> list[str]:
    """The paragraphs of a text with forced line breaks: one break is a line end, two in a row a paragraph's."""
    lines = [" ".join(line.split()) for line in joined.split(_BREAK)]
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        else:
            paragraphs.append([])
    return ["\n".join(paragraph) for paragraph in paragraphs if paragraph]
