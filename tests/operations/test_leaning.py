"""A page that changes a little costs what changed; retention takes words away and leaves those that leaned on them."""

import os
from datetime import timedelta

import pytest
from django.db.models import Count
from django.db.models.functions import Length

from clinics.models import PageState, Snapshot
from clinics.operations import retention
from clinics.operations.keeping import evidence_store
from clinics.operations.recording import record_clinic
from tests.operations.proof import by_sql, record_files, verified, whats
from tests.operations.reading import MONDAY

HOME = "https://knees.example/"
LINES = [f"Our garden has {number} roses of the kind {number * 7919:x}." for number in range(400)]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_FOLDER, settings.RETENTION_DAYS = tmp_path / "evidence", 30
    return tmp_path / "evidence"


@pytest.fixture
def page(db, site, clock):
    """A long page that was read five times, each time with another sentence in it."""
    page = record_clinic("Knee House", HOME, by=None, now=MONDAY).website
    for number in range(5):
        site.says(HOME, *LINES, f"Chapter {'abcde'[number]} is new.")
        site.read(page)
        clock.days(1)
    return page


def texts():
    return Snapshot.objects.order_by("taken_at").annotate(room=Length("packed_blocks"))


def test_a_changed_sentence_costs_a_twentieth_of_the_text(page):
    first, *later = texts()
    assert len(later) == 4
    assert all(one.leans_on == first and one.room < first.room / 20 for one in later)


def test_its_document_and_exchange_cost_a_twentieth_too(page, folder):
    sizes = {file.name[:64]: file.stat().st_size for file in record_files(folder)}
    first, *later = texts()
    full = sizes[first.body] + sizes[first.exchange]
    assert all(sizes[one.body] + sizes[one.exchange] < full / 5 for one in later)
    assert all(sizes[one.body] < sizes[first.body] / 20 for one in later)


def test_every_text_is_read_as_it_was(page):
    said = [[block.text for block in one.blocks if "Chapter" in block.text] for one in texts()]
    assert said == [[f"Chapter {letter} is new."] for letter in "abcde"]
    assert verified()[0] == []


def test_a_text_leans_on_none_of_which_little_is_left(page, site, clock):
    site.says(HOME, *[f"Another house has {number * 104729:x} windows." for number in range(400)])
    site.read(page)
    assert texts().last().leans_on is None


def test_retention_removes_what_others_lean_on_and_they_stay_readable(page, folder, site, clock):
    clock.days(100)
    site.says(HOME, *LINES, "Chapter f is new.")
    site.read(page)
    for file in record_files(folder):
        os.utime(file, (1, 1))
    removed = retention.prune(clock.now)
    assert removed["texts"] == 5
    newest = texts().last()
    assert (newest.pk, newest.leans_on) == (PageState.objects.get(page=page).snapshot_id, None)
    assert [block.text for block in newest.blocks][-1] == "Chapter f is new."
    store = evidence_store()
    assert b"Chapter f is new." in store.get(newest.body)
    assert set(store.digests()) >= {newest.body, newest.exchange}
    assert texts().exclude(pk=newest.pk).exclude(packed_blocks=b"").count() == 0
    assert not any(store.has(one.body) for one in texts().exclude(pk=newest.pk))
    assert verified()[0] == []


def test_of_several_that_stay_one_becomes_what_the_others_lean_on(page, clock, monkeypatch):
    kept = list(texts().values_list("pk", flat=True)[2:])
    monkeypatch.setattr(retention, "texts_to_keep", lambda: retention.Q(pk__in=kept))
    assert retention.prune_texts(clock.now + timedelta(days=1), clock.now + timedelta(days=31)) == 2
    heirs = texts().filter(pk__in=kept).values("leans_on").annotate(many=Count("pk")).order_by("many")
    assert [(one["leans_on"], one["many"]) for one in heirs] == [(None, 1), (kept[0], 2)]
    assert [one.is_whole for one in texts().filter(pk__in=kept)] == [True] * 3


def test_words_that_were_altered_in_what_others_lean_on_are_told(page):
    first = texts().first()
    by_sql("UPDATE clinics_snapshot SET packed_blocks = packed_blocks || '\\x00'::bytea WHERE id = %s", first.pk)
    assert whats().count("The words of a snapshot were altered.") == 5


def test_a_text_read_after_retention_leans_on_the_newest_that_stayed(page, site, clock):
    state = PageState.objects.get(page=page)
    clock.days(100)
    retention.prune(clock.now)
    site.says(HOME, *LINES, "Chapter g is new.")
    site.read(page)
    newest = texts().last()
    assert newest.leans_on_id == state.snapshot_id
    assert newest.is_whole
