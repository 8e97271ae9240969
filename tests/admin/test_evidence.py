"""Proof at the desk: packs to keep, holds with person and reason, and the alarm of the store's room."""

import io
import zipfile

import pytest
from django.urls import reverse

from clinics.models import LegalHold, StoreMeasure
from clinics.operations import store_room
from tests.admin.conftest import SignedIn
from tests.build import NOW, a_clinic, a_published_claim
from tests.operations.proof import Proof


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER, settings.FETCH_HOST_DELAY = tmp_path / "evidence", 0


def pack_of(claim) -> str:
    return reverse("admin:clinics_claim_pack", args=[claim.pk])


def test_a_claims_page_offers_its_pack_which_is_downloaded_and_never_shown(signed_in: SignedIn) -> None:
    claim = Proof().claim
    client = signed_in("auditor")
    page = client.get(reverse("admin:clinics_claim_change", args=[claim.pk])).content.decode()
    assert f'href="{pack_of(claim)}"' in page
    answer = client.get(pack_of(claim))
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="evidence-{claim.public_id}-')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        names = pack.namelist()
    assert "verify.py" in names
    assert not [name for name in names if name.endswith((".html", ".htm", ".svg", ".js"))]


def test_only_staff_with_a_role_get_packs_and_nobody_posts_for_one(signed_in: SignedIn, client) -> None:
    claim = a_published_claim()
    assert signed_in().get(pack_of(claim)).status_code == 403
    assert client.get(pack_of(claim)).status_code == 302
    assert signed_in("recorder").post(pack_of(claim)).status_code == 405
    assert signed_in("recorder").get(reverse("admin:clinics_claim_pack", args=[0])).status_code == 404


def test_a_pack_that_cannot_be_made_says_why_on_the_claims_page(signed_in: SignedIn, settings) -> None:
    claim = Proof().claim
    for file in settings.EVIDENCE_FOLDER.glob("??/??/*"):
        file.write_bytes(b"altered")
    answer = signed_in("publisher").get(pack_of(claim), follow=True)
    assert "verify_evidence" in answer.content.decode()


def test_a_hold_is_placed_and_released_with_person_and_reason(signed_in: SignedIn) -> None:
    clinic, client = a_clinic(), signed_in("publisher")
    add = reverse("admin:clinics_legalhold_add")
    assert client.post(add, {"clinic": clinic.pk, "reason": "Case 7, Attorney General"}).status_code == 302
    hold = LegalHold.objects.get()
    assert (hold.placed_by.username, hold.released_at) == ("publisher", None)
    refused = client.post(add, {"clinic": clinic.pk, "reason": "Again"})
    assert "in force already" in refused.content.decode()
    client.post(reverse("admin:clinics_legalhold_step", args=[hold.pk, "release"]), {"reason": "Case closed"})
    hold.refresh_from_db()
    assert (hold.released_by.username, hold.released_because) == ("publisher", "Case closed")


def test_a_recorder_releases_no_hold(signed_in: SignedIn) -> None:
    signed_in("publisher").post(reverse("admin:clinics_legalhold_add"), {"clinic": a_clinic().pk, "reason": "Case 7"})
    step = reverse("admin:clinics_legalhold_step", args=[LegalHold.objects.get().pk, "release"])
    assert signed_in("recorder").post(step, {"reason": "Why not"}).status_code == 403
    assert LegalHold.objects.in_force().exists()


@pytest.mark.parametrize(("kept", "sounds"), [(2_000_000_001, True), (2_000_000_000, False)])
def test_the_front_page_and_the_metrics_say_when_the_store_is_over_its_budget(
    signed_in: SignedIn, settings, kept: int, sounds: bool
) -> None:
    settings.EVIDENCE_BUDGET_GB = 2
    StoreMeasure.objects.create(bytes_kept=kept, records=7, measured_at=NOW)
    client = signed_in("auditor")
    assert ("more than its budget of 2.0 GB" in client.get(reverse("admin:index")).content.decode()) is sounds
    metrics = client.get("/metrics").content.decode()
    assert f"tracker_evidence_over_budget {float(sounds)}" in metrics
    assert "tracker_evidence_records 7.0" in metrics


def test_the_store_is_measured_and_no_budget_is_no_alarm(db, settings) -> None:
    Proof()
    settings.EVIDENCE_BUDGET_GB = 0.000_000_001
    measured = store_room.measure(NOW)
    sizes = [file.stat().st_size for file in settings.EVIDENCE_FOLDER.glob("??/??/*")]
    assert (measured.bytes_kept, measured.records) == (sum(sizes), len(sizes))
    assert store_room.alarm()
    settings.EVIDENCE_BUDGET_GB = 0
    assert not store_room.alarm()
