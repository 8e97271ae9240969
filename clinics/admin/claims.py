"""A clinic's words as a person recorded them, and the way to their publication."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clinics.admin.addresses import AddressField
from clinics.admin.claim_bulk import WithClaimBulk
from clinics.admin.claim_pack import WithPack
from clinics.admin.claim_public_steps import PUBLIC_STEPS
from clinics.admin.claim_quote import WithQuotes, rule_of_guidance
from clinics.admin.claim_references import (
    NewReferences,
    ReferenceFormSet,
    References,
    Replies,
    add_references,
    takes_rows,
)
from clinics.admin.claim_steps import CLAIM_STEPS
from clinics.admin.desk import DeskAdmin, ReadOnlyInline, known
from clinics.admin.exports import WithExport
from clinics.admin.languages import LANGUAGES
from clinics.admin.refusals import RefusableForm
from clinics.admin.saved_filters import WithSavedFilters
from clinics.models import Assessment, Claim, ClaimCredential, ClaimVersion
from clinics.operations import claims
from clinics.operations.claim_names import names_to_judge
from clinics.operations.claim_proposals import add_guidance
from clinics.operations.claim_readiness import missing
from clinics.operations.exporting import claim_rows
from clinics.operations.flagging import lock_living_clinic

WORDS = ["clinic", "snapshot", "category", "severity", "quote", "language"]
FACTS = [
    "state",
    "public_id",
    "flag",
    "page",
    "context",
    "surface",
    "document_page",
    "first_seen_on",
    "drafted_by",
    "drafted_at",
    "comment_invited_on",
    "comment_waived_because",
    "redacted_names",
    "names_judged_by",
    "needs_counsel",
    "counsel_name",
    "counsel_signed_on",
    "first_signed_by",
    "second_signed_by",
    "public_from",
    "published_at",
    "ended_at",
    "ended_because",
]


class SignatureFilter(admin.SimpleListFilter):
    """What waits for the signature of whoever looks at the list."""

    title = "signature"
    parameter_name = "signature"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("mine", "awaits a second person, and I did not sign first")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """All, or those that this person may sign as the second."""
        return queryset.for_signature_of(request.user.pk) if self.value() == "mine" else queryset


class ClaimForm(RefusableForm):
    """A claim. Its words are looked for in a text that was read or captured."""

    language = forms.ChoiceField(choices=LANGUAGES, initial="en", help_text="Of the words quoted.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language, held = self.fields.get("language"), self.instance.language
        if language is not None and held not in dict(LANGUAGES):
            language.choices = [*LANGUAGES, (held, f"{held} (not a language of the list)")]  # type: ignore[attr-defined]
        if snapshot := self.fields.get("snapshot"):
            snapshot.required = True
            snapshot.help_text = "The text in which the words stand: begin to type the page's address."

    def clean_disputed_since(self) -> date | None:
        """A day that has come: everybody reads it beside the statement."""
        since: date | None = self.cleaned_data["disputed_since"]
        if since is not None and since > timezone.now().date():
            raise forms.ValidationError("This day is still to come. Since when has the clinic disputed it?")
        return since


class AssessmentForm(forms.ModelForm):
    """A dated statement beside the claim, with its source's address as text."""

    source_url = AddressField(label="Source URL", required=False)

    class Meta:
        model = Assessment
        fields = ["key", "assessed_on", "source_name", "source_date", "detail"]


class NewAssessments(admin.StackedInline):
    """Rows for assessments to add; those that were made stand above them and do not change."""

    model = Assessment
    form = AssessmentForm
    extra = 0
    can_delete = False
    fields = [("key", "assessed_on"), ("source_name", "source_url", "source_date"), "detail"]
    verbose_name = "assessment to add"
    verbose_name_plural = "assessments to add"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assessment]:
        """None: what was stated is not restated."""
        return super().get_queryset(request).none()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As a claim takes further rows."""
        return takes_rows(request, obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)


class Assessments(ReadOnlyInline):
    model = Assessment
    fields = ["key", "assessed_on", "source_name", "source", "source_date", "detail"]
    readonly_fields = ["source"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assessment]:
        """With their sources, in one query."""
        return super().get_queryset(request).select_related("source")


class CredentialsOfClaim(admin.TabularInline):
    model = ClaimCredential
    extra = 0
    autocomplete_fields = ["credential_check"]
    verbose_name = "credential check that bears on it"
    verbose_name_plural = "credential checks that bear on it"

    def has_add_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        """Not once it was public: that stays as two people, or one, signed it."""
        return self._are_open(request, obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        return self._are_open(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        return self._are_open(request, obj) and super().has_delete_permission(request, obj)

    def _are_open(self, request: HttpRequest, claim: Claim | None) -> bool:
        return takes_rows(request, claim) and (claim is None or claim.published_at is None)


class Versions(ReadOnlyInline):
    model = ClaimVersion
    fields = ["number", "published_at", "first_signed_by", "second_signed_by", "digest", "content"]
    verbose_name_plural = "published versions"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClaimVersion]:
        """With the people who signed, in one query."""
        return super().get_queryset(request).select_related("first_signed_by", "second_signed_by", "claim")


@admin.register(Claim)
class ClaimAdmin(WithClaimBulk, WithExport, WithSavedFilters, WithQuotes, WithPack, DeskAdmin):
    form = ClaimForm
    export_rows = staticmethod(claim_rows)
    list_display = ["quote_begins", "clinic", "category", "severity", "state", "first_seen_on", "published_at"]
    list_filter = ["state", SignatureFilter, "category", "severity"]
    list_select_related = ["clinic"]
    search_fields = ["quote", "clinic__name"]
    autocomplete_fields = ["clinic", "snapshot"]
    actions = ["invite_selected", "waive_selected", "sign_selected", *WithExport.actions]
    steps = (*CLAIM_STEPS, *PUBLIC_STEPS)
    history_children = ["assessments", "credential_links", "references", "replies"]

    @admin.display(description="quote", ordering="quote")
    def quote_begins(self, claim: Claim) -> str:
        """The quote, shortened."""
        return str(claim)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        """With the rows that a claim's page names."""
        return super().get_queryset(request).select_related("clinic", "page", "flag")

    def get_fields(self, request: HttpRequest, obj: Claim | None = None) -> list[str]:
        """A new claim asks for the words and where they stand; a known one shows all that is known of it."""
        return WORDS if obj is None else [*WORDS, "notes", "disputed_since", *known(obj, FACTS)]

    def get_readonly_fields(self, request: HttpRequest, obj: Claim | None = None) -> list[str]:
        """The words stay as they are once somebody has signed them; what is disputed is for who may publish."""
        if obj is None:
            return []
        disputed = [] if request.user.has_perm("clinics.publish_claim") else ["disputed_since"]
        return [*FACTS, "clinic", "snapshot", *([] if obj.may_be_reworded else WORDS[2:]), *disputed]

    def get_inlines(self, request: HttpRequest, obj: Claim | None) -> list[type[admin.options.InlineModelAdmin]]:
        """A claim has its rows once it is recorded."""
        if obj is None:
            return []
        return [Assessments, NewAssessments, References, NewReferences, Replies, CredentialsOfClaim, Versions]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The stock page, with what is missing before it can be signed, and what the public is to read."""
        claim = kwargs.get("obj")
        if claim is not None and claim.state not in (Claim.State.PUBLISHED, Claim.State.WITHDRAWN):
            context["gaps"] = missing(claim, timezone.now())
            context["likely_names"] = names_to_judge(claim)
        return super().render_change_form(request, context, **kwargs)

    def save_form(self, request: HttpRequest, form: ModelForm, change: bool) -> Claim:
        """A new claim is drafted by the operation, which looks for its words in the text they are from."""
        if change:
            return super().save_form(request, form, change)
        answers = form.cleaned_data
        clinic = lock_living_clinic(answers["clinic"].pk)
        claims.refuse_said_already(clinic, answers["quote"])
        claim = claims.draft_claim(
            clinic,
            answers["quote"],
            answers["category"],
            snapshot=answers["snapshot"],
            page=answers["snapshot"].page,
            severity=answers["severity"],
            language=answers["language"],
            by=request.user,
            now=timezone.now(),
        )
        if rule := rule_of_guidance(request):
            add_guidance(claim, rule, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        return claim

    def save_model(self, request: HttpRequest, obj: Claim, form: ModelForm, change: bool) -> None:
        """Save what was edited, the words only while nobody has signed them; a new claim is there already."""
        if not change:
            return
        if self.written(form) & set(WORDS):
            claims.refuse_rewording(obj)
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseInlineFormSet, change: bool) -> None:
        """New assessments go through their operation, and credential checks are linked while nobody has signed."""
        if isinstance(formset, ReferenceFormSet):
            return add_references(request, form.instance, formset)
        if formset.model is ClaimCredential and formset.has_changed():
            claims.refuse_rewording(form.instance)
        if formset.model is not Assessment:
            return super().save_formset(request, form, formset, change)
        formset.save(commit=False)
        for answers in [row.cleaned_data for row in formset.extra_forms if row.has_changed()]:
            claims.add_assessment(
                form.instance,
                answers["key"],
                assessed_on=answers["assessed_on"],
                source_name=answers["source_name"],
                source_url=answers["source_url"],
                source_date=answers["source_date"],
                detail=answers["detail"],
                by=request.user,
                now=timezone.now(),
            )
        return None
