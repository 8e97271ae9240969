"""Questions to ask: in general, and for a clinic with what people found and what is published anyway."""

import html
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from clinics.domain.questions import patient_questions
from clinics.models import ActionOutcome, Clinic, OfficialAction, Organisation, OrganisationLink, Question, Treatment
from clinics.operations.merging import merge
from clinics.operations.questions import publish_answer, withdraw_answer
from tests.build import NOW, a_listed_clinic, a_published_answer, a_snapshot, a_user, an_answer, not_stated
from tests.directory.test_search_page import text_of
from tests.published import rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> None:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"


@pytest.fixture
def palm() -> Clinic:
    rows.the_vocabulary()
    return rows.a_clinic("Palm Court")


def part_about(page: str, key: str) -> str:
    """What the page says under one question, without tags."""
    after = html.unescape(page).partition(f'<li id="{key}">')[2]
    return after.partition('<li id="')[0].partition("</ol>")[0]


def asked(client: Client, clinic: Clinic, key: str, prefix: str = "") -> str:
    """The part of a clinic's sheet about one question."""
    return part_about(client.get(f"{prefix}/clinics/{clinic.public_id}/questions/").content.decode(), key)


def an_outcome(action: OfficialAction, kind: str) -> None:
    """What became of a document later, as two people have it."""
    one, other = rows.a_person("ada"), rows.a_person("ben")
    told = {"recorded_by": one, "recorded_at": NOW, "confirmed_by": other, "confirmed_at": NOW}
    ActionOutcome.objects.create(action=action, kind=kind, dated=date(2026, 9, 1), **told)


def published(answer: Question) -> Question:
    return publish_answer(answer, by=a_user("second"), now=NOW)


@pytest.mark.parametrize(("prefix", "tongue"), [("", "en"), ("/es", "es")])
def test_all_questions_are_asked_with_why_and_a_line_to_write_on(client: Client, prefix: str, tongue: str) -> None:
    page = client.get(f"{prefix}/questions/").content.decode()
    for question in patient_questions().values():
        part = part_about(page, question.key)
        assert question.text[tongue] in part
        assert question.why[tongue] in part
        assert f'href="{prefix}/understand/{question.page}/"' in part
        assert 'class="write"' in part


@pytest.mark.parametrize(
    ("prefix", "told"), [("", "That no answer stands here says nothing about the clinic"), ("/es", "Que aquí no haya")]
)
def test_that_an_answer_is_missing_is_told_as_saying_nothing(
    palm: Clinic, client: Client, prefix: str, told: str
) -> None:
    for address in ("/questions/", f"/clinics/{palm.public_id}/questions/"):
        said = text_of(client, f"{prefix}{address}")
        assert told in said
        assert "No answer here says" not in said


def test_what_nobody_looked_for_is_told_as_that(palm: Clinic, client: Client) -> None:
    part = asked(client, palm, "product")
    assert "We have not looked for an answer on its pages yet." in part
    assert "Not stated" not in part


def test_that_a_person_found_nothing_is_dated(palm: Clinic, client: Client) -> None:
    published(not_stated(palm, "trial"))
    part = asked(client, palm, "trial")
    assert "Not stated on the pages read Nov. 2, 2026." in part
    assert "have not looked" not in part
    assert "No se indica en las páginas leídas el 2 de noviembre de 2026." in asked(client, palm, "trial", "/es")


def test_an_answer_is_quoted_with_its_page_and_day(palm: Clinic, client: Client) -> None:
    answer = a_published_answer(palm)
    part = asked(client, palm, "laboratory")
    assert f"“{answer.quote}”" in part
    assert "On the clinic's page, read Nov. 2, 2026." in part
    assert answer.page is not None
    assert f'<a href="{answer.page.url}" rel="nofollow noopener">' in part
    assert "has changed since" not in part


def test_that_the_page_says_something_else_since_is_told(palm: Clinic, client: Client) -> None:
    a_published_answer(palm)
    assert palm.website is not None
    a_snapshot(palm.website, "All is new.", at=NOW + timedelta(days=3))
    assert "text has changed since then." in asked(client, palm, "laboratory")


@pytest.fixture
def unpublished(palm: Clinic) -> Iterator[Question]:
    """A draft."""
    yield an_answer(palm, "Secret cells of ours.", key="product")


def test_a_draft_and_a_withdrawn_answer_are_not_public(palm: Clinic, unpublished: Question, client: Client) -> None:
    assert "Secret cells" not in client.get(f"/clinics/{palm.public_id}/questions/").content.decode()
    published(unpublished)
    assert "Secret cells" in asked(client, palm, "product")
    withdraw_answer(unpublished, reason="Of another house.", by=a_user("second"), now=NOW)
    page = client.get(f"/clinics/{palm.public_id}/questions/").content.decode()
    assert "Secret cells" not in page
    assert "Of another house." not in page


def test_what_is_published_anyway_answers_without_being_typed_again(palm: Clinic, client: Client) -> None:
    lab = Organisation.objects.create(name="Bay Cell Works")
    treatment = rows.a_treatment(
        palm, product="Bay cells", cell_source="adipose_svf", origin="autologous", route="intra_articular",
        posture="state_law", evidence="in_house_registry", price_stated="$4,900",
    )  # fmt: skip
    Treatment.objects.filter(pk=treatment.pk).update(laboratory=lab)
    rows.a_practitioner(palm, "Dr. Ines Vale")
    rows.a_check(palm, "state_licence")
    claim = rows.a_claim(palm, "Nothing can go wrong.", "no_risk")
    today = timezone.localdate().strftime("%Y")
    for key, said in {
        "product": "Bay cells (Knee renewal)",
        "cells": "Fat: stromal vascular fraction (Knee renewal)",
        "approval": "state law",
        "evidence": "registry",
        "laboratory": "Bay Cell Works (Knee renewal)",
        "people": "Dr. Ines Vale, ",
        "route": "Into a joint (Knee renewal)",
        "price": "$4,900 (Knee renewal)",
    }.items():
        part = asked(client, palm, key)
        assert said in part, key
        assert "Recorded by us" in part, key
        assert today in part, key
    assert "Looked up" in asked(client, palm, "people")
    harms = asked(client, palm, "harms")
    assert "Nothing can go wrong." in harms
    assert f"/clinics/{palm.public_id}/statements/{claim.public_id}/" in harms


def test_an_order_about_who_treats_stands_under_that_question_with_what_became_of_it(
    palm: Clinic, client: Client
) -> None:
    order = rows.an_action(palm, quote="The licence is on probation.")
    an_outcome(order, "lifted")
    part = asked(client, palm, "people")
    assert "The medical board: action of a licensing board, Feb. 3, 2026, “Order 12-3”, addressed to" in part
    assert "The licence is on probation." in part
    assert "Later: ended or lifted, Sept. 1, 2026." in part
    assert f'href="/clinics/{palm.public_id}/actions/{order.public_id}/"' in part
    assert "actuación de una junta de licencias" in asked(client, palm, "people", "/es")
    assert "Order 12-3" not in asked(client, palm, "approval")


def test_a_document_about_a_practitioner_stands_under_who_treats_whatever_its_kind(
    palm: Clinic, client: Client
) -> None:
    rows.an_action(palm, "court_order", practitioner=rows.a_practitioner(palm, "Dr. Ines Vale"))
    assert "court order or judgment" in asked(client, palm, "people")


def test_a_letter_on_products_stands_under_their_approval(palm: Clinic, client: Client) -> None:
    rows.an_action(palm, "warning_letter", agency="FDA")
    assert "FDA: warning letter" in asked(client, palm, "approval")
    assert "FDA: warning letter" not in asked(client, palm, "people")


def test_a_document_that_bears_on_no_question_stands_behind_them(palm: Clinic, client: Client) -> None:
    page = client.get(f"/clinics/{palm.public_id}/questions/").content.decode()
    assert "Other official documents" not in page
    rows.an_action(palm, "settlement", agency="The state")
    page = client.get(f"/clinics/{palm.public_id}/questions/").content.decode()
    assert "The state: settlement" in page.partition("Other official documents")[2]
    assert page.count("The state: settlement") == 1 + page.count('<span class="unseen">: The state: settlement')


@pytest.mark.parametrize("state", ["draft", "awaiting_second", "held", "withdrawn"])
def test_a_document_that_is_not_public_is_on_no_sheet(palm: Clinic, client: Client, state: str) -> None:
    rows.an_action(palm, "settlement", state, title="Secret title")
    rows.an_action(palm, state=state, title="Secret title")
    assert "Secret title" not in client.get(f"/clinics/{palm.public_id}/questions/").content.decode()


def test_the_questions_name_kinds_of_documents_that_there_are() -> None:
    named = {kind for question in patient_questions().values() for kind in question.documents}
    assert {"board_action", "warning_letter"} <= named <= set(OfficialAction.Kind.values)


def test_a_laboratory_that_is_linked_counts_while_it_works_for_the_clinic(palm: Clinic, client: Client) -> None:
    link = {"clinic": palm, "relation": "processes_cells"}
    for name, dates in {
        "New Lab": {"since": "2026-01-02"},
        "Leased Lab": {"until": "2090-01-01"},
        "Old Lab": {"until": "2026-01-01"},
        "Coming Lab": {"since": "2090-01-01"},
    }.items():
        OrganisationLink.objects.create(organisation=Organisation.objects.create(name=name), **dates, **link)
    part = asked(client, palm, "laboratory")
    assert "New Lab" in part
    assert "Since Jan. 2, 2026." in part
    assert "Leased Lab" in part
    assert "Old Lab" not in part
    assert "Coming Lab" not in part


def test_what_is_not_recorded_is_not_told_as_not_stated(palm: Clinic, client: Client) -> None:
    rows.a_treatment(palm)
    assert "Not stated" not in client.get(f"/clinics/{palm.public_id}/questions/").content.decode()


@pytest.mark.parametrize("status", ["draft", "held"])
def test_a_clinic_that_is_not_public_has_no_sheet(client: Client, status: str) -> None:
    clinic = rows.a_clinic("Hidden", status)
    assert client.get(f"/clinics/{clinic.public_id}/questions/").status_code == 404
    assert client.get("/clinics/unknown/questions/").status_code == 404


def test_a_removed_clinic_says_only_that(client: Client) -> None:
    clinic = rows.a_clinic("Old Clinic", "delisted")
    said = text_of(client, f"/clinics/{clinic.public_id}/questions/")
    assert "Removed by us" in said
    assert "Answer:" not in said


def test_a_merged_clinics_sheet_leads_to_the_survivors(client: Client) -> None:
    one, other = a_listed_clinic("Knee House"), a_listed_clinic("Hip House")
    a_published_answer(one)
    merge(one, other, reason="Same.", by=a_user(), now=NOW)
    answer = client.get(f"/clinics/{one.public_id}/questions/")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"/clinics/{other.public_id}/questions/"
    assert "Bay Cell Works" in client.get(answer.headers["Location"]).content.decode()


def test_of_two_answers_after_a_merger_the_newer_is_shown(client: Client) -> None:
    one, other = a_listed_clinic("Knee House"), a_listed_clinic("Hip House")
    a_published_answer(one)
    published(not_stated(other, "laboratory", looked_on=(NOW - timedelta(days=9)).date()))
    merge(one, other, reason="Same.", by=a_user(), now=NOW)
    assert "Bay Cell Works" in asked(client, other, "laboratory")


def test_the_number_of_queries_does_not_grow_with_what_is_published(
    palm: Clinic, client: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(9):
        rows.a_treatment(palm, f"Offer {number}", origin="autologous")
        rows.a_claim(palm, f"Words {number}.", "no_risk", page=rows.a_page(f"{number}"))
        rows.a_check(palm, practitioner=rows.a_practitioner(palm, f"Dr. {number}"))
        an_outcome(rows.an_action(palm), "lifted")
    with django_assert_max_num_queries(20):  # type: ignore[operator] # the plugin's fixture has no type
        assert client.get(f"/clinics/{palm.public_id}/questions/").status_code == 200


def test_the_clinics_page_leads_to_its_sheet(palm: Clinic, client: Client) -> None:
    page = client.get(f"/clinics/{palm.public_id}/").content.decode()
    assert f'href="/clinics/{palm.public_id}/questions/"' in page


def test_the_interface_has_the_newest_published_answer_to_each_question_and_no_draft(
    palm: Clinic, unpublished: Question, client: Client
) -> None:
    answer = a_published_answer(palm)
    answers = client.get(f"/api/v1/clinics/{palm.public_id}/").json()["answers"]
    assert [(one["question"], one["quote"]) for one in answers] == [("laboratory", answer.quote)]
    assert answers[0]["finding"] == "stated"
    assert answer.page is not None
    assert answers[0]["page_url"] == answer.page.url
    assert answers[0]["looked_on"] == str(answer.looked_on)
