"""The months into which checks are partitioned."""

from datetime import date, datetime

from typing import Any

from django.db import connection, transaction
from psycopg import sql

ADVISORY_LOCK = 7_205_311  # any number that nothing else here uses
STRAYED = "FROM clinics_check_default WHERE started_at >= {start} AND started_at < {end}"


def _first_of(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


@transaction.atomic
def prepare_months(now: datetime, ahead: int = 2) -> list[str]:
    """Make the partitions of this month and `ahead` more; the names of the new ones. Safe to run at the same time.

    Rows that fell into the default partition for want of their month are moved.
    """
    made = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        for step in range(ahead + 1):
            start, end = _first_of(now.year, now.month + step), _first_of(now.year, now.month + step + 1)
            name = f"clinics_check_{start:%Y_%m}"
            cursor.execute("SELECT to_regclass(%s)", [name])
            if cursor.fetchone()[0] is None:
                _make(cursor, name, start, end)
                made.append(name)
    return made


def _make(cursor: Any, name: str, start: date, end: date) -> None:
    month = {"month": sql.Identifier(name), "start": sql.Literal(f"{start} 00:00Z"), "end": sql.Literal(f"{end} 00:00Z")}
    cursor.execute(sql.SQL("CREATE TABLE {month} (LIKE clinics_check INCLUDING DEFAULTS)").format(**month))
    cursor.execute(sql.SQL("INSERT INTO {month} SELECT * " + STRAYED).format(**month))
    if cursor.rowcount:
        cursor.execute("ALTER TABLE clinics_check_default DISABLE TRIGGER USER")
        cursor.execute(sql.SQL("DELETE " + STRAYED).format(**month))
        cursor.execute("ALTER TABLE clinics_check_default ENABLE TRIGGER USER")
    attach = "ALTER TABLE clinics_check ATTACH PARTITION {month} FOR VALUES FROM ({start}) TO ({end})"
    cursor.execute(sql.SQL(attach).format(**month))
