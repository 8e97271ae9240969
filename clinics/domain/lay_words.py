"""What patients and families call conditions, cells, ways of giving them and kinds of statements."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

LONGEST_PHRASE: Final = 4  # words
QUOTED: Final = re.compile('["“”„«»]([^"“”„«»]*)["“”„«»]')


@dataclass(frozen=True, slots=True)
class Part:
    """A word or phrase of what somebody typed, and which term or category it is known to mean: `kind:key`.

    `is_quoted` where it stood within quotation marks, and is to be found as it stands.
    """

    words: tuple[str, ...]
    meanings: tuple[str, ...] = ()
    is_quoted: bool = False

    @property
    def text(self) -> str:
        """The part as one types it."""
        words = " ".join(self.words)
        return f'"{words}"' if self.is_quoted else words


def folded(text: str) -> str:
    """The text without case, accents and signs, its words parted by single spaces."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", bare.casefold().replace("'", "").replace("’", "")))


@cache
def lay_words() -> Mapping[str, tuple[str, ...]]:
    """The meanings of each folded phrase."""
    meanings: dict[str, list[str]] = {}
    for entry in _data()["entries"]:
        for phrase in entry["words"]:
            meanings.setdefault(folded(phrase), []).extend(entry["terms"])
    return {phrase: tuple(dict.fromkeys(terms)) for phrase, terms in meanings.items()}


@cache
def _passed_over() -> frozenset[str]:
    return frozenset(folded(word) for word in _data()["passed_over"])


def _data() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(
        (Path(__file__).with_name("data") / "lay_words.json").read_text(encoding="utf-8")
    )
    return facts


def parts_of(text: str, known: Mapping[str, tuple[str, ...]]) -> tuple[Part, ...]:
    """The text's words, those together that are a phrase of `known`, the longest first, or stand in quotation marks.

    Words that say nothing alone (“in”, “near”, “de”) are left out where others remain. A mark that is not closed
    is none.
    """
    parts: list[Part] = []
    for place, piece in enumerate(QUOTED.split(text)):  # every second piece stood within marks
        words = piece.split()
        parts += [Part(tuple(words), is_quoted=True)] if place % 2 and folded(piece) else _of_words(words, known)
    telling = tuple(part for part in parts if _tells(part))
    return telling or tuple(parts)


def _tells(part: Part) -> bool:
    return part.is_quoted or bool(part.meanings) or folded(part.words[0]) not in _passed_over()


def _of_words(words: list[str], known: Mapping[str, tuple[str, ...]]) -> list[Part]:
    parts: list[Part] = []
    at = 0
    while at < len(words):
        parts.append(_phrase_at(words, at, known))
        at += len(parts[-1].words)
    return parts


def _phrase_at(words: list[str], at: int, known: Mapping[str, tuple[str, ...]]) -> Part:
    for length in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
        phrase = tuple(words[at : at + length])
        if meanings := known.get(folded(" ".join(phrase))):
            return Part(phrase, meanings)
    return Part((words[at],))
