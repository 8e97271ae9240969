"""Approved products and states' laws are tried out before they are saved; upgrades are taken or dropped."""

from typing import Any

import pytest
from django.urls import reverse

from clinics.models import ApprovedProduct, Rule, StateRegime
from clinics.operations.approved_products import load_shipped_products
from clinics.operations.regimes import load_shipped_regimes
from clinics.operations.sites import BOARD_CERTIFICATION
from tests.admin.conftest import SignedIn
from tests.build import a_flag

PRODUCTS = reverse("admin:clinics_approvedproduct_add")
REGIMES = reverse("admin:clinics_stateregime_add")


def a_product(**more: Any) -> dict[str, Any]:
    return {
        "key": "newcel",
        "title": "Newcel",
        "active": "on",
        "kind": "cell_or_gene_therapy",
        "names": "newcel",
        "uses": "knee arthritis\narthritis of the knee",
        "people": "adults",
        "indication": "arthritis of the knee",
        "source_title": "FDA list",
        "source_url": "https://agency.example/list",
        "source_date": "2026-11-01",
        "must": "Newcel is FDA approved for adults with knee arthritis.",
        "must_not": "Newcel is FDA approved for autism.",
        **more,
    }


def a_law(**more: Any) -> dict[str, Any]:
    return {
        "state": "ga",
        "name": "Georgia",
        "law": "HB 1275",
        "source_url": "https://law.example/",
        "permits": "Much.",
        "effective_on": "2026-07-01",
        "verified": "on",
        "verified_on": "2026-11-01",
        "notice_required": "true",
        "notice_where": "In every advertisement.",
        "notice_parts": "\\bnotice\\b\n\\bnot approved\\b",
        **more,
    }


def test_a_product_is_saved_with_its_lists_one_a_line(signed_in: SignedIn) -> None:
    answer = signed_in("administrator").post(PRODUCTS, a_product())
    assert answer.status_code == 302, answer.content.decode()
    assert ApprovedProduct.objects.get().uses == ["knee arthritis", "arthritis of the knee"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"names": "(unclosed"}, "(unclosed"),
        ({"must": "Our cells are FDA approved."}, "Our cells are FDA approved."),
        ({"must_not": "Newcel is FDA approved for knee arthritis."}, "must not"),
        ({"source_url": ""}, "This field is required"),
    ],
)
def test_a_product_that_cannot_be_used_is_refused_with_what_was_typed(
    signed_in: SignedIn, more: dict[str, str], told: str
) -> None:
    answer = signed_in("administrator").post(PRODUCTS, a_product(**more))
    assert answer.status_code == 200
    assert "errornote" in answer.content.decode()
    assert told in answer.content.decode()
    assert not ApprovedProduct.objects.exists()


def test_a_product_is_edited_and_keeps_its_key(signed_in: SignedIn) -> None:
    client = signed_in("administrator")
    client.post(PRODUCTS, a_product())
    change = reverse("admin:clinics_approvedproduct_change", args=[ApprovedProduct.objects.get().pk])
    assert client.post(change, a_product(key="other", note="Read again.")).status_code == 302
    row = ApprovedProduct.objects.get()
    assert (row.key, row.note) == ("newcel", "Read again.")


def test_a_law_with_a_verified_notice_gets_its_page_rule(signed_in: SignedIn) -> None:
    answer = signed_in("administrator").post(REGIMES, a_law())
    assert answer.status_code == 302, answer.content.decode()
    assert StateRegime.objects.get().state == "GA"
    assert Rule.objects.get().key == "missing_notice_ga"


@pytest.mark.parametrize("more", [{"verified": ""}, {"effective_on": ""}, {"notice_parts": ""}, {"state": "Georgia"}])
def test_a_notice_that_was_not_verified_is_refused(signed_in: SignedIn, more: dict[str, str]) -> None:
    law = {name: value for name, value in a_law(**more).items() if value}
    answer = signed_in("administrator").post(REGIMES, law)
    assert answer.status_code == 200
    assert "errornote" in answer.content.decode()
    assert not StateRegime.objects.exists()


@pytest.mark.parametrize(("step", "note"), [("take", "One of the"), ("keep", "Ours.")])
def test_a_newer_form_is_shown_and_taken_or_dropped(signed_in: SignedIn, step: str, note: str) -> None:
    load_shipped_products()
    row = ApprovedProduct.objects.get(key="hemacord")
    row.note, row.shipped = "Ours.", {**row.shipped, "note": "Before."}
    row.save()
    load_shipped_products()
    client = signed_in("administrator")
    page = client.get(reverse("admin:clinics_approvedproduct_change", args=[row.pk])).content.decode()
    assert "Take the newer shipped form" in page
    assert "note: Approved in 2011" in page
    client.post(reverse("admin:clinics_approvedproduct_step", args=[row.pk, step]))
    row.refresh_from_db()
    assert (note in row.note, row.proposal) == (True, None)


@pytest.mark.parametrize("role", ["recorder", "reviewer", "publisher", "auditor"])
def test_others_may_look_and_not_change(signed_in: SignedIn, role: str) -> None:
    load_shipped_regimes()
    client, row = signed_in(role), StateRegime.objects.get(state="FL")
    change = reverse("admin:clinics_stateregime_change", args=[row.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, a_law(state="FL")).status_code == 403
    assert client.post(reverse("admin:clinics_stateregime_step", args=[row.pk, "take"])).status_code in (403, 404)


def test_a_flag_of_a_site_shows_its_rule_and_its_words(signed_in: SignedIn) -> None:
    flag = a_flag()
    flag.sentence, flag.evidence = "missing_notice_fl", "We offer stem cells."
    flag.save()
    client = signed_in("reviewer")
    listed = client.get(reverse("admin:clinics_flag_changelist"), {"q": "offer stem"}).content.decode()
    assert "missing_notice_fl: “We offer stem cells.”" in listed
    shown = client.get(reverse("admin:clinics_flag_change", args=[flag.pk])).content.decode()
    assert "A rule about the whole site" in shown


def test_the_kind_of_check_that_stops_a_flag_is_a_word_of_ours() -> None:
    from clinics.domain.vocabulary import load_vocabulary

    assert BOARD_CERTIFICATION in {f"{term.kind}:{term.key}" for term in load_vocabulary()}
