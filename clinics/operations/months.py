"""The months into which checks are partitioned."""

from datetime import date, datetime

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from clinics.operations.advisory_locks import AdvisoryLock, hold


@transaction.atomic
def prepare_months(now: datetime, ahead: int = 2) -> list[str]:
    """Make the partitions of this month, of `ahead` more, and of every month whose checks strayed into the default.

    The names of the new ones. Those checks are moved. Safe to run at the same time as others.
    """
    wanted = [_first_of(now.year, now.month + step) for step in range(ahead + 1)]
    hold(AdvisoryLock.MONTHS)
    with connection.cursor() as cursor:
        months = sorted({*wanted, *_strayed(cursor)})
        missing = [month for month in months if not _exists(cursor, partition_name(month))]
        if missing:
            # Nothing may stray into the default partition between moving its rows and attaching their month.
            cursor.execute("LOCK TABLE clinics_check_default IN ACCESS EXCLUSIVE MODE")
        for month in missing:
            _make(cursor, month)
    return [partition_name(month) for month in missing]


def partitions() -> list[date]:
    """The months that have a partition of their own, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
            "WHERE inhparent = 'clinics_check'::regclass AND relname ~ '^clinics_check_[0-9]{4}_[0-9]{2}$'"
        )
        names = sorted(name for (name,) in cursor.fetchall())
    return [date(int(name[-7:-3]), int(name[-2:]), 1) for name in names]


def month_after(month: date) -> date:
    """The first day of the next month."""
    return _first_of(month.year, month.month + 1)


def _first_of(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def partition_name(month: date) -> str:
    """The table that holds the checks of the month that begins on this day."""
    return f"clinics_check_{month:%Y_%m}"


def _strayed(cursor: CursorWrapper) -> list[date]:
    cursor.execute(
        "SELECT DISTINCT date_trunc('month', started_at AT TIME ZONE 'UTC')::date FROM clinics_check_default"
    )
    return [month for (month,) in cursor.fetchall()]


def _exists(cursor: CursorWrapper, name: str) -> bool:
    cursor.execute("SELECT to_regclass(%s)", [name])
    (found,) = cursor.fetchone()
    return found is not None


def _make(cursor: CursorWrapper, month: date) -> None:
    end = month_after(month)
    names = {
        "month": sql.Identifier(partition_name(month)),
        "start": sql.Literal(f"{month} 00:00Z"),
        "end": sql.Literal(f"{end} 00:00Z"),
    }
    for statement in (
        "CREATE TABLE {month} (LIKE clinics_check INCLUDING DEFAULTS)",
        "INSERT INTO {month} SELECT * FROM clinics_check_default WHERE started_at >= {start} AND started_at < {end}",
        "ALTER TABLE clinics_check_default DISABLE TRIGGER USER",  # checks are append-only; these only move house
        "DELETE FROM clinics_check_default WHERE started_at >= {start} AND started_at < {end}",
        "ALTER TABLE clinics_check_default ENABLE TRIGGER USER",
        "ALTER TABLE clinics_check ATTACH PARTITION {month} FOR VALUES FROM ({start}) TO ({end})",
    ):
        cursor.execute(sql.SQL(statement).format(**names).as_string(cursor.connection))
