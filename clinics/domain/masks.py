"""Words that change by themselves: dates, counters, tokens and hidden mail addresses say nothing new of a page.

Masks never touch what is stored, shown, or judged by rules. They only tell whether two readings of a page differ in
anything that its owner wrote.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import re2
import xxhash

from clinics.domain.block import Sentence
from clinics.domain.identity import digest
from clinics.domain.normal import straightened
from clinics.domain.wording import options

MASKS_VERSION: Final = "1"
_STANDS_FOR: Final = " 0 "  # a word of its own, so that neighbours never melt
_MAY_CHANGE: Final = re.compile(r"[0-9@\[({]|\s(?:ago|at|arroba)\b|\bhace\s", re.IGNORECASE)


@cache
def masks() -> dict[str, Any]:
    """The masks of the data file by kind, each one compiled pattern."""
    data = json.loads((Path(__file__).with_name("data") / "masks.json").read_text(encoding="utf-8"))
    parts: dict[str, str] = data["parts"]
    found = {kind: _filled("|".join(patterns), parts) for kind, patterns in data["masks"].items()}
    return {kind: re2.compile(pattern, options()) for kind, pattern in found.items()}


def _filled(pattern: str, parts: dict[str, str]) -> str:
    for name, part in parts.items():
        pattern = pattern.replace(f"{{{name}}}", part)
    return pattern


def masked(text: str) -> str:
    """The text with everything that changes by itself replaced by the same mark."""
    text = straightened(text)
    if _MAY_CHANGE.search(text):
        for pattern in masks().values():
            text = pattern.sub(_STANDS_FOR, text)
    return text


def masked_digest(sentences: Iterable[Sentence]) -> str:
    """16 hexadecimal digits that are the same for texts whose sentences are the same but for what is masked.

    The order of sentences, where they stand and how often they are repeated do not matter; what governs them does.
    """
    marks = {digest(_masked(sentence)) for sentence in sentences}
    joined = b"".join(mark.to_bytes(8, "big", signed=True) for mark in sorted(marks))
    return xxhash.xxh3_64_hexdigest(MASKS_VERSION.encode() + joined)


def _masked(sentence: Sentence) -> Sentence:
    return replace(
        sentence,
        text=masked(sentence.text),
        governors=tuple(map(masked, sentence.governors)),
        after=masked(sentence.after),
    )
