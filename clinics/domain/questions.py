"""What a patient may ask any clinic, and which recorded facts bear on it, as dated data in both languages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).with_name("data") / "questions.json"
FACTS: Final = ("product", "cell_source", "origin", "posture", "evidence", "laboratory", "people", "route", "price")
"""What may be told of a clinic's offers and people without anybody typing it again."""


@dataclass(frozen=True, slots=True)
class PatientQuestion:
    """A question in both languages, why it is asked, and the page that explains it.

    `facts`, `statements` (public slugs of categories), `checks` (kinds of credential) and `documents` (kinds of
    official documents) say what bears on it.
    """

    key: str
    text: Mapping[str, str]
    why: Mapping[str, str]
    page: str
    facts: tuple[str, ...]
    statements: tuple[str, ...]
    checks: tuple[str, ...]
    documents: tuple[str, ...]


@cache
def patient_questions() -> Mapping[str, PatientQuestion]:
    """Every question by its key, in the order in which they are asked."""
    told: list[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))["questions"]
    return {each["key"]: _question(each) for each in told}


def _question(told: Mapping[str, Any]) -> PatientQuestion:
    return PatientQuestion(
        told["key"],
        {"en": told["en"], "es": told["es"]},
        told["why"],
        told["page"],
        tuple(told.get("facts", ())),
        tuple(told.get("statements", ())),
        tuple(told.get("checks", ())),
        tuple(told.get("documents", ())),
    )
