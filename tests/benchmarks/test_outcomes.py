"""What stands in a page's place is told from pages that resemble it, on the answers of `benchmarks/outcomes`."""

from typing import Any, Final

import pytest

from benchmarks.outcomes import SETS, answers, told

OTHERS: Final = [facts for prefix in SETS for facts in answers(f"{prefix}others")]
ORDINARY: Final = [facts for prefix in SETS for facts in answers(f"{prefix}ordinary")]


@pytest.mark.parametrize("facts", ORDINARY, ids=lambda facts: facts["id"])
def test_an_ordinary_page_is_never_misread(facts: dict[str, Any]) -> None:
    outcome, reason = told(facts)
    assert outcome == "ok", reason


def test_nearly_everything_that_stands_in_a_pages_place_is_told() -> None:
    read = [facts["id"] for facts in OTHERS if told(facts)[0].is_observation]
    named = [facts["id"] for facts in OTHERS if told(facts)[0] == facts["outcome"]]
    assert len(OTHERS) >= 60
    assert len(ORDINARY) >= 60
    assert len(read) <= 0.05 * len(OTHERS), read
    assert len(named) >= 0.95 * len(OTHERS)
