"""The geometry of charts: what stands how high, where, and that nothing leaves the drawing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.charts import BOTTOM, TALL, TOP, WIDTH, bars, columns, lines, round_top, spans

TOPS = [(0, 1), (1, 1), (2, 2), (3, 4), (5, 5), (6, 8), (9, 10), (11, 20), (47, 50), (800, 800), (801, 1000)]


@pytest.mark.parametrize(("most", "top"), TOPS)
def test_the_top_is_the_next_round_number(most: float, top: float) -> None:
    assert round_top(most) == top


def test_the_series_of_a_column_stand_on_one_another() -> None:
    below, above = columns([[2], [2]], ["a"]).marks
    ground, ceiling = TALL - BOTTOM, TOP
    assert float(below.y) + float(below.height) == pytest.approx(ground)
    assert float(above.y) + float(above.height) == pytest.approx(float(below.y))
    assert float(above.y) == pytest.approx(ceiling)  # 4 is a round number
    assert (below.series, above.series) == (0, 1)


def test_nothing_has_no_mark_and_levels_all_the_same() -> None:
    drawing = columns([[0, 0]], ["a", "b"])
    assert drawing.marks == ()
    assert [level.text for level in drawing.levels] == ["0", "1"]


def test_a_line_breaks_where_a_value_is_missing() -> None:
    (line,) = lines([[1.0, 2.0, None, 3.0, None, 1.0, 1.5]], list("abcdefg")).lines
    assert [len(part.split()) for part in line.parts] == [2, 2]
    assert len(line.dots) == 5


def test_few_labels_stand_under_many_columns_and_the_last_always() -> None:
    weeks = [f"w{number}" for number in range(26)]
    shown = [label.text for label in columns([[1] * 26], weeks).labels]
    assert (len(shown), shown[-1]) == (5, "w25")


def test_an_interval_lies_between_its_ends() -> None:
    (span,) = spans([(0.25, 0.5, 0.75)], ["guarantee"]).spans
    assert float(span.lower) < float(span.value) == WIDTH / 2 < float(span.upper)


def test_bars_of_shares_run_to_a_hundred_whatever_the_longest_is() -> None:
    assert [float(mark.width) for mark in bars([50, 12.5], ["a", "b"], top=100).marks] == [WIDTH / 2, WIDTH / 8]
    assert [float(mark.width) for mark in bars([50, 12.5], ["a", "b"]).marks] == [WIDTH, WIDTH / 4]


numbers = st.lists(st.floats(0, 1e9), max_size=30)


@given(numbers)
def test_nothing_leaves_the_drawing(values: list[float]) -> None:
    labels = [str(number) for number in range(len(values))]
    for drawing in (columns([values, values], labels), bars(values, labels), lines([values], labels)):
        for mark in drawing.marks:
            assert 0 <= float(mark.x) <= float(mark.x) + float(mark.width) <= WIDTH + 0.2
            assert 0 <= float(mark.y) <= float(mark.y) + float(mark.height) <= float(drawing.height) + 0.2
        for x, y in (dot for line in drawing.lines for dot in line.dots):
            assert 0 <= float(x) <= WIDTH
            assert 0 <= float(y) <= float(drawing.height)


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=30))
def test_a_greater_number_is_never_drawn_smaller(values: list[float]) -> None:
    heights = {mark.x: float(mark.height) for mark in columns([values], [""] * len(values)).marks}
    drawn = [heights[x] for x in sorted(heights, key=float)]
    shown = [value for value in values if value > 0]
    for value, height in zip(shown, drawn, strict=True):
        assert all(height <= other + 0.11 for more, other in zip(shown, drawn, strict=True) if more >= value)
