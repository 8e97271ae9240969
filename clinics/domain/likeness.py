"""Whether two names, or two places, are the same: told only where nothing is left open, for a person to confirm."""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz

from clinics.domain.look_up import Likeness, Place

_WORD: Final = re.compile(r"[a-z0-9]+")
_FILE: Final = Path(__file__).with_name("data") / "names.json"
_TOLD: Final = json.loads(_FILE.read_text(encoding="utf-8"))
_TITLES: Final = frozenset(_TOLD["titles"])
_LEGAL: Final = frozenset(_TOLD["legal_forms"])
_SHORT_FORMS: Final = tuple(frozenset(group) for group in _TOLD["short_forms"])
_NEAR: Final = 85.0  # of 100, by rapidfuzz's token ratio
_NEAR_PERSON: Final = 70.0


def words_of(text: str) -> list[str]:
    """The words of a name, without accents, marks and case."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    return _WORD.findall(plain)


def person_of(name: str) -> tuple[str, str]:
    """First and last name without titles and degrees; "Example, Ana" is turned round. ("", "") where there are none."""
    last, comma, first = name.partition(",")
    swapped = comma and any(word not in _TITLES for word in words_of(first)) and len(_without_titles(last)) == 1
    words = _without_titles(f"{first} {last}" if swapped else name)
    return (words[0], words[-1]) if len(words) > 1 else ("", words[0] if words else "")


def _without_titles(name: str) -> list[str]:
    return [word for word in words_of(name) if word not in _TITLES]


def likeness_of_persons(asked: str, first: str, last: str) -> Likeness:
    """How a person's name compares with first and last name in a register. Initials and short forms are only near."""
    our_first, our_last = person_of(asked)
    their_first, their_last = ("".join(words_of(part)) for part in (first, last))
    if not our_last or not their_last:
        return Likeness.UNKNOWN
    if our_last == their_last or our_last == (words_of(last) or [""])[-1]:
        if our_first == (words_of(first) or [""])[0] and our_first:
            return Likeness.SAME
        return Likeness.NEAR if _first_names_near(our_first, their_first) else Likeness.DIFFERENT
    whole = fuzz.token_sort_ratio(f"{our_first} {our_last}", f"{their_first} {their_last}")
    return Likeness.NEAR if whole >= _NEAR else Likeness.DIFFERENT


def _first_names_near(ours: str, theirs: str) -> bool:
    """Whether two first names may be one: an initial, a short form, a slip."""
    if not ours or not theirs:
        return True
    if ours[0] == theirs[0] and (min(len(ours), len(theirs)) == 1 or _alike(ours, theirs)):
        return True
    return any({ours, theirs} <= group for group in _SHORT_FORMS)


def _alike(ours: str, theirs: str) -> bool:
    return ours.startswith(theirs) or theirs.startswith(ours) or fuzz.ratio(ours, theirs) >= _NEAR_PERSON


def likeness_of_organisations(asked: Iterable[str], answered: str) -> Likeness:
    """How any of our names of an organisation compares with the register's, legal forms aside."""
    theirs = _without_forms(answered)
    ours = [words for words in map(_without_forms, asked) if words]
    if not theirs or not ours:
        return Likeness.UNKNOWN
    if theirs in ours:
        return Likeness.SAME
    best = max(fuzz.token_set_ratio(" ".join(each), " ".join(theirs)) for each in ours)
    return Likeness.NEAR if best >= _NEAR else Likeness.DIFFERENT


def _without_forms(name: str) -> list[str]:
    return [word for word in words_of(name) if word not in _LEGAL]


def likeness_of_titles(asked: str, answered: str) -> Likeness:
    """How a title as a clinic gives it compares with the register's; less than four words tell nothing."""
    ours, theirs = words_of(asked), words_of(answered)
    if len(ours) < 4 or not theirs:
        return Likeness.UNKNOWN
    if ours == theirs or " ".join(ours) in " ".join(theirs) or " ".join(theirs) in " ".join(ours):
        return Likeness.SAME
    return Likeness.NEAR if fuzz.token_set_ratio(" ".join(ours), " ".join(theirs)) >= _NEAR else Likeness.DIFFERENT


def likeness_of_places(ours: Sequence[Place], theirs: Sequence[Place]) -> Likeness:
    """The best that any of our places compares with any of theirs: same town is the same, same state is near."""
    found = [_likeness_of_place(one, other) for one in ours for other in theirs]
    for likeness in (Likeness.SAME, Likeness.NEAR, Likeness.DIFFERENT):
        if likeness in found:
            return likeness
    return Likeness.UNKNOWN


def _likeness_of_place(ours: Place, theirs: Place) -> Likeness:
    if not (ours.state and theirs.state):
        return Likeness.UNKNOWN
    if words_of(ours.state) != words_of(theirs.state):
        return Likeness.DIFFERENT
    same_town = bool(ours.city) and words_of(ours.city) == words_of(theirs.city)
    same_zip = bool(ours.zip) and ours.zip[:5] == theirs.zip[:5]
    return Likeness.SAME if same_town or same_zip else Likeness.NEAR


def place_in_words(place: Place) -> str:
    """A place in one line."""
    return ", ".join(part for part in (place.street, place.city, place.state, place.zip) if part)
