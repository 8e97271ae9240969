"""Where the marks of a chart stand: plain geometry, in units of a drawing that is 320 wide.

So wide is the narrowest screen, where a letter of the drawing is then as large as one of the text. Coordinates are
texts with a point before the decimals, whatever the reader's language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

WIDTH: Final = 320
TALL: Final = 180
LEFT, RIGHT, TOP, BOTTOM = 34.0, 18.0, 8.0, 22.0  # room beside the marks, for words
ROW: Final = 30.0  # a row of a chart that lies: a line of words, and its bar
BAR: Final = 9.0
TICKS: Final = 4
LABELS: Final = 5  # words under a chart, at most


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle of a series."""

    x: str
    y: str
    width: str
    height: str
    series: int


@dataclass(frozen=True, slots=True)
class Words:
    """A text, and the line that it stands for."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A series of points that are joined; parts of it, where some are missing. A part is what `points` wants."""

    parts: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]
    series: int


@dataclass(frozen=True, slots=True)
class Span:
    """From the lower to the upper end of an interval, with the value between them."""

    y: str
    lower: str
    value: str
    upper: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All marks of a chart. Its width is `WIDTH`."""

    height: str
    levels: tuple[Words, ...] = ()
    labels: tuple[Words, ...] = ()
    marks: tuple[Mark, ...] = ()
    lines: tuple[Line, ...] = ()
    spans: tuple[Span, ...] = ()
    left: str = f"{LEFT:.0f}"
    right: str = f"{WIDTH - RIGHT:.0f}"


def round_top(most: float) -> float:
    """The least round number (1, 2, 4, 5 or 8 times a power of ten) that is not below `most`; 1 for nothing.

    Whole numbers count: no chart of ours goes up by halves of a flag.
    """
    if most <= 1:
        return 1.0
    power = float(10 ** floor(log10(most)))
    return next(step * power for step in (1, 2, 4, 5, 8, 10) if step * power >= most)


def columns(series: Sequence[Sequence[float]], labels: Sequence[str]) -> Drawing:
    """A column for each label; the series of a column stand on one another."""
    top = round_top(max((sum(values) for values in zip(*series, strict=True)), default=0))
    room = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    marks = []
    for place, values in enumerate(zip(*series, strict=True)):
        below = 0.0
        for number, value in enumerate(values):
            if value > 0:
                high, low = _height(below + value, top), _height(below, top)
                x = LEFT + place * room + room * 0.12
                marks.append(Mark(_at(x), _at(high), _at(room * 0.76), _at(low - high), number))
            below += value
    return Drawing(_at(TALL), _levels(top), _labels(labels), tuple(marks))


def lines(series: Sequence[Sequence[float | None]], labels: Sequence[str]) -> Drawing:
    """A line for each series, broken where a value is missing."""
    top = round_top(max((value for values in series for value in values if value is not None), default=0))
    drawn = tuple(_line(values, top, len(labels), number) for number, values in enumerate(series))
    return Drawing(_at(TALL), _levels(top), _labels(labels), lines=drawn)


def bars(values: Sequence[float], labels: Sequence[str], *, top: float | None = None) -> Drawing:
    """A lying bar for each label, under its words: the whole width is `top`, or the next round number."""
    top = round_top(max(values, default=0)) if top is None else top
    marks = tuple(
        Mark("0", _at(place * ROW + 16), _at(WIDTH * value / top), _at(BAR), 0)
        for place, value in enumerate(values)
        if value > 0
    )
    return Drawing(_at(max(len(values), 1) * ROW), labels=_rows(labels), marks=marks)


def spans(values: Sequence[tuple[float, float, float]], labels: Sequence[str]) -> Drawing:
    """For each label a share between 0 and 1 with the ends of its interval, as (lower, value, upper)."""
    drawn = tuple(
        Span(_at(place * ROW + 20), *(_at(4 + (WIDTH - 8) * min(max(share, 0), 1)) for share in three))
        for place, three in enumerate(values)
    )
    return Drawing(_at(max(len(values), 1) * ROW), labels=_rows(labels), spans=drawn)


def _line(values: Sequence[float | None], top: float, places: int, number: int) -> Line:
    room = (WIDTH - LEFT - RIGHT) / max(places, 1)
    parts: list[list[str]] = [[]]
    dots = []
    for place, value in enumerate(values):
        if value is None:
            parts.append([])
            continue
        x, y = _at(LEFT + (place + 0.5) * room), _at(_height(value, top))
        dots.append((x, y))
        parts[-1].append(f"{x},{y}")
    return Line(tuple(" ".join(part) for part in parts if len(part) > 1), tuple(dots), number)


def _height(value: float, top: float) -> float:
    return TALL - BOTTOM - (TALL - BOTTOM - TOP) * value / top


def _levels(top: float) -> tuple[Words, ...]:
    """Whole numbers beside the chart, from nothing to its top, at most `TICKS` above the ground."""
    step = max(ceil(top / TICKS), 1)
    levels = [*range(0, int(top) + 1, step)]
    return tuple(Words(_at(LEFT - 4), _at(_height(level, top)), f"{level:,}") for level in levels)


def _labels(labels: Sequence[str]) -> tuple[Words, ...]:
    """Words under the chart: as many as there is room for, evenly, the last one always."""
    room = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    every = max(ceil(len(labels) / LABELS), 1)
    shown = [place for place in range(len(labels)) if (len(labels) - 1 - place) % every == 0]
    return tuple(Words(_at(LEFT + (place + 0.5) * room), _at(TALL - 6), labels[place]) for place in shown)


def _rows(labels: Sequence[str]) -> tuple[Words, ...]:
    return tuple(Words("0", _at(place * ROW + 11), label) for place, label in enumerate(labels))


def _at(number: float) -> str:
    return f"{number:.1f}"
