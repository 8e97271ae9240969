"""Copies of every listed clinic in the database, so that the directory's search can be measured over a million.

    EMBEDDED_HOME=FOLDER python3 benchmarks/directory_copies.py 99

Beside each clinic so many copies come to stand, each a row of its own with a name of its own and the search document
of the original: what the search and its cards read. Nothing else is copied, and no trigger runs. Only for a database
that is thrown away afterwards.
"""

import sys
import time
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HOUSE))
MOST = 200
CLINIC = {
    "id": "c.id + k.n * step.by",
    "public_id": "left(md5(c.id || ' ' || k.n), 10)",
    "name": "c.name || ' ' || k.n",
    "website_id": "NULL",
}
DOCUMENT = {
    "clinic_id": "c.clinic_id + k.n * step.by",
    "name": "c.name || ' ' || k.n",
    "written_in": "pg_current_xact_id()::text::bigint",
}


def main() -> None:
    """Make the copies, and say how long it took."""
    copies = int(sys.argv[1])
    if not 1 <= copies <= MOST:
        sys.exit(f"Say how many copies, 1 to {MOST}.")
    from benchmarks.database import as_it_stands

    with as_it_stands():
        copy(copies)


def copy(copies: int) -> None:
    """Copy the clinics and their documents in one transaction, then let the planner look at them."""
    from django.db import connection, transaction

    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT max(id) FROM clinics_clinic")
        step = cursor.fetchone()[0]
        for table, changed, where in (
            ("clinics_searchdocument", DOCUMENT, "c.is_listed"),
            ("clinics_clinic", CLINIC, "c.status = 'listed'"),
        ):
            cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
            columns = [name for (name,) in cursor.fetchall()]
            values = ", ".join(changed.get(name, f'c."{name}"') for name in columns)
            names = ", ".join(f'"{name}"' for name in columns)
            copied = f"""
                INSERT INTO {table} ({names}) SELECT {values} FROM {table} c
                CROSS JOIN generate_series(1, %s) k(n) CROSS JOIN (SELECT %s::bigint AS by) step WHERE {where}
            """  # noqa: S608 - every name is the catalogue's or stands above
            cursor.execute(copied, [copies, step])
            print(f"{table}: {cursor.rowcount:,} copies, {time.perf_counter() - began:.0f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE clinics_searchdocument")
        cursor.execute("VACUUM ANALYZE clinics_clinic")
    print(f"ready after {time.perf_counter() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
