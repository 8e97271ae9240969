"""Only good readings tell that wording is gone; a page that cannot be read tells nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.outcome import Outcome
from clinics.domain.presence import Presence, Trace, observe, overall, seen_first

START = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = st.lists(st.tuples(st.integers(1, 10), st.sampled_from(Outcome), st.booleans()), max_size=25)


def after(story: str, days: float = 1) -> Trace:
    """The trace after a story: s seen, u unchanged and seen, m missed, n not found (gone), x anything unreadable."""
    trace = seen_first(START)
    meaning = {
        "s": (Outcome.OK, True),
        "u": (Outcome.UNCHANGED, True),
        "m": (Outcome.OK, False),
        "M": (Outcome.UNCHANGED, False),
        "n": (Outcome.GONE, False),
        "x": (Outcome.BLOCKED, False),
    }
    for number, letter in enumerate(story, start=1):
        trace = observe(trace, START + timedelta(days=days * number), *meaning[letter])
    return trace


@pytest.mark.parametrize(
    ("story", "state"),
    [
        ("", "present"),
        ("s", "present"),
        ("u", "present"),
        ("m", "present"),
        ("mm", "absent"),
        ("mM", "absent"),
        ("msm", "present"),
        ("mxm", "absent"),
        ("mnm", "absent"),
        ("xxxxxx", "present"),
        ("mmx", "absent"),
        ("mms", "returned"),
        ("mmsu", "returned"),
        ("mmsm", "returned"),
        ("mmsmm", "absent"),
        ("nnn", "present"),
        ("nnnnnnn", "unavailable"),
        ("nnsnnn", "present"),
        ("nnnnnnns", "present"),
        ("nnnnnnnm", "unavailable"),
        ("nnnnnnnmm", "absent"),
        ("nnnnnnnx", "unavailable"),
        ("mmnnnnnnn", "unavailable"),
        ("mmnnnnnnns", "returned"),
        ("mmnnnnnnnm", "absent"),
    ],
)
def test_readings_tell_what_stands_on_the_page(story: str, state: str) -> None:
    assert after(story).state == state


@pytest.mark.parametrize(("days", "state"), [(2.9, "present"), (3, "unavailable")])
def test_not_found_three_times_counts_only_over_six_days(days: float, state: str) -> None:
    assert after("nnn", days).state == state


def test_absence_is_dated_from_the_first_reading_without_it() -> None:
    assert after("smm").since == START + timedelta(days=2)
    assert after("nnnnnnn").since == START + timedelta(days=1)


@pytest.mark.parametrize("outcome", [each for each in Outcome if not each.is_observation and each is not Outcome.GONE])
def test_an_unreadable_page_changes_nothing(outcome: Outcome) -> None:
    for story in ("", "m", "mm", "nn", "nnnnnnn"):
        trace = after(story)
        assert observe(trace, START + timedelta(days=90), outcome, False) == trace


@given(STEPS)
def test_nothing_becomes_absent_without_two_good_readings_without_it(steps: list[tuple[int, Outcome, bool]]) -> None:
    trace, now, misses = seen_first(START), START, 0
    for days, outcome, carries in steps:
        now += timedelta(days=days)
        trace = observe(trace, now, outcome, carries)
        if outcome.is_observation:
            misses = 0 if carries else misses + 1
        assert trace.since <= now
        if outcome.is_observation:
            assert trace.state.is_there or not carries
            assert (misses >= 2) <= (trace.state is Presence.ABSENT)
        if misses == 0:
            assert trace.state is not Presence.ABSENT


@pytest.mark.parametrize(
    ("states", "state"),
    [
        (["present"], "present"),
        (["present", "absent", "unavailable"], "present"),
        (["returned", "present"], "present"),
        (["returned", "absent"], "returned"),
        (["absent", "absent"], "absent"),
        (["absent", "unavailable"], "unavailable"),
        (["unavailable"], "unavailable"),
    ],
)
def test_a_flag_s_presence_over_its_pages(states: list[str], state: str) -> None:
    assert overall(map(Presence, states)) == state


def test_a_flag_without_a_page_has_no_presence() -> None:
    with pytest.raises(ValueError, match="without a page"):
        overall([])
