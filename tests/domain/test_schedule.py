"""Pages spread out, failures wait longer, and nobody is asked sooner than they wish."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.domain.outcome import Outcome
from clinics.domain.schedule import (
    JITTER,
    LONGEST_BACK_OFF,
    LONGEST_RETRY_AFTER,
    followed,
    free_again,
    interval,
    next_due,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WEEK = timedelta(days=7)


@given(st.text())
def test_a_read_page_is_due_after_its_interval_give_or_take_a_tenth(key: str) -> None:
    wait = next_due(NOW, WEEK, Outcome.OK, 0, None, key) - NOW
    assert WEEK * (1 - JITTER) <= wait <= WEEK * (1 + JITTER)
    assert NOW + wait == next_due(NOW, WEEK, Outcome.UNCHANGED, 0, None, key)


@settings(max_examples=10)
@given(st.integers(0, 2**32))
def test_ten_thousand_pages_never_fall_due_in_one_minute(seed: int) -> None:
    due = Counter(
        next_due(NOW, WEEK, Outcome.OK, 0, None, f"{seed}/{number}").replace(second=0, microsecond=0)
        for number in range(10_000)
    )
    assert max(due.values()) <= 50


@given(st.sampled_from(Outcome), st.integers(0, 10**6), st.none() | st.integers(-5, 10**12), st.text())
def test_a_wait_has_bounds_and_honours_what_the_server_asked(
    outcome: Outcome, failures: int, asked: int | None, key: str
) -> None:
    due = next_due(NOW, WEEK, outcome, failures, asked, key)
    assert NOW < due <= NOW + max(WEEK * LONGEST_BACK_OFF * (1 + JITTER), LONGEST_RETRY_AFTER + timedelta(minutes=2))
    if asked is not None:
        assert due >= NOW + min(timedelta(seconds=min(max(asked, 0), 10**9)), LONGEST_RETRY_AFTER)


@given(st.sampled_from([each for each in Outcome if not each.is_observation]), st.integers(1, 40))
def test_each_failure_in_a_row_waits_at_least_as_long_as_the_one_before(outcome: Outcome, failures: int) -> None:
    sooner = next_due(NOW, WEEK, outcome, failures, None, "key")
    assert next_due(NOW, WEEK, outcome, failures + 1, None, "key") >= sooner


@pytest.mark.parametrize(
    ("outcome", "failures", "longest"),
    [
        (Outcome.BUSY, 1, timedelta(minutes=17)),
        (Outcome.ERROR, 1, timedelta(hours=2)),
        (Outcome.ERROR, 2, timedelta(hours=3)),
        (Outcome.GONE, 1, timedelta(days=8)),
    ],
)
def test_passing_trouble_is_tried_again_soon(outcome: Outcome, failures: int, longest: timedelta) -> None:
    assert next_due(NOW, WEEK, outcome, failures, None, "key") - NOW <= longest


@pytest.mark.parametrize(
    ("delay", "asked", "failures", "seconds"),
    [(5.0, None, 0, 5), (5.0, 60, 0, 60), (5.0, 1, 0, 5), (5.0, None, 2, 5), (5.0, None, 3, 60), (5.0, None, 5, 240)],
)
def test_a_host_rests_as_it_asked_and_longer_after_failures(
    delay: float, asked: int | None, failures: int, seconds: int
) -> None:
    assert free_again(NOW, delay, asked, failures) == NOW + timedelta(seconds=seconds)


@given(st.floats(-10, 10**5), st.none() | st.integers(-5, 10**12), st.integers(0, 10**6))
def test_a_host_s_rest_has_bounds(delay: float, asked: int | None, failures: int) -> None:
    assert NOW <= free_again(NOW, delay, asked, failures) <= NOW + max(LONGEST_RETRY_AFTER, timedelta(seconds=10**5))


DAY, MONTH = timedelta(days=1), timedelta(days=28)


@pytest.mark.parametrize(
    ("history", "fastest", "slowest", "expected"),
    [
        ("", DAY, MONTH, WEEK),
        ("sss", DAY, MONTH, WEEK),
        ("ssss", DAY, MONTH, 2 * WEEK),
        ("ssssssss", DAY, MONTH, 4 * WEEK),
        ("s" * 400, DAY, MONTH, MONTH),
        ("s" * 400, DAY, None, WEEK),
        ("s" * 400 + "c", DAY, MONTH, WEEK),
        ("c", DAY, MONTH, WEEK),
        ("cc", DAY, MONTH, WEEK / 2),
        ("ccc", DAY, MONTH, WEEK / 4),
        ("c" * 90, DAY, MONTH, DAY),
        ("c" * 90, None, MONTH, WEEK),
        ("c" * 90 + "s", DAY, MONTH, WEEK),
    ],
)
def test_a_pages_history_moves_its_interval_within_what_staff_allow(
    history: str, fastest: timedelta | None, slowest: timedelta | None, expected: timedelta
) -> None:
    steadiness = 0
    for reading in history:
        steadiness = followed(steadiness, changed=reading == "c")
    assert interval(WEEK, fastest, slowest, steadiness) == expected


@given(st.lists(st.booleans(), max_size=60))
def test_no_history_leaves_the_bounds(changes: list[bool]) -> None:
    steadiness = 0
    for changed in changes:
        steadiness = followed(steadiness, changed=changed)
        assert DAY <= interval(WEEK, DAY, MONTH, steadiness) <= MONTH
        assert interval(WEEK, None, None, steadiness) == WEEK
