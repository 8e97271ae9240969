"""Who changed what and when, as the database's own triggers wrote it down."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from clinics.admin.set_back import WithSettingBack
from clinics.operations.reverting import PLAIN, differs

Names = dict[str, dict[Any, str]]

NEWEST = 200  # events of each table that one page shows
NOBODY = "no person: the tracker, or the database itself"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row's insert, update or delete. `changes` are (field, before, after)."""

    at: datetime
    who: str
    what: str
    row: str
    changes: list[tuple[str, str, str]]
    why: str = ""
    set_back_url: str = ""


class WithHistory(WithSettingBack):
    """A ModelAdmin whose history page shows the events of the row, and of the rows in `history_children`."""

    history_children: Sequence[str] = ()

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """The stock address, filled from the events where the model is tracked."""
        if not hasattr(self.model, "pgh_event_model"):
            return super().history_view(request, object_id, extra_context)
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"History: {row}",
            "opts": self.opts,
            "object": row,
            "module_name": str(self.opts.verbose_name_plural),
            "entries": self._entries(request, row),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/clinics/object_history.html", context)

    def history_keys(self, row: models.Model) -> Sequence[Any]:
        """The keys of other rows whose history is told with this one's."""
        return ()

    def history_reasons(self, row: models.Model) -> Mapping[Any, str]:
        """Reasons that were recorded elsewhere, by the `decided_at` that the change gave the row."""
        return {}

    def _set_back_url(self, request: HttpRequest, row: models.Model, event: Any) -> str:
        """Where this version is set back, for who may."""
        kind = event.pgh_tracked_model
        if self.model not in PLAIN or not self.may_set_back(request, kind):
            return ""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_setback"
        return reverse(name, args=[row.pk, kind._meta.model_name, event.pgh_id])

    def _entries(self, request: HttpRequest, row: models.Model) -> list[Entry]:
        keys = [row.pk, *self.history_keys(row)]
        found = [_told(self.model, "pgh_obj_id", key) for key in keys]
        for name in self.history_children:
            relation = self.opts.get_field(name)
            for key in keys:
                found.append(_told(relation.related_model, relation.field.attname, key))
        people = _people(event for _, events in found for event in events)
        reasons = self.history_reasons(row)
        entries = [
            _with_links(entry, event, reasons, self._set_back_url(request, row, event) if can_go_back else "")
            for model, events in found
            for entry, event, can_go_back in _compared(model, events, people)
        ]
        entries.reverse()  # what was written at once keeps this order
        return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _told(model: type[models.Model], column: str, key: Any) -> tuple[type[models.Model], list[Any]]:
    events = model.pgh_event_model.objects.filter(**{column: key}).select_related("pgh_context")
    return model, list(events.order_by("-pgh_id")[:NEWEST])


def _people(events: Iterable[Any]) -> dict[str, str]:
    keys = {_user_key(event) for event in events} - {""}
    users = get_user_model().objects.filter(pk__in=keys)
    return {str(user.pk): str(user) for user in users}


def _metadata(event: Any) -> dict[str, Any]:
    return event.pgh_context.metadata if event.pgh_context else {}


def _user_key(event: Any) -> str:
    return str(_metadata(event).get("user") or "")


def _with_links(entry: Entry, event: Any, reasons: Mapping[Any, str], set_back_url: str) -> Entry:
    """With why it was changed, and where it is set back."""
    why = str(_metadata(event).get("reason") or "") or reasons.get(getattr(event, "decided_at", None), "")
    return replace(entry, why=why, set_back_url=set_back_url)


def last_editor(row: models.Model) -> str:
    """Who wrote the row's newest event; "" where it has none, or a machine did."""
    events = getattr(type(row), "pgh_event_model", None)
    if events is None:
        return ""
    newest = events.objects.filter(pgh_obj_id=row.pk).select_related("pgh_context").order_by("-pgh_id")[:1]
    return next(iter(_people(newest).values()), "")


def _compared(
    model: type[models.Model], events: Sequence[Any], people: dict[str, str]
) -> Iterator[tuple[Entry, Any, bool]]:
    """Each event against the one before it of its row, the oldest against nothing; whether one can go back to it."""
    before: dict[Any, Any] = {}
    names = _names(model, events)
    last = {event.pgh_obj_id: event for event in reversed(events)}
    for event in reversed(events):
        earlier = before.get(event.pgh_obj_id)
        before[event.pgh_obj_id] = event
        newest = last[event.pgh_obj_id]
        entry = Entry(
            at=event.pgh_created_at,
            who=people.get(_user_key(event), NOBODY),
            what=event.pgh_label,
            row=f"{model._meta.verbose_name} {event.pgh_obj_id}",
            changes=_changes(model, earlier, event, names),
        )
        yield entry, event, differs(event, newest)


def _names(model: type[models.Model], events: Sequence[Any]) -> Names:
    """What choices, and the rows that the events point at, are called today: by the column and its values."""
    found: Names = {}
    for field in _fields(model):
        if isinstance(field, models.ForeignKey):
            keys = {getattr(event, field.attname, None) for event in events} - {None}
            rows = _to_be_named(field.related_model).in_bulk(keys, field_name=field.target_field.name) if keys else {}
            found[field.attname] = {key: f"{row} ({key})" for key, row in rows.items()}
        elif field.choices:
            found[field.attname] = {value: str(label) for value, label in field.flatchoices}
    return found


def _to_be_named(model: type[models.Model]) -> models.QuerySet:
    """Its rows with those that they point at, whose names may be part of theirs."""
    links = (field for field in _fields(model) if isinstance(field, models.ForeignKey))
    return model._base_manager.select_related(*(link.name for link in links if link.related_model is not model))


def _fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _changes(model: type[models.Model], before: Any, after: Any, names: Names) -> list[tuple[str, str, str]]:
    pairs = [(str(f.verbose_name), _value(before, f, names), _value(after, f, names)) for f in _fields(model)]
    return [(name, old, new) for name, old, new in pairs if old != new]


def _value(event: Any, field: Any, names: Names) -> str:
    """A value by its name, where it has one; else as it is."""
    value = getattr(event, field.attname, None) if event is not None else None
    if value is None:
        return ""
    return names[field.attname].get(value, str(value)) if field.attname in names else str(value)
