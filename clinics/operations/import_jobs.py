"""The work on a file of clinics: a job that checks it, and one that records it once a person has confirmed.

The check reads each line once, keeps it as a row, and compares a few clinics at a time with what is recorded; it may
be handed from worker to worker. Recording is one transaction, so that a file is recorded as a whole or not at all.
"""

import time
from collections.abc import Callable, Generator, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import pghistory
from django.db import transaction
from django.db.models import Count, Exists, OuterRef

from clinics.models import Clinic, ClinicImport, ImportRow, Job
from clinics.operations.import_plan import Planner
from clinics.operations.import_reading import read_file
from clinics.operations.import_rows import Sound
from clinics.operations.import_writing import Writer
from clinics.operations.importing import Summary, check_references_at_once, is_alone
from clinics.operations.job_lease import Clock, Heartbeat, hold_to_the_end
from clinics.operations.refusal import Refusal

ROWS_KEPT: Final = timedelta(days=30)  # of a file; what it recorded stays in the clinics' own history
LONGEST: Final = timedelta(minutes=15)  # for recording a file, well within the limits of the workers' task
STALE: Final = "What is recorded was changed since this file was checked (row {}). Nothing was written: check it again."
TOO_SLOW: Final = "Recording took too long, and nothing was written. Divide the file into smaller ones."
Kind = ImportRow.Kind


def check_import(job: Job, clock: Clock) -> Generator[None, None, None]:
    """Read the file's lines into rows, then find out what each clinic's rows would change. Records no clinic."""
    _remove_rows_from_before(clock() - ROWS_KEPT)
    file = ClinicImport.objects.get(pk=job.parameters["import"])
    yield from read_file(file, job)
    yield from _compare(file, job)
    job.result = _numbers(file)
    job.message = _told(job.result)


@transaction.atomic
def _remove_rows_from_before(limit: datetime) -> None:
    """Remove the rows of files handed in before then, but for those at which a job is, or is asked to be, at work.

    While its file is locked, nobody confirms or checks it again.
    """
    old = ClinicImport.objects.filter(Exists(ImportRow.objects.filter(file=OuterRef("pk"))), uploaded_at__lt=limit)
    held = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True))
    files = ClinicImport.objects.filter(pk__in=held).select_related("check_job", "write_job")
    ImportRow.objects.filter(file__in=[file.pk for file in files if not file.is_at_work]).delete()


def _compare(file: ClinicImport, job: Job) -> Iterator[None]:
    """Set down for each clinic's rows what they would change."""
    kinds = dict(file.rows.values_list("kind").annotate(Count("pk")))
    rows = sum(kinds.values())
    job.done, job.total = 2 * rows - kinds.get(Kind.READ, 0), 2 * rows
    sound = Sound(file)
    planner = Planner(sound.together, listed=file.listed)
    for clinic, first in file.rows.filter(clinic__isnull=False).values_list("clinic_id", "first"):
        planner.recall(clinic, first)
    for groups in sound.groups(Kind.READ):
        plans, faults = planner.plan(groups)
        with transaction.atomic():
            sound.keep_plans(plans)
            sound.keep_faults(faults)
        job.done += sum(map(len, groups))
        job.message = f"{job.done - rows:,} of {rows:,} rows compared"
        yield


def _numbers(file: ClinicImport) -> dict[str, int]:
    """How many clinics are new, changed and unchanged, and how many rows have faults."""
    clinics = file.rows.exclude(kind=Kind.FAULTY).values("kind").annotate(number=Count("first", distinct=True))
    numbers = {kind.value: 0 for kind in (Kind.NEW, Kind.CHANGED, Kind.UNCHANGED)}
    numbers |= {row["kind"]: row["number"] for row in clinics.order_by()}
    return {**numbers, "rows": file.rows.count(), "faults": file.rows.filter(kind=Kind.FAULTY).count()}


def _told(numbers: dict[str, int]) -> str:
    return f"{_clinics(numbers)}; {_counted(numbers['faults'], 'row')} with faults."


def write_import(job: Job, clock: Clock) -> Generator[None, None, None]:
    """Record what the check found, as a whole, unless anything differs by now from what was confirmed."""
    file = ClinicImport.objects.get(pk=job.parameters["import"])
    if file.written_at is None:
        with Heartbeat(job, clock) as heart, pghistory.context(user=job.requested_by_id):
            _write(file, job, clock, heart)
    yield from ()  # once it was written, it is not stopped any more


@transaction.atomic
def _write(file: ClinicImport, job: Job, clock: Clock, heart: Heartbeat) -> None:
    begun = clock()
    while not is_alone():
        _pause(heart, begun, clock)
        time.sleep(1)
    job.done, job.total = 0, file.rows.count()
    check_references_at_once()
    _hold_changing(file)
    sound, summary = Sound(file), Summary()
    planner, writer = Planner(sound.together, listed=file.listed), Writer(by=job.requested_by, now=begun)
    for groups in sound.groups(Kind.NEW, Kind.CHANGED, Kind.UNCHANGED):
        plans, faults = planner.plan(groups, lock=True)
        other = sound.other_than_kept(plans) or (faults[0].row if faults else None)
        if other is not None:
            raise Refusal(STALE.format(other))
        summary.count(plans)
        writer.write(plans)
        sound.keep_clinics(plans)
        job.done += sum(map(len, groups))
        _pause(heart, begun, clock)
    file.written_at = clock()
    file.save(update_fields=["written_at"])
    job.result = {"new": summary.created, "changed": summary.changed, "unchanged": summary.unchanged}
    job.message = f"{_clinics(job.result)}; {_counted(summary.pages, 'page')} newly recorded."
    hold_to_the_end(job)
    Job.objects.filter(pk=job.pk).update(result=job.result, message=job.message)


def _clinics(numbers: dict[str, Any]) -> str:
    return f"{numbers['new']:,} new, {numbers['changed']:,} changed, {numbers['unchanged']:,} unchanged clinics"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _hold_changing(file: ClinicImport) -> None:
    """Lock the clinics that will change in ascending order, as readings do, so that one waits for the other."""
    changing = file.rows.filter(kind=Kind.CHANGED, clinic__isnull=False).values("clinic")
    locked = Clinic.objects.filter(pk__in=changing).order_by("pk").select_for_update(no_key=True)
    for _ in locked.values_list("pk").iterator():
        continue


def _pause(heart: Heartbeat, begun: datetime, clock: Callable[[], datetime]) -> None:
    heart.beat()
    if clock() - begun > LONGEST:
        raise Refusal(TOO_SLOW)
