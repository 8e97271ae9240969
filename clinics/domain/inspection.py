"""What came of an attempt to read a page, and what the page said.

Only a page whose own words were read is an observation. Everything that may stand in its place gets its own outcome,
with the reason in a sentence for staff. No bytes whatsoever make these functions raise.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from clinics.domain.answer import Answer
from clinics.domain.block import Block, Sentence, Surface
from clinics.domain.extraction import ParsedPage, decode, extract_html
from clinics.domain.identity import digest, text_digest
from clinics.domain.ignoring import NOTHING, Ignoring
from clinics.domain.outcome import Outcome
from clinics.domain.page_identity import site_of
from clinics.domain.sentences import split
from clinics.domain.signs import MOST_WORDS_OF_WALLS, Look, stands_instead, wall

_TURNED_AWAY: Final = {
    401: "The page is shown only after a log-in (401).",
    403: "The site turned our reader away (403).",
    406: "The site turned our reader away (406).",
    407: "The site turned our reader away (407).",
    429: "The site says that it was asked too often (429).",
    451: "The site says that it may not show the page here (451).",
}
_HTML: Final = re.compile(rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_BINARY: Final = (
    *(b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"\x00\x00\x01\x00"),  # pictures
    *(b"PK\x03\x04", b"\x1f\x8b", b"\x7fELF", b"MZ"),  # archives and programs
)
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_PDF: Final = b"%PDF-"
_MARKUP_TYPES: Final = frozenset({"", "text/html", "application/xhtml+xml", "text/xml", "application/xml"})
_HOME: Final = re.compile(r"/?(?:index\.\w+|home|inicio|default\.\w+|[a-z]{2}(?:-[a-z]{2})?)?/?", re.IGNORECASE)
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n\s*|\f")
_HYPHENATED: Final = re.compile(r"(?<=[a-zß-öø-ÿ])[-‐\u00ad]\n(?=[a-zß-öø-ÿ])")
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL's text has no NUL, UTF-8 no half of a pair
_WRAPPED: Final = 45  # a line this long was broken by its width, not by its author


@dataclass(frozen=True, slots=True)
class Known:
    """The marks of the text that was last read here, and of the outline that it was read from; "" where unknown."""

    text: str = ""
    outline: str = ""


NOTHING_KNOWN: Final = Known()


@dataclass(frozen=True, slots=True)
class Inspection:
    """The outcome of one attempt with its reason, and the words read; `digests` has one mark for each sentence.

    `outline` is a mark of the markup by which the same words are told another time.
    """

    outcome: Outcome
    reason: str = ""
    blocks: tuple[Block, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    digests: tuple[int, ...] = ()
    text_digest: str = ""
    outline: str = ""


def inspect(
    answer: Answer,
    site: str,
    pdf_pages: Sequence[str] | None = None,
    known: Known = NOTHING_KNOWN,
    ignoring: Ignoring = NOTHING,
) -> Inspection:
    """Judge the end of an attempt to read a page of `site` (a registered domain; "" accepts any).

    `pdf_pages` are the texts of a PDF's pages, where the caller had its body read. A page of the outline that is known
    is not read, and one of the text that is known not cut into sentences: the caller has them. What `ignoring` names
    is not read.
    """
    if answer.trouble is not None:
        return Inspection(answer.trouble, answer.reason)
    refusal = _by_status(answer) or _by_address(answer, site)
    if refusal is not None:
        return refusal
    if answer.body.startswith(_PDF) and pdf_pages is not None:
        return inspect_pdf_pages(pdf_pages, known, ignoring)
    content_type = answer.headers.get("content-type", "")
    read = reread(answer.body, content_type, known, ignoring)
    if read.outcome is Outcome.OK and _cut_short(answer):
        return Inspection(Outcome.PARTIAL, "The connection ended before the whole page had come.", read.blocks)
    return read


def _by_status(answer: Answer) -> Inspection | None:
    status = answer.status
    if status == 304:
        return Inspection(Outcome.UNCHANGED)
    if status in (200, 203) or status == 0:
        return None
    behind = _wall_behind(answer)
    if behind is not None:
        return behind
    if status in (404, 410):
        return Inspection(Outcome.GONE, f"The site says that the page is not there ({status}).")
    if status in _TURNED_AWAY:
        return Inspection(Outcome.BLOCKED, _TURNED_AWAY[status])
    if 200 <= status < 300:
        return Inspection(Outcome.PARTIAL, f"The site answered without the whole page ({status}).")
    return Inspection(Outcome.ERROR, f"The site answered with status {status}.")


def _wall_behind(answer: Answer) -> Inspection | None:
    """A wall that hides behind a status of another meaning, such as 404 or 503."""
    if answer.headers.get("cf-mitigated") == "challenge":
        return Inspection(Outcome.BLOCKED, "The site asks visitors to prove that they are human.")
    markup = decode(answer.body[:200_000], answer.headers.get("content-type", ""))
    found = wall(Look.of(extract_html(markup)), markup) if answer.status != 500 else None
    return Inspection(*found) if found else None


def _by_address(answer: Answer, site: str) -> Inspection | None:
    try:
        now = site_of(answer.final_url)
    except ValueError:
        return Inspection(Outcome.ERROR, "The address at which the page was read has no host.")
    if site and now != site:
        return Inspection(Outcome.MOVED, f"The address leads to another site: {now}.")
    asked, came = urlsplit(answer.url), urlsplit(answer.final_url)
    if is_home(came.path) and not came.query and not is_home(asked.path):
        return Inspection(Outcome.SOFT_404, "The address leads to the site's home page, not to the page recorded.")
    return None


def is_home(path: str) -> bool:
    """Whether a path is that of a site's home page, also in a language of its own ("/es/", "/index.html")."""
    return bool(_HOME.fullmatch(path))


def _cut_short(answer: Answer) -> bool:
    length = answer.headers.get("content-length", "")
    plain = answer.headers.get("content-encoding", "identity").lower() in ("", "identity")
    return plain and length.isdecimal() and len(length) < 12 and len(answer.body) < int(length)


def reread(body: bytes, content_type: str, known: Known = NOTHING_KNOWN, ignoring: Ignoring = NOTHING) -> Inspection:
    """Read a stored body as if it had just come, with status 200; the rest as for `inspect`."""
    kind = content_type.partition(";")[0].strip().lower()
    if not body.strip():
        return Inspection(Outcome.PARTIAL, "The site answered with an empty page.")
    problem = _not_text(body, kind)
    if problem:
        return Inspection(Outcome.NOT_TEXT, problem)
    text = decode(body, content_type)
    if kind not in _MARKUP_TYPES and not _HTML.match(body):
        return inspect_text(text, known, ignoring)
    return _inspect_markup(text, known, ignoring)


def _inspect_markup(markup: str, known: Known, ignoring: Ignoring) -> Inspection:
    page = ParsedPage(markup, ignoring)
    outline = page.outline()
    if known.text and outline and outline == known.outline:
        return Inspection(Outcome.OK, text_digest=known.text, outline=outline)
    blocks = page.blocks()
    look = Look.of(blocks)
    instead = stands_instead(look, markup)
    if instead is not None:
        return Inspection(*instead, blocks=blocks)
    # What says little is judged by more of its markup than the outline holds.
    return replace(_said(blocks, known.text), outline=outline if look.words > MOST_WORDS_OF_WALLS else "")


def _not_text(body: bytes, kind: str) -> str:
    """Why a body is not a page of text, or "" if it is one."""
    if body.startswith(_PDF):
        return "This is a PDF whose text could not be read."
    if body.startswith(_BINARY) or (b"\x00" in body[:4096] and not body.startswith(_WIDE)):
        return "This is a file of pictures, sound, or another kind, not a page of text."
    if kind in _MARKUP_TYPES or kind.startswith("text/") or _HTML.match(body):
        return "" if kind not in ("text/css", "text/javascript") else f"This is code ({kind}), not a page of text."
    return f"The site calls this {kind}, which is not a page of text."


def inspect_text(text: str, known: Known = NOTHING_KNOWN, ignoring: Ignoring = NOTHING) -> Inspection:
    """Read pasted text: paragraphs are told apart by empty lines."""
    blocks = ignoring.kept(Block(paragraph, Surface.BODY) for paragraph in _paragraphs(text))
    return _said(blocks, known.text) if blocks else Inspection(Outcome.PARTIAL, "There is no text to read.")


def inspect_pdf_pages(pages: Sequence[str], known: Known = NOTHING_KNOWN, ignoring: Ignoring = NOTHING) -> Inspection:
    """Read the texts of a PDF's pages, counted from 1."""
    blocks = ignoring.kept(
        Block(paragraph, Surface.PDF, page=number)
        for number, page in enumerate(pages, start=1)
        for paragraph in _paragraphs(page)
    )
    if not blocks:
        return Inspection(Outcome.NOT_TEXT, "This PDF holds pictures of text, but no text.")
    return _said(blocks, known.text)


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a plain text, lines joined where only the width of the paper had broken them."""
    joined = _HYPHENATED.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""))
    return [made for piece in _PARAGRAPH.split(joined) if (made := _unwrapped(piece))]


def _unwrapped(paragraph: str) -> str:
    lines = [line for line in (" ".join(raw.split()) for raw in paragraph.split("\n")) if line]
    made = ""
    for number, line in enumerate(lines):
        wrapped = number and len(lines[number - 1]) >= _WRAPPED
        made += (" " if wrapped else "\n" if made else "") + line
    return made


def _storable(block: Block) -> Block:
    """The block with U+FFFD for characters that no database keeps; JSON may spell them out."""
    if not any(map(_UNSTORABLE.search, (block.text, *block.governors))):
        return block
    governors = tuple(_UNSTORABLE.sub("\ufffd", each) for each in block.governors)
    return replace(block, text=_UNSTORABLE.sub("\ufffd", block.text), governors=governors)


def _said(found: tuple[Block, ...], known_text: str) -> Inspection:
    blocks = tuple(map(_storable, found))
    text = text_digest(blocks)
    if text == known_text:
        return Inspection(Outcome.OK, "", blocks, text_digest=text)
    sentences = split(blocks)
    return Inspection(Outcome.OK, "", blocks, sentences, tuple(map(digest, sentences)), text)
