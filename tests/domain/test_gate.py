"""A gate tells which patterns may match, and never keeps out one that does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.gate import Gate
from clinics.domain.rule_files import shipped_rules
from clinics.domain.stance import shipped_cues
from clinics.domain.wording import compiled, expand, plain


@pytest.mark.parametrize("bar", ["heal(?:s|ed)?|help(?:s|ed)?", r"a\|b|[|x]y|[^]|]z", r"(?:ms|my) (?P<core>cure|curb)"])
@given(st.text("ahelpsdmy|bxz] curbe", max_size=12))
def test_it_lets_pass_what_a_pattern_matches(bar: str, text: str) -> None:
    assert bool(compiled(bar).search(text)) == (0 in Gate([bar, "other"]).passed(text))


def test_it_lets_pass_what_the_shipped_patterns_match() -> None:
    written = [pattern for rule in shipped_rules() for pattern in rule.patterns]
    gate = Gate(written)
    for example in (plain(each) for rule in shipped_rules() for each in (*rule.must, *rule.must_not)):
        found = {number for number, pattern in enumerate(written) if compiled(pattern).search(example)}
        assert found <= set(gate.passed(example)) <= set(gate.possible(example))


def test_cues_are_possible_in_a_text_where_any_part_of_it_has_them() -> None:
    cues = shipped_cues().all
    gate = Gate([cue.pattern for cue in cues])
    for cue in cues:
        text = plain(f"{cue.example} {cue.heading} {cue.after}")
        parts = [text[first:] for first in range(len(text))] + [text[:last] for last in range(len(text))]
        if any(compiled(expand(cue.pattern)).search(part) for part in parts):
            assert cues.index(cue) in gate.possible(text)


def test_a_text_without_its_pieces_is_kept_from_a_pattern() -> None:
    gate = Gate(["beware of", "(?:walk|run) away"])
    assert gate.possible("They walk to the park.") == []
    assert gate.possible("They walk away.") == [1]
