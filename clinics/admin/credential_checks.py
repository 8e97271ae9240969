"""What staff found in registers: drafted, published by the right person, corrected by a new check."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from clinics.admin.addresses import AddressField
from clinics.admin.desk import DeskAdmin
from clinics.admin.exports import WithExport
from clinics.admin.refusals import RefusableForm
from clinics.admin.steps import Step
from clinics.admin.terms import fill_selects
from clinics.models import CredentialCheck, Term
from clinics.operations import credentials
from clinics.operations.exporting import credential_rows

FOUND = [
    "register",
    "identifier",
    "outcome",
    "register_word",
    "search_terms",
    "document_title",
    "register_date",
    "matched_by",
    "checked_on",
    "notes",
]
WHO = ["clinic", "practitioner", "kind", "subject"]
FACTS = ["state", "public_id", "checked_by", "published_by", "published_at", "source", "supersedes"]


class CredentialCheckForm(RefusableForm):
    """A look into a register, with the address it was found at as text."""

    source_url = AddressField(label="Source URL", required=False, help_text="The entry's own page in the register.")

    class Meta:
        model = CredentialCheck
        fields = [*WHO, *FOUND]


CORRECTED = [name for name in FOUND if name != "notes"]
CorrectionForm = type("CorrectionForm", (forms.Form,), forms.fields_for_model(CredentialCheck, fields=CORRECTED))

STEPS = (
    Step(
        name="publish",
        label="Publish",
        perform=lambda check, answers, by, now: credentials.publish_check(check, by=by, now=now),
        offered=lambda check: check.state == CredentialCheck.State.DRAFT,
        done="Published.",
        permission="clinics.publish_credentialcheck",
    ),
    Step(
        name="correct",
        label="Correct by a new check",
        perform=lambda check, answers, by, now: credentials.correct_check(check, by=by, now=now, **answers),
        offered=lambda check: check.state == CredentialCheck.State.PUBLISHED and not hasattr(check, "superseded_by"),
        done="Drafted: the correction takes the old check's place when it is published.",
        permission="clinics.add_credentialcheck",
        form=CorrectionForm,
        begin=lambda check: forms.model_to_dict(check, fields=CORRECTED),
    ),
)


@admin.register(CredentialCheck)
class CredentialCheckAdmin(WithExport, DeskAdmin):
    form = CredentialCheckForm
    export_rows = staticmethod(credential_rows)
    list_display = ["subject", "kind", "clinic", "outcome", "checked_on", "state"]
    list_filter = ["state", "outcome"]
    list_select_related = ["clinic", "kind"]
    search_fields = ["subject", "identifier", "clinic__name"]
    autocomplete_fields = ["clinic", "practitioner"]
    ordering = ["-checked_on", "-pk"]
    steps = STEPS

    def get_queryset(self, request: HttpRequest) -> QuerySet[CredentialCheck]:
        """With the rows that every check names."""
        return super().get_queryset(request).select_related("clinic", "kind", "practitioner")

    def get_fields(self, request: HttpRequest, obj: CredentialCheck | None = None) -> list[str]:
        """A new check asks for the source's address; a known one shows the page."""
        return [*WHO, "source_url", *FOUND] if obj is None else [*FACTS, *WHO, *FOUND]

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

    def has_change_permission(self, request: HttpRequest, obj: CredentialCheck | None = None) -> bool:
        """What was published is corrected by a new check, not edited."""
        editable = obj is None or obj.state == CredentialCheck.State.DRAFT
        return editable and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> CredentialCheck:
        """A new check is drafted by the operation."""
        if change:
            return super().save_form(request, form, change)
        return credentials.draft_check(**form.cleaned_data, by=request.user, now=timezone.now())

    def save_model(self, request: HttpRequest, obj: CredentialCheck, form: forms.ModelForm, change: bool) -> None:
        """Save what was edited; a new check is there already."""
        if change:
            super().save_model(request, obj, form, change)
