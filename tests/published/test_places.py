"""Distances: what lies within some miles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.models import Location
from clinics.published.places import Point, miles_between, miles_from, point_of_zip, points_of_city, within
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


@pytest.mark.parametrize(("code", "known"), [("33130", True), ("33130-1234", True), ("00000", False)])
def test_a_zip_lies_somewhere_or_is_unknown(code: str, known: bool) -> None:
    assert (point_of_zip(code) is not None) is known


def test_a_citys_name_may_stand_for_several_places() -> None:
    assert len(points_of_city("springfield")) > 5
    assert len(points_of_city("Springfield", "il")) == 1
    assert points_of_city("Nowhereville") == ()


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
