"""Distances: what lies within some miles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.models import Location
from clinics.published.places import (
    City,
    Point,
    city_of,
    is_us_zip,
    measured_from,
    miles_between,
    miles_from,
    place_of_zip,
    places_of_city,
    within,
)
from tests.published import rows

MIAMI = Point(25.7743, -80.1937)
POINTS = st.builds(Point, st.floats(-89, 89), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("other", "miles"), [(MIAMI, 0), (Point(26.1224, -80.1373), 24.3), (Point(28.5384, -81.3789), 204.4)]
)
def test_distances_are_those_of_the_map(other: Point, miles: float) -> None:
    assert miles_between(MIAMI, other) == pytest.approx(miles, abs=1.5)


@given(POINTS, POINTS)
def test_a_distance_is_the_same_both_ways(one: Point, other: Point) -> None:
    assert miles_between(one, other) == pytest.approx(miles_between(other, one), abs=1e-6)


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("33130", "33130 (Miami, FL)"),
        ("33130-1234", "33130 (Miami, FL)"),
        ("00000", None),
        ("90085", None),  # the list has it, at 0° north and 0° west
    ],
)
def test_a_zip_lies_somewhere_or_is_unknown(code: str, label: str | None) -> None:
    place = place_of_zip(code)
    assert (place and place.label) == label


@pytest.mark.parametrize(
    ("code", "known"),
    [("33602", True), ("33602-1234", True), ("00000", False), ("336", False), ("336021", False), ("ABCDE", False)],
)
def test_a_us_zip_is_one_of_the_list(code: str, known: bool) -> None:
    assert is_us_zip(code) is known


def test_a_citys_name_may_stand_for_several_places_the_largest_first() -> None:
    labels = [place.label for place in places_of_city("washington")]
    assert labels[0] == "Washington, DC"
    assert "Washington, GA" in labels
    assert [place.label for place in places_of_city("Springfield", "il")] == ["Springfield, IL"]
    assert places_of_city("Nowhereville") == ()


def test_a_part_of_a_city_is_known_by_its_name_and_tells_its_city() -> None:
    labels = [place.label for place in places_of_city("manhattan")]
    assert labels[:2] == ["Manhattan (New York), NY", "Manhattan, KS"]
    assert [place.label for place in places_of_city("Miami")].count("Miami, FL") == 1
    assert "Miami (Oxford), OH" not in [
        place.label for place in places_of_city("Miami")
    ]  # one ZIP code, seldom so called


@pytest.mark.parametrize(
    ("city", "state", "middle"),
    [("Los Angeles", "CA", Point(34.05, -118.25)), ("Indianapolis", "IN", Point(39.77, -86.16))],
)
def test_zip_codes_that_lie_nowhere_do_not_move_a_citys_middle(city: str, state: str, middle: Point) -> None:
    (place,) = places_of_city(city, state)
    assert miles_between(place.point, middle) < 5


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("Springfield", City("Springfield")),
        ("Springfield, IL", City("Springfield", "IL")),
        ("Springfield, Illinois", City("Springfield", "IL")),
        ("springfield illinois", City("springfield", "IL")),
        ("Springfield IL", City("Springfield", "IL")),
        ("Springfield Misuri", City("Springfield", "MO")),
        ("Charleston West Virginia", City("Charleston", "WV")),
        ("Santa Fe, Nuevo México", City("Santa Fe", "NM")),
        ("Washington D.C.", City("Washington", "DC")),
        ("NYC", City("New York", "NY")),
        ("Port Washington", City("Port Washington")),  # a place of its own
        ("West Virginia", City("West Virginia")),
        ("Virginia", City("Virginia")),
        ("Cancún", City("Cancún")),
        ("Tijuana, Baja California", City("Tijuana, Baja California")),
    ],
)
def test_a_state_may_stand_behind_a_city(text: str, city: City) -> None:
    assert city_of(text) == city


@pytest.mark.parametrize(
    ("text", "states", "places"),
    [
        ("Springfield, IL", (), ["Springfield, IL"]),
        ("Springfield", ("IL",), ["Springfield, IL"]),
        ("Springfield", ("MO", "OH"), ["Springfield, MO", "Springfield, OH"]),
        ("New York", ("NJ",), ["New York, NY"]),  # who lives across the river ticks where the clinics are to be
        ("Columbus", (), ["Columbus, OH"]),
        ("St. Petersburg", (), ["Saint Petersburg, FL"]),
        ("Nowhereville", ("IL",), []),
    ],
)
def test_distances_are_measured_from_one_place_of_a_name(text: str, states: tuple[str, ...], places: list[str]) -> None:
    measured = measured_from(city_of(text), states)
    assert [place.label for place in measured.places] == places


def test_the_others_of_a_name_are_told_where_no_state_was_given() -> None:
    others = [place.label for place in measured_from(City("Springfield")).others]
    assert others[:2] == ["Springfield, IL", "Springfield, MO"]
    assert measured_from(City("Springfield"), ("IL",)).others == ()


@pytest.mark.django_db
@pytest.mark.parametrize("centre", [MIAMI, Point(64.8, -147.7), Point(13.4, 144.7), Point(-17.7, 179.9)])
@pytest.mark.parametrize("miles", [5, 100, 500])
def test_the_database_agrees_with_the_map(centre: Point, miles: int) -> None:
    clinic = rows.a_clinic()
    for north in (-6, -1, -0.3, 0, 0.05, 0.8, 5):
        for east in (-9, -2, -0.2, 0, 0.06, 1.1, 8):
            longitude = (centre.longitude + east + 180) % 360 - 180
            rows.a_location(clinic, latitude=centre.latitude + north, longitude=longitude)
    places = Location.objects.annotate(miles=miles_from(centre))
    truth = {place.pk for place in places if _miles(centre, place) <= miles}
    assert {place.pk for place in places.filter(within([centre], miles))} == truth
    assert all(place.miles == pytest.approx(_miles(centre, place), abs=0.01) for place in places)


def _miles(centre: Point, place: Location) -> float:
    assert place.latitude is not None and place.longitude is not None
    return miles_between(centre, Point(place.latitude, place.longitude))
