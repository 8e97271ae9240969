"""Adding many rows to one table, or bringing many up to date, in one statement."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper


def write_columns(rows: Sequence[models.Model], columns: Sequence[str]) -> int:
    """Write these columns of rows of one table as they now stand, by primary key; answers how many there were.

    One statement, whatever their number: Django's `bulk_update` makes a CASE of every cell, which costs more than
    reading the pages. Raises DataError where a value is too long for its column.
    """
    if not rows:
        return 0
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    fields: list[Any] = [model._meta.pk, *map(model._meta.get_field, columns)]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, fields, connection), [_values(rows, field, connection) for field in fields])
        return int(cursor.rowcount)


def add_rows(rows: Sequence[models.Model], *, given: Collection[str] = (), pass_over_known: bool = False) -> None:
    """Insert rows of one table; columns that the database itself fills are left to it, but for those named as `given`.

    Rows that a unique constraint refuses are left out with `pass_over_known`.

    One statement, whatever their number: Django's `bulk_create` writes out every cell where a column is binary or has
    a default of the database. Raises IntegrityError and DataError as it does.
    """
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    fields = [field for field in model._meta.local_concrete_fields if field.name in given or not _left(field, rows[0])]
    with connection.cursor() as cursor:
        conflict = " ON CONFLICT DO NOTHING" if pass_over_known else ""
        statement = _insertion(model, fields, connection) + conflict
        cursor.execute(statement, [_values(rows, field, connection) for field in fields])


def _left(field: Any, row: models.Model) -> bool:
    """Whether the database fills the column: by a default of its own, or by numbering the rows."""
    return bool(field.has_db_default() or (field.primary_key and getattr(row, field.attname) is None))


def _insertion(model: type[models.Model], fields: Sequence[Any], connection: BaseDatabaseWrapper) -> str:
    """Only names of our own tables and columns stand in it; the values are parameters."""
    quote = connection.ops.quote_name
    arrays = ", ".join(f"%s::{_kind(field, connection)}[]" for field in fields)
    names = ", ".join(quote(field.column) for field in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) SELECT * FROM unnest({arrays})"  # noqa: S608 - see above


def _statement(model: type[models.Model], fields: Sequence[Any], connection: BaseDatabaseWrapper) -> str:
    """Only names of our own tables and columns stand in it; the values are parameters."""
    quote = connection.ops.quote_name
    key, *names = [quote(field.column) for field in fields]
    arrays = ", ".join(f"%s::{_kind(field, connection)}[]" for field in fields)
    sets = ", ".join(f"{name} = given.{name}" for name in names)
    table, given = quote(model._meta.db_table), f"unnest({arrays}) AS given({', '.join((key, *names))})"
    return f"UPDATE {table} AS kept SET {sets} FROM {given} WHERE kept.{key} = given.{key}"  # noqa: S608 - see above


def _kind(field: Any, connection: BaseDatabaseWrapper) -> str:
    """The type of a column, without its length: a cast to a shorter one would cut the value silently."""
    return "text" if isinstance(field, models.CharField) else str(field.rel_db_type(connection))


def _values(rows: Sequence[models.Model], field: Any, connection: BaseDatabaseWrapper) -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows]
