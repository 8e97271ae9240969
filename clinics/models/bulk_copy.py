"""Many rows into one table by PostgreSQL's COPY."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg import sql


def copy_rows(rows: Sequence[models.Model]) -> int:
    """Write rows of one table, in one statement; how many. Columns that the database fills are left to it.

    All rows leave out the same columns: those that the first one leaves out. Raises IntegrityError and DataError.
    """
    if not rows:
        return 0
    model = type(rows[0])
    fields = [field for field in model._meta.local_concrete_fields if not _is_filled(field, rows[0])]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(sql.Identifier(field.column) for field in fields)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_value(field, row) for field in fields])
    return len(rows)


def next_ids(model: type[models.Model], number: int) -> list[int]:
    """So many keys of a table that numbers its rows, drawn in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, number],
        )
        return [key for (key,) in cursor.fetchall()]


def _is_filled(field: Any, row: models.Model) -> bool:
    if field.generated:
        return True
    value = getattr(row, field.attname)
    numbered = bool(field.primary_key) and value is None
    return numbered or isinstance(value, DatabaseDefault)


def _value(field: Any, row: models.Model) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)
