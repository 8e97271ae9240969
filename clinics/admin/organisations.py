"""Companies behind clinics."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from clinics.admin.desk import DeskAdmin, ReadOnlyInline
from clinics.models import Organisation, OrganisationLink


class ClinicsOfOrganisation(ReadOnlyInline):
    model = OrganisationLink
    fields = ["clinic", "relation", "since", "until"]
    verbose_name_plural = "clinics"

    def get_queryset(self, request: HttpRequest) -> Any:
        """With their clinics, in one query."""
        return super().get_queryset(request).select_related("clinic", "organisation")


@admin.register(Organisation)
class OrganisationAdmin(DeskAdmin):
    list_display = ["name", "country"]
    search_fields = ["name"]
    inlines = [ClinicsOfOrganisation]
