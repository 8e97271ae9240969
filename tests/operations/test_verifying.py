"""Whatever is altered, added or taken away is found, and said where; what is as it was passes."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from clinics.models import Check, Decision, Seal, Snapshot
from clinics.operations.questions import publish_answer
from clinics.operations.sealing import seal_days
from tests.build import a_user, not_stated
from tests.operations.proof import Proof, by_sql, record_files, undone, verified, whats

ALTERED = "A row was altered: its content does not have its hash any more."


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER, settings.FETCH_HOST_DELAY = tmp_path / "evidence", 0
    return tmp_path / "evidence"


@pytest.fixture
def proof(db):
    """Two sealed days, and a reading that no seal holds yet."""
    proof = Proof()
    seal_days(proof.next_morning)
    proof.says_something_else(days=1)
    seal_days(proof.next_morning)
    proof.says_something_else(days=1)
    return proof


def test_what_is_as_it_was_passes(proof, folder):
    faults, found = verified()
    assert faults == []
    assert (found.seals, found.sealed_rows, found.rows_to_seal) == (2, 10, 2)
    assert found.records == len(record_files(folder)) == 9
    assert (found.last_seal, found.unreferenced) == (Seal.objects.get(number=2).digest, 0)


ROWS = {
    "check": ("clinics_check", "outcome = 'gone'"),
    "check's time": ("clinics_check", "started_at = started_at - interval '1 microsecond'"),
    "check's proof": ("clinics_check", "evidence = repeat('a', 64)"),
    "snapshot": ("clinics_snapshot", "taken_at = taken_at - interval '1 second'"),
    "document of a snapshot": ("clinics_snapshot", "body = exchange"),
    "decision": ("clinics_decision", "reason = reason || '.'"),
    "decision's person": ("clinics_decision", "by_id = (SELECT max(id) FROM auth_user)"),
    "claim": ("clinics_claimversion", 'content = content || \'{"quote": "We promise."}\''),
    "claim's signature": ("clinics_claimversion", "first_signed_by_id = (SELECT max(id) FROM auth_user)"),
    "credential": ("clinics_credentialcheck", "register_word = 'Suspended'"),
}


def test_an_altered_row_is_found_and_named(proof):
    for name, (table, change) in ROWS.items():
        first = f"(SELECT min(sealing_number) FROM {table})"
        with undone():
            assert by_sql(f"UPDATE {table} SET {change} WHERE sealing_number = {first}") == 1, name
            assert ALTERED in whats(), name


def test_a_row_that_was_altered_together_with_its_hash_is_found_by_its_seal(proof):
    decision = Decision.objects.get()
    decision.reason = "Forged."
    forged = decision.hashed().content_hash
    by_sql("UPDATE clinics_decision SET reason = 'Forged.', content_hash = %s", forged)
    [fault] = verified()[0]
    assert fault.what == "Rows are missing, added or altered: one or more of its 1 rows differ."
    assert fault.where == "seal 1 of 2026-11-02, decision"


def test_a_missing_row_is_found(proof):
    for table in ("check", "snapshot", "decision", "claimversion", "credentialcheck"):
        name = f"clinics_{table}"
        with undone():
            assert by_sql(f"DELETE FROM {name} WHERE sealing_number = (SELECT min(sealing_number) FROM {name})") == 1
            faults = [fault.what for fault in verified()[0] if fault.where.startswith("seal 1 ")]
            assert [what for what in faults if what.startswith("Rows are missing")], table


def test_an_added_row_of_a_sealed_day_is_found(proof):
    number = Check.objects.order_by("sealing_number").first().sealing_number
    copied = Check.objects.order_by("sealing_number").first()
    copied.sealing_number, copied.outcome = number, "gone"
    copied.id = "00000000-0000-0000-0000-000000000001"
    copied.hashed().save(force_insert=True)
    [fault] = verified()[0]
    assert "it holds 2, 3 are here" in fault.what


def test_a_row_that_nobody_hashed_is_found(proof):
    by_sql("UPDATE clinics_check SET content_hash = ''")
    assert "A row of proof has no hash." in whats()


def test_altered_words_of_a_snapshot_are_found(proof):
    by_sql("UPDATE clinics_snapshot SET packed_blocks = packed_blocks || '\\x00'::bytea WHERE origin = 'hand'")
    assert whats() == ["The words of a snapshot were altered."]


def test_a_published_quote_that_nobody_signed_is_found(proof):
    by_sql("UPDATE clinics_claim SET quote = 'We promise.'")
    assert whats() == ["A published claim does not say what was signed."]


SEALS = {
    "day": ("day = day - 1", 1),
    "time": ("sealed_at = sealed_at + interval '1 second'", 1),
    "root": ("root = repeat('0', 64)", 1),
    "trees": ("trees = jsonb_set(trees, '{0,rows}', '7')", 1),
    "hash": ("digest = repeat('0', 64)", 1),
    "former": ("former = repeat('0', 64)", 2),
    "number": ("number = 9", 2),
}


def test_an_altered_seal_is_found(proof):
    for name, (change, number) in SEALS.items():
        with undone():
            assert by_sql(f"UPDATE clinics_seal SET {change} WHERE number = {number}") == 1
            assert [what for what in whats() if "seal was altered" in what or "chain is broken" in what], name


def test_a_seal_that_was_taken_out_breaks_the_chain(proof):
    by_sql("DELETE FROM clinics_seal WHERE number = 1")
    assert "The chain is broken: this seal does not follow the one before it." in whats()


def test_a_chain_that_was_made_anew_is_found_by_a_seal_that_was_kept_elsewhere(proof):
    kept = Seal.objects.get(number=1).digest
    assert verified(known_seals=[kept])[0] == []
    by_sql("DELETE FROM clinics_seal")
    by_sql("UPDATE clinics_decision SET reason = 'Forged.'")
    decision = Decision.objects.get()
    by_sql("UPDATE clinics_decision SET content_hash = %s", decision.hashed().content_hash)
    seal_days(proof.next_morning)
    assert verified()[0] == []
    assert [fault.where for fault in verified(known_seals=[kept])[0]] == [f"seal {kept}"]


def test_an_altered_byte_of_any_record_is_found(proof, folder):
    for file in record_files(folder):
        whole = file.read_bytes()
        for place in {0, 4, len(whole) // 2, len(whole) - 41, len(whole) - 1}:
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            [fault] = verified()[0]
            assert file.name.removesuffix(".zst") in fault.where
        file.write_bytes(whole)
    assert verified()[0] == []


def test_a_missing_record_is_found(proof, folder):
    for file in record_files(folder):
        whole = file.read_bytes()
        file.unlink()
        [fault] = verified()[0]
        assert (fault.what, fault.where) == (
            "A record is missing.",
            f"record {file.name.removesuffix('.zst')}",
        )
        file.write_bytes(whole)


def test_pruning_by_hand_without_a_tombstone_is_found(proof):
    by_sql("UPDATE clinics_snapshot SET packed_blocks = '', pruned_at = taken_at WHERE origin = 'hand'")
    assert whats() == ["The words of a snapshot are gone, and no tombstone says why."]


def told(**options):
    out = StringIO()
    try:
        call_command("verify_evidence", stdout=out, **options)
        status = 0
    except SystemExit as end:
        status = end.code
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_command_says_it_in_objects_and_by_its_status(proof):
    status, [summary] = told()
    assert (status, summary["faults"], summary["seals"]) == (0, 0, 2)
    by_sql("UPDATE clinics_decision SET reason = 'Other.'")
    status, [fault, summary] = told()
    assert (status, summary["faults"]) == (1, 1)
    assert set(fault) == {"what", "where", "do"}
    assert fault["where"].startswith(f"decision {Decision.objects.get().pk}, 2026-11-02")


def test_nothing_recorded_is_nothing_at_fault(db):
    assert told()[0] == 0
    assert not Snapshot.objects.exists()
    assert seal_days(Proof().next_morning + timedelta(days=1))


def test_an_altered_answer_to_a_patients_question_is_found(proof):
    answer = publish_answer(not_stated(proof.clinic, now=proof.clock.now), by=a_user("bob"), now=proof.clock.now)
    assert whats() == []
    assert by_sql(f"UPDATE clinics_question SET key = 'route' WHERE id = {answer.pk}") == 1
    assert whats() == [ALTERED]
