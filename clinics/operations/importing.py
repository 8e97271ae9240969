"""Clinics from a table: all faults told at once, nothing written while there is one, and no change the second time."""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final, TypeVar

from django.contrib.auth.models import User
from django.db import connection, transaction

from clinics.operations.advisory_locks import AdvisoryLock, hold, hold_if_free
from clinics.operations.import_columns import Fault, columns_of, faults_of_header
from clinics.operations.import_plan import Plan, Planner
from clinics.operations.import_table import Row, Together, read_row
from clinics.operations.import_writing import Writer
from clinics.operations.sheets import Line, Unreadable, read_lines

BATCH: Final = 200  # clinics that are looked up and written together
Item = TypeVar("Item")


@dataclass(slots=True)
class Summary:
    """What an import did, or would do; with faults, nothing was written."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    pages: int = 0  # pages newly recorded for a clinic
    faults: list[Fault] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The summary as plain data."""
        return asdict(self)

    def count(self, plans: Sequence[Plan]) -> None:
        """Take up what these plans do."""
        for plan in plans:
            self.created += plan.kind == "new"
            self.changed += plan.kind == "changed"
            self.unchanged += plan.kind == "unchanged"
            self.pages += len(plan.addresses)


def import_clinics(data: bytes, *, dry_run: bool, listed: bool, by: User | None, now: datetime) -> Summary:
    """Record the clinics of a table: CSV in UTF-8 or an Excel workbook, a header line, one location of a clinic a row.

    A clinic is matched by its id, else by its website's identity, else by name and ZIP; an empty cell erases nothing.
    New clinics are drafts; with `listed`, drafts of the file are put into the directory. A `dry_run` writes nothing.
    """
    table = _Table.read(data)
    if table.faults:
        return Summary(faults=sorted(table.faults, key=lambda fault: fault.row))
    summary, planner, writer = Summary(), Planner(table.together, listed=listed), Writer(by=by, now=now)
    with transaction.atomic():
        alone()
        check_references_at_once()
        for groups in in_batches(table.groups(), BATCH):
            plans, faults = planner.plan(groups, lock=not dry_run)
            summary.faults += faults
            summary.count(plans)
            if not dry_run and not summary.faults:
                writer.write(plans)
        transaction.set_rollback(bool(summary.faults))
    return summary if not summary.faults else Summary(faults=summary.faults)


def in_batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """The items, so many at a time."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def alone() -> None:
    """Wait until no other import writes; until the end of the transaction, none does.

    Two at once would each make the clinics of the other.
    """
    hold(AdvisoryLock.IMPORTS)


def check_references_at_once() -> None:
    """Have the database check references with each statement, not at the commit.

    Each row's history trigger ends a subtransaction of its own, and each of those looks through all checks that are
    put off: in a large import their number would grow with the square of the rows. How a reference is checked is
    planned once, when a table may still be empty: reading it from end to end would then be the plan for all that
    follows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL enable_seqscan = off")


def is_alone() -> bool:
    """Whether no other import writes; if so, until the end of the transaction none does."""
    return hold_if_free(AdvisoryLock.IMPORTS)


@dataclass(slots=True)
class _Table:
    """A whole table in memory, as its lines: they are read into rows again for each batch, which are much larger."""

    columns: list[str] = field(default_factory=list)
    lines: dict[int, list[Line]] = field(default_factory=lambda: defaultdict(list))  # by the clinic's first row
    faults: list[Fault] = field(default_factory=list)
    together: Together = field(default_factory=Together)

    @classmethod
    def read(cls, data: bytes) -> "_Table":
        """The table of a file, with every fault in it."""
        table = cls()
        try:
            for line in read_lines(io.BytesIO(data)):
                table._take(line)
                if table.faults and not table.columns:
                    return table
        except Unreadable as fault:
            table.faults.append(Fault(fault.row, "", "", fault.problem))
            return table
        if not table.columns:
            table.faults = list(faults_of_header([]))
        return table

    def _take(self, line: Line) -> None:
        if line.number == 1:
            columns = columns_of(line.cells)
            self.faults = list(faults_of_header(columns))
            self.columns = [] if self.faults else columns
        elif any(cell.strip() for cell in line.cells):
            row, faults = read_row(self.columns, line)
            self.faults += faults
            if row is not None:
                self.lines[self.together.first(row)].append(line)
                contradiction = self.together.contradiction(row)
                self.faults += [contradiction] if contradiction else []

    def groups(self) -> Iterator[list[Row]]:
        """The rows of each clinic. The table is taken to have no faults."""
        for lines in self.lines.values():
            yield [row for line in lines if (row := read_row(self.columns, line)[0])]
