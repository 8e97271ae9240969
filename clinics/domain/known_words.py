"""The words that ordinary pages use (`data/words.txt`), and letters cut into them."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from clinics.domain.wording import plain

SINGLE_LETTER_WORDS: Final = frozenset({"a", "i", "y", "o", "e", "u"})
_FILE: Final = Path(__file__).with_name("data") / "words.txt"


@cache
def known_words() -> frozenset[str]:
    """Words in small letters, without accents, that ordinary pages use; made from the labelled corpus."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@cache
def words_version() -> str:
    """Changes with the list of words, by which masked wording is told."""
    return hashlib.sha256("\n".join(sorted(known_words())).encode()).hexdigest()


def is_known(word: str) -> bool:
    """Whether a word is one of them, whatever its case and accents."""
    return plain(word.lower()) in known_words()


def cut_into_words(letters: str) -> list[str]:
    """The fewest known words that the letters are made of, [] where there are none."""
    folded = plain(letters.lower())
    words, reach = known_words(), _reach()
    best: list[tuple[float, int]] = [(0.0, 0)] + [(1e9, 0)] * len(folded)
    for start in range(len(folded)):
        cost = best[start][0]
        if cost >= 1e9:
            continue
        for length in range(1, min(reach.get(folded[start : start + 3], 2), len(folded) - start) + 1):
            piece = folded[start : start + length]
            if piece in words and (length > 1 or piece in SINGLE_LETTER_WORDS):
                whole = cost + (1.0 if length > 2 else 1.8)
                if whole < best[start + length][0]:
                    best[start + length] = (whole, start)
    if best[-1][0] >= 1e9:
        return []
    cuts, end = [], len(folded)
    while end:
        cuts.append(letters[best[end][1] : end])
        end = best[end][1]
    return cuts[::-1]


@cache
def _reach() -> dict[str, int]:
    """The length of the longest word that we know, by its first three letters."""
    reach: dict[str, int] = {}
    for word in known_words():
        reach[word[:3]] = max(len(word), reach.get(word[:3], 2))
    return reach
