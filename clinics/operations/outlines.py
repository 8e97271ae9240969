"""The outlines of states and countries, read from TopoJSON (the format's specification of 2016)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Final

from django.utils.translation import override

from clinics.operations.refusal import Refusal
from clinics.published.sentences import labels

STEPS: Final = 20  # of our grid, to a degree; a step is some three miles, less than a dot of a map covers
SOURCE: Final = (
    "US states: US Census Bureau, cartographic boundary files 2017 (public domain), by way of us-atlas 3. "
    "Countries: Natural Earth 4, 1:50m (public domain), by way of world-atlas 2. Rounded to a twentieth of a degree."
)
SPELT_OUT: Final = {
    "Antigua and Barb.": "Antigua and Barbuda",
    "Cayman Is.": "Cayman Islands",
    "Dominican Rep.": "Dominican Republic",
    "Turkey": "Türkiye",
    "United States of America": "United States",
    "Commonwealth of the Northern Mariana Islands": "Northern Mariana Islands",
    "N. Mariana Is.": "Northern Mariana Islands",
    "United States Virgin Islands": "US Virgin Islands",
    "U.S. Virgin Is.": "U.S. Virgin Islands",
}


def keys_by_name() -> tuple[dict[str, str], dict[str, str]]:
    """The codes of states, and those of countries, by their English names."""
    with override("en"):
        states, countries = labels("state"), labels("country")
        return {name: code for code, name in states.items()}, {name: code for code, name in countries.items()}


def gathered(
    states: Path, countries: Path, state_names: Mapping[str, str], country_names: Mapping[str, str]
) -> dict[str, list[list[int]]]:
    """The rings of each named state and country by its key: longitude and latitude of its first point, in steps of our
    grid, then how far it is to each next one.

    The names are English and lead to keys. A country without a key keeps its name; the US are drawn by their states.
    Raises `Refusal` for a file that is no TopoJSON.
    """
    found = {f"US-{state_names[name]}": rings for name, rings in _areas(states, "states") if name in state_names}
    drawn = {"United States", "Antarctica", *state_names.keys() - country_names.keys()}
    found |= {
        country_names.get(name, name): rings for name, rings in _areas(countries, "countries") if name not in drawn
    }
    return {key: found[key] for key in sorted(found) if found[key]}


def write(outlines: Mapping[str, Sequence[Sequence[int]]], folder: Path, on: date) -> None:
    """Write `outlines.json` into a folder, a line for each outline."""
    rows = ",\n".join(
        f"  {json.dumps(key)}: {json.dumps(rings, separators=(',', ':'))}" for key, rings in outlines.items()
    )
    head = f'{{\n "source": {json.dumps(SOURCE)},\n "date": "{on}",\n "steps_to_a_degree": {STEPS},\n "outlines": {{\n'
    (folder / "outlines.json").write_text(f"{head}{rows}\n }}\n}}\n", encoding="utf-8")


def _areas(path: Path, layer: str) -> Iterator[tuple[str, list[list[int]]]]:
    try:
        topology = json.loads(path.read_text(encoding="utf-8"))
        arcs = [_decoded(arc, topology["transform"]) for arc in topology["arcs"]]
        for area in topology["objects"][layer]["geometries"]:
            name = area["properties"]["name"]
            yield SPELT_OUT.get(name, name), list(_rings(area, arcs))
    except (ValueError, KeyError, TypeError) as fault:
        raise Refusal(f"{path}: this is no TopoJSON with a layer “{layer}” ({fault}).") from fault


def _decoded(arc: Sequence[Sequence[int]], transform: Mapping[str, Any]) -> list[tuple[int, int]]:
    """An arc's points on our grid: the file has steps on its own."""
    (wide, tall), (west, south) = transform["scale"], transform["translate"]
    points = zip(accumulate(step[0] for step in arc), accumulate(step[1] for step in arc), strict=True)
    return [(round((x * wide + west) * STEPS), round((y * tall + south) * STEPS)) for x, y in points]


def _unbroken(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """A ring that crosses the 180th meridian goes on beyond it."""
    turn, whole, found = 0, 360 * STEPS, list(points[:1])
    for (before, _), (x, y) in pairwise(points):
        turn += whole * ((before - x > whole / 2) - (x - before > whole / 2))
        found.append((x + turn, y))
    return found


def _rings(area: Mapping[str, Any], arcs: Sequence[list[tuple[int, int]]]) -> Iterator[list[int]]:
    """The outer rings that are more than a point of the grid. Holes are left out: what lies in one is drawn on it."""
    polygons = [area["arcs"]] if area["type"] == "Polygon" else area.get("arcs", [])
    for outer, *_holes in polygons:
        points = [point for number in outer for point in (arcs[number] if number >= 0 else arcs[~number][::-1])]
        ring = _unbroken([after for before, after in pairwise([points[-1], *points]) if before != after])
        if len(ring) > 3:
            yield [step for before, point in pairwise([(0, 0), *ring]) for step in _from(before, point)]


def _from(before: tuple[int, int], point: tuple[int, int]) -> tuple[int, int]:
    return point[0] - before[0], point[1] - before[1]
