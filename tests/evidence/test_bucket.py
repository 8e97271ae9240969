"""Proof in a bucket: the same store over an S3 service that answers on this machine."""

import logging
import os
from collections.abc import Iterator
from datetime import timedelta

import boto3
import pytest
from moto.server import ThreadedMotoServer

from clinics.evidence.bucket import BucketShelf
from clinics.evidence.shelf import FolderShelf, Shelf
from clinics.evidence.store import EvidenceFault, Store
from clinics.operations.evidence_pack import evidence_pack
from tests.operations.proof import Proof, verified, whats

NOW, HOUR = timedelta(days=-1), timedelta(hours=1)
DATA = b"We promise a cure. " * 100
KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}


def lines(promise: str) -> bytes:
    """A page of 20 kB in which only the promise is another."""
    return "\n".join([promise, *(f"{number} {number * 7919:x}" for number in range(1500))]).encode()


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """The address of an S3 service on this machine, with an empty bucket "proof"."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            patch.setitem(os.environ, name, value)
        address = "http://{}:{}".format(*server.get_host_and_port())
        client(address).create_bucket(Bucket="proof")
        yield address
        server.stop()


def client(address: str):
    return boto3.session.Session().client("s3", endpoint_url=address)


@pytest.fixture
def bucket(service: str, request: pytest.FixtureRequest) -> BucketShelf:
    return BucketShelf("proof", request.node.name, service)


@pytest.fixture(params=["folder", "bucket"])
def shelf(request: pytest.FixtureRequest, tmp_path) -> Shelf:
    return FolderShelf(tmp_path) if request.param == "folder" else request.getfixturevalue("bucket")


@pytest.fixture
def store(shelf: Shelf) -> Store:
    return Store(shelf)


def test_what_was_put_comes_back(store: Store) -> None:
    digest = store.put(DATA)
    assert store.put(DATA) == digest
    assert (store.get(digest), store.has(digest), set(store.digests())) == (DATA, True, {digest})


def test_a_changed_page_leans_on_the_one_before(store: Store, shelf: Shelf) -> None:
    first = store.put(lines("A cure."))
    second = store.put(lines("No cure."), like=first)
    assert sorted(".on-" in found.name for found in shelf.standing()) == [False, True]
    assert store.get(second) == lines("No cure.")


def test_an_altered_record_is_told_and_mended(store: Store, shelf: Shelf) -> None:
    digest = store.put(DATA)
    shelf.write(f"{digest}.zst", b"damaged")
    with pytest.raises(EvidenceFault, match=f"{digest} was altered"):
        store.get(digest)
    store.put(DATA)
    assert store.get(digest) == DATA


def test_a_record_goes_only_once_it_is_old(store: Store) -> None:
    digest = store.put(DATA)
    assert store.untouched(HOUR) == set()
    assert not store.remove(digest, HOUR)
    assert store.untouched(NOW) == {digest}
    assert store.remove(digest, NOW)
    assert not store.has(digest)
    assert not store.remove(digest, NOW)


def test_what_others_lean_on_is_freed(store: Store) -> None:
    base = store.put(lines("A cure."))
    edits = [store.put(lines(f"{number} cures."), like=base) for number in range(3)]
    assert store.free({base}) == {base}
    assert store.remove(base, NOW)
    assert [store.get(digest) for digest in edits] == [lines(f"{number} cures.") for number in range(3)]


def test_an_unknown_record_is_missing(store: Store) -> None:
    with pytest.raises(EvidenceFault, match="is missing"):
        store.get("0" * 64)


def test_what_is_touched_is_young_and_says_the_same(store: Store, shelf: Shelf) -> None:
    digest = store.put(DATA)
    shelf.touch(f"{digest}.zst")
    assert store.get(digest) == DATA
    with pytest.raises(FileNotFoundError):
        shelf.touch("0" * 64 + ".zst")


def test_a_bucket_is_listed_beyond_a_thousand_objects_and_only_under_its_prefix(
    service: str, bucket: BucketShelf
) -> None:
    for number in range(1010):
        bucket.write(f"{number:064x}.zst", b"x")
    BucketShelf("proof", "elsewhere", service).write("f" * 64 + ".zst", b"x")
    store = Store(bucket)
    assert store.room() == (1010, 1010)
    assert "f" * 64 not in set(store.digests())


@pytest.mark.parametrize(
    ("name", "address", "told"),
    [
        ("nowhere", None, "NoSuchBucket"),
        ("proof", "http://127.0.0.1:1", "could not be reached"),
    ],
    ids=["no such bucket", "no service"],
)
def test_a_bucket_that_cannot_be_used_is_a_fault_that_says_why(
    service: str, name: str, address: str | None, told: str
) -> None:
    store = Store(BucketShelf(name, "", address or service))
    for use in (lambda: store.put(DATA), lambda: store.get("0" * 64), store.room, lambda: store.remove("0" * 64, NOW)):
        with pytest.raises(EvidenceFault, match=told):
            use()


def test_keys_of_access_that_are_missing_are_told(service: str, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    for name in KEYS:
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(EvidenceFault, match="credentials"):
        Store(BucketShelf("proof", "", service)).put(DATA)


@pytest.mark.django_db
def test_the_tracker_keeps_its_proof_in_a_bucket(service: str, settings, request) -> None:
    settings.EVIDENCE_BUCKET = f"s3://proof/{request.node.name}"
    settings.EVIDENCE_BUCKET_ENDPOINT = service
    proof = Proof()
    found, looked_at = verified()
    assert (found, looked_at.unreferenced) == ([], 0)
    assert looked_at.records >= 5
    assert evidence_pack(proof.claim, proof.clock.now)
    objects = client(service).list_objects_v2(Bucket="proof", Prefix=f"{request.node.name}/")["Contents"]
    client(service).put_object(Bucket="proof", Key=objects[0]["Key"], Body=b"altered")
    assert any("was altered" in what for what in whats())
