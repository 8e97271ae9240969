"""Who may open and do what: a table of address and role, and the number of queries that each page takes."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from clinics.models import (
    ApprovedProduct,
    Clinic,
    Digest,
    IgnoreRule,
    Job,
    MergeRecord,
    Organisation,
    Practitioner,
    StateRegime,
    Tombstone,
)
from clinics.operations.approved_products import load_shipped_products
from clinics.operations.duplicates import tell_apart
from clinics.operations.everywhere import dismiss_everywhere
from clinics.operations.import_files import take_in
from clinics.operations.legal_holds import place_hold
from clinics.operations.regimes import load_shipped_regimes
from clinics.operations.sealing import seal_days
from tests.admin.conftest import SignedIn
from tests.build import (
    NOW,
    a_check,
    a_claim,
    a_clinic,
    a_correction,
    a_delivery,
    a_flag,
    a_look_up,
    a_proposal,
    a_saved_filter,
    a_user,
    an_action,
    an_answer,
    an_answer_case,
    later,
)

ROLES = ("recorder", "reviewer", "publisher", "auditor", "administrator")
MODELS = sorted(model._meta.model_name for model in admin.site._registry if model._meta.app_label == "clinics")
MOST_QUERIES_OF_A_LIST = 8
MAY_ADD = {
    "answerpoint": set(),
    "approvedproduct": {"administrator"},
    "claim": {"recorder", "reviewer", "publisher", "administrator"},
    "clinicimport": {"recorder", "reviewer", "publisher", "administrator"},
    "clinic": {"recorder", "reviewer", "publisher", "administrator"},
    "correction": set(),
    "credentialcheck": {"recorder", "reviewer", "publisher", "administrator"},
    "ignorerule": {"reviewer", "publisher", "administrator"},
    "mergerecord": set(),
    "toldapart": set(),
    "officialaction": {"recorder", "reviewer", "publisher", "administrator"},
    "organisation": {"recorder", "reviewer", "publisher", "administrator"},
    "practitioner": {"recorder", "reviewer", "publisher", "administrator"},
    "question": {"recorder", "reviewer", "publisher", "administrator"},
    "registerlookup": {"recorder", "reviewer", "publisher", "administrator"},
    "rule": {"administrator"},
    "stateregime": {"administrator"},
    "term": {"administrator"},
    "decision": set(),
    "delivery": set(),
    "digest": {"recorder", "reviewer", "publisher", "administrator"},
    "flag": set(),
    "host": set(),
    "job": set(),
    "legalhold": {"publisher", "administrator"},
    "page": set(),
    "screenshot": set(),
    "pageproposal": set(),
    "savedfilter": {"recorder", "reviewer", "publisher", "administrator"},
    "seal": set(),
    "snapshot": set(),
    "standingdecision": set(),
    "tombstone": set(),
}


@pytest.fixture
def a_row_of_each(db: None) -> dict[str, object]:
    """The ids of one row of each model."""
    load_shipped_products()
    load_shipped_regimes()
    clinic, other = a_clinic(), a_clinic("Hip House")
    flag = a_flag(clinic)
    by = a_user("earlier")
    check = a_check(clinic)
    decision = flag.decisions.create(state="open", reason="Seen.", sentence=flag.sentence, by=by, at=flag.raised_at)
    stone = Tombstone.objects.create(kind="record", subject="a" * 64, reason="Old.", at=NOW)
    return {
        "answerpoint": an_answer_case(a_claim(clinic)).points.get().pk,
        "approvedproduct": ApprovedProduct.objects.get(key="ryoncil").pk,
        "claim": a_claim(clinic).pk,
        "clinic": clinic.pk,
        "clinicimport": take_in("a.csv", [b"name,website\n"], listed=False, by=by, now=NOW).pk,
        "correction": a_correction().pk,
        "credentialcheck": check.pk,
        "decision": decision.pk,
        "delivery": a_delivery(by).pk,
        "digest": Digest.objects.get().pk,
        "flag": flag.pk,
        "host": clinic.website.host_id,
        "ignorerule": IgnoreRule.objects.create(
            what=".feed", reason="Posts.", page=clinic.website, created_at=flag.raised_at, created_by=by
        ).pk,
        "job": Job.objects.create(kind="apply_rules", requested_by=by).pk,
        "legalhold": place_hold(clinic, "Case 7", by=by, now=NOW).pk,
        "mergerecord": MergeRecord.objects.create(
            merged=clinic, survivor=other, reason="Same.", by=by, at=NOW, journal={"entries": []}
        ).pk,
        "toldapart": tell_apart(clinic, other, by=by, now=NOW).pk,
        "officialaction": an_action(clinic).pk,
        "organisation": Organisation.objects.create(name="Cells Inc").pk,
        "page": clinic.website_id,
        "pageproposal": a_proposal(clinic).pk,
        "practitioner": Practitioner.objects.create(name="Ada Example").pk,
        "question": an_answer(clinic).pk,
        "registerlookup": a_look_up(clinic).pk,
        "rule": flag.rule_id,
        "savedfilter": a_saved_filter(by=by, is_shared=True).pk,
        "screenshot": flag.screenshots.create(page=clinic.website, occasion="first_sighting", wanted_at=NOW).pk,
        "seal": seal_days(later(days=1))[0].pk,
        "snapshot": flag.sightings.get().snapshot_id,
        "standingdecision": dismiss_everywhere(
            flag, dismissed_as="trivial", reason="A slogan.", expires_on=later(days=9).date(), by=by, now=NOW
        ).pk,
        "stateregime": StateRegime.objects.get(state="FL").pk,
        "term": check.kind_id,
        "tombstone": stone.pk,
    }


def test_the_table_names_every_model() -> None:
    assert set(MAY_ADD) == set(MODELS)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_read_every_list_and_page_in_few_queries(
    signed_in: SignedIn,
    a_row_of_each: dict[str, object],
    role: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in(role)
    for model in MODELS:
        for address in _read_addresses(model, a_row_of_each[model]):
            with django_assert_max_num_queries(MOST_QUERIES_OF_A_LIST if address.endswith(f"/{model}/") else 26):
                assert client.get(address).status_code == 200, address


def _read_addresses(model: str, pk: object) -> list[str]:
    return [
        reverse(f"admin:clinics_{model}_changelist"),
        reverse(f"admin:clinics_{model}_change", args=[pk]),
        reverse(f"admin:clinics_{model}_history", args=[pk]),
    ]


def test_nobody_without_a_role_sees_anything(signed_in: SignedIn, a_row_of_each: dict[str, object]) -> None:
    client = signed_in()
    for model in MODELS:
        for address in _read_addresses(model, a_row_of_each[model]):
            assert client.get(address).status_code == 403, address


def test_a_visitor_is_asked_to_sign_in(db: None) -> None:
    assert Client().get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize(("role", "status"), [("recorder", 403), ("reviewer", 403), ("publisher", 302)])
def test_only_a_publisher_signs(signed_in: SignedIn, a_row_of_each: dict[str, object], role: str, status: int) -> None:
    client = signed_in(role)
    pk = a_row_of_each["claim"]
    assert client.post(reverse("admin:clinics_claim_step", args=[pk, "waive"]), {"reason": "Urgent"}).status_code == 302
    assert client.post(reverse("admin:clinics_claim_step", args=[pk, "sign"])).status_code == status


def test_a_step_that_does_not_exist_is_not_found(signed_in: SignedIn, a_row_of_each: dict[str, object]) -> None:
    address = reverse("admin:clinics_clinic_step", args=[a_row_of_each["clinic"], "explode"])
    assert signed_in("administrator").post(address).status_code == 404


def test_nothing_that_was_recorded_can_be_deleted(signed_in: SignedIn, a_row_of_each: dict[str, object]) -> None:
    client = signed_in("administrator")
    for model in MODELS:
        address = reverse(f"admin:clinics_{model}_delete", args=[a_row_of_each[model]])
        assert client.post(address, {"post": "yes"}).status_code == 403, model
    assert Clinic.objects.count() == 2
