"""The database's advisory locks: one number for each purpose, so that nobody waits for another's work."""

from enum import IntEnum, unique

from django.db import connection


@unique
class AdvisoryLock(IntEnum):
    """What one process at a time does; all the numbers that the project uses stand here."""

    MONTHS = 7_205_311
    SEALS = 7_205_312
    REFERENCE = 7_205_313
    IMPORTS = 7_205_314


def hold(lock: AdvisoryLock) -> None:
    """Wait until nobody else holds it; until the end of the transaction, nobody else does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock.value])


def hold_if_free(lock: AdvisoryLock) -> bool:
    """Whether nobody else holds it; if so, until the end of the transaction nobody else does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock.value])
        return bool(cursor.fetchone()[0])
