"""The pieces of visible text that a page is made of, and where on the page each stands."""

from dataclasses import dataclass
from enum import StrEnum


class Surface(StrEnum):
    """Where on a page some words stand."""

    TITLE = "title"
    META = "meta"
    HEADING = "heading"
    BODY = "body"
    ALT = "alt_text"
    STRUCTURED = "structured_data"
    COLLAPSED = "collapsed"
    HIDDEN = "hidden"
    FOOTER = "footer"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that a reader sees as one piece: a paragraph, heading, list item, table cell, button.

    `governors` are the texts that stand over it, outermost first: headings above it, the lead-in of its list, the
    question that it answers. A sentence is judged together with them ("Myth 1:", "Red flags:").
    """

    text: str
    surface: Surface
    governors: tuple[str, ...] = ()
    page: int | None = None  # page of a PDF, counted from 1


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or fragment of a block. `start` and `end` are code points in the block's text."""

    text: str
    start: int
    end: int
    block: int  # index of the block on the page
    surface: Surface
    governors: tuple[str, ...] = ()
    page: int | None = None
    before: str = ""  # the sentence before it in the same block, "" at the start
    after: str = ""


def alone(text: str, governors: tuple[str, ...] = ()) -> Sentence:
    """A sentence that stands by itself, under these governors."""
    return Sentence(text, 0, len(text), 0, Surface.BODY, governors)
