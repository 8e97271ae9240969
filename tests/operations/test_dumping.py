"""The nightly dump holds all that is public and nothing else, with what is needed to read it."""

import hashlib
import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils import timezone

from clinics.operations.dumping import make_dump
from tests.build import a_published_action
from tests.published import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.DUMP_FOLDER = tmp_path / "dumps"
    settings.DATA_LICENCE = "CC BY 4.0"
    rows.the_vocabulary()
    return settings.DUMP_FOLDER


def lines(archive: ZipFile, name: str) -> list[dict]:
    return [json.loads(line) for line in archive.read(name).decode().splitlines()]


def test_the_dump_holds_what_the_interface_answers_and_tombstones_for_what_is_gone(folder, client: Client):
    clinic = rows.a_clinic("Knee House")
    rows.a_claim(clinic, "We end your suffering.")
    gone = rows.a_claim(clinic, "Withdrawn words.", state="withdrawn")
    rows.a_claim(clinic, "Draft words.", state="draft")
    rows.a_check(clinic)
    a_published_action(clinic)
    removed = rows.a_clinic("Removed House", "delisted")
    rows.a_clinic("Draft House", "draft")
    counts = make_dump(timezone.now())
    assert counts == {"clinics.jsonl": 1, "tombstones.jsonl": 2, "changes.jsonl": 5}
    with ZipFile(folder / "directory.zip") as archive:
        (told,) = lines(archive, "clinics.jsonl")
        shown = client.get(f"/api/v1/clinics/{clinic.public_id}/").json()
        assert told == {**shown, "url": f"/clinics/{clinic.public_id}/"}
        assert {row["id"] for row in lines(archive, "tombstones.jsonl")} == {gone.public_id, removed.public_id}
        whole = b"".join(archive.read(name) for name in archive.namelist()).decode()
        for hidden in ("Withdrawn words", "Draft words", "Draft House", 'Removed House",'):
            assert hidden not in whole
        assert archive.read("LICENCE.txt").decode() == "CC BY 4.0\n"
        assert json.loads(archive.read("codebook.json"))["condition"]["knee_arthritis"]["es"] == "Artrosis de rodilla"
        schemas = json.loads(archive.read("schema.json"))["components"]["schemas"]
        assert set(told) <= set(schemas["ClinicSerialiser"]["properties"])
        manifest = json.loads(archive.read("manifest.json"))
        assert manifest["lines"] == counts
        for name, digest in manifest["sha256"].items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ("desk@house.example", "Ask A House before you publish this data again: desk@house.example"),
        ("", "No licence was given.\n"),
    ],
)
def test_without_a_licence_it_says_whom_to_ask_where_somebody_is_named(folder, settings, contact, told):
    settings.DATA_LICENCE, settings.PUBLISHER_NAME, settings.PUBLISHER_CONTACT = "", "A House" * bool(contact), contact
    make_dump(timezone.now())
    with ZipFile(folder / "directory.zip") as archive:
        licence = archive.read("LICENCE.txt").decode()
    assert licence.startswith("No licence was given.")
    assert told in licence


def test_it_is_fetched_as_it_was_last_made_and_404_before_the_first(folder, client: Client):
    assert client.get("/data/directory.zip").status_code == 404
    assert "not made yet" in client.get("/about/data/").content.decode()
    make_dump(timezone.now())
    answer = client.get("/data/directory.zip")
    assert b"".join(answer.streaming_content) == (folder / "directory.zip").read_bytes()
    assert "/data/directory.zip" in client.get("/about/data/").content.decode()


def test_a_dump_that_breaks_off_leaves_the_last_one_and_nothing_half_written(folder, monkeypatch):
    make_dump(timezone.now())
    before = (folder / "directory.zip").read_bytes()

    def broken():
        raise OSError("disk full")

    monkeypatch.setattr("clinics.published.dump._codebook", broken)
    with pytest.raises(OSError, match="disk full"):
        make_dump(timezone.now())
    assert [file.name for file in folder.iterdir()] == ["directory.zip"]
    assert (folder / "directory.zip").read_bytes() == before


def test_a_moment_is_one_for_all_of_it(folder, transactional_db):
    rows.the_vocabulary()
    rows.a_clinic("Knee House")
    assert make_dump(timezone.now())["clinics.jsonl"] == 1
