"""A disk that is really full: nothing is observed without its proof, and all of it once there is room again."""

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from clinics.domain.outcome import Outcome
from clinics.models import Cause, Flag, PageState, Snapshot
from clinics.operations.recording import record_clinic
from tests.operations.proof import verified
from tests.operations.reading import MONDAY, Clock, Site, a_rule

pytestmark = [pytest.mark.django_db, pytest.mark.needs_root]

PAGES = 6
PROMISE = "We guarantee that every knee will heal."


@pytest.fixture
def small_disk(settings, tmp_path: Path) -> Iterator[Path]:
    """The evidence store on a disk of its own that holds two pages or so."""
    folder = tmp_path / "evidence"
    folder.mkdir()
    subprocess.run(["/usr/bin/mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], check=True)
    settings.EVIDENCE_FOLDER = folder
    try:
        yield folder
    finally:
        subprocess.run(["/usr/bin/umount", str(folder)], check=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(clock: Clock) -> Site:
    """Pages that do not pack well, each with a promise."""
    a_rule("guarantee_rule", r"\bguarantee\b")
    site = Site(clock)
    for number in range(PAGES):
        url = f"https://c{number}.example/"
        record_clinic(f"Clinic {number}", url, by=None, now=MONDAY)
        noise = "".join(f"<!-- {hash((number, line)):x} -->" for line in range(900))
        site.serves(url, f"<html><title>Clinic {number}</title><body>{noise}<p>{PROMISE}</p></body></html>")
    return site


def test_a_full_disk_observes_nothing_and_loses_nothing(site: Site, clock: Clock, small_disk: Path) -> None:
    first = site.read_due()
    unkept = [one for one in first if one.outcome is Outcome.ERROR]
    assert unkept
    assert all("No space left on device" in one.reason for one in unkept)
    assert Flag.objects.count() == Snapshot.objects.count() == PAGES - len(unkept)
    assert PageState.objects.filter(last_read_at__isnull=True).count() == len(unkept)
    assert not list(small_disk.rglob(".new-*"))

    subprocess.run(["/usr/bin/mount", "-o", "remount,size=16m", str(small_disk)], check=True)
    for _ in range(PAGES):
        clock.now += timedelta(hours=9)
        site.read_due()
    assert Flag.objects.count() == Snapshot.objects.count() == PAGES
    assert set(Flag.objects.values_list("cause", flat=True)) == {Cause.FIRST_READING}
    faults, _ = verified()
    assert faults == []
