"""What a page's history costs to keep: of an unchanged page, and of one with a changed sentence.

    python benchmarks/history_bytes.py [--pages 300] [--edits 3]

Bytes of the evidence store's files and of the database's rows, each value as PostgreSQL keeps it (compressed where it
does so), without indexes; the tables' growth on disk, indexes and all, is printed too. Ends by itself.
"""

import argparse
import json
import tempfile
from pathlib import Path

from local_site import MOST_PAGES, Show, local_site
from own_reader import own_servers, read_all, record

MOST_EDITS = 10


def kept(folder: Path) -> dict[str, int]:
    """Bytes now kept: evidence files, and the rows of every table of ours that holds something."""
    from django.apps import apps
    from django.db import connection

    files = [path for path in (folder / "evidence").rglob("*") if path.is_file()]
    found = {"evidence files": sum(path.stat().st_size for path in files)}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("clinics").get_models(include_auto_created=True):
            columns = [field.column for field in model._meta.local_concrete_fields]
            sizes = " + ".join(f'coalesce(pg_column_size("{column}"), 0)' for column in columns)
            cursor.execute(f'SELECT coalesce(sum({sizes}), 0) FROM "{model._meta.db_table}"')  # noqa: S608 - our names
            if rows := int(cursor.fetchone()[0]):
                found[model._meta.db_table] = rows
        cursor.execute("SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relname LIKE 'clinics%'")
        found["tables on disk"] = int(cursor.fetchone()[0])
    return found


def grown(before: dict[str, int], after: dict[str, int], pages: int) -> dict[str, float]:
    """By how many bytes a page each place has grown, where it has."""
    names = {**before, **after}
    differences = {name: (after.get(name, 0) - before.get(name, 0)) / pages for name in names}
    return {name: round(each, 1) for name, each in differences.items() if each}


def text_of(bytes_a_page: dict[str, float]) -> float:
    """Of these, what keeps text and documents: all but the rows that every attempt leaves and the tables' disk."""
    return sum(bytes_a_page.get(name, 0.0) for name in ("evidence files", "clinics_snapshot"))


def whole_copies() -> float:
    """What one text costs, on average, if document, exchange and words are each packed whole, with its row."""
    from clinics.domain.packing import packed
    from clinics.models import Snapshot
    from clinics.operations.keeping import evidence_store

    store, sizes = evidence_store(), []
    for snapshot in Snapshot.objects.select_related("leans_on"):
        parts = (store.get(snapshot.body), store.get(snapshot.exchange), snapshot.words)
        sizes.append(sum(len(packed(part)) for part in parts))
    return sum(sizes) / len(sizes)


def main() -> None:
    """Print what each step cost as a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--edits", type=int, default=3)
    chosen = parser.parse_args()
    count = min(chosen.pages, MOST_PAGES)
    with tempfile.TemporaryDirectory(prefix="history-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with local_site(count, folder) as doors, own_servers(folder, doors.ports[False, 0.0]):
            record(count)
            before, first, whole = kept(folder), 0.0, 0.0
            steps = [("first reading", Show()), ("unchanged, same", Show()), ("unchanged, other tokens", Show(draw=1))]
            edits = range(1, min(chosen.edits, MOST_EDITS) + 1)
            steps += [(f"edit {edit} of one sentence", Show(draw=1, edited=count, edit=edit)) for edit in edits]
            for step, shown in steps:
                doors.show(shown)
                outcomes = read_all()["outcomes"]
                after = kept(folder)
                cost = grown(before, after, count)
                text = text_of(cost)
                first, whole = first or text, whole or whole_copies()
                share = {
                    "text_and_documents": round(text, 1),
                    "of_a_full_copy": round(text / whole, 4),
                    "of_the_first_reading": round(text / first, 4),
                }
                print(json.dumps({"step": step, "outcomes": outcomes, **share, "bytes_a_page": cost}), flush=True)
                before = after


if __name__ == "__main__":
    main()
