from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.precision import BAR, LEAST_DECISIONS, Z95, is_weak, wilson


@pytest.mark.parametrize(
    ("hits", "n", "lower", "upper"),
    [
        (0, 10, 0.0, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (15, 18, 0.6078, 0.9416),
        (81, 100, 0.7222, 0.8749),
        (800, 1000, 0.7741, 0.8236),
    ],
)
def test_the_interval_of_a_few_known_numbers(hits, n, lower, upper):
    found = wilson(hits, n)
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=0.0001)


def test_without_decisions_anything_is_possible_and_nothing_is_weak():
    assert (wilson(0, 0).lower, wilson(0, 0).upper) == (0.0, 1.0)
    assert not is_weak(0, 0)


@pytest.mark.parametrize(("hits", "n"), [(-1, 3), (4, 3), (1, 0)])
def test_numbers_that_do_not_belong_together_are_refused(hits, n):
    with pytest.raises(ValueError, match="There are no"):
        wilson(hits, n)


@pytest.mark.parametrize(
    ("hits", "n", "weak"),
    [(0, LEAST_DECISIONS - 1, False), (0, LEAST_DECISIONS, True), (5, 10, True), (6, 10, False), (60, 100, True)],
)
def test_a_rule_is_weak_where_the_whole_interval_lies_below_the_bar(hits, n, weak):
    assert is_weak(hits, n) is weak
    if weak:
        assert wilson(hits, n).upper < BAR


@given(st.integers(0, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_the_share_stays_within_bounds_and_mirrors(pair):
    hits, n = pair
    found, mirrored = wilson(hits, n), wilson(n - hits, n)
    assert 0 <= found.lower <= (hits / n if n else 0.5) <= found.upper <= 1
    assert found.lower == pytest.approx(1 - mirrored.upper, abs=1e-9)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_limits_are_the_shares_from_which_the_observed_one_is_just_as_far_as_chance_may_take_it(pair):
    hits, n = pair
    for limit in (wilson(hits, n).lower, wilson(hits, n).upper):
        assert abs(hits / n - limit) == pytest.approx(Z95 * sqrt(limit * (1 - limit) / n), abs=1e-6)
