"""What a search finds can be taken away as a file: the same clinics, in the same order, with nothing to compute."""

import csv
import io
import json

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from clinics.published.tables import TABLES
from tests.build import a_published_action
from tests.published import rows

pytestmark = pytest.mark.usefixtures("vocabulary")


@pytest.fixture
def vocabulary(db: None) -> None:
    rows.the_vocabulary()


def body(answer: HttpResponse) -> str:
    return b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]


def lines(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(body(answer), newline="")))


def test_the_list_as_csv_holds_what_the_page_finds_in_its_order(client: Client) -> None:
    for name, city in (("Zebra Knees", "Miami"), ("Acorn Knees", "Tampa"), ("Quiet Hips", "Miami")):
        clinic = rows.a_clinic(name, languages=["en", "es"])
        rows.a_location(clinic, city=city)
    rows.a_treatment(clinic, condition="knee_arthritis", cell_source="adipose_svf")
    rows.a_claim(clinic, "We end your suffering.")
    rows.an_action(clinic)
    rows.a_clinic("Draft Knees", "draft")
    found = lines(client, "/data/clinics.csv?city=Miami&sort=name")
    assert [row["name"] for row in found] == ["Quiet Hips", "Zebra Knees"]
    assert found[0]["locations"] == "12 Flagler Ct, Miami, FL 33130, US"
    assert found[0]["url"] == f"http://testserver/clinics/{clinic.public_id}/"
    assert (found[0]["published_statements"], found[0]["languages"]) == ("1", "en | es")
    assert found[0]["conditions"] == "Knee arthritis"
    assert [row["published_official_actions"] for row in found] == ["1", "0"]
    assert len(lines(client, "/data/clinics.csv")) == 3


def test_statements_checks_and_official_actions_of_the_clinics_found_are_tables_of_their_own(client: Client) -> None:
    here, elsewhere = rows.a_clinic("Here"), rows.a_clinic("Elsewhere")
    rows.a_location(here)
    for clinic in (here, elsewhere):
        rows.a_claim(clinic, f"{clinic.name} ends your suffering.")
        rows.a_check(clinic)
        a_published_action(clinic, url=f"https://agency.example/{clinic.pk}")
    rows.a_claim(here, "Not public yet.", state="draft")
    (statement,) = lines(client, "/data/statements.csv?city=Miami")
    assert (statement["quote"], statement["clinic"]) == ("Here ends your suffering.", "Here")
    assert statement["assessments"] == "Recorded; not assessed."
    (check,) = lines(client, "/data/credential-checks.csv?city=Miami")
    assert (check["clinic_id"], check["outcome"]) == (here.public_id, "verified")
    (action,) = lines(client, "/data/official-actions.csv?city=Miami")
    assert action["document"] == f"https://agency.example/{here.pk}"
    for name in ("statements", "credential-checks", "official-actions"):
        assert len(lines(client, f"/data/{name}.csv")) == 2


@pytest.mark.parametrize("name", ["=1+1 Knees", "+1 Knees", "@Knees", "-Knees", "\tKnees"])
def test_no_cell_is_a_formula(client: Client, name: str) -> None:
    rows.a_clinic(name)
    (row,) = lines(client, "/data/clinics.csv")
    assert row["name"] == f"'{name}"


def test_the_list_as_json_holds_all_that_is_published(client: Client) -> None:
    clinic = rows.a_clinic("Knee House")
    rows.a_claim(clinic, "We end your suffering.")
    rows.a_claim(clinic, "Withdrawn words.", state="withdrawn")
    rows.a_clinic("Hip House")
    answer = client.get("/data/clinics.json?q=Knee")
    (found,) = json.loads(body(answer))
    assert found == json.loads(json.dumps(client.get(f"/api/v1/clinics/{clinic.public_id}/").json()))
    assert json.loads(body(client.get("/data/clinics.json?q=nobody"))) == []
    assert len(json.loads(body(client.get("/data/clinics.json")))) == 2


def test_a_wrong_parameter_is_told_and_no_row_is_given(client: Client) -> None:
    rows.a_clinic()
    for address in ("/data/clinics.csv", "/data/clinics.json", "/data/statements.csv"):
        answer = client.get(f"{address}?state=Atlantis")
        assert answer.status_code == 400
        assert answer.content.decode().startswith("state: “Atlantis” is not a state")
    assert client.get("/data/flags.csv").status_code == 404


def test_spanish_files_are_spanish_to_their_last_row(client: Client) -> None:
    rows.a_treatment(clinic := rows.a_clinic(), condition="knee_arthritis")
    rows.a_claim(clinic, "We end your suffering.")
    assert "Artrosis de rodilla" in body(client.get("/es/data/clinics.csv"))
    assert "Registrado; sin evaluar." in body(client.get("/es/data/statements.csv"))


@pytest.mark.parametrize("name", [*TABLES, "json"])
def test_many_rows_take_as_many_queries_as_few(
    client: Client, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        clinic = rows.a_clinic(f"Clinic {number}")
        rows.a_claim(clinic, "We end your suffering.")
        rows.a_check(clinic)
    address = "/data/clinics.json" if name == "json" else f"/data/{name}.csv"
    with django_assert_max_num_queries(24):
        assert body(client.get(address))
