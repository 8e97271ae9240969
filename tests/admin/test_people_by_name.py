"""Practitioners and organisations are typed by name on the clinic's page, each recorded once."""

from typing import Any

import pytest
from django.urls import reverse

from clinics.models import Clinic, Organisation, Practitioner
from tests.admin.conftest import SignedIn

pytestmark = pytest.mark.django_db
ADD = reverse("admin:clinics_clinic_add")
ROWS = ("page_uses", "locations", "treatments", "affiliations", "organisation_links")


def typed(row: str, **columns: str) -> dict[str, Any]:
    management = {f"{name}-{form}": "0" for name in ROWS for form in ("TOTAL_FORMS", "INITIAL_FORMS")}
    cells = {f"{row}-0-{name}": value for name, value in columns.items()}
    return {"name": "Knee House", "serves_us_patients": "on", **management, f"{row}-TOTAL_FORMS": "1", **cells}


def test_a_new_practitioner_is_recorded_with_the_clinic(signed_in: SignedIn):
    sent = typed("affiliations", new_name=" Dr. Ada Example ", role="Founder", since="2020-01-01")
    assert signed_in("recorder").post(ADD, sent).status_code == 302
    link = Clinic.objects.get().affiliations.get()
    assert (link.practitioner.name, link.role, str(link.since)) == ("Dr. Ada Example", "Founder", "2020-01-01")


def test_a_new_organisation_is_linked_with_dates(signed_in: SignedIn):
    sent = typed("organisation_links", new_name="Cells Inc", relation="formerly_operated", until="2024-05-01")
    assert signed_in("recorder").post(ADD, sent).status_code == 302
    link = Clinic.objects.get().organisation_links.get()
    assert (link.organisation.name, link.relation, str(link.until)) == ("Cells Inc", "formerly_operated", "2024-05-01")


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"new_name": "ada example"}, "“ada example” is recorded already: choose it"),
        ({"role": "Founder"}, "Choose a practitioner, or type a new one"),
        ({"new_name": "Bo", "since": "2024-01-01", "until": "2023-01-01"}, "It cannot end before it began."),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_half_written(signed_in: SignedIn, columns, told):
    Practitioner.objects.create(name="Ada Example")
    answer = signed_in("recorder").post(ADD, typed("affiliations", **columns))
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert not Clinic.objects.exists()
    assert Practitioner.objects.count() == 1


def test_a_recorded_one_and_a_new_name_are_not_both_taken(signed_in: SignedIn):
    known = Organisation.objects.create(name="Cells Inc")
    sent = typed("organisation_links", organisation=str(known.pk), new_name="Other Inc", relation="operates")
    assert b"not both" in signed_in("recorder").post(ADD, sent).content
    assert Organisation.objects.count() == 1


def test_a_name_in_two_rows_is_refused(signed_in: SignedIn):
    sent = typed("affiliations", new_name="Ada Example")
    sent |= {"affiliations-TOTAL_FORMS": "2", "affiliations-1-new_name": "ada example"}
    assert b"stands in another row already" in signed_in("recorder").post(ADD, sent).content
    assert not Practitioner.objects.exists()


def test_an_empty_row_is_no_row(signed_in: SignedIn):
    assert signed_in("recorder").post(ADD, typed("affiliations", new_name="", role="")).status_code == 302
    assert not Practitioner.objects.exists()
