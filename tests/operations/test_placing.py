import pytest

from clinics.models import Location
from clinics.operations.placing import place, place_location
from clinics.operations.refusal import Refusal
from tests.build import a_clinic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("zip", ["33130", "33130-1234", "331301234", " 33130 "])
def test_a_us_zip_gives_city_state_and_coordinates(zip):
    location = place_location(a_clinic(), zip=zip)
    assert (location.city, location.state) == ("Miami", "FL")
    assert (round(location.latitude), round(location.longitude)) == (26, -80)


def test_what_was_typed_is_kept_before_what_the_zip_says():
    assert place_location(a_clinic(), zip="33130", city="Little Havana").city == "Little Havana"


def test_a_zip_that_the_list_lacks_is_kept_without_coordinates():
    location = place_location(a_clinic(), zip="00001", city="Miami", state="FL")
    assert (location.zip, location.latitude) == ("00001", None)


def test_a_zip_that_the_list_knows_without_a_place_gives_no_coordinates():
    location = place_location(a_clinic(), zip="90085")
    assert (location.city, location.latitude, location.longitude) == ("Los Angeles", None, None)


@pytest.mark.parametrize(
    ("facts", "because"),
    [
        ({"zip": "3313"}, "no US ZIP"),
        ({"zip": "ABCDE"}, "no US ZIP"),
        ({"zip": "2134"}, "dropped its zero, it is 02134"),
        ({"zip": "33130", "state": "TX"}, "is in FL, not in TX"),
        ({"state": "Florida"}, "no US state"),
        ({"country": "Mexico"}, "country"),
        ({"phone": "call us"}, "no telephone number"),
        ({"phone": "555"}, "too few or too many digits"),
    ],
)
def test_what_cannot_be_is_refused_with_its_column(facts, because):
    with pytest.raises(Refusal, match=because):
        place_location(a_clinic(), **facts)
    assert not Location.objects.exists()


def test_a_place_abroad_needs_no_us_zip():
    location = place_location(a_clinic(), zip="22010", city="Tijuana", state="Baja California", country="mx")
    assert (location.country, location.state, location.latitude) == ("MX", "Baja California", None)


@pytest.mark.parametrize(
    ("typed", "country", "shown"),
    [
        ("305.555.0134", "US", "(305) 555-0134"),
        ("+1 305 555 0134", "US", "(305) 555-0134"),
        ("+44 20 7946 0018", "US", "+44 20 7946 0018"),
    ],
)
def test_a_telephone_number_is_tidied_and_what_was_typed_is_kept(typed, country, shown):
    location = place_location(a_clinic(), phone=typed, country=country)
    assert (location.phone, location.phone_typed) == (shown, typed)
    place(location)
    assert (location.phone, location.phone_typed) == (shown, typed)
