"""Who changed what, for a row and the rows that belong to it."""

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinics.models import Clinic, Flag, Location, Page
from clinics.operations import triage
from tests.admin.conftest import SignedIn
from tests.build import a_check, a_claim, a_clinic, a_flag, a_kind, a_listed_clinic, a_page, a_user, later


def test_the_history_names_person_and_difference_also_of_bulk_changes(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    client = signed_in("recorder")
    client.post(reverse("admin:clinics_clinic_step", args=[clinic.pk, "list"]))
    Clinic.objects.filter(pk=clinic.pk).update(notes="Changed <b>behind</b> the desk.")
    text = client.get(reverse("admin:clinics_clinic_history", args=[clinic.pk])).content.decode()
    assert User.objects.get(username="recorder").username in text
    assert f"<del>{Clinic.Status.DRAFT.label}</del> → <ins>{Clinic.Status.LISTED.label}</ins>" in text
    assert "&lt;b&gt;behind&lt;/b&gt;" in text
    assert "no person: the tracker, or the database itself" in text


def test_the_history_of_a_clinic_has_that_of_its_places(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    clinic.locations.create(city="Miami", state="FL")
    text = signed_in("auditor").get(reverse("admin:clinics_clinic_history", args=[clinic.pk])).content.decode()
    assert "<ins>Miami</ins>" in text


def history(client: Client, clinic: Clinic) -> str:
    return client.get(reverse("admin:clinics_clinic_history", args=[clinic.pk])).content.decode()


def test_the_history_says_why_where_a_step_asked_for_a_reason(signed_in: SignedIn) -> None:
    clinic = a_listed_clinic()
    client = signed_in("reviewer")
    client.post(reverse("admin:clinics_clinic_step", args=[clinic.pk, "hold"]), {"reason": "A letter came."})
    assert "<td>A letter came.</td>" in history(client, clinic)


def test_the_history_of_a_flag_says_why_it_was_decided(signed_in: SignedIn) -> None:
    flag = a_flag()
    triage.dismiss(flag, dismissed_as="true", reason="So it is.", by=a_user(), now=later(days=1))
    text = signed_in("auditor").get(reverse("admin:clinics_flag_history", args=[flag.pk])).content.decode()
    assert "<td>So it is.</td>" in text


def test_the_history_calls_rows_and_choices_by_their_names(signed_in: SignedIn) -> None:
    flag, by = a_flag(), a_user("ada")
    triage.dismiss(flag, dismissed_as="true", reason="So it is.", by=by, now=later(days=1))
    text = signed_in("auditor").get(reverse("admin:clinics_flag_history", args=[flag.pk])).content.decode()
    assert f"<ins>ada ({by.pk})</ins>" in text
    assert f"<ins>{flag.clinic} ({flag.clinic_id})</ins>" in text
    assert f"<ins>{Flag.Dismissal.TRUE.label}</ins>" in text
    assert f"<del>{Flag.State.OPEN.label}</del> → <ins>{Flag.State.DISMISSED.label}</ins>" in text


def test_the_history_keeps_the_key_of_a_row_that_is_gone(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    before = clinic.website_id
    Clinic.objects.filter(pk=clinic.pk).update(website=a_page(url="https://gone.example/"))
    gone = Clinic.objects.get(pk=clinic.pk).website_id
    Clinic.objects.filter(pk=clinic.pk).update(website=before)
    Page.objects.filter(pk=gone).delete()
    assert f"<del>{gone}</del> → <ins>" in history(signed_in("auditor"), clinic)


def test_a_change_in_the_database_itself_has_its_difference_and_no_person(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clinics_clinic SET name = 'By SQL' WHERE id = %s", [clinic.pk])
    text = history(signed_in("auditor"), clinic)
    assert "<ins>By SQL</ins>" in text
    assert "no person: the tracker, or the database itself" in text


def test_an_earlier_version_is_shown_and_set_back(signed_in: SignedIn) -> None:
    clinic = a_clinic("Knee House")
    place = clinic.locations.create(city="Miami", state="FL")
    Location.objects.filter(pk=place.pk).update(city="Reno", state="NV")
    client = signed_in("recorder")
    first = place.events.earliest("pgh_id")
    url = reverse("admin:clinics_clinic_setback", args=[clinic.pk, "location", first.pgh_id])
    assert url in history(client, clinic)
    shown = client.get(url).content.decode()
    assert "<td><del>Reno</del></td><td><ins>Miami</ins></td>" in shown
    sent = {"reason": "Wrong row.", "seen": place.events.latest("pgh_id").pgh_id}
    assert client.post(url, {**sent, "seen": first.pgh_id}).content.decode().count("changed this since you looked") == 1
    answer = client.post(url, sent, follow=True).content.decode()
    assert "Set back, as a change of its own." in answer
    assert "<td>Wrong row.</td>" in answer
    place.refresh_from_db()
    assert (place.city, place.state) == ("Miami", "FL")


def test_nobody_is_offered_to_set_back_what_they_may_not_change_or_what_stands_now(signed_in: SignedIn) -> None:
    clinic = Clinic.objects.create(name="Knee House")
    assert "Set back to this" not in history(signed_in("recorder"), clinic)
    Clinic.objects.filter(pk=clinic.pk).update(notes="Another.")
    assert history(signed_in("reviewer"), clinic).count("Set back to this") == 1
    assert "Set back to this" not in history(signed_in("auditor"), clinic)


def test_a_version_of_another_row_is_not_found(signed_in: SignedIn) -> None:
    clinic, other = a_clinic(), a_clinic("Hip House")
    version = other.events.earliest("pgh_id").pgh_id
    client = signed_in("recorder")
    assert client.get(reverse("admin:clinics_clinic_setback", args=[clinic.pk, "clinic", version])).status_code == 404
    assert client.get(reverse("admin:clinics_clinic_setback", args=[clinic.pk, "claim", version])).status_code == 404


def test_a_row_that_was_removed_says_so_and_is_not_set_back(signed_in: SignedIn) -> None:
    clinic = a_clinic()
    place = clinic.locations.create(city="Miami", state="FL")
    first = place.events.earliest("pgh_id")
    place.delete()
    client = signed_in("recorder")
    url = reverse("admin:clinics_clinic_setback", args=[clinic.pk, "location", first.pgh_id])
    assert "Set back to this" not in history(client, clinic)
    assert "This has been removed" in client.get(url).content.decode()
    assert "This has been removed" in client.post(url, {"reason": "Back.", "seen": 1}).content.decode()


def test_a_history_asks_the_database_as_often_for_many_rows_as_for_one(signed_in: SignedIn) -> None:
    claim, client, asked = a_claim(), signed_in("auditor"), []
    address = reverse("admin:clinics_claim_history", args=[claim.pk])
    client.get(address)
    for number in (1, 5):
        for each in range(number):
            check = a_check(claim.clinic, kind=a_kind(f"kind_{number}_{each}"))
            claim.credential_links.create(credential_check=check)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_history_of_a_clinic_looks_once_for_what_was_merged_into_it(signed_in: SignedIn) -> None:
    clinic, client = a_clinic(), signed_in("auditor")
    with CaptureQueriesContext(connection) as queries:
        history(client, clinic)
    assert sum('WHERE "clinics_clinic"."merged_into_id"' in query["sql"] for query in queries) == 1


def test_the_newest_comes_first_also_of_what_was_written_at_once(signed_in: SignedIn) -> None:
    clinic = Clinic.objects.create(name="First words")
    Clinic.objects.filter(pk=clinic.pk).update(name="Second words")
    text = history(signed_in("auditor"), clinic)
    assert text.index("<ins>Second words</ins>") < text.index("<ins>First words</ins>")
