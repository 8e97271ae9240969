"""A small map shows every place, with its number, on the outlines about it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.domain.charts import WIDTH
from clinics.domain.map_drawing import Map, Place, drawn, outlines

MIAMI = Place(1, 25.77, -80.19, "US-FL")
MIAMI_BEACH = Place(2, 25.79, -80.13, "US-FL")
TAMPA = Place(3, 27.95, -82.46, "US-FL")
LOS_ANGELES = Place(2, 34.05, -118.24, "US-CA")
NAMES = {**{key: key[3:] for key in outlines() if key.startswith("US-")}, "MX": "Mexico", "CA": "Canada"}


def shown(*places: Place) -> Map:
    found = drawn(places, NAMES)
    assert found is not None
    return found


def named(found: Map) -> set[str]:
    return {name.text for name in found.names}


def test_the_state_of_a_place_is_drawn_whole_and_named_with_its_neighbours():
    found = shown(MIAMI)
    assert [area.has_a_place for area in found.areas].count(True) == 1
    assert found.areas[-1].has_a_place, "drawn last, over its neighbours' borders"
    assert {"FL", "GA", "AL"} <= named(found)
    assert not {"CA", "NY", "Mexico"} & named(found)


def test_places_that_would_touch_share_a_dot_and_others_do_not():
    assert [dot.text for dot in shown(MIAMI, MIAMI_BEACH, TAMPA).dots] == ["1, 2", "3"]


@pytest.mark.parametrize(
    ("numbers", "text"), [([4], "4"), ([1, 2], "1, 2"), ([1, 2, 3], "1–3"), ([1, 2, 4], "1 + 2"), ([1, 3], "1, 3")]
)
def test_a_shared_dot_says_its_numbers(numbers, text):
    assert [dot.text for dot in shown(*(Place(n, 25.77, -80.19, "US-FL") for n in numbers)).dots] == [text]


def test_places_far_apart_are_on_one_map_north_above_and_east_on_the_right():
    first, second = shown(MIAMI, LOS_ANGELES).dots
    assert float(first.x) > float(second.x)
    assert float(first.y) > float(second.y)


@pytest.mark.parametrize(
    ("place", "miles"), [(MIAMI, 100), (Place(1, 29.76, -95.37, "US-TX"), 200), (Place(1, 41.82, -71.41, "US-RI"), 50)]
)
def test_the_scale_is_a_round_number_of_miles_that_is_as_long_as_it_says(place, miles):
    scale = shown(place).scale
    assert scale.miles == miles
    assert 20 < float(scale.end) - float(scale.x) <= WIDTH / 3


def test_a_degree_of_latitude_is_69_miles_on_the_scale():
    found = shown(MIAMI, TAMPA)
    miami, tampa = found.dots
    to_a_mile = (float(found.scale.end) - float(found.scale.x)) / found.scale.miles
    assert (float(miami.y) - float(tampa.y)) / to_a_mile == pytest.approx((27.95 - 25.77) * 69, rel=0.01)


def test_an_area_over_the_180th_meridian_does_not_cover_the_map():
    alaska = shown(Place(1, 61.2, -149.9, "US-AK"))
    assert {"AK", "Canada"} <= named(alaska)
    assert all(max(map(abs, [x for ring in rings for x, _ in ring.points])) < 200 for rings in outlines().values())


def test_there_is_no_map_of_no_places_or_of_the_open_sea():
    assert drawn([], NAMES) is None
    assert drawn([Place(1, 0, -30, "XX")], NAMES) is None


def test_a_place_of_an_unknown_state_is_shown_on_what_lies_about_it():
    found = shown(Place(1, 25.77, -80.19, "US-??"))
    assert not any(area.has_a_place for area in found.areas)
    assert found.dots


def test_every_state_and_most_countries_of_the_labels_have_an_outline():
    assert {"US-DC", "US-PR", "US-VI", "MX", "PA", "KY", "GE"} <= outlines().keys()
    assert outlines()["US-GA"] != outlines()["GE"]


where = st.tuples(st.floats(-60, 75), st.floats(-179, 179), st.sampled_from([*outlines()]))


@settings(max_examples=60)
@given(st.lists(where, min_size=1, max_size=6))
def test_every_place_is_on_the_map_once_and_every_path_lies_within_it(spots):
    places = [Place(number, *spot) for number, spot in enumerate(spots, 1)]
    found = drawn(places, NAMES)
    if found is None:
        return
    height = float(found.height)
    assert WIDTH / 2 - 1 <= height <= WIDTH + 1
    for dot in found.dots:
        assert 0 < float(dot.x) < WIDTH
        assert 0 < float(dot.y) < height
    for area in found.areas:
        x = y = 0.0
        start, steps = area.path[1:].split("M")[0].split("l")
        x, y = map(float, start.split())
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", steps.rstrip("z"))]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            assert -0.2 <= x <= WIDTH + 0.2
            assert -0.2 <= y <= height + 0.2
