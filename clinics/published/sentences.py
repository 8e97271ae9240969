"""The fixed public sentences and labels, in both languages, from `data/sentences.json` and `data/labels.json`.

What people typed stands in them as it was typed; where that is in another language than the visitor's, HTML says so.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Self

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape, format_html
from django.utils.translation import get_language

from clinics.domain.languages import language_of

DATA = Path(__file__).parent / "data"
LANGUAGES = ("en", "es")


@cache
def _texts(file: str) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    texts: dict[str, dict[str, dict[str, str]]] = json.loads((DATA / f"{file}.json").read_text(encoding="utf-8"))
    return texts


def language() -> str:
    """The language of the visitor, one of LANGUAGES."""
    return "es" if (get_language() or "").startswith("es") else "en"


def templates(group: str) -> Mapping[str, Mapping[str, str]]:
    """The sentences of a group in both languages, by key."""
    return _texts("sentences")[group]


def sentence(group: str, key: str, **fields: object) -> str:
    """The public sentence for a state, its places filled. Dates are written in the visitor's language."""
    filled = {name: _written(value) for name, value in fields.items()}
    return filled_in(templates(group)[key][language()], **filled)


def tongue_of(text: str) -> str:
    """The language in which somebody typed a text; the visitor's where its words show none."""
    return language_of(text) or language()


class Mixed(str):
    """A text with words in another language than the visitor's: HTML marks them, all else reads plain text."""

    html: str

    def __new__(cls, text: str, html: str) -> Self:
        made = super().__new__(cls, text)
        made.html = html
        return made

    def __html__(self) -> str:
        """The text as templates write it."""
        return self.html


def as_typed(text: str) -> str:
    """What somebody typed, marked where its words are in another language than the visitor's."""
    tongue = language_of(text)
    if tongue in ("", language()):
        return text
    return Mixed(text, format_html('<span lang="{}">{}</span>', tongue, text))


def filled_in(template: str, **pieces: str) -> str:
    """A template with its places filled; pieces that are marked stay so."""
    text = template.format_map(pieces)
    if not any(isinstance(piece, Mixed) for piece in pieces.values()):
        return text
    return Mixed(text, escape(template).format_map({name: conditional_escape(piece) for name, piece in pieces.items()}))


def labels(group: str) -> Mapping[str, str]:
    """Labels of a group's values in the visitor's language, in their order; empty for an unknown group."""
    return _labels_in(group, language())


def labels_in_all(group: str) -> list[tuple[str, str]]:
    """Value and label of a group's values, in every language."""
    return [pair for tongue in LANGUAGES for pair in _labels_in(group, tongue).items()]


@cache
def _labels_in(group: str, tongue: str) -> Mapping[str, str]:
    return {key: texts[tongue] for key, texts in _texts("labels").get(group, {}).items()}


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    return value if isinstance(value, str) else str(value)
