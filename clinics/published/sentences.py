"""The fixed public sentences and labels, in both languages, from `data/sentences.json` and `data/labels.json`."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

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
    return templates(group)[key][language()].format_map(filled)


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
    return date_format(value, "DATE_FORMAT") if isinstance(value, date) else str(value)
