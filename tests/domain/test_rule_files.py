"""Shipped rules hold what they promise, and a rule that can't be used is refused in words."""

from dataclasses import replace

import pytest

from clinics.domain.category import PUBLIC_SLUGS
from clinics.domain.rule import Citation, Rule, Severity
from clinics.domain.rule_files import RuleFault, check_rule, shipped_rules

GOOD = Rule(
    key="promise",
    version=1,
    category="guarantee",
    severity=Severity.HIGH,
    languages=("en",),
    patterns=(r"\bguaranteed\b",),
    explanation="Nobody can promise it.",
    citation=Citation("A rule", "https://rules.example/1", "2026-01-01"),
    must=("Guaranteed results.",),
    must_not=("Results are not guaranteed.",),
)


@pytest.mark.parametrize("rule", shipped_rules(), ids=lambda rule: rule.key)
def test_a_shipped_rule_flags_its_examples_and_spares_their_look_alikes(rule: Rule) -> None:
    check_rule(rule)
    assert len(rule.must) >= 2
    assert len(rule.must_not) >= 2


def test_there_are_rules_for_every_category() -> None:
    page_rules = {"missing_notice"}
    assert {rule.category for rule in shipped_rules()} | page_rules == set(PUBLIC_SLUGS)
    assert len({rule.key for rule in shipped_rules()}) == len(shipped_rules()) >= 60


def test_a_good_rule_is_accepted() -> None:
    check_rule(GOOD)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"patterns": (r"(guaranteed",)}, "can't be read by RE2"),
        ({"patterns": (r"guaranteed(?= results)",)}, "can't be read by RE2"),
        ({"patterns": (r"guaranteed {diseases}",)}, "word group 'diseases'"),
        ({"patterns": (r"(?:guaranteed)?",)}, "matches where there are no words"),
        ({"patterns": (r"(?:guaranteed results? ){1,900}x",)}, "too large"),
        ({"patterns": ("guaranteed" * 1000,)}, "split it"),
        ({"exemptions": (r"[",)}, "can't be read by RE2"),
        ({"must": ("Something else.",)}, "must flag “Something else.”"),
        ({"must": ("Results are never guaranteed.",)}, "Denied by “never”"),
        ({"must_not": ("Guaranteed!",)}, "must not flag “Guaranteed!”"),
        ({"explanation": " "}, "lacks an explanation"),
        ({"patterns": ()}, "lacks at least one pattern"),
        ({"citation": Citation("", "", "")}, "lacks a citation"),
        ({"category": "sorcery"}, "“sorcery”"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(change: dict[str, object], told: str) -> None:
    with pytest.raises(RuleFault) as fault:
        check_rule(replace(GOOD, **change))  # type: ignore[arg-type]
    assert told in str(fault.value)
