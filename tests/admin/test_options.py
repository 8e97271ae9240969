"""A misspelt option of a ModelAdmin does nothing and says nothing; this finds it."""

import pytest
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin, ModelAdmin

import clinics.admin

OURS = [type(found) for model, found in admin.site._registry.items() if found.__module__.startswith("clinics.")]
INLINES = sorted({inline for found in OURS for inline in found.inlines}, key=lambda inline: inline.__name__)
OWN_OPTIONS = {"steps", "history_children", "facts"}


def _plain_attributes(kind: type[BaseModelAdmin]) -> set[str]:
    return {name for name, value in vars(kind).items() if not name.startswith("_") and not callable(value)}


def test_every_model_that_staff_work_with_has_its_page() -> None:
    assert {kind.__name__ for kind in OURS} == set(clinics.admin.__all__)


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_every_option_of_a_page_is_one_that_django_knows(kind: type[ModelAdmin]) -> None:
    unknown = {name for name in _plain_attributes(kind) if not hasattr(ModelAdmin, name)}
    assert unknown - OWN_OPTIONS == set()


@pytest.mark.parametrize("kind", INLINES, ids=lambda kind: kind.__name__)
def test_every_option_of_an_inline_is_one_that_django_knows(kind: type[InlineModelAdmin]) -> None:
    assert {name for name in _plain_attributes(kind) if not hasattr(InlineModelAdmin, name)} == set()
