"""How precise a rule is, as people's decisions tell."""

import pytest

from clinics.models import Finding, Flag
from clinics.operations import triage
from clinics.operations.rule_decisions import (
    NOT_THE_RULES_FAULT,
    count_decisions,
    decisions_by_rule,
    decisions_of,
    earlier_decisions_of,
    rules_to_review,
)
from tests.build import NOW, a_clinic, a_flag, a_page, a_rule, a_user, later

pytestmark = pytest.mark.django_db


def flags(number, clinic=None):
    clinic = clinic or a_clinic()
    names = [f"{one}{two}" for one in "abcdefgh" for two in "klmnopqr"]
    return [
        a_flag(clinic, f"We guarantee the result {name}.", page=a_page(clinic, f"https://knees.example/{name}"))
        for name in names[:number]
    ]


def decide(flag, kind):
    more = {"reason": "Read.", "by": a_user(), "now": NOW}
    if kind == "confirmed":
        triage.confirm(flag, **more)
    elif kind == "deferred":
        triage.defer(flag, until=later(days=3), **more)
    elif kind != "open":
        triage.dismiss(flag, dismissed_as=kind, **more)


def test_confirmed_ones_count_for_a_rule_and_dismissed_ones_against_it():
    kinds = ["confirmed", "confirmed", "confirmed", "denied", "other_meaning", "open", "deferred"]
    for flag, kind in zip(flags(len(kinds)), kinds, strict=True):
        decide(flag, kind)
    found = decisions_of(a_rule())
    assert (found.hits, found.n, found.precision) == (3, 5, 0.6)
    assert str(found) == "0.60 [0.23–0.88], n 5"
    assert found.counts == {"confirmed": 3, "denied": 1, "other_meaning": 1}


@pytest.mark.parametrize("kind", Flag.Dismissal.values)
def test_true_trivial_and_duplicate_do_not_count_against_a_rule(kind):
    (flag,) = flags(1)
    decide(flag, kind)
    found = decisions_of(a_rule())
    assert (kind in {"true", "trivial", "duplicate"}) == (kind in NOT_THE_RULES_FAULT)
    assert (found.n, found.counts) == (0 if kind in NOT_THE_RULES_FAULT else 1, {kind: 1})


def test_a_rule_without_decisions_has_no_precision():
    flags(1)
    assert str(decisions_of(a_rule())) == "–"
    assert decisions_by_rule() == {}


def test_each_rule_with_a_finding_has_its_part_in_a_decision():
    (flag,) = flags(1)
    other = a_rule("result")
    Finding.objects.create(
        flag=flag, rule=other, rule_version=1, stance="claimed", severity=3, words="result", reason="-", found_at=NOW
    )
    decide(flag, "confirmed")
    count_decisions(NOW)
    assert {rule: found.hits for rule, found in decisions_by_rule().items()} == {a_rule().pk: 1, other.pk: 1}


def test_an_edit_leaves_behind_what_it_does_not_find_any_more():
    carried, left = flags(2)
    decide(carried, "confirmed")
    decide(left, "misread")
    rule = a_rule()
    rule.version = 2
    rule.save()
    carried.findings.update(rule_version=2)
    count_decisions(NOW)
    assert decisions_by_rule()[rule.pk].counts == {"confirmed": 1}
    rule.version = 3
    rule.save()
    assert decisions_by_rule() == {}  # until it is counted anew
    rule.version = 2
    rule.save()
    assert (decisions_of(rule).counts, earlier_decisions_of(rule).counts) == ({"confirmed": 1}, {"misread": 1})


def test_a_reopened_flag_counts_no_more():
    (flag,) = flags(1)
    decide(flag, "misread")
    flag.refresh_from_db()
    count_decisions(NOW)
    triage.reopen(flag, reason="Look again.", by=a_user(), now=NOW)
    assert len(decisions_by_rule()) == 1
    count_decisions(NOW)
    assert decisions_by_rule() == {}


@pytest.mark.parametrize(
    ("confirmed", "dismissed", "proposed"), [(0, 9, False), (0, 10, True), (5, 5, True), (6, 4, False)]
)
def test_rules_that_are_surely_weak_are_proposed_for_review(confirmed, dismissed, proposed):
    kinds = ["confirmed"] * confirmed + ["misread"] * dismissed
    for flag, kind in zip(flags(len(kinds)), kinds, strict=True):
        decide(flag, kind)
    count_decisions(NOW)
    assert rules_to_review().exists() is proposed
    type(a_rule()).objects.update(active=False)
    assert not rules_to_review().exists()


def test_however_many_rules_and_flags_it_is_one_query(django_assert_num_queries):
    for flag in flags(6):
        decide(flag, "confirmed")
    with django_assert_num_queries(1):
        decisions_by_rule()
