"""The page of a clinic: its words, their dates, what was looked up and what was not."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from clinics.models import Clinic
from tests.directory.test_search_page import text_of
from tests.published import rows


@pytest.fixture
def palm(db: None) -> Clinic:
    rows.the_vocabulary()
    clinic = rows.a_clinic("Palm Court", languages=["en", "es"])
    rows.a_location(clinic)
    rows.a_treatment(clinic, condition="knee_arthritis")
    return clinic


def test_a_statement_is_quoted_dated_and_linked(palm: Clinic, client: Client) -> None:
    claim = rows.a_claim(palm, "We end your suffering.", assessed_as=["not_checkable"])
    page = client.get(f"/clinics/{palm.public_id}/").content.decode()
    assert "“We end your suffering.”" in page
    assert "First seen by us May 4, 2026" in page
    assert "We know of no public source that can settle this." in page
    assert f'<a href="{claim.page.url}" rel="nofollow noopener">' in page
    assert f"/clinics/{palm.public_id}/statements/{claim.public_id}/" in page


def test_words_that_vanished_are_dated(palm: Clinic, client: Client) -> None:
    claim = rows.a_claim(palm, "We end your suffering.")
    claim.presence.state = "absent"
    claim.presence.since = timezone.now() - timedelta(days=5)
    claim.presence.save()
    assert "Not found in readings of" in text_of(client, f"/clinics/{palm.public_id}/")


def test_a_missing_notice_shows_the_fixed_sentence_and_no_words(palm: Clinic, client: Client) -> None:
    claim = rows.a_claim(palm, "page_rule_key", "missing_notice")
    for path in (f"/clinics/{palm.public_id}/", f"/clinics/{palm.public_id}/statements/{claim.public_id}/"):
        said = text_of(client, path)
        assert "We did not find the prescribed wording" in said
        assert "page_rule_key" not in said


def test_a_look_up_says_register_number_and_result(palm: Clinic, client: Client) -> None:
    person = rows.a_practitioner(palm, "Dr. Ines Vale")
    rows.a_practitioner(palm, "Tomas Hale", "pa")
    rows.a_check(palm, "npi", practitioner=person)
    said = text_of(client, f"/clinics/{palm.public_id}/")
    for part in (
        "Named practitioners looked up: 1 of 2.",
        "NPI (an identifier, not a qualification)",
        "Register's status: “Active”.",
        "The national register",
        "1999999984",
        "Not looked up by us",
        "State licence",
    ):
        assert part in said.replace("&#x27;", "'")


def test_a_clinic_without_statements_is_not_called_anything(palm: Clinic, client: Client) -> None:
    said = text_of(client, f"/clinics/{palm.public_id}/")
    assert "No published statement." in said
    assert "says nothing about a clinic" in said


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("closed", "Reported closed, March 2, 2026."),
        ("not_offering", "No regenerative treatment offered on the pages read March 2, 2026."),
        ("delisted", "Removed by us March 2, 2026: At the request of the owner."),
    ],
)
def test_an_end_is_told_with_its_date(palm: Clinic, client: Client, status: str, sentence: str) -> None:
    clinic = rows.a_clinic("Old Clinic", status)
    rows.a_claim(clinic, "We end your suffering.")
    assert sentence in text_of(client, f"/clinics/{clinic.public_id}/")
    answer = client.get(f"/api/v1/clinics/{clinic.public_id}/").json()
    assert answer["status_sentence"] == sentence
    assert ("claims" in answer) is (status != "delisted")


def test_a_withdrawn_statement_leaves_a_tombstone_without_its_words(palm: Clinic, client: Client) -> None:
    claim = rows.a_claim(palm, "We end your suffering.", state="withdrawn")
    for path in (f"/clinics/{palm.public_id}/", f"/clinics/{palm.public_id}/statements/{claim.public_id}/"):
        said = text_of(client, path)
        assert "Recorded under the wrong clinic." in said
        assert "suffering" not in said


def test_a_link_that_leads_elsewhere_is_removed(palm: Clinic, client: Client) -> None:
    page = rows.a_page("parked", outcome="parked", failing_since=timezone.now())
    rows.a_claim(palm, "We end your suffering.", page=page)
    answer = client.get(f"/clinics/{palm.public_id}/").content.decode()
    assert "link removed" in answer
    assert page.url not in answer


def test_the_interface_tells_the_same(palm: Clinic, client: Client) -> None:
    check = rows.a_check(palm)
    claim = rows.a_claim(palm, "We end your suffering.")
    claim.credential_checks.add(check)
    answer = client.get(f"/api/v1/clinics/{palm.public_id}/").json()
    assert answer["name"] == "Palm Court"
    assert answer["claims"][0]["quote"] == "We end your suffering."
    assert answer["claims"][0]["category"] == "effect_statement"
    assert answer["claims"][0]["first_seen_on"] == str(date(2026, 5, 4))
    assert answer["claims"][0]["credential_checks"] == [check.public_id]
    assert answer["credential_checks"][0]["outcome"] == "verified"


def test_queries_do_not_grow_with_the_statements(
    palm: Clinic, client: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        rows.a_claim(palm, f"Words {number}.", page=rows.a_page(f"{number}"), assessed_as=["no_entry"])
        rows.a_check(palm, practitioner=rows.a_practitioner(palm, f"Dr. {number}"))
    with django_assert_max_num_queries(28):  # type: ignore[operator] # the plugin's fixture has no type
        assert client.get(f"/clinics/{palm.public_id}/").status_code == 200
    with django_assert_max_num_queries(17):  # type: ignore[operator] # the plugin's fixture has no type
        assert client.get(f"/api/v1/clinics/{palm.public_id}/").status_code == 200


@pytest.mark.parametrize("path", ["/clinics/nothere123/", "/clinics/%00/", "/clinics/x/statements/y/"])
def test_an_unknown_address_answers_404(palm: Clinic, client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_statement_can_be_cited_with_its_quote_dates_and_address(palm: Clinic, client: Client) -> None:
    claim = rows.a_claim(palm, "We end your suffering for ever.")
    path = f"/clinics/{palm.public_id}/statements/{claim.public_id}/"
    page = client.get(path).content.decode()
    citation = page[page.index("<textarea") : page.index("</textarea>")]
    for part in (palm.name, claim.quote, "First seen", f"http://testserver{path}"):
        assert part in citation
