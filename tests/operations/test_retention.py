"""What is old and needed for nothing goes, and leaves its hash; proof that something rests on stays."""

import os
import shutil
from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import override_settings

from clinics.models import Check, Clinic, Decision, PageUse, Question, Seal, Snapshot, Stump, Tombstone
from clinics.operations import legal_holds, retention
from clinics.operations.merging import merge
from clinics.operations.months import partitions, prepare_months
from clinics.operations.parting import undo_merge
from clinics.operations.refusal import Refusal
from clinics.operations.sealing import seal_days
from tests.build import NOW, PROMISE, a_clinic, a_page, a_user
from tests.operations.proof import CALM, Proof, by_sql, record_files, undone, verified, whats, words_of

MONTHS = timedelta(days=75)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER, settings.FETCH_HOST_DELAY = tmp_path / "evidence", 0
    settings.RETENTION_DAYS = 30
    return tmp_path / "evidence"


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker, tmp_path_factory):
    """Four days of readings, each with another text, sealed; then weeks go by and the page is read again.

    With its folder; made once for all tests of this file and rolled back after them.
    """
    folder = tmp_path_factory.mktemp("made-once") / "evidence"
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(EVIDENCE_FOLDER=folder, FETCH_HOST_DELAY=0, PUBLICATION_DELAY_MINUTES=0):
            prepare_months(NOW)
            proof = Proof()
            for _ in range(3):
                proof.says_something_else(days=1)
            seal_days(proof.next_morning)
            proof.clock.now += MONTHS
            proof.says_something_else(days=0)
            seal_days(proof.next_morning)
        connection.check_constraints()  # a table with checks pending is not dropped
        for file in record_files(folder):
            os.utime(file, (1, 1))
        yield proof, folder
        transaction.set_rollback(True)


@pytest.fixture
def proof(made_once, db, folder):
    proof, files = deepcopy(made_once)
    shutil.copytree(files, folder)
    return proof


def texts():
    """Of each text that was read, whether its words are kept."""
    read = Snapshot.objects.filter(origin="read").order_by("taken_at")
    return [snapshot.pruned_at is None for snapshot in read]


def test_old_texts_go_but_the_first_sighting_the_claims_and_the_newest_stay(proof):
    assert texts() == [True] * 6
    removed = retention.prune(proof.clock.now)
    assert texts() == [True, *[False] * 4, True]
    assert removed["texts"] == 4
    assert verified()[0] == []


def test_their_hashes_stay_with_a_tombstone_that_says_when_and_why(proof):
    retention.prune(proof.clock.now)
    gone = Snapshot.objects.filter(pruned_at__isnull=False).first()
    stone = Tombstone.objects.get(kind="text", subject=gone.blocks_digest)
    assert (stone.first_at, stone.at) == (gone.taken_at, proof.clock.now)
    assert stone.reason == "Older than the 30 days for which it is kept."
    assert bytes(gone.packed_blocks) == b""
    assert gone.blocks == ()


def test_documents_and_exchanges_go_with_the_texts_and_leave_tombstones(proof, folder):
    before = len(record_files(folder))
    removed = retention.prune(proof.clock.now)
    assert removed["records"] == before - len(record_files(folder)) > 0
    assert Tombstone.objects.filter(kind="record").count() == removed["records"]
    assert verified()[0] == []


def test_checks_of_old_months_go_but_for_pages_of_published_claims(proof):
    before = Check.objects.count()
    assert retention.prune(proof.clock.now)["checks"] == 0
    assert Check.objects.count() == before


def test_a_month_on_which_nothing_rests_is_dropped_and_leaves_a_few_hashes(proof):
    by_sql("UPDATE clinics_claim SET page_id = NULL")
    first = Check.objects.order_by("started_at").first()
    removed = retention.prune(proof.clock.now)
    assert removed["checks"] == 4
    stone = Tombstone.objects.get(kind="checks")
    assert (stone.subject, stone.rows) == ("2026-11", 4)
    assert Check.objects.get(started_at=first.started_at).evidence  # the exchange of the first sighting
    assert Stump.objects.exists()
    assert whats() == []


def test_an_altered_remainder_and_an_altered_stump_are_found(proof):
    by_sql("UPDATE clinics_claim SET page_id = NULL")
    retention.prune(proof.clock.now)
    assert verified()[0] == []
    for change in (
        "UPDATE clinics_stump SET digest = repeat('0', 64)",
        "DELETE FROM clinics_stump",
        "UPDATE clinics_stump SET height = height + 1",
        "DELETE FROM clinics_check WHERE started_at = (SELECT min(started_at) FROM clinics_check)",
        "DELETE FROM clinics_tombstone WHERE kind = 'record'",
        "DELETE FROM clinics_tombstone WHERE kind = 'text'",
    ):
        with undone():
            assert by_sql(change)
            assert whats(), change


def test_once_nothing_is_left_of_a_month_its_partition_goes(proof):
    by_sql("UPDATE clinics_claim SET page_id = NULL, snapshot_id = NULL")
    by_sql("UPDATE clinics_flag SET state = 'dismissed', dismissed_as = 'trivial'")
    month = partitions()[0]
    assert retention.prune(proof.clock.now)["checks"] == 5
    assert month not in partitions()
    assert verified()[0] == []
    assert Seal.objects.first().stumps.count() <= 2


def test_a_late_check_of_an_old_month_stays_until_it_is_sealed(proof):
    by_sql("UPDATE clinics_claim SET page_id = NULL")
    late = Check.objects.order_by("started_at")[3]
    late.id = "00000000-0000-0000-0000-000000000001"
    late.sealing_number = None
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('clinics_sealing_number')")
        (late.sealing_number,) = cursor.fetchone()
    late.hashed().save(force_insert=True)
    retention.prune(proof.clock.now)
    assert Check.objects.filter(id=late.id).exists()
    seal_days(proof.next_morning + timedelta(days=1))
    assert retention.prune(proof.clock.now)["checks"] == 1
    assert verified()[0] == []


def test_a_legal_hold_keeps_everything_of_its_clinic(proof, folder):
    by_sql("UPDATE clinics_claim SET page_id = NULL")
    hold = legal_holds.place_hold(proof.clinic, "Case 7", by=a_user("ada"), now=proof.clock.now)
    before = len(record_files(folder))
    assert retention.prune(proof.clock.now) == {"texts": 0, "checks": 0, "records": 0}
    assert len(record_files(folder)) == before
    legal_holds.release_hold(hold, "Case closed", by=a_user("bob"), now=proof.clock.now)
    assert retention.prune(proof.clock.now)["texts"] == 4


def removed_from(clinic: Clinic, proof: Proof) -> None:
    """Somebody takes the page off the clinic, as every recorder may."""
    assert PageUse.objects.filter(clinic=clinic, page=proof.page).delete()[0] == 1


def removed(proof: Proof, other: Clinic) -> None:
    removed_from(proof.clinic, proof)


def moved(proof: Proof, other: Clinic) -> None:
    PageUse.objects.filter(page=proof.page).update(clinic=other)


def removed_before_a_merger(proof: Proof, other: Clinic) -> None:
    removed_from(proof.clinic, proof)
    joined(proof, other)


def removed_after_a_merger(proof: Proof, other: Clinic) -> None:
    a_page(other, proof.page.url)  # so that the clinic's own use is set aside
    joined(proof, other)
    removed_from(other, proof)


def removed_before_a_merger_was_undone(proof: Proof, other: Clinic) -> None:
    record = joined(proof, other)
    removed_from(other, proof)
    undo_merge(record, reason="Two owners.", by=a_user("ada"), now=proof.clock.now)


def joined(proof: Proof, other: Clinic):
    return merge(proof.clinic, other, reason="Same.", by=a_user("ada"), now=proof.clock.now)


@pytest.mark.parametrize(
    "way", [removed, moved, removed_before_a_merger, removed_after_a_merger, removed_before_a_merger_was_undone]
)
def test_a_page_that_is_taken_off_a_clinic_is_held_as_before(proof, way):
    by_sql("UPDATE clinics_claim SET page_id = NULL")
    legal_holds.place_hold(proof.clinic, "Case 7", by=a_user("ada"), now=proof.clock.now)
    way(proof, a_clinic("Hip House"))
    assert retention.prune(proof.clock.now) == {"texts": 0, "checks": 0, "records": 0}


def test_a_hold_on_both_holds_what_an_undone_merger_gives_back(proof):
    other = a_clinic("Hip House")
    record = joined(proof, other)
    legal_holds.place_hold(other, "Case 7", by=a_user("ada"), now=proof.clock.now)
    undo_merge(record, reason="Two owners.", by=a_user("ada"), now=proof.clock.now)
    assert retention.prune(proof.clock.now)["texts"] == 0


def test_a_page_that_was_never_a_held_clinics_goes_on_as_before(proof):
    other = a_clinic("Hip House")
    legal_holds.place_hold(other, "Case 7", by=a_user("ada"), now=proof.clock.now)
    removed_from(proof.clinic, proof)
    assert retention.prune(proof.clock.now)["texts"] == 4


def test_a_second_hold_an_empty_reason_and_a_second_release_are_refused(proof):
    hold = legal_holds.place_hold(proof.clinic, "Case 7", by=a_user("ada"), now=proof.clock.now)
    with pytest.raises(Refusal, match="in force already"):
        legal_holds.place_hold(proof.clinic, "Case 8", by=a_user("ada"), now=proof.clock.now)
    with pytest.raises(Refusal, match="reason"):
        legal_holds.release_hold(hold, " ", by=a_user("ada"), now=proof.clock.now)
    legal_holds.release_hold(hold, "Over.", by=a_user("ada"), now=proof.clock.now)
    with pytest.raises(Refusal, match="released before"):
        legal_holds.release_hold(hold, "Over.", by=a_user("ada"), now=proof.clock.now)
    assert legal_holds.place_hold(proof.clinic, "Case 8", by=a_user("ada"), now=proof.clock.now).pk != hold.pk


def test_decisions_and_captures_by_hand_outlive_everything(proof):
    retention.prune(proof.clock.now)
    assert Decision.objects.count() == 1
    assert Snapshot.objects.get(origin="hand").blocks


def test_a_page_that_says_again_what_it_said_before_is_kept_anew(proof):
    retention.prune(proof.clock.now)
    gone = Snapshot.objects.filter(pruned_at__isnull=False).first()
    when = gone.taken_at
    proof.clock.days(1)
    proof.says(CALM, PROMISE, words_of(when))
    proof.read()
    again = Snapshot.objects.get(text_digest=gone.text_digest, pruned_at=None)
    assert again.blocks
    proof.page.state.refresh_from_db()
    assert proof.page.state.snapshot_id == again.pk
    assert verified()[0] == []


def test_nothing_goes_where_nothing_is_set_and_a_second_run_finds_nothing(proof, settings):
    settings.RETENTION_DAYS = 0
    assert set(retention.prune(proof.clock.now).values()) == {0}
    settings.RETENTION_DAYS = 30
    assert retention.prune(proof.clock.now)["texts"] == 4
    assert set(retention.prune(proof.clock.now).values()) == {0}


def test_a_text_that_answers_a_question_stays_and_so_do_the_checks_of_its_page(proof):
    old = Snapshot.objects.filter(origin="read").order_by("taken_at")[1]
    facts = {"key": "people", "quote": CALM, "finding": "stated", "looked_on": old.taken_at.date()}
    who = {"recorded_by": a_user("ada"), "recorded_at": NOW, "published_by": a_user("bob"), "published_at": NOW}
    answer = Question(clinic=proof.clinic, page=proof.page, snapshot=old, state="published", **facts, **who)
    answer.hashed().save()
    by_sql("UPDATE clinics_claim SET page_id = NULL")
    assert retention.prune(proof.clock.now)["checks"] == 0
    old.refresh_from_db()
    assert old.pruned_at is None
