"""The first half of checking a file of clinics: each of its lines becomes a row, sound or with its faults."""

import io
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Max

from clinics.models import ClinicImport, ImportRow, Job
from clinics.operations.import_columns import Fault, columns_of, faults_of_header
from clinics.operations.import_parts import StoredFile
from clinics.operations.import_rows import as_kept
from clinics.operations.import_table import Together, read_row
from clinics.operations.importing import in_batches
from clinics.operations.sheets import Line, Unreadable, is_workbook, read_lines

MOST_ROWS: Final = 50_000
CHUNK: Final = 500  # rows that are kept together
BYTES_OF_A_ROW: Final = 80  # of a workbook, about: to guess how many rows are still to come
Kind = ImportRow.Kind


def read_file(file: ClinicImport, job: Job) -> Iterator[None]:
    """Keep each line of the file as a row, from where the last worker stopped; then let the file's bytes go."""
    if not file.parts.exists():
        return
    stored, keeper = StoredFile(file), _Keeper(file)
    buffered = io.BufferedReader(stored)
    is_binary = is_workbook(buffered.read(8))
    for lines in in_batches(_lines(buffered), CHUNK):
        keeper.keep(lines)
        job.done = keeper.kept
        rows = file.size // BYTES_OF_A_ROW if is_binary else job.done * file.size // max(stored.tell(), 1)
        job.total = 2 * max(rows, job.done)
        job.message = f"{job.done:,} rows read"
        yield
        if keeper.is_over:
            break
    if not file.header and not keeper.is_over:
        keeper.keep([Line(1, [])])
    file.parts.all().delete()


def _lines(file: Any) -> Iterator[Line | Unreadable]:
    """The lines of the file, and at the end why it could not be read on, if so."""
    try:
        yield from read_lines(file, most_rows=MOST_ROWS)
    except Unreadable as fault:
        yield fault


class _Keeper:
    """Keeps lines as rows."""

    def __init__(self, file: ClinicImport) -> None:
        self._file, self._columns, self._together = file, columns_of(file.header), Together()
        self._last = file.rows.aggregate(last=Max("number"))["last"] or bool(file.header)
        self.kept = file.rows.count()
        self.is_over = False
        self._recall()

    def _recall(self) -> None:
        """What the rows that an earlier worker kept say of each clinic."""
        for number, cells in (
            self._file.rows.exclude(key="").order_by("number").values_list("number", "cells").iterator()
        ):
            row, _ = read_row(self._columns, Line(number, cells))
            if row is not None:
                self._together.first(row)

    def keep(self, lines: list[Line | Unreadable]) -> None:
        """Keep these lines, but for those that are kept already and those that are empty."""
        rows: list[ImportRow] = []
        for line in lines:
            if isinstance(line, Unreadable):
                rows.append(self._faulty(Line(line.row, []), [Fault(line.row, "", "", line.problem)]))
            elif line.number > self._last and not self.is_over:
                rows.extend(self._rows(line))
        ImportRow.objects.bulk_create(rows, ignore_conflicts=True)
        self.kept += len(rows)

    def _rows(self, line: Line) -> list[ImportRow]:
        if line.number == 1:
            return self._header(line)
        if not any(cell.strip() for cell in line.cells):
            return []
        row, faults = read_row(self._columns, line)
        if row is None:
            return [self._faulty(line, faults)]
        first = self._together.first(row)
        contradiction = self._together.contradiction(row)
        if contradiction is not None:
            return [self._faulty(line, [contradiction])]
        return [ImportRow(file=self._file, number=line.number, first=first, key=row.key, cells=line.cells)]

    def _header(self, line: Line) -> list[ImportRow]:
        columns = columns_of(line.cells)
        faults = list(faults_of_header(columns))
        if faults:
            self.is_over = True
            return [self._faulty(line, faults)]
        self._columns, self._file.header = columns, line.cells
        self._file.save(update_fields=["header"])
        return []

    def _faulty(self, line: Line, faults: list[Fault]) -> ImportRow:
        told = [as_kept(fault) for fault in faults]
        number = line.number
        return ImportRow(file=self._file, number=number, first=number, cells=line.cells, kind=Kind.FAULTY, faults=told)
