"""The nightly dump of everything public."""

import os
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from clinics.published.dump import NAME, write_dump


def make_dump(now: datetime) -> dict[str, int]:
    """Write the dump beside the last one and put it in its place at once; how many lines each of its files has.

    All of it is of one moment. Safe to run twice and at once.
    """
    folder = settings.DUMP_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    making = folder / f"{NAME}.{os.getpid()}"
    try:
        outermost = not connection.in_atomic_block
        with transaction.atomic():
            if outermost:
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            counts = write_dump(making, now)
        making.replace(folder / NAME)
    finally:
        making.unlink(missing_ok=True)
    return counts
