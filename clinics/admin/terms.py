"""The controlled vocabularies, and the small selects that are filled from them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from clinics.admin.desk import DeskAdmin
from clinics.models import Term

Choices = list[tuple[str, Any]]


def choices_by_kind(kinds: Iterable[str]) -> dict[str, Choices]:
    """The words of several vocabularies, as the choices of a select, in one query."""
    found: dict[str, list[Term]] = {kind: [] for kind in kinds}
    for term in Term.objects.filter(kind__in=found):
        found[term.kind].append(term)
    return {kind: _grouped(terms) for kind, terms in found.items()}


def _grouped(terms: Iterable[Term]) -> Choices:
    loose: Choices = []
    groups: dict[str, Choices] = {}
    for term in terms:
        target = groups.setdefault(term.group, []) if term.group else loose
        target.append((term.pk, str(term)))
    return loose + [(name.replace("_", " "), choices) for name, choices in groups.items()]


def fill_selects(fields: dict[str, forms.Field], kinds: dict[str, str]) -> None:
    """Fill each named field with its vocabulary, once for however many rows a formset has."""
    words = choices_by_kind(set(kinds.values()))
    for name, kind in kinds.items():
        if isinstance(field := fields.get(name), forms.ModelChoiceField):
            field.choices = [("", "–"), *words[kind]]
            for permission in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, permission, False)


@admin.register(Term)
class TermAdmin(DeskAdmin):
    list_display = ["key", "kind", "english", "spanish", "group", "as_of"]
    list_filter = ["kind"]
    search_fields = ["key", "english", "spanish"]
    fields = ["kind", "key", "english", "spanish", "group", "position", "source", "as_of"]

    def get_readonly_fields(self, request: HttpRequest, obj: Term | None = None) -> list[str]:
        """Its kind and key name a word for ever."""
        return ["kind", "key"] if obj else []

    def save_model(self, request: HttpRequest, obj: Term, form: forms.ModelForm, change: bool) -> None:
        """Name a new word by its kind and key."""
        obj.id = f"{obj.kind}:{obj.key}"
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
