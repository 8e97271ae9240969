"""What would judge a clinic in our own words, and what a file or an answer says in them."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

_OF_CLINICS: Final = (
    r"safe(?!ty)\w*|unsafe|clean|fraud\w*|scam\w*|quack\w*|trusted|trustworth\w*|untrust\w*|reputable|legitimate"
    r"|dangerous\w*|illegal\w*|(?:bad|good|approved|verified|certified|recommended) clinics?"
    r"|(?:approved|verified|certified|recommended) by us|we (?:recommend|approve|trust|warn)"
    r"|segur[oa]s?|insegur[oa]s?|limpi[oa]s?|fraude\w*|fraudulent\w*|estafa\w*"
    r"|timos?|de confianza|confiables?|fiables?|ilegal\w*|peligros[oa]s?|mal[oa]s? clínicas?|buenas? clínicas?"
    r"|clínicas? (?:aprobada|verificada|certificada|recomendada|mala|buena)s?"
    r"|(?:aprobad|verificad|certificad|recomendad)[oa]s? por nosotros|recomendamos|aprobamos|advertimos"
)
_OF_PRODUCTS_TOO: Final = (
    r"approved|verified|certified|recommend\w*|misleading\w*"
    r"|aprobad[oa]s?|verificad[oa]s?|certificad[oa]s?|recomend\w+|recomendaci[oó]n\w*|engaños[oa]s?"
)
VERDICT: Final = re.compile(rf"\b({_OF_CLINICS}|{_OF_PRODUCTS_TOO})\b", re.IGNORECASE)
"""Words that would judge, in English and Spanish."""

OF_A_CLINIC: Final = re.compile(rf"\b({_OF_CLINICS})\b", re.IGNORECASE)
"""Those that would judge also where a text explains what “approved” means of a product."""

READ_ALOUD: Final = ("alt", "aria-label", "content", "placeholder", "summary", "title")
"""Attributes of which visitors read or hear the text."""

_ADDRESS: Final = re.compile(r"https?://\S+")
_SAID: Final = re.compile(r"""\{%\s*translate (["'])(.*?)\1.*?%\}|\{\{\s*_\((["'])(.*?)\3\)\s*\}\}""", re.DOTALL)
_CODE: Final = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_ASSIGNED: Final = re.compile(r"""_\((["'])(.*?)\1\)""")


def verdicts(texts: Iterable[str], allowed: Iterable[str] = ()) -> list[str]:
    """Those of the texts in which a word of verdict is left once the allowed ones are taken out of them."""
    return sorted({text for text in map(_folded, texts) if VERDICT.search(_without(allowed, text))})


def _folded(text: str) -> str:
    return " ".join(text.split())


def _without(allowed: Iterable[str], text: str) -> str:
    for each in allowed:
        text = text.replace(each, "…")
    return _ADDRESS.sub("…", text)


def said_in_html(source: str) -> Iterator[str]:
    """Every text of a page, and of the attributes that are read to visitors."""
    tree = LexborHTMLParser(source)
    for node in tree.css("style"):
        node.decompose()
    for node in tree.css("*"):
        yield from (value for name, value in node.attributes.items() if name in READ_ALOUD and value)
    for node in tree.root.traverse(include_text=True) if tree.root else ():
        if node.tag == "-text":
            yield node.text_content or ""


def said_in_xml(source: str) -> Iterator[str]:
    """Every text between tags, as it is read once its signs are unescaped."""
    yield from (LexborHTMLParser(piece).text() for piece in re.findall(r">([^<]+)<", source))


def said_in_json(source: str) -> Iterator[str]:
    """Every text that is a value, and every name of one."""

    def texts(told: Any) -> Iterator[str]:
        if isinstance(told, str):
            yield told
        elif isinstance(told, dict):
            for name, value in told.items():
                yield name
                yield from texts(value)
        elif isinstance(told, list):
            for value in told:
                yield from texts(value)

    yield from texts(json.loads(source))


def said_in_csv(source: str) -> Iterator[str]:
    """Every cell."""
    yield from (cell for row in csv.reader(io.StringIO(source)) for cell in row)


def said_in_template(source: str) -> Iterator[str]:
    """What a template says by itself: its own words and those that it marks for translation."""
    yield from (match[2] for match in _ASSIGNED.finditer(source))
    spoken = _SAID.sub(lambda match: match[2] or match[4], source)
    yield from said_in_html(_CODE.sub(" … ", spoken))
