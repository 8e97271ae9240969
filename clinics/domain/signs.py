"""Pages that stand in front of a page, or instead of it: walls, "not found", parked domains, empty shells.

The signs are patterns in a data file (data/signs.json). A sign alone proves nothing, because an ordinary page may
speak of captchas or of a cure that was not found. It counts where it makes up a good part of what the page says of
its own, its menus and footer left aside, or where a headline or sentence of a page that says little is nothing else.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import re2

from clinics.domain.block import Block, Surface
from clinics.domain.normal import straightened
from clinics.domain.outcome import Outcome
from clinics.domain.wording import options

MOST_WORDS_OF_WALLS: Final = 160  # that a reader sees; walls and parked pages say less, menus and footers included
_FEW: Final = 400  # "not found" pages keep their site's menus and footers
_SHELL: Final = 25
_BARE: Final = 6  # words of a page that is certainly nothing without its script
_LITTLE: Final = 40  # words of its own: a page that says no more may be told by one headline
_MENU: Final = 4  # a shorter piece that is no heading is an entry of a menu or a button
_PART: Final = 0.18  # of a page's own words
_WHOLE: Final = 0.75  # of a sentence that is nothing but a sign
_TAKEN: Final = 3  # different words of a trade that has nothing to do with clinics
_SEEN: Final = frozenset({Surface.BODY, Surface.HEADING, Surface.FOOTER, Surface.COLLAPSED, Surface.PDF})
_CHALLENGE: Final = re.compile(
    r"challenge-platform|cf-challenge|_Incapsula_Resource|captcha-delivery\.com|px-captcha|awswaf|sgcaptcha",
    re.IGNORECASE,
)
_PASSWORD: Final = re.compile(r"<input[^>]+type\s*=\s*[\"']?password", re.IGNORECASE)
_SCRIPT: Final = re.compile(r"<script\b", re.IGNORECASE)
_EMPTY_ROOT: Final = re.compile(
    r"<(?:div|main)\s+id=[\"']?[\w-]+[\"']?[^>]*>\s*</(?:div|main)>|<app-root", re.IGNORECASE
)
_SENTENCES: Final = re.compile(r"(?<=[.!?…])\s+|\n")
_WALLS: Final = {
    "captcha": "The site asks visitors to prove that they are human.",
    "bot_wall": "The site turned our reader away.",
    "login": "The page is shown only after a log-in.",
    "cookie_wall": "The page is shown only after cookies are accepted.",
    "age_wall": "The page is shown only after an age is confirmed.",
}


@dataclass(frozen=True, slots=True)
class Signs:
    """Patterns that tell of each kind, for text in small letters without accents."""

    walls: dict[str, Any]
    not_found: Any
    not_found_title: Any
    parked: Any
    taken_over: Any
    needs_script: Any
    maintenance: Any


@cache
def signs() -> Signs:
    """The signs of the data file, one pattern a kind."""
    file = Path(__file__).with_name("data") / "signs.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    kinds = ("not_found", "not_found_title", "parked", "taken_over", "needs_script", "maintenance")
    walls = {kind: _any_of(patterns) for kind, patterns in data["walls"].items()}
    return Signs(walls, *(_any_of(data[kind]) for kind in kinds))


def _any_of(patterns: Iterable[str]) -> Any:
    return re2.compile(rf"(?m)(?:^|\b|\W)({'|'.join(patterns)})(?:$|\b|\W)", options())


def plain(text: str) -> str:
    """A text without case, accents and curly quotation marks, as the signs are written."""
    straight = straightened(text).casefold().replace("…", "...")
    if straight.isascii():
        return straight
    return "".join(each for each in unicodedata.normalize("NFKD", straight) if not unicodedata.combining(each))


@dataclass(frozen=True, slots=True)
class Look:
    """What a page looks like at first sight.

    `words` is how many a reader sees; `head` its title and headings; `own` the sentences that it says of its own, in
    order, each once, and whether each is a headline: of a long page none, because no sign in it would count.
    """

    words: int
    head: str
    own: Mapping[str, bool]

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> "Look":
        """The look of blocks."""
        words = sum(block.text.count(" ") + 1 for block in blocks if block.surface in _SEEN)
        head = "\n".join(block.text for block in blocks if block.surface in (Surface.TITLE, Surface.HEADING))
        own = dict(_own(blocks)) if words <= _FEW else {}
        return cls(words, plain(head[:2000]), own)

    def speaks_of(self, sign: Any) -> bool:
        """Whether a sign is a good part of what the page says, or all of a headline on a page that says little."""
        if not sign.search("\n".join(self.own)):
            return False
        length = sum(map(len, self.own))
        hits = [(piece, sum(found.end(1) - found.start(1) for found in sign.finditer(piece))) for piece in self.own]
        if sum(hit for _, hit in hits) >= _PART * max(1, length):
            return True
        words = sum(piece.count(" ") + 1 for piece in self.own)
        if words > _LITTLE:
            return False
        return any(hit >= _WHOLE * len(piece.strip(" .!:")) > 0 for piece, hit in hits if self.own[piece])


def _own(blocks: Sequence[Block]) -> Iterator[tuple[str, bool]]:
    headings = (Surface.TITLE, Surface.HEADING)
    for block in blocks:
        if block.surface not in _SEEN and block.surface is not Surface.TITLE:
            continue
        if block.surface is Surface.FOOTER:
            continue
        headline = block.surface in headings
        for piece in filter(None, map(str.strip, _SENTENCES.split(plain(block.text)))):
            if headline or piece.count(" ") + 1 >= _MENU or _is_sign(piece):
                yield piece, headline


def _is_sign(piece: str) -> bool:
    known = signs()
    return any(kind.search(piece) for kind in (*known.walls.values(), known.not_found, known.parked, known.maintenance))


def stands_instead(look: Look, markup: str) -> tuple[Outcome, str] | None:
    """The outcome and its reason where something else answered in a page's place; None for an ordinary page."""
    return wall(look, markup) or _parked(look) or _not_found(look) or _maintenance(look) or _shell(look, markup)


def wall(look: Look, markup: str) -> tuple[Outcome, str] | None:
    """A wall that stands in front of the page, if one does."""
    if look.words > MOST_WORDS_OF_WALLS:
        return None
    for kind, pattern in signs().walls.items():
        if look.speaks_of(pattern):
            return Outcome.BLOCKED, _WALLS[kind]
    if look.words <= MOST_WORDS_OF_WALLS // 3 and _CHALLENGE.search(markup):
        return Outcome.BLOCKED, _WALLS["captcha"]
    if look.words <= MOST_WORDS_OF_WALLS // 3 and _PASSWORD.search(markup):
        return Outcome.BLOCKED, _WALLS["login"]
    return None


def _parked(look: Look) -> tuple[Outcome, str] | None:
    if look.words <= MOST_WORDS_OF_WALLS and look.speaks_of(signs().parked):
        return Outcome.PARKED, "The address shows a placeholder: parked, for sale, suspended or not built yet."
    if len({found[1] for found in signs().taken_over.finditer("\n".join((look.head, *look.own)))}) >= _TAKEN:
        return Outcome.PARKED, "The address shows betting or other trade: it may have been taken over by others."
    return None


def _not_found(look: Look) -> tuple[Outcome, str] | None:
    sure = signs().not_found_title.search(look.head) and look.words <= 2 * _FEW
    if sure or (look.words <= _FEW and look.speaks_of(signs().not_found)):
        return Outcome.SOFT_404, "The site answered with a “page not found” page."
    return None


def _maintenance(look: Look) -> tuple[Outcome, str] | None:
    if look.words <= MOST_WORDS_OF_WALLS and look.speaks_of(signs().maintenance):
        return Outcome.ERROR, "The site says that it is out of order or being maintained."
    return None


def _shell(look: Look, markup: str) -> tuple[Outcome, str] | None:
    asks = look.words <= MOST_WORDS_OF_WALLS // 3 and look.speaks_of(signs().needs_script)
    bare = look.words <= _BARE or (look.words <= _SHELL and _EMPTY_ROOT.search(markup))
    if asks or (bare and _SCRIPT.search(markup)):
        return Outcome.JS_ONLY, "The page builds its text by script; without a browser there is next to none."
    if look.words == 0:
        return Outcome.PARTIAL, "The page has no text that a visitor could read."
    return None
