"""The pages that explain: dated, sourced, in both languages, and linked from the words that they explain."""

import html
import re
from datetime import date, timedelta

import pytest
from django.test import Client

from clinics.domain.understanding import REVIEW_HOLDS, in_spanish, pages
from clinics.models import ApprovedProduct, Clinic, StateRegime
from clinics.operations.approved_products import load_shipped_products
from clinics.operations.regimes import load_shipped_regimes
from clinics.published import understanding
from clinics.published.filters import FACETS
from tests.directory.test_search_page import text_of
from tests.published import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def palm() -> Clinic:
    rows.the_vocabulary()
    clinic = rows.a_clinic("Palm Court")
    rows.a_location(clinic)
    rows.a_treatment(clinic, condition="knee_arthritis", origin="autologous", posture="state_law")
    return clinic


def test_the_index_leads_to_every_page(client: Client) -> None:
    index = client.get("/understand/").content.decode()
    for slug, page in pages().items():
        assert f'href="/understand/{slug}/"' in index
        assert page.short["en"] in html.unescape(index)


@pytest.mark.parametrize("slug", pages())
@pytest.mark.parametrize(("prefix", "tongue"), [("", "en"), ("/es", "es")])
def test_every_page_says_its_review_and_its_sources(client: Client, slug: str, prefix: str, tongue: str) -> None:
    answer = client.get(f"{prefix}/understand/{slug}/")
    page, told = answer.content.decode(), pages()[slug]
    assert answer.status_code == 200
    assert f'<html lang="{tongue}">' in page
    assert ("Last reviewed Nov. 26, 2026." if tongue == "en" else "Última revisión: 26 de noviembre de 2026.") in page
    for number, source in enumerate(told.sources.values(), start=1):
        assert f'<li id="source-{number}"><a href="{source.url}"' in page.replace("&amp;", "&")
        assert f'href="#source-{number}"' in page


@pytest.mark.parametrize("slug", ["unknown", "..", "report-and-ask2"])
def test_an_unknown_page_is_not_found(client: Client, slug: str) -> None:
    assert client.get(f"/understand/{slug}/").status_code == 404


def test_a_page_whose_review_is_old_says_so() -> None:
    page = pages()["your-own-cells"]
    on_time, late = (understanding.page_of(page.slug, page.reviewed_on + REVIEW_HOLDS + more) for more in SHIFTS)
    assert on_time is not None
    assert late is not None
    assert (on_time.overdue_after, late.overdue_after) == (None, 180)


SHIFTS = (timedelta(0), timedelta(days=1))


def test_an_old_review_is_told_to_the_visitor(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinics.domain.understanding.REVIEW_HOLDS", timedelta(days=-10_000))
    assert "facts may have changed since." in text_of(client, "/understand/your-own-cells/")


def test_a_source_that_we_did_not_read_is_told_as_such(client: Client) -> None:
    said = text_of(client, "/understand/your-own-cells/")
    assert "we have not read this source itself" in said
    assert "SCOTUSblog, docket 24-1189 , Oct. 14, 2025. Read Nov. 26, 2026." in said.replace("1189,", "1189 ,")


def test_invented_examples_are_marked_as_such(client: Client) -> None:
    page = client.get("/understand/wording-to-ask-about/").content.decode()
    assert page.count("<q>") == page.count("Invented example") > 5


def test_products_are_those_of_the_database_with_source_and_date(client: Client) -> None:
    load_shipped_products()
    ApprovedProduct.objects.filter(key="ryoncil").update(indication="a use that staff wrote")
    ApprovedProduct.objects.filter(key="hemacord").update(active=False)
    said = text_of(client, "/understand/approved-products/")
    assert "Ryoncil (remestemcel-L) since Dec. 18, 2024 a use that staff wrote" in said
    assert "read by us Nov. 22, 2026" in said
    assert "Hemacord" not in said
    assert "Vaccines" not in said
    assert "That is standard care. It is not the approval of a product" in said


@pytest.mark.parametrize(
    ("prefix", "read", "unread"),
    [
        ("", "read by us Nov. 22, 2026", "noted by us Nov. 22, 2026, not read"),
        (
            "/es",
            "leída por nosotros el 22 de noviembre de 2026",
            "anotada por nosotros el 22 de noviembre de 2026, no leída",
        ),
    ],
)
def test_a_row_says_whether_its_source_was_read(client: Client, prefix: str, read: str, unread: str) -> None:
    load_shipped_products()
    page = client.get(f"{prefix}/understand/approved-products/").content.decode()
    assert read in row_of(page, "Hemacord")
    assert unread in row_of(page, "MACI")
    ApprovedProduct.objects.filter(key="maci").update(source_date="2026-11-25")
    assert unread.split("2", 1)[0] not in row_of(
        client.get(f"{prefix}/understand/approved-products/").content.decode(), "MACI"
    )


def row_of(page: str, title: str) -> str:
    """The row of the table in which the title stands."""
    return next(row for row in re.split("<tr[ >]", page) if f">{title}" in row)


def test_the_list_of_products_says_that_it_is_not_complete_and_counts_no_group_as_a_product(client: Client) -> None:
    load_shipped_products()
    said = text_of(client, "/understand/approved-products/")
    assert "This list is not complete." in said
    assert "day not looked up" not in said
    products, _, groups = said.partition("Groups, not products")
    for group in ("Cord blood in its licensed uses", "CAR-T cell therapies as a class"):
        assert group not in products
        assert group in groups.partition("Devices, not treatments")[0]
    assert "its own approval Group For what" in said
    assert "for preparing material Kind of device For what" in said
    assert "Esta lista no está completa." in text_of(client, "/es/understand/approved-products/")


def test_products_are_in_spanish_as_far_as_they_are_as_we_shipped_them(client: Client) -> None:
    load_shipped_products()
    ApprovedProduct.objects.filter(key="ryoncil").update(indication="a use that staff wrote")
    page = client.get("/es/understand/approved-products/").content.decode()
    assert '<span lang="es">mieloma múltiple</span>' in page
    assert '<span lang="en">a use that staff wrote</span>' in page


def test_every_shipped_product_that_is_shown_has_its_spanish() -> None:
    load_shipped_products()
    shown = [row.indication for row in ApprovedProduct.objects.filter(kind__in=understanding.SHOWN_KINDS)]
    assert [text for text in shown if not in_spanish(text)] == []


def test_states_are_those_of_the_database_and_unread_laws_say_no_more(client: Client) -> None:
    load_shipped_regimes()
    said = text_of(client, "/understand/state-rules/")
    assert "Florida" in said
    assert "Physicians (MD, DO) may perform" in said
    assert "THIS NOTICE MUST BE PROVIDED TO YOU UNDER UTAH LAW." in said
    assert "Named as a permissive regime." not in said
    assert "say nothing about what it permits" in said
    StateRegime.objects.update(verified=False, notice_required=None)
    assert "Physicians (MD, DO) may perform" not in text_of(client, "/understand/state-rules/")


def test_a_database_without_reference_data_says_so(client: Client) -> None:
    assert "No product is recorded yet." in text_of(client, "/understand/approved-products/")
    assert "No state is recorded yet." in text_of(client, "/understand/state-rules/")


def test_words_on_a_clinics_page_lead_to_what_explains_them(palm: Clinic, client: Client) -> None:
    claim = rows.a_claim(palm, "Your own cells need no approval.", "autologous_exempt")
    page = client.get(f"/clinics/{palm.public_id}/").content.decode()
    statement = client.get(f"/clinics/{palm.public_id}/statements/{claim.public_id}/").content.decode()
    for slug in ("your-own-cells", "state-rules"):
        assert f'class="explain" href="/understand/{slug}/"' in page
    assert 'class="explain" href="/understand/your-own-cells/"' in statement
    assert (
        'class="explain" href="/es/understand/your-own-cells/"'
        in client.get(f"/es/clinics/{palm.public_id}/").content.decode()
    )


def ways_to_the_states(client: Client, clinic: Clinic, path: str = "") -> set[str]:
    page = client.get(f"/clinics/{clinic.public_id}/{path}").content.decode()
    return set(re.findall(r'href="(/understand/state-rules/[^"]*)"', page))


def test_words_about_a_states_law_lead_to_the_clinics_own_state(palm: Clinic, client: Client) -> None:
    load_shipped_regimes()
    claim = rows.a_claim(palm, "Florida law approves our cells.", "state_law_as_approval")
    of_florida = {"/understand/state-rules/#state-FL"}
    assert 'id="state-FL"' in client.get("/understand/state-rules/").content.decode()
    assert ways_to_the_states(client, palm) == of_florida
    assert ways_to_the_states(client, palm, f"statements/{claim.public_id}/") == of_florida
    rows.a_location(palm, state="NY")  # of which the page says nothing
    rows.a_location(palm, state="FL")
    assert ways_to_the_states(client, palm) == of_florida


@pytest.mark.parametrize("more", [{"state": "UT"}, None])
def test_where_the_page_has_several_of_its_states_or_none_they_lead_to_the_top(
    palm: Clinic, client: Client, more: dict[str, str] | None
) -> None:
    rows.a_claim(palm, "Florida law approves our cells.", "state_law_as_approval")
    if more is not None:
        load_shipped_regimes()
        rows.a_location(palm, **more)
    assert ways_to_the_states(client, palm) == {"/understand/state-rules/"}


def test_of_a_law_that_nobody_has_read_a_patient_is_told_whom_to_ask(client: Client) -> None:
    load_shipped_regimes()
    told = "You can ask the state's medical board or its health department."
    page = html.unescape(client.get("/understand/state-rules/").content.decode())
    of_texas, of_utah = (page.partition(f'id="state-{state}"')[2].partition("</section>")[0] for state in ("TX", "UT"))
    assert told in of_texas
    assert told not in of_utah


def test_a_facet_leads_to_what_explains_it_and_one_without_a_page_does_not(palm: Clinic, client: Client) -> None:
    page = client.get("/").content.decode()
    assert '<legend class="unseen">Condition</legend> <a class="explain" href="/understand/other-options/">' in page
    assert '<legend class="unseen">Language</legend> <a' not in page


def test_facets_that_are_explained_are_facets() -> None:
    assert set(FACETS) >= {facet for facet in EXPLAINED if understanding.link_for_facet(facet)} == set(EXPLAINED)


EXPLAINED = (
    "condition",
    "condition_group",
    "cell_source",
    "origin",
    "route",
    "posture",
    "evidence",
    "state",
    "country",
)


def test_the_pages_stand_in_the_navigation(client: Client) -> None:
    page = client.get("/about/").content.decode()
    assert 'href="/understand/"' in page
    assert 'href="/questions/"' in page


def test_the_day_of_a_fact_is_not_after_its_review() -> None:
    assert all(source.as_of <= date(2026, 11, 26) for page in pages().values() for source in page.sources.values())
