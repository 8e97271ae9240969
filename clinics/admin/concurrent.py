"""Two people in one row at once: what the other wrote meanwhile is kept, and where both wrote, both are shown.

Each field of a row that is edited carries, hidden, the value that was shown. What differs from it was typed here; what
the row holds now and was not shown was written by somebody else.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.db import models
from django.forms.models import model_to_dict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinics.admin.history import last_editor

THEIRS: Final = "theirs"
YOURS: Final = "yours"
_ASK: Final = (
    "{who} has changed this since you opened the page. Theirs: “{theirs}”. Yours: “{yours}”. "
    '<span role="radiogroup" aria-label="Which to keep: {label}"><input type="hidden" name="asked-{name}" value="1">'
    '<label><input type="radio" name="keep-{name}" value="theirs"> Keep theirs</label> '
    '<label><input type="radio" name="keep-{name}" value="yours"> Keep what stands in the field</label></span>'
)


def _plain(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _same(field: forms.Field, one: Any, other: Any) -> bool:
    """Whether two values of a field mean the same, as it would judge a typed one."""
    return not field.has_changed(_plain(one), _plain(field.prepare_value(other)))


def _shown_as(field: forms.Field, value: Any) -> str:
    """A value in the words of its field."""
    if isinstance(field, forms.ModelChoiceField):
        found = field.to_python(field.prepare_value(value))
        return str(found or "–")
    if isinstance(field, forms.BooleanField):
        return "yes" if value else "no"
    labels = dict(_choices(field))
    values = value if isinstance(value, list | tuple) else [value]
    return ", ".join(str(labels.get(str(each), each)) for each in values if each not in (None, "")) or "–"


def _choices(field: forms.Field) -> Iterable[tuple[str, Any]]:
    return ((str(key), label) for key, label in getattr(field, "choices", ()) if not isinstance(label, list | tuple))


class VersionedForm(forms.ModelForm):
    """A form of a row that notices what somebody else has written since it was shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            for name, field in self.fields.items():
                field.show_hidden_initial = not self.is_bound or self._came_back(name, field)

    def _came_back(self, name: str, field: forms.Field) -> bool:
        """Whether the value that was shown is among what was sent; an empty list of values sends none."""
        if issubclass(field.hidden_widget, forms.MultipleHiddenInput):
            return any(self.add_initial_prefix(other) in self.data for other in self.fields)
        return self.add_initial_prefix(name) in self.data

    def now_held(self, row: models.Model) -> dict[str, Any]:
        """The values that the row holds now, by the form's fields."""
        return model_to_dict(row, fields=list(self.fields))

    def clean(self) -> dict[str, Any] | None:
        """Take over what others wrote in fields that were not typed in; ask where both wrote."""
        cleaned = super().clean()
        watched = [name for name, field in self.fields.items() if field.show_hidden_initial]
        if self.is_bound and watched and self.instance.pk is not None:
            self._tell_of_closed_fields()
            self._meet_others(watched, self.cleaned_data if cleaned is None else cleaned)
        return cleaned

    def _meet_others(self, watched: Iterable[str], cleaned: dict[str, Any]) -> None:
        rows = self._meta.model._base_manager  # type: ignore[union-attr]
        row = rows.select_for_update(no_key=True).filter(pk=self.instance.pk).first()
        if row is None:
            raise forms.ValidationError("Somebody has removed this since you opened the page.")
        held = self.now_held(row)
        for name in watched:
            if name in held and name in cleaned:
                self._meet(name, held[name], cleaned)

    def _meet(self, name: str, theirs: Any, cleaned: dict[str, Any]) -> None:
        field, bound = self.fields[name], self[name]
        they_wrote = not _same(field, self._shown(name), theirs)
        asked, keep = (self.data.get(f"{word}-{bound.html_name}") for word in ("asked", "keep"))
        if keep == THEIRS or (they_wrote and name not in self.changed_data):
            cleaned[name] = field.to_python(field.prepare_value(theirs))
        elif (they_wrote and not _same(field, cleaned[name], theirs)) or (asked and keep != YOURS):
            yours = cleaned[name]
            self._show_theirs(name, theirs)
            self.add_error(name, self._question(name, theirs, yours))

    def _shown(self, name: str) -> Any:
        """The value that was shown, as its field reads it."""
        field = self.fields[name]
        sent = field.hidden_widget().value_from_datadict(self.data, self.files, self.add_initial_prefix(name))
        try:
            return field.to_python(sent)
        except forms.ValidationError:
            return sent

    def _show_theirs(self, name: str, theirs: Any) -> None:
        """From here on the row's present value counts as shown, so that a third one is noticed, too."""
        data = self.data.copy()
        value = self.fields[name].prepare_value(theirs)
        key = self.add_initial_prefix(name)
        if isinstance(value, list | tuple):
            data.setlist(key, [str(each) for each in value])
        else:
            data[key] = "" if value is None else str(value)
        self.data = data

    def _question(self, name: str, theirs: Any, yours: Any) -> SafeString:
        field, bound = self.fields[name], self[name]
        return format_html(
            _ASK,
            who=last_editor(self.instance) or "Somebody",
            theirs=_shown_as(field, theirs),
            yours=_shown_as(field, yours),
            label=bound.label,
            name=bound.html_name,
        )

    def _tell_of_closed_fields(self) -> None:
        """What was typed into a field that nobody may edit any more is not dropped in silence."""
        start = self.add_initial_prefix("")
        for key, shown in self.data.items():
            name = key.removeprefix(start)
            if not key.startswith(start) or "-" in name or name in self.fields or not self._is_column(name):
                continue
            typed = self.data.get(self.add_prefix(name), "")
            if _plain(typed) != _plain(shown):
                label = self._meta.model._meta.get_field(name).verbose_name  # type: ignore[union-attr]
                self.add_error(
                    None, f"“{label}” cannot be edited any more since you opened the page. You had typed: “{typed}”."
                )

    def _is_column(self, name: str) -> bool:
        columns: Mapping[str, Any] = self._meta.model._meta._forward_fields_map  # type: ignore[union-attr]
        return name in columns
