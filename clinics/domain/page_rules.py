"""Rules about a whole page: wording that the law asks for and that is not there.

The notices stand as dated data in `data/notices.json`; whether a law applies to a clinic is for a person to decide.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from clinics.domain.block import Block
from clinics.domain.normal import normalise
from clinics.domain.rule import Severity
from clinics.domain.wording import compiled, plain

_FILE: Final = Path(__file__).with_name("data") / "notices.json"
_QUOTED: Final = 300  # characters of the evidence
_OFFER: Final = r"\b{cell_product}"


@dataclass(frozen=True, slots=True)
class Lack:
    """A notice that was not found. `evidence` are words of the page that offer what the notice is for."""

    key: str
    category: str
    severity: Severity
    evidence: str
    reason: str


@cache
def _notices() -> dict[str, dict[str, Any]]:
    content: dict[str, dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))["notices"]
    return content


def missing_notice(state: str, blocks: Iterable[Block]) -> Lack | None:
    """The lack of the notice that a state's law prescribes, on a page that offers regenerative treatment.

    `state` is a two-letter code in any case. None where the state prescribes none that we know of, the page offers
    nothing of the kind, or the notice is there.
    """
    notice = _notices().get(state.strip().upper())
    if notice is None:
        return None
    texts = [plain(normalise(block.text).text) for block in blocks]
    offer = next((text for text in texts if compiled(_OFFER).search(text)), None)
    if offer is None or all(compiled(part).search(" ".join(texts)) for part in notice["parts"]):
        return None
    reason = f"The wording that {notice['law']} prescribes was not found. Source read {notice['date']}."
    return Lack(notice["key"], "missing_notice", Severity.HIGH, offer[:_QUOTED], reason)
