"""The search page and the JSON interface: the same parameters, counts and clear answers."""

import re

import pytest
from django.test import Client

from clinics.models import Clinic
from tests.published import rows

HOSTILE = (
    "x" * 10_000,
    "%00",
    "%0d%0aSet-Cookie:a=b",
    "'; DROP TABLE clinics_clinic; --",
    "<script>alert(1)</script>",
    "%ff%fe",
)
PARAMETERS = (
    "q", "state", "city", "country", "zip", "within", "condition", "condition_group", "cell_source", "origin", "route",
    "posture", "evidence", "provider", "claim_category", "assessment", "credential", "credential_outcome", "language",
    "seen_within", "sort",
)  # fmt: skip


@pytest.fixture
def palm(db: None) -> Clinic:
    rows.the_vocabulary()
    clinic = rows.a_clinic("Palm Court", languages=["en"])
    rows.a_location(clinic)
    rows.a_treatment(clinic, condition="knee_arthritis", cell_source="prp")
    rows.a_claim(clinic, "We end your suffering.")
    return clinic


def text_of(client: Client, path: str) -> str:
    """The visible text of a page, spaces folded."""
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_card_says_what_where_and_when(palm: Clinic, client: Client) -> None:
    said = text_of(client, "/?q=knee")
    for part in ("1 clinic", "Palm Court", "Miami, FL", "Knee arthritis", "1 published statement", "Read "):
        assert part in said


def test_a_chip_removes_one_option_and_keeps_the_others(palm: Clinic, client: Client) -> None:
    page = client.get("/?state=FL&state=AZ&q=knee&page=1").content.decode()
    assert 'href="?state=AZ&amp;q=knee"' in page
    assert 'href="?state=FL&amp;state=AZ"' in page


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/?seen_within=1", ": 1 day ×"),
        ("/?seen_within=2", ": 2 days ×"),
        ("/es/?seen_within=1", ": 1 día ×"),
        ("/es/?seen_within=2", ": 2 días ×"),
        ("/?zip=33130&within=1", "Remove 1 mile ×"),
        ("/es/?zip=33130&within=1", "Quitar 1 milla ×"),
    ],
)
def test_one_day_and_one_mile_are_singular(palm: Clinic, client: Client, path: str, said: str) -> None:
    assert said in text_of(client, path)


def test_nothing_found_says_which_filter_to_drop(palm: Clinic, client: Client) -> None:
    page = client.get("/?state=TX&condition=knee_arthritis").content.decode()
    assert '<a href="?condition=knee_arthritis">without “State”</a>: 1 clinic' in page
    assert "without “Condition”" not in page
    assert "0 clinics" in page
    assert "says nothing about a clinic" in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("zip=33301", "zip=33301&amp;within=25"),
        ("zip=33301&within=5&condition=knee_arthritis", "zip=33301&amp;within=25&amp;condition=knee_arthritis"),
        ("city=Orlando&within=50", "city=Orlando&amp;within=250"),
    ],
)
def test_near_a_place_where_nothing_is_the_next_distance_that_finds_something_is_told(
    palm: Clinic, client: Client, asked: str, told: str
) -> None:
    page = client.get(f"/?{asked}").content.decode()
    miles = told.split("within=")[1].split("&")[0]
    assert f'Farther from there: <a href="?{told}">within {miles} miles</a>: 1 clinic' in page


@pytest.mark.parametrize(
    "asked",
    [
        *("zip=33301&state=AZ", "zip=00000", "city=Nowhereville", "zip=99723&within=250", "zip=33130", "state=TX"),
        *("zip=33301&zip=V6B+1A1", "city=Orlando&city=Nowhereville", "zip=33301&city=Nowhereville"),
        "&".join(f"zip=3330{number}" for number in range(1, 7)),
    ],
)
def test_no_distance_is_told_where_none_finds_anything_or_something_is_found(
    palm: Clinic, client: Client, asked: str
) -> None:
    assert "Farther from there" not in client.get(f"/?{asked}").content.decode()


def test_of_a_text_that_finds_nothing_each_part_may_be_dropped(palm: Clinic, client: Client) -> None:
    page = client.get("/?q=bad+knee+near+Tampa").content.decode()
    assert '<a href="?q=bad+knee">without “Tampa”</a>: 1 clinic' in page
    assert "without “bad knee”" not in page  # nothing is in Tampa at all


@pytest.mark.parametrize("query", ["state=ZZ", "seen_within=soon", "sort=price"])
def test_a_wrong_value_is_told_and_finds_nothing(palm: Clinic, client: Client, query: str) -> None:
    page = text_of(client, f"/?{query}")
    assert "We could not search" in page
    assert "Palm Court" not in page
    answer = client.get(f"/api/v1/clinics/?{query}")
    assert answer.status_code == 400
    assert list(answer.json()) == [query.partition("=")[0]]
    assert client.get(f"/api/v1/facets/?{query}").status_code == 400


@pytest.mark.parametrize("page", ["0", "-1", "99999999999", "abc", "2"])
def test_a_page_that_is_not_there_answers_404(palm: Clinic, client: Client, page: str) -> None:
    assert client.get(f"/?page={page}").status_code == 404
    assert client.get(f"/api/v1/clinics/?page={page}").status_code == 404


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_are_harmless(palm: Clinic, client: Client, value: str) -> None:
    for parameter in PARAMETERS:
        answer = client.get(f"/?{parameter}={value}")
        assert answer.status_code == 200, parameter
        assert b"<script>alert" not in answer.content, parameter
        assert client.get(f"/api/v1/clinics/?{parameter}={value}").status_code in (200, 400), parameter
    assert Clinic.objects.count() == 1


def test_the_interface_has_the_same_rows_and_counts(palm: Clinic, client: Client) -> None:
    answer = client.get("/api/v1/clinics/?condition=knee_arthritis").json()
    assert (answer["count"], answer["next"], answer["previous"]) == (1, None, None)
    assert answer["results"][0]["id"] == palm.public_id
    counts = client.get("/api/v1/facets/?condition=knee_arthritis").json()
    assert counts["condition"] == {"knee_arthritis": 1}
    assert counts["claim_category"] == {"effect_statement": 1}


def test_results_come_in_pages_whose_links_keep_the_question(palm: Clinic, client: Client) -> None:
    for number in range(30):
        rows.a_location(rows.a_clinic(f"Clinic {number:02}"))
    page = client.get("/?state=FL").content.decode()
    assert 'href="?state=FL&amp;page=2"' in page
    assert client.get("/?state=FL&page=2").status_code == 200
    assert client.get("/api/v1/clinics/?state=FL").json()["next"].endswith("?page=2&state=FL")


def test_queries_do_not_grow_with_the_rows(palm: Clinic, client: Client, django_assert_max_num_queries: object) -> None:
    for number in range(24):
        clinic = rows.a_clinic(f"Clinic {number:02}")
        rows.a_location(clinic)
        rows.a_treatment(clinic, condition="knee_arthritis")
        rows.a_claim(clinic, "Words.")
    with django_assert_max_num_queries(6):  # type: ignore[operator] # the plugin's fixture has no type
        client.get("/?q=clinic&state=FL&condition=knee_arthritis")
    with django_assert_max_num_queries(9):  # type: ignore[operator] # the plugin's fixture has no type
        client.get("/api/v1/clinics/?state=FL")


def test_the_form_is_plain_and_nothing_comes_from_outside(palm: Clinic, client: Client) -> None:
    answer = client.get("/")
    page = answer.content.decode()
    assert '<form method="get"' in page
    assert set(re.findall(r"<script[^>]*>.*?</script>", page)) == {
        '<script src="/static/django_htmx/htmx-4.min.js" defer></script>',
        '<script src="/static/clinics/finder.js" defer></script>',
    }
    assert " style=" not in page
    assert re.findall(r'(?:src|href)="(?:https?:)?//(?!testserver/)', page) == []
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_schema_names_every_parameter(palm: Clinic, client: Client) -> None:
    schema = client.get("/api/v1/schema/").json()
    named = {one["name"] for one in schema["paths"]["/api/v1/clinics/"]["get"]["parameters"]}
    assert named == {*PARAMETERS, "page", "saved"}
