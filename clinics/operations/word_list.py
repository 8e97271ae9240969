"""The list of words by which masked wording is told from ordinary wording, gathered from the labelled corpus."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from clinics.domain.known_words import SINGLE_LETTER_WORDS
from clinics.domain.normal import normalise
from clinics.domain.wording import plain
from clinics.operations.labelled import Labelled

_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_NO_WORD: Final = re.compile(r"#\w+|\S*[@$*|€]\S*|\S*\d\S*|<[^>]*>|&\w+;")
_LONG: Final = 4  # letters of a word that one use makes known; shorter ones may be slips and need two


def gathered(labelled: Iterable[Labelled]) -> list[str]:
    """The words of labelled wording in small letters, without accents, sorted; evasions teach none."""
    counts = Counter(word for each in labelled if each.variant != "evasion" for word in _words(each.sentence.text))
    return sorted(word for word, count in counts.items() if _counts_as_word(word, count))


def _words(text: str) -> Iterator[str]:
    yield from _WORD.findall(_NO_WORD.sub(" ", plain(normalise(text).text.lower())))


def _counts_as_word(word: str, count: int) -> bool:
    if len(word) == 1:
        return word in SINGLE_LETTER_WORDS
    return count > 1 or len(word) >= _LONG


def written(words: Iterable[str], on: date) -> str:
    """The content of `words.txt`: two lines on where the words come from, then one word a line."""
    body = "\n".join(words)
    mark = hashlib.sha256(body.encode()).hexdigest()
    source = "The labelled corpus (benchmarks/corpus), read by `manage.py gather_words`."
    return f"# Source: {source}\n# {on}, SHA-256 of what follows, without its last line break: {mark}\n{body}\n"


def write(words: Iterable[str], folder: Path, on: date) -> None:
    """Write `words.txt` into a folder."""
    (folder / "words.txt").write_text(written(words, on), encoding="utf-8")
