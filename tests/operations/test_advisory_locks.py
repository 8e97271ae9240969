"""One number for each thing that one process at a time does, and nobody waits for another's work."""

import re
import threading
from pathlib import Path

import pytest
from django.db import connection, transaction

from clinics.operations.advisory_locks import AdvisoryLock, hold
from clinics.operations.importing import alone, is_alone
from clinics.operations.sealing import hold_seals
from tests import template

HOUSE = Path(__file__).resolve().parents[2]


def free_elsewhere():
    """Whether another process could import now."""
    found = []

    def look():
        with transaction.atomic():
            found.append(is_alone())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return found[0]


def test_no_two_purposes_share_a_number():
    numbers = [lock.value for lock in AdvisoryLock.__members__.values()]
    assert len({*numbers, template.ADVISORY_LOCK}) == len(numbers) + 1


def test_no_other_file_of_the_project_takes_such_a_lock():
    sources = [path for top in ("clinics", "tracker") for path in (HOUSE / top).rglob("*.py")]
    taking = {path.name for path in sources if re.search(r"pg_\w*advisory", path.read_text(encoding="utf-8"))}
    assert taking == {"advisory_locks.py"}


@pytest.mark.django_db(transaction=True)
def test_an_import_waits_for_no_other_work():
    with transaction.atomic():
        hold_seals()
        for lock in set(AdvisoryLock) - {AdvisoryLock.IMPORTS}:
            hold(lock)
        assert free_elsewhere()


@pytest.mark.django_db(transaction=True)
def test_an_import_waits_for_another_import():
    with transaction.atomic():
        alone()
        assert not free_elsewhere()
    assert free_elsewhere()
