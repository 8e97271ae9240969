"""How likely a page is to hold wording about treatments, told by its address and the words that link to it.

It orders what is proposed to staff and decides nothing. The words are data, in both languages, with source and date.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

_FILE: Final = Path(__file__).with_name("data") / "page_proposals.json"
_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST: Final = 400  # characters of an address or a link's words that are looked at


@dataclass(frozen=True, slots=True)
class _Group:
    points: int
    phrases: re.Pattern[str]


@cache
def proposal_data() -> dict[str, Any]:
    """What the data file says of pages that are proposed, and of what is none."""
    told: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return told


@cache
def _groups() -> tuple[_Group, ...]:
    return tuple(
        _Group(told["points"], _begins_with((*told["english"], *told["spanish"]))) for told in proposal_data()["words"]
    )


def _begins_with(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Finds any of the phrases where a word begins; one of at most three letters must be the whole word."""
    whole = (f"{phrase} " if len(phrase) <= 3 else phrase for phrase in phrases)
    return re.compile(" (?:" + "|".join(map(re.escape, whole)) + ")")


def likelihood(url: str, anchor: str = "") -> int:
    """Points for each group of words that stands in the path or in the words of the link; below 0 for other matters."""
    parts = urlsplit(url)
    text = f"{_words(unquote(f'{parts.path} {parts.query}'))} {_words(anchor)}"
    return sum(group.points for group in _groups() if group.phrases.search(text))


def _words(text: str) -> str:
    """The words in small letters without accents, each between two spaces."""
    plain = unicodedata.normalize("NFKD", text[:_LONGEST].casefold())
    found = _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))
    return f" {' '.join(found)} "
