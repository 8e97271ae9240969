"""What comes first in the queue, and by when it should be decided."""

from datetime import timedelta

import pytest

from clinics.domain.rule import Severity
from clinics.domain.urgency import estimated_precision, rank, time_to_decide


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((5, "page_changed", 0.8), (4, "page_changed", 0.8)),
        ((4, "page_changed", 0.8), (4, "first_reading", 0.8)),
        ((4, "first_reading", 0.8), (4, "rule_changed", 0.8)),
        ((4, "page_changed", 0.9), (4, "page_changed", 0.3)),
        ((4, "page_changed", 0.9), (5, "page_changed", 0.3)),
    ],
    ids=["graver", "newer", "theirs before ours", "more precise", "a precise rule before a graver one that is not"],
)
def test_the_order_of_the_queue(first, second):
    assert rank(*first) > rank(*second)


def test_few_decisions_move_a_rules_precision_little_and_many_move_it_all_the_way():
    assert estimated_precision(0, 0) == 0.8
    assert 0.7 < estimated_precision(0, 1) < 0.8
    assert abs(estimated_precision(100, 1000) - 0.1) < 0.01


def test_the_graver_the_sooner():
    times = [time_to_decide(severity) for severity in sorted(Severity, reverse=True)]
    assert times == sorted(times)
    assert times[0] == timedelta(days=2)
