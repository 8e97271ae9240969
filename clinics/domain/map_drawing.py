"""A small map: outlines of states and countries about some places, as paths and dots of a drawing 320 wide.

Degrees are drawn as on a plane that is true in the middle of the frame, which is enough for a few hundred miles and
still recognisable for a continent. The outlines are those of `data/outlines.json`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, pairwise
from math import cos, hypot, log10, radians
from pathlib import Path
from typing import Final

from clinics.domain.charts import WIDTH
from clinics.domain.earth import MILES_PER_DEGREE

Degrees = tuple[float, float]  # longitude, latitude
Bounds = tuple[float, float, float, float]  # west, south, east, north

LEAST_SPAN: Final = 3.0  # degrees of latitude that the frame covers at least: some 200 miles
BESIDE: Final = 0.08  # of the frame's size, left free on each side
FLATTEST: Final = 0.5  # height of the drawing in widths
TALLEST: Final = 1.0
TOGETHER: Final = 14.0  # units; dots that are nearer share their numbers
FINEST: Final = 1.5  # units; points of an outline that are nearer are one
LEAST_SHAPE: Final = 4.0  # square units; what is smaller is not drawn, but where a place lies in it
LETTER: Final = 7.0  # units that a letter of a name takes, and
LINE: Final = 14.0  # a line of it
BAR: Final = WIDTH / 3  # the longest that the bar of the scale may be


@dataclass(frozen=True, slots=True)
class Place:
    """The number of a place, where it lies in degrees, and the state ("US-FL") or country ("MX") that it lies in."""

    number: int
    latitude: float
    longitude: float
    area: str


@dataclass(frozen=True, slots=True)
class Area:
    """A state or country: the path of its border, and whether a place lies in it."""

    path: str
    has_a_place: bool


@dataclass(frozen=True, slots=True)
class Name:
    """The name of an area, about the middle of it."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One place, or several that lie together; `text` has their numbers."""

    x: str
    y: str
    text: str
    anchor: str
    words_x: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A bar, and how many miles it is long."""

    x: str
    y: str
    end: str
    miles: int


@dataclass(frozen=True, slots=True)
class Map:
    """A drawing `WIDTH` wide."""

    height: str
    areas: tuple[Area, ...]
    names: tuple[Name, ...]
    dots: tuple[Dot, ...]
    scale: Scale


@dataclass(frozen=True)
class _Frame:
    """What of the earth is drawn, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @cached_property
    def shrink(self) -> float:
        """A degree of longitude in degrees of latitude."""
        return cos(radians((self.south + self.north) / 2))

    @cached_property
    def unit(self) -> float:
        """Units of the drawing to a degree of latitude."""
        return WIDTH / ((self.east - self.west) * self.shrink)

    @cached_property
    def height(self) -> float:
        return (self.north - self.south) * self.unit

    def at(self, point: Degrees) -> Degrees:
        """Where a point is drawn."""
        return (point[0] - self.west) * self.shrink * self.unit, (self.north - point[1]) * self.unit


def drawn(places: Sequence[Place], names: Mapping[str, str]) -> Map | None:
    """The places on the outlines about them, each with its number.

    None without places, and where no outline is near them.

    `names` has what the outline of a key may be called; others stay without a name.
    """
    if not places:
        return None
    frame = _frame_of(places)
    own = {place.area for place in places}
    shapes = {key: shapes for key, rings in outlines().items() if (shapes := _shapes(rings, frame, key in own))}
    if not shapes:
        return None
    in_order = sorted(shapes, key=lambda key: key in own)
    areas = tuple(Area("".join(map(_path, shapes[key])), key in own) for key in in_order)
    dots = tuple(_dots(places, frame))
    called = {key: names[key] for key in reversed(in_order) if key in names}
    return Map(_text(frame.height), areas, tuple(_names(shapes, called, dots)), dots, _scale(frame))


@dataclass(frozen=True, slots=True)
class Ring:
    """A border that closes, and how far it reaches."""

    points: tuple[Degrees, ...]
    bounds: Bounds

    @property
    def extent(self) -> float:
        """The area of the rectangle about it, in square degrees."""
        west, south, east, north = self.bounds
        return (east - west) * (north - south)


@cache
def outlines() -> Mapping[str, tuple[Ring, ...]]:
    """The rings of each state and country of the list, by its key."""
    found = json.loads((Path(__file__).with_name("data") / "outlines.json").read_text(encoding="utf-8"))
    return {
        key: tuple(_ring(steps, found["steps_to_a_degree"]) for steps in rings)
        for key, rings in found["outlines"].items()
    }


def _ring(steps: Sequence[int], to_a_degree: int) -> Ring:
    across, along = accumulate(steps[::2]), accumulate(steps[1::2])
    points = tuple((x / to_a_degree, y / to_a_degree) for x, y in zip(across, along, strict=True))
    return Ring(points, _bounds(points))


def _frame_of(places: Sequence[Place]) -> _Frame:
    """Every place, and the largest part of each area that has one, with room beside it."""
    points = [(place.longitude, place.latitude) for place in places]
    for area in {place.area for place in places} & outlines().keys():
        points += max(outlines()[area], key=lambda ring: ring.extent).points
    west, south, east, north = _bounds(points)
    middle = (south + north) / 2
    shrink = cos(radians(middle))
    tall = max(north - south, LEAST_SPAN)
    wide = max((east - west) * shrink, LEAST_SPAN, tall / TALLEST)
    tall = max(tall, wide * FLATTEST)
    wide, tall = wide * (1 + 2 * BESIDE), tall * (1 + 2 * BESIDE)
    centre, half = (west + east) / 2, wide / shrink / 2
    return _Frame(centre - half, middle - tall / 2, centre + half, middle + tall / 2)


def _bounds(points: Iterable[Degrees]) -> Bounds:
    across, along = zip(*points, strict=True)
    return min(across), min(along), max(across), max(along)


def _shapes(rings: tuple[Ring, ...], frame: _Frame, has_a_place: bool) -> list[list[Degrees]]:
    """The parts of an area that the frame shows, where they are drawn, the largest first."""
    within = (_within(ring, frame) for ring in rings)
    least = 0.0 if has_a_place else LEAST_SHAPE
    return sorted((shape for shape in within if len(shape) > 2 and _size(shape) > least), key=_size, reverse=True)


def _within(ring: Ring, frame: _Frame) -> list[Degrees]:
    """The part of a ring that the frame shows; empty where there is none."""
    west, south, east, north = ring.bounds
    if west > frame.east or east < frame.west or south > frame.north or north < frame.south:
        return []
    shape = [frame.at(point) for point in ring.points]
    for axis, edge, sign in ((0, 0.0, 1), (0, float(WIDTH), -1), (1, 0.0, 1), (1, frame.height, -1)):
        shape = list(_cut(shape, axis, edge, sign))
    return list(_thinned(shape))


def _size(shape: Sequence[Degrees]) -> float:
    """The area of a polygon."""
    return abs(_doubled(shape)) / 2


def _doubled(shape: Sequence[Degrees]) -> float:
    return sum(x * b - a * y for (x, y), (a, b) in pairwise([*shape, shape[0]]))


def _middle(shape: Sequence[Degrees]) -> Degrees:
    """Where a polygon would balance."""
    sides = list(pairwise([*shape, shape[0]]))
    six = 3 * _doubled(shape)
    return (
        sum((x + a) * (x * b - a * y) for (x, y), (a, b) in sides) / six,
        sum((y + b) * (x * b - a * y) for (x, y), (a, b) in sides) / six,
    )


def _names(
    shapes: Mapping[str, Sequence[Sequence[Degrees]]], called: Mapping[str, str], dots: Iterable[Dot]
) -> Iterator[Name]:
    """The names that have room in the largest part of their area, and touch no dot and no name before them."""
    taken = [(float(dot.x), float(dot.y), LETTER * (len(dot.text) + 2)) for dot in dots]
    for key, name in called.items():
        shape, half = shapes[key][0], LETTER * len(name) / 2
        west, north, east, south = _bounds(shape)
        x, y = _middle(shape)
        has_room = 2 * half < east - west and south - north > LINE
        is_free = all(abs(x - a) > half + wide or abs(y - b) > LINE for a, b, wide in taken)
        if has_room and is_free and _lies_in((x, y), shape):
            taken.append((x, y, half))
            yield Name(_text(x), _text(y), name)


def _lies_in(point: Degrees, shape: Sequence[Degrees]) -> bool:
    """Whether a ray from the point crosses the polygon an odd number of times."""
    x, y = point
    crossed = (
        x < a + (y - b) / (d - b) * (c - a) for (a, b), (c, d) in pairwise([*shape, shape[0]]) if (b > y) != (d > y)
    )
    return sum(crossed) % 2 == 1


def _cut(shape: Sequence[Degrees], axis: int, edge: float, sign: int) -> Iterator[Degrees]:
    """The part of a polygon on one side of a line (Sutherland and Hodgman, 1974)."""
    for before, point in zip([*shape[-1:], *shape[:-1]], shape, strict=True):
        was_in, is_in = (sign * (each[axis] - edge) >= 0 for each in (before, point))
        if was_in != is_in:
            share = (edge - before[axis]) / (point[axis] - before[axis])
            x, y = (before[each] + share * (point[each] - before[each]) for each in (0, 1))
            yield x, y
        if is_in:
            yield point


def _thinned(shape: Sequence[Degrees]) -> Iterator[Degrees]:
    last = None
    for point in shape:
        if last is None or hypot(point[0] - last[0], point[1] - last[1]) >= FINEST:
            yield point
            last = point


def _path(shape: Sequence[Degrees]) -> str:
    """A closed path: where it begins, then each step from the point before, in tenths without rounding's drift."""
    tenths = [(round(10 * x), round(10 * y)) for x, y in shape]
    steps = (f"{(c - a) / 10:g} {(d - b) / 10:g}" for (a, b), (c, d) in pairwise(tenths))
    return f"M{tenths[0][0] / 10:g} {tenths[0][1] / 10:g}l{' '.join(steps)}z"


def _dots(places: Sequence[Place], frame: _Frame) -> Iterator[Dot]:
    """Each place joins the first group whose dot it would touch."""
    groups: list[tuple[Degrees, list[int]]] = []
    for place in places:
        x, y = frame.at((place.longitude, place.latitude))
        near = (numbers for (a, b), numbers in groups if hypot(x - a, y - b) < TOGETHER)
        group = next(near, None)
        if group is None:
            groups.append(((x, y), [place.number]))
        else:
            group.append(place.number)
    for (x, y), numbers in groups:
        anchor, beside = ("start", 8) if x < WIDTH * 0.75 else ("end", -8)
        yield Dot(_text(x), _text(y), _numbers(numbers), anchor, _text(x + beside))


def _numbers(numbers: Sequence[int]) -> str:
    if len(numbers) < 3:
        return ", ".join(map(str, numbers))
    if numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}–{numbers[-1]}"
    return f"{numbers[0]} + {len(numbers) - 1}"


def _scale(frame: _Frame) -> Scale:
    """The longest bar of 1, 2 or 5 times a power of ten miles that has room."""
    most = BAR / frame.unit * MILES_PER_DEGREE
    power = 10.0 ** int(log10(most))
    miles = next(step * power for step in (5, 2, 1) if step * power <= most)
    x, y = 8.0, frame.height - 8
    return Scale(_text(x), _text(y), _text(x + miles / MILES_PER_DEGREE * frame.unit), round(miles))


def _text(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
