"""What every page of the desk has in common: bounded lists, history, nothing removed."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest

from clinics.admin.history import WithHistory
from clinics.admin.paginator import CappedPaginator
from clinics.admin.refusals import RefusalsShown
from clinics.admin.steps import WithSteps


class DeskAdmin(WithHistory, RefusalsShown, WithSteps):
    """A list that costs the same whatever its length, and a page with history and steps."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 50

    class Media:
        js = ("clinics/choices.js",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address names; where it names a row by what is no number, nothing."""
        named = super().get_changeform_initial_data(request)
        fields = {field.name: field for field in self.opts.get_fields() if isinstance(field, models.ForeignKey)}
        return {
            name: text for name, text in named.items() if name not in fields or names_a_row(fields[name], str(text))
        }

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool) -> None:
        """Write what was typed and nothing else, so that a step that someone takes meanwhile is not undone."""
        if not change:
            return super().save_model(request, obj, form, change)
        typed = [field.name for field in obj._meta.concrete_fields if field.name in self.written(form)]
        if typed:
            obj.save(update_fields=typed)
        return None

    def written(self, form: ModelForm) -> set[str]:
        """Names of the columns that saving this form writes."""
        return set(form.changed_data)


def names_a_row(link: models.ForeignKey, text: str) -> bool:
    """Whether a text that stands in an address can be the key of a row that the link leads to."""
    try:
        link.target_field.to_python(text)
    except ValidationError:
        return False
    return "\0" not in text


def known(row: models.Model, names: Sequence[str]) -> list[str]:
    """Those of the columns that hold something, so that a page does not list what is not there yet."""
    empty = (None, "", [])
    return [name for name in names if getattr(row, row._meta.get_field(name).attname) not in empty]  # type: ignore[union-attr]


class ReadOnlyAdmin(DeskAdmin):
    """Rows that nobody edits by hand; steps may still be offered."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    """Rows shown on their parent's page, not edited there."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
