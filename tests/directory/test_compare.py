"""Up to four clinics side by side: the same rows for all, no rank, and a clear word where something cannot be shown."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from clinics.models import Clinic, Organisation, OrganisationLink
from clinics.operations.merging import merge
from tests.build import NOW, a_listed_clinic, a_published_action, a_user
from tests.directory.test_search_page import text_of
from tests.published import rows

pytestmark = pytest.mark.django_db
VERDICTS = re.compile(r"\b(best|worst|better|rank\w*|score|rating|winner|safe|recommended)\b", re.IGNORECASE)


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> None:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"


@pytest.fixture
def four() -> list[Clinic]:
    rows.the_vocabulary()
    clinics = [rows.a_clinic(f"Clinic {letter}") for letter in "ABCD"]
    first = clinics[0]
    rows.a_location(first)
    rows.a_treatment(first, condition="knee_arthritis", cell_source="adipose_svf", posture="state_law")
    rows.a_practitioner(first, "Dr. Ines Vale")
    rows.a_claim(first, "We end your suffering.")
    rows.a_claim(first, "We mend all.", first_seen_on="2026-06-09")
    rows.a_check(first, "state_licence")
    a_published_action(first)
    return clinics


def address(*clinics: Clinic | str) -> str:
    ids = [one if isinstance(one, str) else one.public_id for one in clinics]
    return "/compare/?" + "&".join(f"clinic={each}" for each in ids)


def row_of(page: str, label: str) -> list[str]:
    """The cells of one row, without tags."""
    [found] = re.findall(rf'<th scope="row">{re.escape(label)}</th>(.*?)</tr>', page, re.DOTALL)
    cells = re.findall(r"<td>(.*?)</td>", found, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]


def test_clinics_stand_in_the_order_of_the_address_and_it_says_nothing(four: list[Clinic], client: Client) -> None:
    page = client.get(address(four[2], four[0], four[1])).content.decode()
    heads = re.findall(r'<th scope="col"><a href="[^"]+">([^<]+)</a>', page)
    assert heads == ["Clinic C", "Clinic A", "Clinic B"]
    assert "in which you chose them" not in page
    assert "Their order says nothing about them." in page


def test_the_field_to_add_a_clinic_comes_first_until_two_stand_side_by_side(four: list[Clinic], client: Client) -> None:
    for clinic in four:
        rows.a_location(clinic)
    one = client.get(f"{address(four[0])}&find=Clinic").content.decode()
    assert one.index('id="find"') < one.index("Add Clinic B") < one.index("<table")
    two = client.get(f"{address(*four[:2])}&find=Clinic").content.decode()
    assert two.index("<table") < two.index('id="find"') < two.index("Add Clinic C")
    assert 'action="#add"' in two  # so that what was found is in sight
    assert 'id="add"' in two


def test_every_row_has_a_cell_for_every_clinic(four: list[Clinic], client: Client) -> None:
    page = client.get(address(*four)).content.decode()
    labels = re.findall(r'<th scope="row">([^<]+)</th>', page)
    assert len(labels) == 11
    for label in labels:
        assert len(row_of(page, label)) == 4


def test_what_is_published_stands_there_with_its_dates(four: list[Clinic], client: Client) -> None:
    page = client.get(address(four[0], four[1])).content.decode().replace("&#x27;", "'")
    assert row_of(page, "What it offers")[0] == "Knee renewal Knee arthritis"
    assert row_of(page, "Cells")[0] == "Fat: stromal vascular fraction"
    assert row_of(page, "Who treats there")[0].startswith("Dr. Ines Vale")
    statements = row_of(page, "Published statements, by category")[0]
    words = "We end your suffering. We mend all."
    assert statements == f"About an effect: 2 {words} first seen by us May 4, 2026 – June 9, 2026"
    assert "Register's status: “Active”. Looked up" in row_of(page, "What we looked up")[0]
    assert "FDA, Center for Biologics" in row_of(page, "Official documents")[0]
    assert "Board certification" in row_of(page, "Not looked up by us")[0]
    assert "Read" in row_of(page, "Its pages")[0]


def test_a_former_laboratory_is_not_told_as_the_present_one(four: list[Clinic], client: Client) -> None:
    link = {"clinic": four[0], "relation": "processes_cells"}
    for name, until in (("Old Lab", "2026-01-01"), ("Present Lab", None), ("Leased Lab", "2090-01-01")):
        OrganisationLink.objects.create(organisation=Organisation.objects.create(name=name), until=until, **link)
    page = client.get(address(four[0], four[1])).content.decode()
    assert row_of(page, "Laboratory")[0] == "Present Lab Leased Lab"


def test_of_many_statements_the_first_words_are_quoted_and_the_rest_led_to(four: list[Clinic], client: Client) -> None:
    for number in range(4):
        rows.a_claim(four[1], f"Sin dolor {number}.", "guarantee", language="es")
    rows.a_claim(four[1], "rule.key", "missing_notice")
    page = client.get(address(four[0], four[1])).content.decode().replace("&#x27;", "'")
    statements = row_of(page, "Published statements, by category")[1]
    assert "Promised outcome: 4 Sin dolor 0. Sin dolor 1. Sin dolor 2. 1 more first seen by us" in statements
    assert "Prescribed notice: 1 first seen by us" in statements
    assert '<q lang="es">Sin dolor 0.</q>' in page
    assert "Sin dolor 3." not in page


def test_an_empty_cell_says_that_it_says_nothing(four: list[Clinic], client: Client) -> None:
    page = client.get(address(four[0], four[1])).content.decode()
    assert row_of(page, "Published statements, by category")[1] == "None published. That says nothing about the clinic."
    assert row_of(page, "What we looked up")[1] == "None published. That says nothing about the clinic."
    assert row_of(page, "Cells")[1] == "not recorded"
    assert "says nothing about a clinic" in page


def test_nothing_is_ranked(four: list[Clinic], client: Client) -> None:
    assert VERDICTS.search(text_of(client, address(*four))) is None


def test_more_than_four_are_to_be_chosen_from(four: list[Clinic], client: Client) -> None:
    page = client.get(address(*four, rows.a_clinic("Clinic E"))).content.decode()
    assert "You chose 5 clinics. Choose up to 4 of them." in page
    assert page.count('type="checkbox" name="clinic"') == 5
    assert page.count(" checked>") == 4
    assert "<table" not in page


def test_unknown_and_unpublic_ids_are_told_alike(four: list[Clinic], client: Client) -> None:
    hidden = [rows.a_clinic("Hidden One", status) for status in ("draft", "held")]
    page = client.get(address(four[0], "unknown", *hidden)).content.decode()
    for public_id in ("unknown", *(one.public_id for one in hidden)):
        assert f"There is no public entry “{public_id}”." in page
    assert "Hidden One" not in page
    assert "Clinic A" in page


def test_a_removed_clinic_is_told_as_removed(four: list[Clinic], client: Client) -> None:
    gone = rows.a_clinic("Old Clinic", "delisted")
    page = client.get(address(four[0], gone)).content.decode()
    assert "Old Clinic: Removed by us March 2, 2026" in page
    assert page.count('scope="col"') == 1


def test_a_closed_clinic_says_so_at_its_head(four: list[Clinic], client: Client) -> None:
    closed = rows.a_clinic("Closed Clinic", "closed")
    assert "Reported closed, March 2, 2026." in text_of(client, address(four[0], closed))


@pytest.mark.parametrize("tail", ["&clinic=", "&q=knee", "&page=2", "&clinic=%20"])
def test_the_address_is_made_plain_to_be_shared(four: list[Clinic], client: Client, tail: str) -> None:
    answer = client.get(address(four[0], four[1], four[0]) + tail)
    assert answer.status_code == 302
    assert answer.headers["Location"] == address(four[0], four[1]).removeprefix("/compare/")
    assert client.get(address(four[0], four[1])).status_code == 200


def test_a_merged_clinics_id_leads_to_its_survivor(four: list[Clinic], client: Client) -> None:
    one, other = a_listed_clinic("Knee House"), a_listed_clinic("Hip House")
    merge(one, other, reason="Same.", by=a_user(), now=NOW)
    answer = client.get(address(four[0], one, other))
    assert answer.headers["Location"] == address(four[0], other).removeprefix("/compare/")


def test_without_a_choice_it_says_how_to_choose(client: Client) -> None:
    assert "No clinic is chosen yet." in text_of(client, "/compare/")


def test_a_clinic_is_found_by_name_and_added(four: list[Clinic], client: Client) -> None:
    for clinic in four:
        rows.a_location(clinic)
    page = client.get(f"{address(four[0])}&find=Clinic+B").content.decode()
    added = address(four[0], four[1]).replace("&", "&amp;")
    assert f'<a href="{added}">Add Clinic B</a>' in page
    assert "Add Clinic A" not in page
    assert "No other listed clinic answers to this." in client.get(f"{address(four[0])}&find=zzzz").content.decode()


def test_four_leave_no_room_to_add(four: list[Clinic], client: Client) -> None:
    assert 'id="find"' not in client.get(address(*four)).content.decode()


NASTY = ["%00", "<script>alert(1)</script>", "' OR 1=1 --", "x" * 10_000, "../../admin", "%F0%9F%92%89", "clinic[]"]


@pytest.mark.parametrize("value", NASTY, ids=range(len(NASTY)))
def test_whatever_is_typed_is_harmless(four: list[Clinic], client: Client, value: str) -> None:
    answer = client.get("/compare/", {"clinic": [four[0].public_id, value], "find": value})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert len(page) < 60_000
    assert "Clinic A" in page


def test_a_hundred_ids_cost_no_more_than_a_dozen(
    four: list[Clinic], client: Client, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(45):  # type: ignore[operator] # the plugin's fixture has no type
        assert client.get(address(*four[:1], *(f"unknown{n}" for n in range(100)))).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_clinics(
    four: list[Clinic], client: Client, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(22):  # type: ignore[operator] # the plugin's fixture has no type
        assert client.get(address(*four)).status_code == 200


def test_results_and_a_clinics_page_lead_here(four: list[Clinic], client: Client) -> None:
    results = client.get("/").content.decode()
    assert f'<input type="checkbox" name="clinic" value="{four[0].public_id}">' in results
    assert 'formaction="/compare/"' in results
    page = client.get(f"/clinics/{four[0].public_id}/").content.decode()
    assert f'href="/compare/?clinic={four[0].public_id}"' in page
