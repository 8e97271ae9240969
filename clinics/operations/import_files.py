"""A file of clinics on its way: handed in, checked, confirmed by a person or given back with its faults."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from clinics.models import ClinicImport, ImportRow, Job
from clinics.operations import jobs
from clinics.operations.import_columns import ERRORS, columns_of
from clinics.operations.import_parts import keep_parts
from clinics.operations.refusal import Refusal

ROWS_GONE: Final = "Its rows were removed after 30 days: hand it in again."
Kind = ImportRow.Kind


@transaction.atomic
def take_in(name: str, pieces: Iterable[bytes], *, listed: bool, by: User, now: datetime) -> ClinicImport:
    """Keep a file that somebody handed in, and ask for its check. Raises Refusal where it is too large or empty."""
    file = ClinicImport.objects.create(name=name[-200:], size=0, listed=listed, uploaded_by=by, uploaded_at=now)
    keep_parts(file, pieces)
    if not file.size:
        raise Refusal("This file is empty. Choose the one with the clinics.")
    file.check_job = jobs.ask(Job.Kind.CHECK_IMPORT, {"import": file.pk}, by=by)
    file.save(update_fields=["size", "digest", "check_job"])
    return file


@transaction.atomic
def confirm(file: ClinicImport, *, by: User) -> None:
    """Have what the check found recorded.

    Raises Refusal unless it was checked, without faults, is not recorded, and its rows are still kept.
    """
    locked = _locked(file)
    if locked.written_at is not None or locked.is_at_work:
        raise Refusal(f"This file is {locked.stage} already.")
    if not locked.is_checked or locked.has_faults or not locked.has_rows:
        raise Refusal(
            "Only a file that was checked, has rows and has no faults is recorded. Mend it, and hand it in again."
        )
    _refuse_without_rows(locked)
    locked.write_job = jobs.ask(Job.Kind.WRITE_IMPORT, {"import": file.pk}, by=by)
    locked.save(update_fields=["write_job"])


@transaction.atomic
def check_again(file: ClinicImport, *, by: User) -> None:
    """Have the file's rows compared anew with what is recorded.

    Raises Refusal where it is at work or recorded, or its rows are not kept any more.
    """
    locked = _locked(file)
    if locked.written_at is not None or locked.is_at_work:
        raise Refusal(f"This file is {locked.stage} already.")
    _refuse_without_rows(locked)
    sound = locked.rows.exclude(key="")
    sound.update(kind=Kind.READ, clinic=None, changes=[], faults=[])
    locked.check_job = jobs.ask(Job.Kind.CHECK_IMPORT, {"import": file.pk}, by=by)
    locked.write_job = None
    locked.save(update_fields=["check_job", "write_job"])


def stop(file: ClinicImport, *, by: User, now: datetime) -> None:
    """Stop the job that works on the file; nothing of it is recorded then. Raises Refusal where none does."""
    if file.job is None:
        raise Refusal("Nobody works on this file.")
    jobs.cancel(file.job, by=by, now=now)


def with_errors(file: ClinicImport) -> Iterator[list[str]]:
    """The file's rows as they were handed in, with what is wrong with each in a last column.

    Cells beyond the header, which are a fault, stand behind it.
    """
    header = [str(cell) for cell in file.header]
    columns = columns_of(header)
    kept = [position for position, name in enumerate(columns) if name != ERRORS]
    yield [*(header[position] for position in kept), ERRORS]
    for cells, faults in file.rows.order_by("number").values_list("cells", "faults").iterator(chunk_size=500):
        told = " ".join(f"{column}: {problem}" if column else problem for column, _, problem in faults)
        known = [cells[position] if position < len(cells) else "" for position in kept]
        yield [*known, told, *cells[len(header) :]]


def _refuse_without_rows(file: ClinicImport) -> None:
    """Raises Refusal where the rows that were read are not kept any more."""
    if file.parts.exists():
        return  # it is not read to its end, and whatever is missing will be
    kept = file.rows.count()
    checked = file.check_job.result.get("rows") if file.check_job else None
    if not kept if checked is None else kept != checked:
        raise Refusal(ROWS_GONE)


def _locked(file: ClinicImport) -> ClinicImport:
    return ClinicImport.objects.select_for_update(of=("self",)).select_related("check_job", "write_job").get(pk=file.pk)
