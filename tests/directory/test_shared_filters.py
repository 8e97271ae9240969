"""Filters that staff share, named by a visitor: on the page, in the JSON interface, and in its counts."""

import pytest
from django.test import Client

from clinics.models import SavedFilter
from tests.build import a_saved_filter
from tests.published import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def florida() -> SavedFilter:
    """Clinics of Florida, shared; two clinics there, one elsewhere."""
    rows.the_vocabulary()
    for name, state in (("Palm Court", "FL"), ("Gulf House", "FL"), ("Mesa Clinic", "AZ")):
        rows.a_location(rows.a_clinic(name), state=state)
    return a_saved_filter("directory", "state=FL", name="Florida", is_shared=True)


def names(client: Client, query: str) -> list[str]:
    return [clinic["name"] for clinic in client.get(f"/api/v1/clinics/?{query}").json()["results"]]


def test_a_shared_name_stands_for_its_parameters(client: Client, florida: SavedFilter) -> None:
    assert names(client, f"saved={florida.public_id}") == names(client, "state=FL") == ["Gulf House", "Palm Court"]
    assert client.get(f"/api/v1/facets/?saved={florida.public_id}").json() == (
        client.get("/api/v1/facets/?state=FL").json()
    )


def test_what_stands_beside_the_name_joins_it_or_takes_its_place(client: Client, florida: SavedFilter) -> None:
    assert names(client, f"saved={florida.public_id}&q=Gulf") == ["Gulf House"]
    assert names(client, f"saved={florida.public_id}&state=AZ") == ["Mesa Clinic"]


def test_the_page_shows_the_parameters_in_full(client: Client, florida: SavedFilter) -> None:
    answer = client.get(f"/?saved={florida.public_id}&q=Gulf")
    assert answer.status_code == 302
    assert answer.headers["Location"] in ("?state=FL&q=Gulf", "?q=Gulf&state=FL")
    assert client.get(f"/{answer.headers['Location']}").context["page"].paginator.count == 1


NOT_SHARED = [
    ("nothing has this name", lambda: "zzzzzzzzzz"),
    ("it is private", lambda: a_saved_filter("directory", "state=FL", name="Mine").public_id),
    ("it is of the desk", lambda: a_saved_filter("flag", "q=a", name="Desk", is_shared=True).public_id),
    ("it is gone", lambda: gone()),
    ("it is no name", lambda: "a%00b"),
]


def gone() -> str:
    saved = a_saved_filter("directory", "state=FL", name="Gone", is_shared=True)
    saved.delete()
    return saved.public_id


@pytest.mark.parametrize(("why", "made"), NOT_SHARED)
def test_any_other_name_is_refused_in_words(client: Client, florida: SavedFilter, why: str, made) -> None:
    name = made()
    for address in ("clinics", "facets"):
        answer = client.get(f"/api/v1/{address}/?saved={name}")
        assert answer.status_code == 400, why
        assert list(answer.json()) == ["saved"]
    assert client.get(f"/?saved={name}").status_code == 200


def test_a_shared_filter_whose_value_is_gone_is_told(client: Client, florida: SavedFilter) -> None:
    SavedFilter.objects.update(query="condition=no_such_condition")
    answer = client.get(f"/api/v1/clinics/?saved={florida.public_id}")
    assert (answer.status_code, list(answer.json())) == (400, ["condition"])
