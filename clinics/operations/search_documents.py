"""The directory's search documents: held against the rows that they are made of, and written anew.

Each change of a row brings its clinics' documents up to date by triggers (`models.search_document`). What is left is
what the calendar changes, what came in past the triggers (bulk copy, a restored dump), and the proof that all is well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from clinics.models import Clinic, SearchDocument

TOGETHER: Final = 500  # clinics in one transaction
DIFFERENCES: Final = """
SELECT COALESCE(kept.clinic_id, fresh.clinic_id), array_remove(ARRAY[
    CASE WHEN kept.clinic_id IS NULL THEN 'missing' WHEN fresh.clinic_id IS NULL THEN 'not listed' END,
    CASE WHEN kept.name IS DISTINCT FROM fresh.name THEN 'name' END,
    CASE WHEN kept.facts IS DISTINCT FROM fresh.facts THEN 'facts' END,
    CASE WHEN kept.heads IS DISTINCT FROM fresh.heads THEN 'heads' END,
    CASE WHEN kept.text IS DISTINCT FROM fresh.text THEN 'text' END,
    CASE WHEN kept.said IS DISTINCT FROM fresh.said THEN 'said' END,
    CASE WHEN kept.changed_at IS DISTINCT FROM fresh.changed_at THEN 'changed_at' END,
    CASE WHEN kept.stale_on IS DISTINCT FROM fresh.stale_on THEN 'stale_on' END
], NULL)
FROM (SELECT * FROM clinics_searchdocument WHERE is_listed AND clinic_id = ANY (%(ids)s)) kept
FULL JOIN clinics_documents(%(ids)s, (now() AT TIME ZONE 'UTC')::date) fresh ON fresh.clinic_id = kept.clinic_id
WHERE (kept.name, kept.facts, kept.heads, kept.text, kept.said, kept.changed_at, kept.stale_on)
    IS DISTINCT FROM (fresh.name, fresh.facts, fresh.heads, fresh.text, fresh.said, fresh.changed_at, fresh.stale_on)
ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A clinic whose document is not what its rows say, and in what."""

    clinic: str  # its public id; "" for one that is no more
    differs: tuple[str, ...]


def differences() -> Iterator[Difference]:
    """Every document that differs from the rows that it is made of."""
    for ids in _in_parts(_all_ids()):
        with connection.cursor() as cursor:
            cursor.execute(DIFFERENCES, {"ids": ids})
            found = cursor.fetchall()
        names = dict(Clinic.objects.filter(pk__in=[clinic for clinic, _ in found]).values_list("pk", "public_id"))
        yield from (Difference(names.get(clinic, ""), tuple(differs)) for clinic, differs in found)


def rebuild() -> int:
    """Write every document anew, so many clinics at a time; how many clinics there are to find."""
    write(_all_ids())
    return SearchDocument.objects.filter(is_listed=True).count()


def write(ids: Sequence[int]) -> None:
    """Bring the documents of these clinics up to date; those that are right already are left as they are."""
    for part in _in_parts(ids):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT clinics_write_documents(%s)", [part])


def follow_calendar(now: datetime) -> int:
    """Bring documents up to date whose clinics' people have come or gone by today's date; how many there were."""
    due = SearchDocument.objects.filter(stale_on__lte=now.date()).order_by("clinic_id")
    ids = list(due.values_list("clinic_id", flat=True))
    write(ids)
    return len(ids)


def _all_ids() -> list[int]:
    """Of listed clinics, and of those that have a document."""
    listed = Clinic.objects.listed().order_by().values_list("pk", flat=True)
    kept = SearchDocument.objects.filter(is_listed=True).values_list("clinic_id", flat=True)
    return sorted({*listed, *kept})


def _in_parts(ids: Sequence[int]) -> Iterator[list[int]]:
    return (list(ids[start : start + TOGETHER]) for start in range(0, len(ids), TOGETHER))
