"""Emptying the database after a test that commits.

Django truncates each of some hundred tables, and makes all rights anew, which takes half a second; here only tables
that hold something are touched, and the rights and roles of the template stay.
"""

from functools import cache

from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

IN_THE_TEMPLATE = ("auth_group_permissions", "auth_group", "auth_permission", "django_content_type")
KNOWN_BY_ITS_FILE = '"clinics_searchdocument"'  # published.index begins anew where this table has another file


class Emptying:
    """Called in the place of a test case's own method."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            self._in_the_template = _in_the_template(cursor)

    def __call__(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(_tables())} IN ACCESS EXCLUSIVE MODE")  # waits for who still writes
            cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers: histories are append-only
            for table in _filled(cursor):
                cursor.execute(f"TRUNCATE {table}" if table == KNOWN_BY_ITS_FILE else f"DELETE FROM {table}")
            for table, ids in self._in_the_template.items():
                cursor.execute(f"DELETE FROM {table} WHERE id <> ALL (%s)", [ids])
            left = _in_the_template(cursor)
        if left != self._in_the_template:
            call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
            with connection.cursor() as cursor:
                self._in_the_template = _in_the_template(cursor)


def _in_the_template(cursor: CursorWrapper) -> dict[str, list[int]]:
    found = {}
    for table in IN_THE_TEMPLATE:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id")
        found[table] = [number for (number,) in cursor.fetchall()]
    return found


@cache
def _tables() -> list[str]:
    known = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(connection.ops.quote_name(table) for table in known)


def _filled(cursor: CursorWrapper) -> list[str]:
    """The tables that hold a row, but those that the template fills."""
    emptied = [table for table in _tables() if table.strip('"') not in IN_THE_TEMPLATE]
    cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in emptied))
    return [table for (table,) in cursor.fetchall()]
