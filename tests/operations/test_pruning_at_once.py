"""What somebody comes to rest on while old evidence is being removed is not removed."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from clinics.models import Page, PageState, Snapshot
from clinics.operations import retention, writing
from clinics.operations.recording import record_clinic
from tests.operations.reading import MONDAY

HOME = "https://knees.example/"
FORMERLY = "Our team has worked in this town for years."

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_page_that_says_again_what_it_said_long_ago_keeps_its_words(site, clock, settings, tmp_path, monkeypatch):
    settings.EVIDENCE_FOLDER, settings.FETCH_HOST_DELAY = tmp_path / "evidence", 0
    record_clinic("Knee House", HOME, by=None, now=MONDAY)
    page = Page.objects.get()
    for words in (FORMERLY, "We have moved to Second Street."):
        site.says(HOME, words)
        site.read(page)
        clock.days(100)
    old = Snapshot.objects.earliest("pk")

    def prune() -> None:
        try:
            retention.prune_texts(clock.now - timedelta(days=30), clock.now)
        finally:
            connection.close()

    pruning, follow = threading.Thread(target=prune), writing.follow_quotes

    def at_that_moment(*given) -> None:
        pruning.start()
        pruning.join(1)
        follow(*given)

    monkeypatch.setattr(writing, "follow_quotes", at_that_moment)
    site.says(HOME, FORMERLY)
    site.read(page)
    pruning.join(30)
    newest = PageState.objects.get().snapshot
    assert newest is not None
    assert (newest.pk, newest.pruned_at) == (old.pk, None)
    assert any(FORMERLY in block.text for block in newest.blocks)
