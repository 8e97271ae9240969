"""The people who treat."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from clinics.admin.desk import DeskAdmin, ReadOnlyInline
from clinics.admin.refusals import RefusableForm
from clinics.admin.terms import fill_selects
from clinics.domain.identifiers import valid_npi
from clinics.models import Affiliation, Practitioner, Term


class PractitionerForm(RefusableForm):
    """A practitioner, whose NPI must be one that can exist."""

    def clean_npi(self) -> str:
        """Refuse a number with a wrong check digit."""
        npi: str = self.cleaned_data["npi"].strip()
        if npi and not valid_npi(npi):
            raise ValidationError("This is not an NPI: ten digits, of which the last checks the others.")
        return npi


class ClinicsOfPractitioner(ReadOnlyInline):
    model = Affiliation
    fields = ["clinic", "role", "since", "until"]
    verbose_name_plural = "clinics"

    def get_queryset(self, request: HttpRequest) -> Any:
        """With their clinics, in one query."""
        return super().get_queryset(request).select_related("clinic", "practitioner")


@admin.register(Practitioner)
class PractitionerAdmin(DeskAdmin):
    form = PractitionerForm
    list_display = ["name", "provider", "npi"]
    list_select_related = ["provider"]
    search_fields = ["name", "npi"]
    inlines = [ClinicsOfPractitioner]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """The form, with the vocabulary of providers."""
        form = super().get_form(request, obj, change, **kwargs)
        fill_selects(form.base_fields, {"provider": Term.Kind.PROVIDER})
        return form
