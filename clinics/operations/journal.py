"""What a merger does to rows, noted while it is done, so that it can be taken back row by row."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from clinics.operations.refusal import Refusal

Values = Mapping[str, Any]


def _plain(value: Any) -> Any:
    """A column's value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def _columns(model: type[models.Model], values: Values) -> dict[str, Any]:
    """The inverse of `_plain`, column by column."""
    return {name: model._meta.get_field(name).to_python(value) for name, value in values.items()}  # type: ignore[union-attr]


def _manager(label: str) -> tuple[type[models.Model], models.Manager[Any]]:
    model = apps.get_model("clinics", label)
    return model, model._default_manager


class Journal:
    """A list of entries in the order in which they were done. Each is plain data, kept in the MergeRecord."""

    def __init__(self, entries: Sequence[dict[str, Any]] = ()) -> None:
        self.entries = list(entries)

    def move(self, rows: models.QuerySet[Any], before: Values, after: Values) -> list[Any]:
        """Give those of the rows that hold `before` the columns `after`; their keys."""
        keys = list(rows.filter(**before).order_by("pk").values_list("pk", flat=True))
        if keys:
            rows.model._default_manager.filter(pk__in=keys).update(**after)
            self._note("moved", rows.model, keys=keys, before=dict(before), after=dict(after))
        return keys

    def change(self, row: models.Model, **after: Any) -> None:
        """Give one row these columns. One that does not change is noted too: what it was is what it has to be."""
        before = {name: _plain(getattr(row, name)) for name in after}
        for name, value in after.items():
            setattr(row, name, value)
        row.save(update_fields=list(after))
        self._note(
            "changed", type(row), key=row.pk, before=before, after={name: _plain(v) for name, v in after.items()}
        )

    def set_aside(self, row: models.Model) -> None:
        """Keep a row's columns here, and take it out of its table."""
        values = {field.attname: _plain(field.value_from_object(row)) for field in row._meta.concrete_fields}
        row.delete()
        self._note("aside", type(row), values=values)

    def _note(self, done: str, model: type[models.Model], **facts: Any) -> None:
        self.entries.append({"done": done, "table": model._meta.model_name, **facts})

    def keys_moved(self, model: type[models.Model], **before: Any) -> list[Any]:
        """The keys of the moved rows of a table that held these columns."""
        return [
            key
            for entry in self._of("moved", model)
            for key in entry["keys"]
            if all(entry["before"].get(name) == value for name, value in before.items())
        ]

    def changes_of(self, model: type[models.Model]) -> Iterator[tuple[Any, Values, Values]]:
        """For each changed row of a table: its key, its columns before, and after."""
        for entry in self._of("changed", model):
            yield entry["key"], _columns(model, entry["before"]), _columns(model, entry["after"])

    def set_aside_of(self, model: type[models.Model]) -> list[dict[str, Any]]:
        """The columns of the rows of a table that were set aside."""
        return [_columns(model, entry["values"]) for entry in self._of("aside", model)]

    def _of(self, done: str, model: type[models.Model]) -> Iterator[dict[str, Any]]:
        return (e for e in self.entries if e["done"] == done and e["table"] == model._meta.model_name)

    def take_back(self) -> None:
        """Undo every entry, the last one first.

        What somebody has changed since stays as it is now, and a row that somebody has removed since stays removed.
        Raises Refusal where a row that was set aside has no place any more.
        """
        for entry in reversed(self.entries):
            model, rows = _manager(entry["table"])
            if entry["done"] == "moved":
                rows.filter(pk__in=entry["keys"], **entry["after"]).update(**entry["before"])
            elif entry["done"] == "changed":
                _restore(rows.filter(pk=entry["key"]).first(), model, entry)
            else:
                _put_back(model, _columns(model, entry["values"]))


def _restore(row: models.Model | None, model: type[models.Model], entry: Mapping[str, Any]) -> None:
    before, after = _columns(model, entry["before"]), _columns(model, entry["after"])
    names = [name for name in before if row is not None and getattr(row, name) == after[name]]
    if row is None or not names:
        return
    for name in names:
        setattr(row, name, before[name])
    row.save(update_fields=names)


def _put_back(model: type[models.Model], values: Values) -> None:
    try:
        with transaction.atomic():
            model(**values).save(force_insert=True)
    except IntegrityError:
        raise Refusal(
            f"A {model._meta.verbose_name} that was set aside when the clinics were merged cannot be put back: another "
            "stands in its place since."
        ) from None
