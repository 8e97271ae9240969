"""What the page of a clinic shows of its offers, people and places."""

from datetime import timedelta

import pgtrigger
import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from clinics.models import Clinic, Organisation, Treatment
from tests.directory.test_search_page import text_of
from tests.published import rows


@pytest.fixture
def palm(db: None) -> Clinic:
    rows.the_vocabulary()
    return rows.a_clinic("Palm Court")


def address_of(clinic: Clinic) -> str:
    return f"/clinics/{clinic.public_id}/"


def page_of(client: Client, clinic: Clinic) -> str:
    return client.get(address_of(clinic)).content.decode()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "Laboratory not recorded"),
        ({"not_stated": ["laboratory"]}, "Laboratory not stated on the pages read"),
        ({"not_stated": ["product"]}, "Laboratory not recorded"),
    ],
)
def test_what_was_looked_for_in_vain_is_told_from_what_nobody_recorded(palm, client, facts, said):
    rows.a_treatment(palm, **facts)
    assert said in text_of(client, address_of(palm))
    assert said.removeprefix("Laboratory ") in text_of(client, f"/compare/?clinic={palm.public_id}")


def test_a_named_laboratory_is_shown(palm, client):
    rows.a_treatment(palm, laboratory=Organisation.objects.create(name="Bright Cells Laboratory"))
    said = text_of(client, address_of(palm))
    assert "Laboratory Bright Cells Laboratory" in said
    assert "not stated on the pages read" not in said


def test_what_is_not_stated_is_in_the_sheet_of_questions_and_in_the_interface(palm, client):
    rows.a_treatment(palm, "Knee renewal", not_stated=["laboratory", "price_stated"])
    sheet = text_of(client, f"{address_of(palm)}questions/")
    assert sheet.count("not stated on the pages read (Knee renewal)") == 2
    offer = client.get(f"/api/v1/clinics/{palm.public_id}/").json()["treatments"][0]
    assert offer["not_stated"] == ["laboratory", "price_stated"]


def test_offers_people_and_places_carry_the_day_since_when_they_are_recorded_so(palm, client):
    offer = rows.a_treatment(palm)
    rows.a_practitioner(palm, "Dr. Ines Vale")
    rows.a_location(palm)
    said = text_of(client, address_of(palm))
    assert said.count("Recorded by us") == 3
    ago = timezone.now() - timedelta(days=400)
    with pgtrigger.ignore("clinics.TreatmentEvent:append_only"):
        Treatment.pgh_event_model.objects.filter(pgh_obj_id=offer.pk).update(pgh_created_at=ago)
    assert f"Recorded by us {date_format(ago)}" in text_of(client, address_of(palm))


def test_places_with_coordinates_are_on_a_map_by_the_numbers_of_the_list(palm, client):
    rows.a_location(palm, street="1 First St", latitude=None, longitude=None)
    rows.a_location(palm, street="2 Second St")
    page = page_of(client, palm)
    drawn = page[page.index('<figure class="map">') : page.index("</figure>")]
    assert ">2</text>" in drawn
    assert ">1</text>" not in drawn
    assert "Places without coordinates stand in the list only." in drawn
    assert page.index("1 First St") < page.index("2 Second St")


def test_a_clinic_without_coordinates_has_its_list_and_no_map(palm, client):
    rows.a_location(palm, latitude=None, longitude=None)
    page = page_of(client, palm)
    assert "<figure" not in page
    assert "12 Flagler Ct" in page


def test_the_map_speaks_the_reader_s_language_and_writes_numbers_with_a_point(palm, client):
    rows.a_location(palm)
    page = client.get(f"/es{address_of(palm)}").content.decode()
    drawn = page[page.index('<figure class="map">') : page.index("</figure>")]
    assert "millas" in drawn
    assert "Cada punto" in drawn
    assert not [part for part in drawn.split('"') if part[:1].isdigit() and "," in part]


def test_the_contents_lead_to_every_section_that_is_there_and_to_no_other(palm, client):
    page = page_of(client, palm)
    wanted = {part.split('"')[0] for part in page.split('href="#')[1:]} - {"main", "content"}
    assert {"statements", "credentials", "offers", "people", "places", "history"} <= wanted
    assert "actions" not in wanted
    assert all(f'id="{name}"' in page for name in wanted)


def test_the_page_of_a_clinic_in_many_states_stays_light(palm, client):
    for state, zip_code, latitude, longitude in (
        ("FL", "33130", 25.77, -80.2), ("CA", "90001", 33.97, -118.25), ("NY", "10001", 40.75, -73.99),
    ):  # fmt: skip
        rows.a_location(palm, state=state, zip=zip_code, latitude=latitude, longitude=longitude)
    assert len(page_of(client, palm)) < 60_000
