"""The rows of a file of clinics as they are kept: read by clinic, and marked with what would come of them."""

from collections.abc import Iterator, Sequence
from typing import Final

from clinics.models import ClinicImport, ImportRow
from clinics.models.many_rows import write_columns
from clinics.operations.import_columns import Fault, columns_of
from clinics.operations.import_plan import Plan
from clinics.operations.import_table import Row, Together, read_row
from clinics.operations.importing import BATCH
from clinics.operations.sheets import Line

CELL_SHOWN: Final = 300  # characters of a value that the list of differences shows
Kind = ImportRow.Kind


class Sound:
    """The rows of a file that have no fault of their own."""

    def __init__(self, file: ClinicImport) -> None:
        self._file, self._columns = file, columns_of(file.header)
        self._kept: dict[int, ImportRow] = {}  # of the batch at hand, by number
        self.together = Together()
        keys = file.rows.exclude(key="").order_by().values_list("key", flat=True)
        self.together.recall(keys.distinct().iterator())

    def groups(self, *kinds: str) -> Iterator[list[list[Row]]]:
        """The rows of each clinic, some clinics at a time, of those rows that are of these kinds."""
        rows, after = self._file.rows.filter(kind__in=kinds), 0
        while firsts := list(
            rows.filter(first__gt=after).order_by("first").values_list("first", flat=True).distinct()[:BATCH]
        ):
            after = firsts[-1]
            kept = list(rows.filter(first__in=firsts).order_by("first", "number"))
            self._kept = {row.number: row for row in kept}
            grouped: dict[int, list[Row]] = {first: [] for first in firsts}
            for row in kept:
                read, _ = read_row(self._columns, Line(row.number, row.cells))
                if read is not None:
                    grouped[row.first].append(read)
            yield list(grouped.values())

    def keep_plans(self, plans: Sequence[Plan]) -> None:
        """Set down what each clinic's rows would change; the differences stand in the first row."""
        for plan in plans:
            for row in plan.rows:
                self._kept[row.number].kind = plan.kind
                self._kept[row.number].clinic_id = plan.clinic.pk
            self._kept[plan.rows[0].number].changes = _shown(plan)
        rows = [self._kept[row.number] for plan in plans for row in plan.rows]
        write_columns(rows, ["kind", "clinic", "changes"])

    def keep_faults(self, faults: Sequence[Fault]) -> None:
        """Set down what could not be told of a clinic, in its first row; its other rows point to that one."""
        told = {fault.row: fault for fault in faults}
        rows = [row for row in self._kept.values() if row.first in told]
        for row in rows:
            fault = told[row.first]
            other = Fault(row.number, "", "", f"Row {fault.row} is of the same clinic. Mend that one.")
            row.kind, row.changes = Kind.FAULTY, []
            row.faults = [as_kept(fault if row.number == fault.row else other)]
        write_columns(rows, ["kind", "faults", "changes"])

    def keep_clinics(self, plans: Sequence[Plan]) -> None:
        """Set down which clinics the new ones have become."""
        rows = [self._kept[row.number] for plan in plans for row in plan.rows if not self._kept[row.number].clinic_id]
        clinics = {row.number: plan.clinic.pk for plan in plans for row in plan.rows}
        for row in rows:
            row.clinic_id = clinics[row.number]
        write_columns(rows, ["clinic"])

    def other_than_kept(self, plans: Sequence[Plan]) -> int | None:
        """The first row whose clinic would change otherwise than was set down, if there is one."""
        for plan in plans:
            kept = self._kept[plan.rows[0].number]
            if (plan.kind, _shown(plan)) != (kept.kind, kept.changes):
                return kept.number
        return None


def as_kept(fault: Fault) -> list[str]:
    """A fault as a row keeps it."""
    return [fault.column, fault.value[:CELL_SHOWN], fault.problem]


def _shown(plan: Plan) -> list[list[str]]:
    return [[column, old[:CELL_SHOWN], new[:CELL_SHOWN]] for column, old, new in plan.changes]
