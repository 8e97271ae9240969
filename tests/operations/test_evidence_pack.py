"""A pack stands on its own: bare Python verifies it and names what was altered; a WARC reader opens its captures."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from clinics.models import Seal, Snapshot
from clinics.operations import retention
from clinics.operations.evidence_pack import evidence_pack
from clinics.operations.refusal import Refusal
from clinics.operations.sealing import seal_days
from tests.operations.proof import PROMISE, Proof, record_files

PLAIN_PYTHON = getattr(sys, "_base_executable", sys.executable)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER, settings.FETCH_HOST_DELAY = tmp_path / "evidence", 0
    return tmp_path / "evidence"


@pytest.fixture
def proof(db):
    return Proof()


def unzipped(data: bytes, to: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        assert pack.testzip() is None
        pack.extractall(to)
    return to


def verify(pack: Path) -> tuple[int, str]:
    """As somebody who received it: isolated, with nothing installed, in an empty environment."""
    done = subprocess.run(
        [PLAIN_PYTHON, "-I", "-S", str(pack / "verify.py")], capture_output=True, text=True, env={}, cwd="/"
    )
    assert not done.stderr
    return done.returncode, done.stdout


def test_a_pack_passes_as_it_was_made(proof, tmp_path):
    seal_days(proof.next_morning)
    pack = unzipped(evidence_pack(proof.claim, proof.next_morning), tmp_path / "pack")
    status, said = verify(pack)
    assert status == 0
    assert f"seal 1 of 2026-11-02 has the hash {Seal.objects.get().digest}" in said
    assert "not sealed yet" not in said
    assert PROMISE in (pack / "quotes.txt").read_text()
    rows = json.loads((pack / "rows.json").read_text())
    assert sorted({row["kind"] for row in rows}) == ["check", "claim_version", "decision", "snapshot"]
    assert "What it does not prove" in (pack / "README.txt").read_text()


def test_any_altered_byte_of_any_file_fails_and_names_the_file(proof, tmp_path):
    seal_days(proof.next_morning)
    pack = unzipped(evidence_pack(proof.claim, proof.next_morning), tmp_path / "pack")
    files = [file for file in sorted(pack.rglob("*")) if file.is_file()]
    assert len(files) == 10
    for file in files:
        whole = file.read_bytes()
        places = [len(whole) // 2]
        if file.name == "verify.py":
            places = [whole.index(b"Looks at every file")]
        for place in places:
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            status, said = verify(pack)
            assert (status, file.relative_to(pack).as_posix() in said) == (1, True), said
        file.write_bytes(whole)
    assert verify(pack)[0] == 0


def rewritten(pack: Path, name: str, change) -> None:
    """Somebody who knows the pack alters a file and mends every hash in it."""
    import hashlib

    value = json.loads((pack / name).read_text())
    change(value)
    (pack / name).write_text(json.dumps(value))
    manifest = json.loads((pack / "manifest.json").read_text())
    manifest["files"][name] = hashlib.sha256((pack / name).read_bytes()).hexdigest()
    (pack / "manifest.json").write_text(json.dumps(manifest))
    digest = hashlib.sha256((pack / "manifest.json").read_bytes()).hexdigest()
    (pack / "manifest.sha256").write_text(f"{digest}  manifest.json\n")


def forge_row(rows):
    rows[0]["content"]["taken_at"] = "2020-01-01T00:00:00.000000+00:00"


def forge_row_and_hash(rows):
    import hashlib

    forge_row(rows)
    kept = {name: value for name, value in rows[0]["content"].items() if value}
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    rows[0]["hash"] = hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("rows.json", forge_row, "does not have its hash"),
        ("rows.json", forge_row_and_hash, "is not in the seal 1"),
        ("seals.json", lambda seals: seals[0].update(day="2020-01-01"), "seal 1 does not have its hash"),
        ("seals.json", lambda seals: seals[1].update(former="0" * 64), "seal 2 does not"),
        ("seals.json", lambda seals: seals.clear(), "is not in seals.json"),
    ],
    ids=["row", "row and hash", "seal", "chain", "no seals"],
)
def test_who_mends_the_manifest_is_found_by_the_seals(proof, tmp_path, name, change, told):
    seal_days(proof.next_morning)
    seal_days(proof.next_morning + timedelta(days=1))
    pack = unzipped(evidence_pack(proof.claim, proof.next_morning), tmp_path / "pack")
    rewritten(pack, name, lambda value: None)
    assert verify(pack)[0] == 0
    rewritten(pack, name, change)
    status, said = verify(pack)
    assert (status, told in said) == (1, True), said


def test_a_file_that_was_slipped_in_or_taken_out_is_named(proof, tmp_path):
    pack = unzipped(evidence_pack(proof.claim, proof.next_morning), tmp_path / "pack")
    (pack / "captures" / "more.warc").write_bytes(b"x")
    assert "captures/more.warc is not part of this pack." in verify(pack)[1]
    (pack / "captures" / "more.warc").unlink()
    (pack / "quotes.txt").unlink()
    assert verify(pack) == (1, "FAULT  quotes.txt is missing.\n")


def test_rows_of_today_are_told_apart_from_sealed_ones(proof, tmp_path):
    pack = unzipped(evidence_pack(proof.claim, proof.clock.now), tmp_path / "pack")
    status, said = verify(pack)
    assert (status, "decision" in said, "not sealed yet" in said) == (0, True, True)


def test_its_captures_open_as_web_archives(proof, tmp_path):
    pack = unzipped(evidence_pack(proof.claim, proof.clock.now), tmp_path / "pack")
    archives = sorted((pack / "captures").glob("*.warc"))
    assert archives
    for archive in archives:
        with archive.open("rb") as stream:
            records = [
                (record.rec_type, record.content_stream().read())
                for record in ArchiveIterator(stream, check_digests="raise")
            ]
        assert [kind for kind, _ in records] == ["response", "request"]
        assert PROMISE.encode() in records[0][1]


def test_a_picture_that_a_browser_took_is_part_of_it(db, tmp_path):
    proof = Proof(picture=b"\x89PNG\r\n\x1a\n of a page")
    pack = unzipped(evidence_pack(proof.claim, proof.clock.now), tmp_path / "pack")
    assert [file.read_bytes()[:4] for file in (pack / "captures").glob("*.png")] == [b"\x89PNG"]
    assert verify(pack)[0] == 0


def test_a_pack_after_retention_still_passes(proof, tmp_path, settings):
    settings.RETENTION_DAYS = 30
    seal_days(proof.next_morning)
    proof.says_something_else(days=70)
    seal_days(proof.next_morning)
    retention.prune(proof.clock.now)
    pack = unzipped(evidence_pack(proof.claim, proof.next_morning), tmp_path / "pack")
    assert verify(pack)[0] == 0


def test_no_pack_is_made_of_a_capture_that_was_altered(proof, folder):
    body = Snapshot.objects.filter(origin="read").order_by("taken_at").first().body
    [file] = [file for file in record_files(folder) if file.name.startswith(body)]
    file.write_bytes(b"other")
    with pytest.raises(Refusal, match=f"{body}.*verify_evidence"):
        evidence_pack(proof.claim, proof.clock.now)
