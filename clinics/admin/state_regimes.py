"""The states' laws on therapies that the FDA has not approved, and the notices that they prescribe."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from clinics.admin.refusals import RefusableForm
from clinics.admin.rules import HttpsField, LinesField
from clinics.admin.shipped import ShippedAdmin, proposal_steps
from clinics.models import StateRegime
from clinics.operations import regimes


class RegimeForm(RefusableForm):
    """A state's law; the parts of its notice are typed one a line."""

    notice_parts = LinesField(
        required=False, help_text="RE2, one a line: the notice is there where each of these is found on one page."
    )

    class Meta:
        model = StateRegime
        field_classes = {"source_url": HttpsField, "notice_source": HttpsField}
        fields = [
            *("state", "name", "law", "citation", "source_url", "effective_on", "permits", "verified", "verified_on"),
            *("notice_required", "notice_where", "notice_text", "notice_source", "notice_parts", "note"),
        ]

    def clean_state(self) -> str:
        """In capitals, however it was typed."""
        return self.cleaned_data["state"].upper()


@admin.register(StateRegime)
class StateRegimeAdmin(ShippedAdmin):
    form = RegimeForm
    list_display = ["state", "law", "effective_on", "notice_required", "verified", "verified_on", "has_proposal"]
    list_filter = ["verified", "notice_required"]
    search_fields = ["state", "name", "law"]
    steps = proposal_steps("clinics.change_stateregime")

    def get_readonly_fields(self, request: HttpRequest, obj: StateRegime | None = None) -> list[str]:
        """A law stays with its state."""
        return ["state", "proposed"] if obj else ["proposed"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> StateRegime:
        """The law as the operation saved it, with the page rule that its notice needs."""
        row = StateRegime.objects.get(pk=form.instance.pk) if change else StateRegime()
        return regimes.save_regime(row, by=request.user, **form.cleaned_data)

    def save_model(self, request: HttpRequest, obj: StateRegime, form: forms.ModelForm, change: bool) -> None:
        """Nothing: the operation has saved it."""
