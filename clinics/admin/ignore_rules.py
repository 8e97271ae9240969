"""Parts of pages that staff chose not to read: recorded with a reason, never changed, only ended."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from clinics.admin.desk import DeskAdmin
from clinics.admin.refusals import RefusableForm
from clinics.admin.steps import Step
from clinics.models import IgnoreRule
from clinics.operations.keeping import evidence_store
from clinics.operations.leaving_out import add_ignore_rule, end_ignore_rule

FACTS = ["kind", "what", "reason", "host", "clinic", "page"]
PEOPLE = ["created_at", "created_by", "ended_at", "ended_by"]


class InForceFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "in force"), ("no", "ended")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        """Only those that hold now, or only those that do not any more."""
        if self.value() == "yes":
            return queryset.in_force()
        return queryset.exclude(ended_at=None) if self.value() == "no" else None


@admin.register(IgnoreRule)
class IgnoreRuleAdmin(DeskAdmin):
    form = RefusableForm
    list_display = ["what", "kind", "place", "reason", "created_by", "created_at", "ended_at"]
    list_filter = [InForceFilter, "kind"]
    list_select_related = ["host", "clinic", "page", "created_by"]
    search_fields = ["what", "reason"]
    autocomplete_fields = ["host", "clinic", "page"]
    fields = [*FACTS, *PEOPLE]
    steps = (
        Step(
            name="end",
            label="Read these parts again",
            perform=lambda rule, answers, by, now: end_ignore_rule(rule, by=by, now=now),
            offered=lambda rule: rule.ended_at is None,
            done="The pages are due now, and are read whole.",
            permission="clinics.change_ignorerule",
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: IgnoreRule | None = None) -> list[str]:
        """Nothing of it is ever changed."""
        return [*FACTS, *PEOPLE] if obj else PEOPLE

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> IgnoreRule:
        """The row as the operation saved it, after it was tried on the newest texts."""
        if change:
            return form.instance
        facts = {name: form.cleaned_data[name] for name in FACTS}
        rule, tried = add_ignore_rule(**facts, store=evidence_store(), by=request.user, now=timezone.now())
        self.message_user(request, str(tried), messages.INFO)
        return rule

    def save_model(self, request: HttpRequest, obj: IgnoreRule, form: forms.ModelForm, change: bool) -> None:
        """Nothing: the operation has saved it."""
