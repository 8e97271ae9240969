"""What staff found in registers: drafted, published by the right person, corrected or made again by a new check."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clinics.admin.addresses import AddressField
from clinics.admin.credential_steps import EVIDENCE, FOUND, STEPS, registers_of
from clinics.admin.desk import DeskAdmin
from clinics.admin.exports import WithExport
from clinics.admin.refusals import RefusableForm
from clinics.admin.saved_filters import WithSavedFilters
from clinics.admin.terms import fill_selects
from clinics.domain.registers import as_of, kind_of, kinds_of_credential
from clinics.models import Clinic, CredentialCheck, Term
from clinics.models.credential_check import PRESSING_ORDER
from clinics.operations import credentials
from clinics.operations.credential_facts import name_of
from clinics.operations.exporting import credential_rows

ROWS = ("clinic", "practitioner", "capture", "supersedes")
_NUMBER = re.compile(r"[0-9]{1,18}")
WHO = ["clinic", "practitioner", "kind", "subject"]
FACTS = ["state", "public_id", "checked_by", "published_by", "published_at", "source", "answer", "supersedes", "again"]


class CredentialCheckForm(RefusableForm):
    """A look into a register, with the address it was found at as text."""

    source_url = AddressField(label="Source URL", required=False, help_text="The entry's own page in the register.")

    class Meta:
        model = CredentialCheck
        fields = [*WHO, *FOUND, "capture", "notes"]


class DueFilter(admin.SimpleListFilter):
    """What is to be looked at again, the most pressing first."""

    title = "due"
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "to be looked at again"), ("soon", "within a month")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """All, those that are due, or those that will be soon."""
        today = timezone.now().date()
        if self.value() == "soon":
            return queryset.due_soon(today)
        return queryset.due(today) if self.value() == "yes" else queryset


@admin.register(CredentialCheck)
class CredentialCheckAdmin(WithExport, WithSavedFilters, DeskAdmin):
    form = CredentialCheckForm
    export_rows = staticmethod(credential_rows)
    change_form_template = "admin/clinics/credentialcheck/change_form.html"
    list_display = ["subject", "kind", "clinic", "outcome", "checked_on", "again", "state"]
    list_filter = ["state", DueFilter, "outcome"]
    list_select_related = ["clinic", "kind", "due"]
    search_fields = ["subject", "identifier", "clinic__name"]
    autocomplete_fields = ["clinic", "practitioner", "capture"]
    ordering = ["-checked_on", "-pk"]
    steps = STEPS

    class Media:
        js = ("clinics/autocomplete_names.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CredentialCheck]:
        """With the rows that every check names."""
        return super().get_queryset(request).select_related("clinic", "kind", "practitioner", "due")

    def get_ordering(self, request: HttpRequest) -> Sequence[Any]:
        """The due list by risk and age, all others by the day of the check."""
        is_due_list = request.GET.get(DueFilter.parameter_name) == "yes"
        return PRESSING_ORDER if is_due_list else self.ordering

    def get_fields(self, request: HttpRequest, obj: CredentialCheck | None = None) -> list[str]:
        """A draft asks for the source's address; a published check shows the page."""
        asked = [*WHO, *FOUND, *EVIDENCE, "notes"]
        if obj is None:
            return asked
        is_draft = obj.state == CredentialCheck.State.DRAFT
        return [*FACTS, *asked] if is_draft else [*FACTS, *(name for name in asked if name != "source_url")]

    def get_readonly_fields(self, request: HttpRequest, obj: CredentialCheck | None = None) -> list[str]:
        """Whose check it is does not change."""
        return [] if obj is None else [*FACTS, "clinic"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """The form, with the vocabulary of kinds."""
        form = super().get_form(request, obj, change, **kwargs)
        fill_selects(form.base_fields, {"kind": Term.Kind.CREDENTIAL_KIND})
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address names, with the register that its kind and the clinic's state lead to."""
        named = super().get_changeform_initial_data(request)
        told = {name: text for name, text in named.items() if name not in ROWS or _NUMBER.fullmatch(str(text))}
        key = str(told.get("kind", "")).replace("\0", "")
        kind = Term.objects.filter(pk=key, kind=Term.Kind.CREDENTIAL_KIND).first()
        clinic = Clinic.objects.filter(pk=told.get("clinic")).first()
        if kind is not None and clinic is not None:
            asked = CredentialCheck(clinic=clinic, kind=kind, identifier=told.get("identifier", ""))
            names = [register.name for register in registers_of(asked)]
            told.setdefault("register", names[0] if names else "")
        return told

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The stock page, with where to look, what is missing, and what was tried."""
        check = kwargs.get("obj")
        context["data_as_of"] = as_of()
        if check is None:
            context["kinds"] = _kinds()
        else:
            context["why"] = kind_of(check.kind.key).why
            context["registers"] = [(each, each.link(check.identifier)) for each in registers_of(check)]
            context["gaps"] = [name_of(column) for column in credentials.missing(check)]
            context["successor"] = getattr(check, "superseded_by", None)
            context["attempts"] = check.look_ups.select_related("asked_by")[:10]
        return super().render_change_form(request, context, **kwargs)

    @admin.display(description="due again", ordering="due__due_on")
    def again(self, check: CredentialCheck) -> str:
        """When it is to be looked at again, and whether people were reminded."""
        due = getattr(check, "due", None)
        if due is None or check.state == CredentialCheck.State.DRAFT:
            return "–"
        late = (timezone.now().date() - due.due_on).days
        told = f", {late} days ago" if late > 0 else ""
        return f"{due.due_on:%Y-%m-%d}{told}" + (f"; reminded {due.reminded_at:%Y-%m-%d}" if due.reminded_at else "")

    def has_change_permission(self, request: HttpRequest, obj: CredentialCheck | None = None) -> bool:
        """What was published is corrected by a new check, not edited."""
        editable = obj is None or obj.state == CredentialCheck.State.DRAFT
        return editable and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> CredentialCheck:
        """Drafted, or changed as a draft, by the operation."""
        now = timezone.now()
        if change:
            typed = {name: form.cleaned_data[name] for name in form.changed_data}
            return credentials.redraft(form.instance, by=request.user, now=now, **typed)
        return credentials.draft_check(**form.cleaned_data, by=request.user, now=now)

    def save_model(self, request: HttpRequest, obj: CredentialCheck, form: forms.ModelForm, change: bool) -> None:
        """The operation has saved it."""


def _kinds() -> list[tuple[str, Any]]:
    """Each kind by its name, with what is known of its registers."""
    names = Term.objects.of(Term.Kind.CREDENTIAL_KIND)
    known = kinds_of_credential()
    return [(str(term), known[term.key]) for term in names if term.key in known]
