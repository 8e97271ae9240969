"""Pages that stand in front of a page, or instead of it: walls, "not found", parked domains, empty shells.

The phrases are data (data/signs.json). A phrase alone proves nothing, because an ordinary page may speak of captchas
or of a cure that was not found; so phrases count only where little else is said, or as the page's own title.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from clinics.domain.block import Block, Surface
from clinics.domain.normal import straightened
from clinics.domain.outcome import Outcome

_SHORT: Final = 120  # words that a reader sees; walls and parked pages say less, menus and footers included
_FEW: Final = 400  # "not found" pages keep their site's menus and footers
_SHELL: Final = 25
_SEEN: Final = frozenset({Surface.BODY, Surface.HEADING, Surface.FOOTER, Surface.COLLAPSED, Surface.PDF})
_CHALLENGE: Final = re.compile(
    r"challenge-platform|cf-challenge|_Incapsula_Resource|captcha-delivery\.com|px-captcha|awswaf|sgcaptcha",
    re.IGNORECASE,
)
_PASSWORD: Final = re.compile(r"<input[^>]+type\s*=\s*[\"']?password", re.IGNORECASE)
_SCRIPT: Final = re.compile(r"<script\b", re.IGNORECASE)
_WALLS: Final = {
    "captcha": "The site asks visitors to prove that they are human.",
    "bot_wall": "The site turned our reader away.",
    "login": "The page is shown only after a log-in.",
    "cookie_wall": "The page is shown only after cookies are accepted.",
    "age_wall": "The page is shown only after an age is confirmed.",
}


@dataclass(frozen=True, slots=True)
class Signs:
    """Phrases that tell of each kind, in lower case and without accents."""

    walls: dict[str, re.Pattern[str]]
    not_found: re.Pattern[str]
    not_found_title: re.Pattern[str]
    parked: re.Pattern[str]
    needs_script: re.Pattern[str]
    maintenance: re.Pattern[str]


@cache
def signs() -> Signs:
    """The phrases of the data file, one pattern a kind."""
    file = Path(__file__).with_name("data") / "signs.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    return Signs(
        {kind: _any_of(phrases) for kind, phrases in data["walls"].items()},
        *(_any_of(data[kind]) for kind in ("not_found", "not_found_title", "parked", "needs_script", "maintenance")),
    )


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w){re.escape(phrase)}(?!\w)" for phrase in phrases))


def plain(text: str) -> str:
    """A text without case, accents and curly quotation marks, as the phrases are written."""
    straight = straightened(text).casefold()
    if straight.isascii():
        return straight
    return "".join(each for each in unicodedata.normalize("NFKD", straight) if not unicodedata.combining(each))


@dataclass(frozen=True, slots=True)
class Look:
    """What a page looks like at first sight: how much it says, its title and headings, all that it says."""

    words: int
    head: str
    text: str

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> "Look":
        """The look of blocks; a long page's text is not gone through, because no phrase in it would count."""
        words = sum(block.text.count(" ") + 1 for block in blocks if block.surface in _SEEN)
        head = "\n".join(block.text for block in blocks if block.surface in (Surface.TITLE, Surface.HEADING))
        return cls(words, plain(head[:2000]), plain("\n".join(block.text for block in blocks)) if words <= _FEW else "")


def stands_instead(look: Look, markup: str) -> tuple[Outcome, str] | None:
    """The outcome and its reason where something else answered in a page's place; None for an ordinary page."""
    return wall(look, markup) or _parked(look) or _not_found(look) or _maintenance(look) or _shell(look, markup)


def wall(look: Look, markup: str) -> tuple[Outcome, str] | None:
    """A wall that stands in front of the page, if one does."""
    if look.words > _SHORT:
        return None
    said = f"{look.head}\n{look.text}"
    for kind, pattern in signs().walls.items():
        if pattern.search(said):
            return Outcome.BLOCKED, _WALLS[kind]
    if look.words <= _SHORT // 2 and _CHALLENGE.search(markup):
        return Outcome.BLOCKED, _WALLS["captcha"]
    if look.words <= _SHORT // 2 and _PASSWORD.search(markup):
        return Outcome.BLOCKED, _WALLS["login"]
    return None


def _parked(look: Look) -> tuple[Outcome, str] | None:
    if look.words <= _SHORT and signs().parked.search(f"{look.head}\n{look.text}"):
        return Outcome.PARKED, "The address shows a placeholder: parked, for sale, suspended or not built yet."
    return None


def _not_found(look: Look) -> tuple[Outcome, str] | None:
    sure = signs().not_found_title.search(look.head) and look.words <= 2 * _FEW
    likely = look.words <= _SHORT and signs().not_found.search(f"{look.head}\n{look.text}")
    if sure or likely or (look.words <= _FEW and signs().not_found.search(look.head.partition("\n")[0])):
        return Outcome.SOFT_404, "The site answered with a “page not found” page."
    return None


def _maintenance(look: Look) -> tuple[Outcome, str] | None:
    if look.words <= _SHORT and signs().maintenance.search(f"{look.head}\n{look.text}"):
        return Outcome.ERROR, "The site says that it is out of order or being maintained."
    return None


def _shell(look: Look, markup: str) -> tuple[Outcome, str] | None:
    asks = look.words <= _SHORT // 2 and signs().needs_script.search(look.text)
    if asks or (look.words <= _SHELL and _SCRIPT.search(markup)):
        return Outcome.JS_ONLY, "The page builds its text by script; without a browser there is next to none."
    if look.words == 0:
        return Outcome.PARTIAL, "The page has no text that a visitor could read."
    return None
