"""`docs/hard_sentences.md` shows what the product really does with each sentence."""

import re
from pathlib import Path
from typing import Final

import pytest

from clinics.domain.approved import shipped_products
from clinics.domain.block import Block, Surface
from clinics.domain.rule_files import shipped_rules
from clinics.domain.ruleset import RuleSet
from clinics.domain.second_reader import shipped_reader
from clinics.domain.sentences import split

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "hard_sentences.md"
BOTH: Final = RuleSet(shipped_rules(), shipped_products(), shipped_reader())
ROWS: Final = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d+ \|", line)
]
NAMES: Final = ("number", "over it", "sentence", "decision", "rules", "reason")


def decided(over: str, text: str) -> tuple[str, str, str]:
    """What the product makes of the first sentence of a text: the decision, the rules in question, the reason."""
    sentence = split([Block(text, Surface.BODY, (over,) if over else ())])[0]
    matches = BOTH.find(sentence)
    flagged = [match for match in matches if match.flagged]
    telling = flagged or matches
    rules = ", ".join(f"`{match.rule.key}`" for match in telling)
    return "flagged" if flagged else "quiet", rules or "none", telling[0].reason if telling else "Nothing was found."


def test_the_page_shows_at_least_twenty_sentences_of_both_kinds_and_languages() -> None:
    assert [row[0] for row in ROWS] == [str(number + 1) for number in range(len(ROWS))]
    assert len(ROWS) >= 20
    decisions = [row[3] for row in ROWS]
    assert min(decisions.count("flagged"), decisions.count("quiet")) >= 8
    assert sum("¿" in row[2] or " la " in row[2] for row in ROWS) >= 4


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2])
def test_each_sentence_is_decided_as_the_page_says(row: list[str]) -> None:
    told = dict(zip(NAMES, row, strict=True))
    decision, rules, reason = decided(told["over it"], told["sentence"])
    expected = (told["decision"], told["rules"], lasting(told["reason"]))
    assert (decision, rules, lasting(reason)) == expected


def lasting(reason: str) -> str:
    """A reason without what each training of the second reader changes."""
    return re.sub(r"\(\d+% sure\), moved by .*", "", reason)
