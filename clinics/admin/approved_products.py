"""Approved products, so that true statements about them are not flagged."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from clinics.admin.refusals import RefusableForm
from clinics.admin.rules import HttpsField, LinesField
from clinics.admin.shipped import ShippedAdmin, proposal_steps
from clinics.models import ApprovedProduct
from clinics.operations import approved_products


class ProductForm(RefusableForm):
    """A product whose lists are typed one a line."""

    names = LinesField(help_text="RE2 for whole words, one a line: the names by which sentences call it.")
    uses = LinesField(help_text="RE2, one a line: the approved use, as sentences put it.")
    people = LinesField(required=False, help_text="RE2, one a line: for whom it is approved, as sentences put it.")
    must = LinesField(required=False, help_text="True statements about it, one a line; they are tried out.")
    must_not = LinesField(required=False, help_text="Sentences like them that say something else, one a line.")

    class Meta:
        model = ApprovedProduct
        field_classes = {"source_url": HttpsField}
        fields = [
            *("key", "title", "active", "kind", "names", "uses", "people", "alone", "indication", "licensed_on"),
            *("source_title", "source_url", "source_date", "note", "must", "must_not"),
        ]


@admin.register(ApprovedProduct)
class ApprovedProductAdmin(ShippedAdmin):
    form = ProductForm
    list_display = ["title", "kind", "indication", "licensed_on", "source_date", "active", "has_proposal"]
    list_filter = ["active", "kind"]
    search_fields = ["title", "key", "indication"]
    steps = proposal_steps("clinics.change_approvedproduct")

    def get_readonly_fields(self, request: HttpRequest, obj: ApprovedProduct | None = None) -> list[str]:
        """Its key names a product for ever."""
        return ["key", "proposed"] if obj else ["proposed"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> ApprovedProduct:
        """The product as the operation saved it, after its examples were tried out."""
        row = ApprovedProduct.objects.get(pk=form.instance.pk) if change else ApprovedProduct()
        return approved_products.save_product(row, by=request.user, **form.cleaned_data)

    def save_model(self, request: HttpRequest, obj: ApprovedProduct, form: forms.ModelForm, change: bool) -> None:
        """Nothing: the operation has saved it."""
