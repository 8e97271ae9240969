"""The words that rules and stance cues share: names of diseases, products and routes, kept once as data.

A pattern names a group of words as `{disease}`; the group's words stand in `data/wording.json`, in English and Spanish.
Patterns are matched on a plain text, in which letters carry no accents, so that RE2's ASCII word boundaries hold.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import re2

_FILE: Final = Path(__file__).with_name("data") / "wording.json"
_PLACE: Final = re.compile(r"\{([a-z_]+)\}")
_ACCENTS: Final = str.maketrans(
    "áàâäãéèêëíìîïóòôöõúùûüñçÁÀÂÄÃÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇ", "aaaaaeeeeiiiiooooouuuuncAAAAAEEEEIIIIOOOOOUUUUNC"
)
_MEMORY: Final = 64 << 20  # bytes; a set that needs more does not compile


def plain(text: str) -> str:
    """The text without accents; each code point stays in its place."""
    return text if text.isascii() else text.translate(_ACCENTS)


@cache
def word_groups() -> dict[str, str]:
    """RE2 alternatives for each group of words; groups may name groups that stand before them in the file."""
    groups: dict[str, str] = {}
    for name, words in json.loads(_FILE.read_text(encoding="utf-8"))["groups"].items():
        joined = "|".join(word for language in words.values() for word in language)
        groups[name] = _filled(plain(joined), groups)
    return groups


def expand(pattern: str) -> str:
    """The pattern with its `{group}` places filled in. Raises KeyError with the name of an unknown group."""
    return _filled(plain(pattern), word_groups())


def _filled(pattern: str, groups: dict[str, str]) -> str:
    return _PLACE.sub(lambda place: f"(?:{groups[place[1]]})", pattern)


def options(memory: int = _MEMORY) -> Any:
    """How patterns are read: as UTF-8, ignoring case, and quietly when they do not compile."""
    chosen = re2.Options()
    chosen.case_sensitive = False
    chosen.log_errors = False
    chosen.max_mem = memory
    return chosen


@cache
def compiled(pattern: str) -> Any:
    """The pattern as RE2 reads it. Raises re2.error or KeyError where it can't be read."""
    return re2.compile(expand(pattern), options())
