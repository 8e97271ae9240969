"""Bytes kept under the hash of what they say."""

import errno
import hashlib
import io
import os
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinics.evidence.shelf import FolderShelf
from clinics.evidence.store import EvidenceFault, Store

MINUTE = timedelta(minutes=1)
DATA = b"We promise a cure. " * 100


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(FolderShelf(tmp_path))


def only_file(folder: Path) -> Path:
    (file,) = (path for path in folder.rglob("*") if path.is_file())
    return file


@given(st.binary(max_size=2000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_put_comes_back_under_its_hash(store: Store, data: bytes) -> None:
    digest = store.put(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert store.get(digest) == data
    assert store.has(digest)


def test_the_same_bytes_are_kept_once_and_small(store: Store, tmp_path: Path) -> None:
    assert store.put(DATA) == store.put(DATA)
    assert only_file(tmp_path).stat().st_size < len(DATA) / 5


@pytest.mark.parametrize(
    "altered",
    [b"", b"garbage", zstandard.compress(b"We promise nothing."), zstandard.compress(DATA)[:-5]],
    ids=["emptied", "no archive", "other words", "cut off"],
)
def test_an_altered_record_is_named_and_never_given_out(store: Store, tmp_path: Path, altered: bytes) -> None:
    digest = store.put(DATA)
    only_file(tmp_path).write_bytes(altered)
    with pytest.raises(EvidenceFault, match=digest):
        store.get(digest)


def test_any_altered_byte_is_found(store: Store, tmp_path: Path) -> None:
    digest = store.put(DATA)
    file = only_file(tmp_path)
    whole = file.read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(EvidenceFault, match=digest):
            store.get(digest)


def test_added_bytes_are_found(store: Store, tmp_path: Path) -> None:
    digest = store.put(DATA)
    file = only_file(tmp_path)
    for more in (b"\0", zstandard.compress(b"")):
        file.write_bytes(file.read_bytes() + more)
        with pytest.raises(EvidenceFault, match=digest):
            store.get(digest)


def test_records_from_before_the_second_hash_are_read(store: Store, tmp_path: Path) -> None:
    digest = store.put(DATA)
    only_file(tmp_path).write_bytes(zstandard.compress(DATA))
    assert store.get(digest) == DATA


def test_a_record_opens_with_the_plain_tool(store: Store, tmp_path: Path) -> None:
    store.put(DATA)
    packed = io.BytesIO(only_file(tmp_path).read_bytes())
    reader = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
    assert reader.read(len(DATA) + 1) == DATA


def test_all_records_are_named_and_measured(store: Store, tmp_path: Path) -> None:
    digests = {store.put(b"one"), store.put(DATA)}
    (tmp_path / "notes.txt").write_text("not a record")
    assert set(store.digests()) == digests
    assert store.room() == (sum(file.stat().st_size for file in tmp_path.glob("??/??/*")), 2)


def test_only_what_nobody_put_for_long_is_removed(store: Store, tmp_path: Path) -> None:
    digest = store.put(DATA)
    assert not store.remove(digest, MINUTE)
    assert store.get(digest) == DATA
    os.utime(only_file(tmp_path), (1, 1))
    assert store.put(DATA) == digest  # the same bytes again: somebody needs them
    assert not store.remove(digest, MINUTE)
    os.utime(only_file(tmp_path), (1, 1))
    assert store.untouched(MINUTE) == {digest}
    assert store.remove(digest, MINUTE)
    assert not store.has(digest)
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]
    assert not store.remove(digest, MINUTE)


def test_putting_the_same_bytes_again_mends_a_damaged_record(store: Store, tmp_path: Path) -> None:
    digest = store.put(DATA)
    only_file(tmp_path).write_bytes(b"damaged")
    store.put(DATA)
    assert store.get(digest) == DATA


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", "", "Z" * 64, "a" * 63, "a" * 64 + "\n"])
def test_an_unknown_digest_is_a_fault_that_names_it(store: Store, digest: str) -> None:
    with pytest.raises(EvidenceFault) as caught:
        store.get(digest)
    assert digest.strip() in str(caught.value)


def test_a_full_disk_is_a_fault_and_leaves_nothing_behind(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EvidenceFault, match="No space left"):
        store.put(DATA)
    monkeypatch.undo()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert store.get(store.put(DATA)) == DATA


def test_many_writers_of_the_same_bytes_leave_one_whole_record(store: Store, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(store.put, [DATA] * 40))
    assert [store.get(digest) for digest in digests] == [DATA]
    assert only_file(tmp_path)


def document(*, promise: str = "We promise a cure.", draw: int = 1) -> bytes:
    """A page of 40 kB that packs to some 10 kB."""
    words = random.Random(draw)  # noqa: S311 - no secret
    lines = [f"<p>{words.getrandbits(60):x} and {words.choice('abcdef')}</p>" for _ in range(1500)]
    return "\n".join([*lines[:700], f"<p>{promise}</p>", *lines[700:]]).encode()


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def grow_old(folder: Path) -> None:
    for file in files(folder):
        os.utime(file, (1, 1))


def test_an_edited_document_costs_what_differs(store: Store, tmp_path: Path) -> None:
    first = store.put(document())
    before, _ = store.room()
    second = store.put(document(promise="We promise nothing."), like=first)
    assert store.room()[0] - before < before / 50
    assert (store.get(first), store.get(second)) == (document(), document(promise="We promise nothing."))
    assert set(store.digests()) == {first, second}


def test_many_edits_lean_on_one_document_and_never_on_each_other(store: Store, tmp_path: Path) -> None:
    digests = [store.put(document())]
    for number in range(12):
        digests.append(store.put(document(promise=f"{number} promises."), like=digests[-1]))
    names = [file.name for file in files(tmp_path)]
    assert sum(".on-" not in name for name in names) == 1
    assert all(f".on-{digests[0]}" in name for name in names if ".on-" in name)
    assert [store.get(digest) for digest in digests[1:]] == [document(promise=f"{n} promises.") for n in range(12)]


@pytest.mark.parametrize("like", ["", "0" * 64, "another"], ids=["nothing", "nothing that is kept", "another document"])
def test_what_resembles_nothing_stands_alone(store: Store, tmp_path: Path, like: str) -> None:
    like = store.put(document(draw=2)) if like == "another" else like
    digest = store.put(document(), like=like)
    assert store.get(digest) == document()
    assert not [file for file in files(tmp_path) if ".on-" in file.name]


def test_a_leaning_record_and_what_it_leans_on_are_both_named_when_the_latter_is_damaged(
    store: Store, tmp_path: Path
) -> None:
    base = store.put(document())
    leaning = store.put(document(promise="Other."), like=base)
    (tmp_path / base[:2] / base[2:4] / f"{base}.zst").write_bytes(b"damaged")
    for digest in (base, leaning):
        with pytest.raises(EvidenceFault, match=base):
            store.get(digest)
    assert store.put(document(promise="A third."), like=leaning)  # stands alone: nothing leans on what is damaged
    store.put(document())
    assert store.get(leaning) == document(promise="Other.")


def test_a_damaged_leaning_record_is_mended_whole(store: Store, tmp_path: Path) -> None:
    base = store.put(document())
    leaning = store.put(document(promise="Other."), like=base)
    next(file for file in files(tmp_path) if ".on-" in file.name).write_bytes(b"damaged")
    assert store.put(document(promise="Other."), like=base) == leaning
    assert store.get(leaning) == document(promise="Other.")
    assert not [file for file in files(tmp_path) if ".on-" in file.name]


def test_records_that_lean_on_each_other_by_a_forged_name_are_a_fault(store: Store, tmp_path: Path) -> None:
    one, two = hashlib.sha256(b"one").hexdigest(), hashlib.sha256(b"two").hexdigest()
    for digest, base in ((one, two), (two, one)):
        folder = tmp_path / digest[:2] / digest[2:4]
        folder.mkdir(parents=True)
        (folder / f"{digest}.on-{base}.zst").write_bytes(zstandard.compress(b"one"))
    with pytest.raises(EvidenceFault, match="missing"):
        store.get(one)


def test_what_is_freed_can_go_and_what_leaned_on_it_stays(store: Store, tmp_path: Path) -> None:
    base = store.put(document())
    edits = [store.put(document(promise=f"{number}."), like=base) for number in range(3)]
    other = store.put(document(draw=3))
    grow_old(tmp_path)
    assert store.free({base}) == {base}
    assert store.remove(base, MINUTE)
    assert [store.get(digest) for digest in edits] == [document(promise=f"{number}.") for number in range(3)]
    assert store.get(other) == document(draw=3)
    assert sum(".on-" in file.name for file in files(tmp_path)) == 2  # one of the three is the others' base now
    assert not store.has(base)


def test_what_a_damaged_record_leans_on_is_not_freed(store: Store, tmp_path: Path) -> None:
    base = store.put(document())
    store.put(document(promise="Other."), like=base)
    next(file for file in files(tmp_path) if ".on-" in file.name).write_bytes(b"damaged")
    assert store.free({base, store.put(document(draw=2))}) == {hashlib.sha256(document(draw=2)).hexdigest()}


def test_what_was_just_leaned_on_is_not_removed_as_forgotten(store: Store, tmp_path: Path) -> None:
    base = store.put(document())
    grow_old(tmp_path)
    store.put(document(promise="Other."), like=base)
    assert base not in store.untouched(MINUTE)
    assert not store.remove(base, MINUTE)
