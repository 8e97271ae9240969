"""Words that a page states for search engines in JSON-LD: answers, reviews, descriptions of services."""

import json
import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from clinics.domain.block import Block, Surface

_CODE: Final = re.compile(r"\s*(?:[a-z]+://\S*|[\w.+-]+@[\w.-]+|[\d\s:.,+()TZ/#-]*|#?\S{0,2})\s*", re.IGNORECASE)
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?')
_NO_CHARACTER: Final = re.compile("[\x00\ud800-\udfff]")  # can be escaped in JSON, and can't be kept as text
_NAMING: Final = ("headline", "name", "title")
_DEEPEST: Final = 60


def structured_blocks(source: str) -> Iterator[Block]:
    """The worded string values of one JSON-LD script, a thing's name governing what is said below it.

    Broken JSON still yields its strings, without governors.
    """
    try:
        data = json.loads(source, strict=False)
    except (ValueError, RecursionError):
        values = (found[1] for found in _STRING.finditer(source) if not found[2])
        yield from (block for text in values for block in _block(text, ()))
        return
    for text, over in _values(data, (), 0):
        yield from _block(text, over)


def _values(data: object, over: tuple[str, ...], depth: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    if depth > _DEEPEST:
        return
    if isinstance(data, str):
        yield data, over
    elif isinstance(data, list):
        for item in data:
            yield from _values(item, over, depth + 1)
    elif isinstance(data, dict):
        yield from _of_thing(data, over, depth)


def _of_thing(thing: dict[str, object], over: tuple[str, ...], depth: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    named = next((key for key in _NAMING if isinstance(thing.get(key), str)), None)
    under = (*over, str(thing[named])) if named else over
    for key, value in thing.items():
        if not key.startswith("@") or key == "@graph":
            yield from _values(value, over if key == named else under, depth + 1)


def _block(text: str, over: tuple[str, ...]) -> Iterator[Block]:
    if _CODE.fullmatch(text):
        return
    words = _plain(text)
    if words:
        yield Block(words, Surface.STRUCTURED, tuple(_plain(each) for each in over))


def _plain(text: str) -> str:
    text = _NO_CHARACTER.sub("\ufffd", text)
    if "<" in text or "&" in text:
        body = LexborHTMLParser(text).body
        text = body.text(separator=" ") if body is not None else ""
    return " ".join(text.split())
