"""The public address of a merged clinic leads to its survivor, for ever."""

import pytest

from clinics.operations.merging import merge
from clinics.operations.parting import undo_merge
from tests.build import NOW, a_clinic, a_listed_clinic, a_published_claim, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    one, other = a_listed_clinic("Knee House"), a_listed_clinic("Hip House")
    a_published_claim(one)
    return merge(one, other, reason="Same.", by=a_user(), now=NOW)


@pytest.mark.parametrize("prefix", ["", "/es", "/api/v1"])
def test_the_old_address_leads_to_the_survivor(client, record, prefix):
    answer = client.get(f"{prefix}/clinics/{record.merged.public_id}/")
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith(f"{prefix}/clinics/{record.survivor.public_id}/")
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_statement_keeps_its_address(client, record):
    claim = record.survivor.claims.get()
    answer = client.get(f"/clinics/{record.merged.public_id}/statements/{claim.public_id}/?from=mail")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"/clinics/{record.survivor.public_id}/statements/{claim.public_id}/?from=mail"
    assert claim.quote in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_its_feed_leads_to_the_survivors(client, record, prefix):
    answer = client.get(f"{prefix}/clinics/{record.merged.public_id}/feed/")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{prefix}/clinics/{record.survivor.public_id}/feed/"
    assert record.survivor.claims.get().public_id in client.get(answer.headers["Location"]).content.decode()


def test_the_directory_names_the_survivor_only(client, record):
    assert [clinic["name"] for clinic in client.get("/api/v1/clinics/").json()["results"]] == ["Hip House"]
    assert client.get("/api/v1/clinics/?q=Knee").json()["count"] == 1  # by its other name


def test_a_chain_leads_to_its_end_in_one_step(client, record):
    last = a_listed_clinic("Back House")
    merge(record.survivor, last, reason="Same.", by=a_user(), now=NOW)
    answer = client.get(f"/clinics/{record.merged.public_id}/")
    assert answer.headers["Location"] == f"/clinics/{last.public_id}/"


def test_an_undone_merger_gives_the_address_back(client, record):
    undo_merge(record, reason="Two owners.", by=a_user(), now=NOW)
    assert client.get(f"/clinics/{record.merged.public_id}/").status_code == 200


@pytest.mark.parametrize("address", ["/clinics/{}/", "/api/v1/clinics/{}/", "/clinics/{}/feed/"])
def test_where_the_survivor_is_not_public_nothing_is(client, address):
    record = merge(a_clinic("Knee House"), a_clinic("Hip House"), reason="Same.", by=a_user(), now=NOW)
    assert client.get(address.format(record.merged.public_id)).status_code == 404
    assert client.get(address.format("unknown")).status_code == 404
