"""Since when our record of a thing has been as it stands, from the history that the database writes."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone

MOVED_BY_MERGING = "clinic_id"


def recorded_on(rows: Collection[models.Model]) -> dict[Any, date]:
    """For each row of one model, by its key, the first day on which it held what it holds now.

    That a merger gave it to another clinic is no change of what was recorded. Rows without a history are left out.
    """
    first: dict[Any, date] = {}
    by_key = {row.pk: row for row in rows}
    if not by_key:
        return first
    model = type(next(iter(by_key.values())))
    columns = [f.attname for f in model._meta.concrete_fields if not f.primary_key and f.attname != MOVED_BY_MERGING]
    events = model.pgh_event_model.objects.filter(pgh_obj_id__in=by_key)  # type: ignore[attr-defined]
    for event in events.order_by("pgh_id"):
        row = by_key[event.pgh_obj_id]
        if all(getattr(event, name) == getattr(row, name) for name in columns):
            first.setdefault(row.pk, timezone.localtime(event.pgh_created_at).date())
    return first
