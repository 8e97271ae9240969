"""The fields of a clinic itself, and the rows that are typed on its page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from clinics.admin.addresses import AddressField
from clinics.admin.concurrent import VersionedForm
from clinics.admin.refusals import RefusableForm
from clinics.admin.terms import fill_selects
from clinics.models import Affiliation, Clinic, Location, OrganisationLink, PageUse, Term, Treatment

TREATMENT_WORDS = {
    "condition": Term.Kind.CONDITION,
    "cell_source": Term.Kind.CELL_SOURCE,
    "origin": Term.Kind.ORIGIN,
    "route": Term.Kind.ROUTE,
    "posture": Term.Kind.POSTURE,
    "evidence": Term.Kind.EVIDENCE,
}


def language_choices() -> list[tuple[str, str]]:
    """The vocabulary of languages, as keys."""
    return [(term.key, str(term)) for term in Term.objects.of(Term.Kind.LANGUAGE)]


class ClinicForm(RefusableForm):
    """A clinic with its website as text. The website's row is made by an operation, never chosen from a list."""

    website_url = AddressField(label="Website", required=False, help_text="Such as https://clinic.example/")
    languages = forms.MultipleChoiceField(
        required=False, choices=language_choices, widget=forms.CheckboxSelectMultiple, label="Languages spoken"
    )

    class Meta:
        model = Clinic
        fields = ["name", "other_names", "languages", "serves_us_patients", "notes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.website_id and "website_url" in self.fields:
            self.fields["website_url"].initial = self.instance.website.typed

    def now_held(self, row: Any) -> dict[str, Any]:
        """With the website, as it was typed."""
        return {**super().now_held(row), "website_url": row.website.typed if row.website_id else ""}


class PageUseForm(forms.ModelForm):
    """An address to record for the clinic, and why."""

    url = AddressField(label="URL")

    class Meta:
        model = PageUse
        fields = ["purpose", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # the stock table has heads for the eye and no labels for the ear
            field.widget.attrs["aria-label"] = field.label


class NewPagesInline(admin.TabularInline):
    """Rows for addresses to record. Those that are recorded already stand in the page's own table."""

    model = PageUse
    form = PageUseForm
    fields = ["url", "purpose", "note"]
    extra = 2
    can_delete = False
    verbose_name = "page to record"
    verbose_name_plural = "pages to record"

    def get_queryset(self, request: HttpRequest) -> QuerySet[PageUse]:
        """None: a clinic may have thousands."""
        return super().get_queryset(request).none()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)


class LocationInline(admin.StackedInline):
    model = Location
    form = VersionedForm
    extra = 0
    fields = [("street", "zip"), ("city", "state", "country"), ("phone",)]


class OrganisationLinkInline(admin.TabularInline):
    model = OrganisationLink
    form = VersionedForm
    extra = 0
    autocomplete_fields = ["organisation"]


class AffiliationInline(admin.TabularInline):
    model = Affiliation
    form = VersionedForm
    extra = 0
    autocomplete_fields = ["practitioner"]
    verbose_name = "practitioner"


class TreatmentInline(admin.StackedInline):
    model = Treatment
    form = VersionedForm
    extra = 0
    autocomplete_fields = ["laboratory"]
    fields = [
        ("name", "product"),
        ("condition", "cell_source"),
        ("origin", "route"),
        ("posture", "evidence"),
        ("laboratory", "price_stated"),
    ]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The formset, its vocabularies read once for all rows."""
        formset = super().get_formset(request, obj, **kwargs)
        fill_selects(formset.form.base_fields, TREATMENT_WORDS)
        return formset
