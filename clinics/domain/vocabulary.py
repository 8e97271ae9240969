"""The words that staff choose from and visitors filter by, in English and Spanish, as dated data."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Term:
    """One choice of a vocabulary. `key` is unique within its `kind`; `group` gathers related ones ("" for none)."""

    kind: str
    key: str
    english: str
    spanish: str
    group: str = ""


@cache
def load_vocabulary() -> tuple[Term, ...]:
    """Every term of every kind, in the order in which they are to be offered."""
    file = Path(__file__).with_name("data") / "vocabulary.json"
    kinds: dict[str, list[dict[str, str]]] = json.loads(file.read_text(encoding="utf-8"))["kinds"]
    return tuple(Term(kind, **term) for kind, terms in kinds.items() for term in terms)


def vocabulary_source() -> tuple[str, str]:
    """Where the vocabularies were taken from, and when (ISO date)."""
    file = Path(__file__).with_name("data") / "vocabulary.json"
    facts = json.loads(file.read_text(encoding="utf-8"))
    return facts["source"], facts["date"]
