"""Who changed what, for a row and the rows that belong to it."""

from django.contrib.auth.models import User
from django.urls import reverse

from clinics.models import Clinic
from tests.admin.conftest import SignedIn
from tests.build import a_clinic


def test_the_history_names_person_and_difference_also_of_bulk_changes(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    client = signed_in("recorder")
    client.post(reverse("admin:clinics_clinic_step", args=[clinic.pk, "list"]))
    Clinic.objects.filter(pk=clinic.pk).update(notes="Changed <b>behind</b> the desk.")
    text = client.get(reverse("admin:clinics_clinic_history", args=[clinic.pk])).content.decode()
    assert User.objects.get(username="recorder").username in text
    assert "<del>draft</del> → <ins>listed</ins>" in text
    assert "&lt;b&gt;behind&lt;/b&gt;" in text
    assert "the tracker" in text


def test_the_history_of_a_clinic_has_that_of_its_places(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    clinic.locations.create(city="Miami", state="FL")
    text = signed_in("auditor").get(reverse("admin:clinics_clinic_history", args=[clinic.pk])).content.decode()
    assert "<ins>Miami</ins>" in text
