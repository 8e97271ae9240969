"""What would make a wording harmless: a hint for staff who explain a flag to the clinic. As dated data."""

import json
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("data") / "remedies.json"


@cache
def remedies() -> dict[str, str]:
    """For each category, a sentence that says what the wording would have to say instead."""
    told: dict[str, str] = json.loads(_FILE.read_text(encoding="utf-8"))["remedies"]
    return told
