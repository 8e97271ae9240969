"""What the laws of the states say of stem-cell therapies that the FDA has not approved, as dated, sourced data.

A state's law permits, it never approves; which law applies to a clinic is for a person to decide. Only a regime whose
notice was verified prescribes one to our rules (`data/state_regimes.json`).
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import re2

from clinics.domain.wording import compiled, word_groups

_FILE: Final = Path(__file__).with_name("data") / "state_regimes.json"


class RegimeFault(ValueError):
    """A regime can't be used; the message says for staff what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class StateRegime:
    """A state's law. `notice_parts` are RE2 patterns: the notice is there where each of them is found."""

    state: str  # two letters
    law: str
    effective_on: date | None
    notice_required: bool | None  # None: not known
    notice_parts: tuple[str, ...]
    verified_on: date | None

    @property
    def rule_key(self) -> str:
        """The key of the page rule by which a missing notice is flagged."""
        return f"missing_notice_{self.state.lower()}"

    @property
    def reason(self) -> str:
        """Why a missing notice is told."""
        source = f" Source read {self.verified_on.isoformat()}." if self.verified_on else ""
        return f"The wording that {self.law} prescribes was not found.{source}"

    def prescribes(self, on: date | None) -> bool:
        """Whether it asks for a notice on a day; with None, whether it does on any."""
        if not self.notice_required or not self.notice_parts or self.effective_on is None:
            return False
        return on is None or self.effective_on <= on


@cache
def shipped_regime_facts() -> tuple[dict[str, Any], ...]:
    """All that the data file says of each state's law, in the order of the states."""
    content = json.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(sorted(content["regimes"], key=lambda facts: facts["state"]))


@cache
def shipped_regimes() -> tuple[StateRegime, ...]:
    """The regimes of the data file, as far as rules need them."""
    return tuple(
        StateRegime(
            facts["state"],
            facts["law"],
            _day(facts["effective_on"]),
            facts["notice_required"],
            tuple(facts["notice_parts"]),
            _day(facts["verified_on"]),
        )
        for facts in shipped_regime_facts()
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def check_regime(regime: StateRegime) -> None:
    """Refuse a regime whose notice can't be looked for. Raises RegimeFault, naming the pattern."""
    for part in regime.notice_parts:
        where = f"The part “{part[:200]}” of the notice of {regime.state}"
        try:
            made = compiled(part)
        except KeyError as unknown:
            names = ", ".join(sorted(word_groups()))
            raise RegimeFault(f"{where} names the word group {unknown}; the groups are {names}.") from None
        except re2.error as error:
            reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
            raise RegimeFault(f"{where} can't be read by RE2 ({reason}); mend its syntax.") from None
        if made.search("") is not None:
            raise RegimeFault(f"{where} also matches where there are no words at all; write the words it must have.")
