"""Bytes kept under the hash of what they say."""

import errno
import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinics.evidence.store import EvidenceFault, FolderStore

MINUTE = timedelta(minutes=1)
DATA = b"We promise a cure. " * 100


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


def only_file(folder: Path) -> Path:
    (file,) = (path for path in folder.rglob("*") if path.is_file())
    return file


@given(st.binary(max_size=2000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_was_put_comes_back_under_its_hash(store: FolderStore, data: bytes) -> None:
    digest = store.put(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert store.get(digest) == data
    assert store.has(digest)


def test_the_same_bytes_are_kept_once_and_small(store: FolderStore, tmp_path: Path) -> None:
    assert store.put(DATA) == store.put(DATA)
    assert only_file(tmp_path).stat().st_size < len(DATA) / 5


@pytest.mark.parametrize(
    "altered",
    [b"", b"garbage", zstandard.compress(b"We promise nothing."), zstandard.compress(DATA)[:-5]],
    ids=["emptied", "no archive", "other words", "cut off"],
)
def test_an_altered_record_is_named_and_never_given_out(store: FolderStore, tmp_path: Path, altered: bytes) -> None:
    digest = store.put(DATA)
    only_file(tmp_path).write_bytes(altered)
    with pytest.raises(EvidenceFault, match=digest):
        store.get(digest)


def test_any_altered_byte_is_found(store: FolderStore, tmp_path: Path) -> None:
    digest = store.put(DATA)
    file = only_file(tmp_path)
    whole = file.read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(EvidenceFault, match=digest):
            store.get(digest)


def test_added_bytes_are_found(store: FolderStore, tmp_path: Path) -> None:
    digest = store.put(DATA)
    file = only_file(tmp_path)
    for more in (b"\0", zstandard.compress(b"")):
        file.write_bytes(file.read_bytes() + more)
        with pytest.raises(EvidenceFault, match=digest):
            store.get(digest)


def test_records_from_before_the_second_hash_are_read(store: FolderStore, tmp_path: Path) -> None:
    digest = store.put(DATA)
    only_file(tmp_path).write_bytes(zstandard.compress(DATA))
    assert store.get(digest) == DATA


def test_a_record_opens_with_the_plain_tool(store: FolderStore, tmp_path: Path) -> None:
    store.put(DATA)
    packed = io.BytesIO(only_file(tmp_path).read_bytes())
    reader = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
    assert reader.read(len(DATA) + 1) == DATA


def test_all_records_are_named_and_measured(store: FolderStore, tmp_path: Path) -> None:
    digests = {store.put(b"one"), store.put(DATA)}
    (tmp_path / "notes.txt").write_text("not a record")
    assert set(store.digests()) == digests
    assert store.room() == (sum(file.stat().st_size for file in tmp_path.glob("??/??/*")), 2)


def test_only_what_nobody_put_for_long_is_removed(store: FolderStore, tmp_path: Path) -> None:
    digest = store.put(DATA)
    assert not store.remove(digest, MINUTE)
    assert store.get(digest) == DATA
    os.utime(only_file(tmp_path), (1, 1))
    assert store.put(DATA) == digest  # the same bytes again: somebody needs them
    assert not store.remove(digest, MINUTE)
    os.utime(only_file(tmp_path), (1, 1))
    assert store.is_untouched(digest, MINUTE)
    assert store.remove(digest, MINUTE)
    assert not store.has(digest)
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]
    assert not store.remove(digest, MINUTE)


def test_putting_the_same_bytes_again_mends_a_damaged_record(store: FolderStore, tmp_path: Path) -> None:
    digest = store.put(DATA)
    only_file(tmp_path).write_bytes(b"damaged")
    store.put(DATA)
    assert store.get(digest) == DATA


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", "", "Z" * 64, "a" * 63, "a" * 64 + "\n"])
def test_an_unknown_digest_is_a_fault_that_names_it(store: FolderStore, digest: str) -> None:
    with pytest.raises(EvidenceFault) as caught:
        store.get(digest)
    assert digest.strip() in str(caught.value)


def test_a_full_disk_is_a_fault_and_leaves_nothing_behind(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EvidenceFault, match="No space left"):
        store.put(DATA)
    monkeypatch.undo()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert store.get(store.put(DATA)) == DATA


def test_many_writers_of_the_same_bytes_leave_one_whole_record(store: FolderStore, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(store.put, [DATA] * 40))
    assert [store.get(digest) for digest in digests] == [DATA]
    assert only_file(tmp_path)
