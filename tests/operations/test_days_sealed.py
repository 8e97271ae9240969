"""Each day gets one seal, chained to the last; a row that was late goes into the next one."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from clinics.domain.seals import trees_by_kind
from clinics.models import Check, ClaimVersion, CredentialCheck, Decision, Seal, Snapshot
from clinics.operations import credentials
from clinics.operations.sealed_rows import KINDS
from clinics.operations.sealing import seal_days
from tests.build import NOW, a_check, a_page, a_user
from tests.operations.proof import Proof, verified

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def no_waiting(settings, tmp_path):
    settings.EVIDENCE_FOLDER, settings.FETCH_HOST_DELAY = tmp_path / "evidence", 0


@pytest.fixture
def proof(db):
    return Proof()


def rows_in(seal):
    return {kind: tree["rows"] for kind, tree in trees_by_kind(seal.trees).items()}


def a_check_row(at, **more):
    row = Check(id=uuid4(), started_at=at, page=a_page(), outcome="ok", **more).hashed()
    row.save(force_insert=True)
    return row


def test_a_day_is_sealed_with_every_kind_of_proof(proof):
    [seal] = seal_days(proof.next_morning)
    assert (seal.number, seal.day, seal.former) == (1, NOW.date(), "")
    assert rows_in(seal) == {
        "check": 2,
        "snapshot": 3,
        "decision": 1,
        "claim_version": 1,
        "credential_check": 1,
        "tombstone": 0,
        "action_version": 0,
        "question": 0,
    }


def test_every_operation_hashes_what_it_writes(proof):
    for model in (Check, Snapshot, Decision, ClaimVersion, CredentialCheck):
        assert model.objects.exists()
        assert not model.objects.filter(content_hash=b"").exists(), model


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_every_column_of_a_row_of_proof_is_hashed_or_is_known_not_to_be(kind):
    apart = {"sealing_number", "content_hash"}
    if kind.name != "check":
        apart.add("id")
    others = {
        "snapshot": {"packed_blocks", "leans_on_id", "pruned_at", "merged_from_id"},
        "credential_check": {"notes", "merged_from_id"},
        "question": {"notes", "merged_from_id", "state", "ended_by_id", "ended_at", "ended_because"},
    }
    apart |= others.get(kind.name, set())
    columns = {field.attname for field in kind.model._meta.concrete_fields} - {"pk"}
    assert columns - set(kind.model.SEALED) == apart
    assert set(kind.model.SEALED) <= columns


def test_the_same_day_is_sealed_once(proof):
    assert len(seal_days(proof.next_morning)) == 1
    assert seal_days(proof.next_morning + timedelta(hours=3)) == []
    assert Seal.objects.count() == 1


def test_a_day_that_has_not_ended_is_not_sealed(proof):
    seal_days(proof.next_morning)
    proof.says_something_else(days=1)
    assert seal_days(proof.clock.now) == []


def test_the_next_day_follows_the_former_and_holds_only_its_own(proof):
    [first] = seal_days(proof.next_morning)
    proof.says_something_else(days=1)
    [second] = seal_days(proof.next_morning)
    assert (second.number, second.former) == (2, first.digest)
    assert rows_in(second) == {**dict.fromkeys(rows_in(first), 0), "check": 1, "snapshot": 1}


def test_days_without_a_run_are_sealed_one_after_another(proof):
    seal_days(proof.next_morning)
    made = seal_days(proof.next_morning + timedelta(days=3))
    assert [seal.day for seal in made] == [NOW.date() + timedelta(days=days) for days in (1, 2, 3)]
    assert [sum(rows_in(seal).values()) for seal in made] == [0, 0, 0]


def test_a_row_of_a_sealed_day_that_was_written_late_goes_into_the_next_seal(proof):
    [first] = seal_days(proof.next_morning)
    late = a_check_row(proof.clock.now - timedelta(hours=1))
    assert late.started_at.date() == first.day
    [second] = seal_days(proof.next_morning + timedelta(days=1))
    assert rows_in(second)["check"] == 1
    assert verified()[0] == []
    assert verified()[1].rows_to_seal == 0


@pytest.mark.django_db
def test_the_first_row_of_all_is_sealed_even_when_it_is_late():
    assert len(seal_days(TOMORROW)) == 1
    a_check_row(NOW)
    [second] = seal_days(TOMORROW + timedelta(days=1))
    assert rows_in(second)["check"] == 1


def test_a_credential_check_belongs_to_the_day_of_its_publication(proof):
    draft = a_check(proof.clinic, by=a_user("ada"), now=proof.clock.now)
    [first] = seal_days(proof.next_morning)
    credentials.publish_check(draft, by=a_user("bob"), now=proof.next_morning)
    [second] = seal_days(proof.next_morning + timedelta(days=1))
    assert (rows_in(first)["credential_check"], rows_in(second)["credential_check"]) == (1, 1)


def test_a_seal_stays_as_it_is(proof):
    [seal] = seal_days(proof.next_morning)
    for change in (lambda: Seal.objects.update(day=NOW.date()), lambda: Seal.objects.filter(pk=seal.pk).delete()):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()


def in_threads(*calls):
    def run(call):
        try:
            call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_make_one_seal():
    a_check_row(NOW)
    start, made = threading.Barrier(4), []

    def seal():
        start.wait()
        made.extend(seal_days(TOMORROW))

    in_threads(*[seal] * 4)
    assert len(made) == Seal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_writer_who_is_under_way_is_waited_for():
    a_check_row(NOW)
    page = a_page()
    written, sealing = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            Check(id=uuid4(), started_at=NOW, page=page, outcome="ok").hashed().save(force_insert=True)
            written.set()
            sealing.wait(10)
            sealing_waits.wait(0.5)

    sealing_waits = threading.Event()

    def seal():
        written.wait(10)
        sealing.set()
        seal_days(TOMORROW)

    in_threads(write_slowly, seal)
    assert rows_in(Seal.objects.get())["check"] == 2
