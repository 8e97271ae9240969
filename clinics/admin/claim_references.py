"""What stands beside a claim on its page: its references, with rows to add some, and the clinic's replies."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from clinics.admin.addresses import AddressField
from clinics.admin.desk import ReadOnlyInline
from clinics.domain.references import address_of, kept_form
from clinics.models import Claim, ClaimReference, ClaimReply
from clinics.operations.claim_references import add_reference

Kind = ClaimReference.Kind


def takes_rows(request: HttpRequest, claim: Claim | None) -> bool:
    """Whether this person may set something beside the claim: once it was public, that takes who may publish.

    Between its first signature and the public nothing is offered; what was typed before goes to its operation, which
    refuses it with what to do.
    """
    if claim is None:
        return True
    if claim.is_on_its_way and request.method != "POST":
        return False
    return claim.published_at is None or request.user.has_perm("clinics.publish_claim")


class ReferenceForm(forms.ModelForm):
    """A number, or a page's address."""

    url = AddressField(label="Page's address", required=False)

    class Meta:
        model = ClaimReference
        fields = ["kind", "identifier", "title"]

    def clean(self) -> dict[str, Any]:
        """Refuse at its own field what can be no reference of the kind."""
        answers: dict[str, Any] = super().clean() or {}
        kind = answers.get("kind")
        if kind == Kind.PAGE and not answers.get("url") and "url" not in self.errors:
            self.add_error("url", "Give the address of the regulator's page.")
        if kind and kind != Kind.PAGE:
            try:
                answers["identifier"] = kept_form(kind, answers.get("identifier", ""))
            except ValueError as fault:
                self.add_error("identifier", str(fault))
        return answers

    def _post_clean(self) -> None:
        """The row is made by its operation, which holds it against the constraints."""


class ReferenceFormSet(BaseInlineFormSet):
    """Rows to add, which the operation writes."""

    def validate_unique(self) -> None:
        """The operation refuses what is there already."""


class References(ReadOnlyInline):
    model = ClaimReference
    fields = ["kind", "link", "title", "added_by", "added_at"]
    readonly_fields = ["link", "added_by", "added_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClaimReference]:
        """With their pages, in one query."""
        return super().get_queryset(request).select_related("page", "added_by", "claim")

    @admin.display(description="reference")
    def link(self, reference: ClaimReference) -> str:
        """The number or address, leading to where it can be read."""
        url = reference.page.url if reference.page else address_of(reference.kind, reference.identifier)
        shown = reference.identifier or url
        return format_html('<a href="{}" rel="noopener noreferrer external" target="_blank">{}</a>', url, shown)


class NewReferences(admin.TabularInline):
    """Rows for references to add."""

    model = ClaimReference
    form = ReferenceForm
    formset = ReferenceFormSet
    extra = 0
    can_delete = False
    fields = ["kind", "identifier", "url", "title"]
    verbose_name = "reference to add"
    verbose_name_plural = "references to add"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClaimReference]:
        """None: those that are there stand above."""
        return super().get_queryset(request).none()

    def has_add_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        """As a claim takes further rows."""
        return takes_rows(request, obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)


def add_references(request: HttpRequest, claim: Claim, formset: BaseInlineFormSet) -> None:
    """Have the operation add each row that was filled in."""
    formset.save(commit=False)
    for answers in [row.cleaned_data for row in formset.extra_forms if row.has_changed()]:
        facts = {name: answers.get(name, "") for name in ("identifier", "url", "title")}
        add_reference(claim, answers["kind"], by=request.user, now=timezone.now(), **facts)  # type: ignore[arg-type]


class Replies(ReadOnlyInline):
    model = ClaimReply
    fields = ["text", "received_on", "sender", "proved_by", "proof", "published_at", "ended_at", "ended_because"]
    readonly_fields = ["published_at", "ended_at", "ended_because"]
    verbose_name_plural = "replies of the clinic"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClaimReply]:
        """With their claim, in one query."""
        return super().get_queryset(request).select_related("claim")
