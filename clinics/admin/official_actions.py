"""Acts of regulators, courts and boards: drafted, matched with a clinic by a person, published by two."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clinics.admin.addresses import AddressField
from clinics.admin.desk import DeskAdmin, ReadOnlyInline, known
from clinics.admin.exports import WithExport
from clinics.admin.official_action_steps import CHANGE, STEPS
from clinics.admin.official_letters import WithLetters
from clinics.admin.refusals import RefusableForm
from clinics.models import ActionOutcome, ActionVersion, Clinic, OfficialAction
from clinics.operations import official_actions
from clinics.operations.action_publication import missing
from clinics.operations.exporting import action_rows
from clinics.operations.official_matching import likely_clinics

WORDS = ["agency", "kind", "acted_on", "title", "quote", "addressee", "addressee_state"]
MATCH = ["clinic", "practitioner", "organisation", "matched_how", "matched_by", "matched_at"]
FACTS = [
    "state",
    "public_id",
    "link",
    *MATCH,
    "drafted_by",
    "drafted_at",
    "first_signed_by",
    "second_signed_by",
    "public_from",
    "published_at",
    "ended_at",
    "ended_because",
]


class OfficialActionForm(RefusableForm):
    """An official act, with the document's address as text."""

    url = AddressField(label="Document", required=False, help_text="Where the document itself can be read.")

    class Meta:
        model = OfficialAction
        fields = [*WORDS, "notes"]
        widgets = {"title": forms.TextInput(attrs={"size": 80}), "addressee": forms.TextInput(attrs={"size": 80})}


class UnmatchedFilter(admin.SimpleListFilter):
    """Documents of which nobody has said yet whom they concern."""

    title = "clinic"
    parameter_name = "matched"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("no", "not matched yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """All, or those that wait to be matched."""
        return queryset.unmatched() if self.value() == "no" else queryset


class Outcomes(ReadOnlyInline):
    model = ActionOutcome
    fields = ["kind", "dated", "title", "link", "recorded_by", "confirmed_by", "confirmed_at"]
    readonly_fields = ["link", "recorded_by", "confirmed_by", "confirmed_at"]
    verbose_name_plural = "what became of it"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ActionOutcome]:
        """With what their rows name, in one query."""
        return super().get_queryset(request).select_related("link", "recorded_by", "confirmed_by", "action")


class Versions(ReadOnlyInline):
    model = ActionVersion
    fields = ["number", "published_at", "first_signed_by", "second_signed_by", "digest", "content"]
    verbose_name_plural = "published versions"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ActionVersion]:
        """With the people who signed, in one query."""
        return super().get_queryset(request).select_related("first_signed_by", "second_signed_by", "action")


@admin.register(OfficialAction)
class OfficialActionAdmin(WithLetters, WithExport, DeskAdmin):
    form = OfficialActionForm
    export_rows = staticmethod(action_rows)
    change_form_template = "admin/clinics/officialaction/change_form.html"
    list_display = ["addressee", "kind", "agency", "acted_on", "clinic", "state"]
    list_filter = ["state", UnmatchedFilter, "kind"]
    list_select_related = ["clinic"]
    search_fields = ["addressee", "title", "clinic__name"]
    steps = STEPS
    history_children = ["outcomes"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OfficialAction]:
        """With the rows that its page names."""
        return super().get_queryset(request).select_related("clinic", "link", "practitioner", "organisation")

    def get_fields(self, request: HttpRequest, obj: OfficialAction | None = None) -> list[str]:
        """A draft asks for the document's address; a signed one shows the page."""
        asked = [*WORDS, "url", "notes"]
        if obj is None:
            return asked
        facts = known(obj, FACTS)
        return [*asked, *facts] if _is_draft(obj) else [*facts, *WORDS, "notes"]

    def get_readonly_fields(self, request: HttpRequest, obj: OfficialAction | None = None) -> list[str]:
        """The words stay as they are once somebody has signed them."""
        if obj is None:
            return []
        return FACTS if _is_draft(obj) else [*FACTS, *WORDS]

    def get_inlines(
        self, request: HttpRequest, obj: OfficialAction | None
    ) -> list[type[admin.options.InlineModelAdmin]]:
        """An action has its rows once it is recorded."""
        return [Outcomes, Versions] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The stock page, with what is missing and which clinics the addressee may be."""
        action = kwargs.get("obj")
        if action is not None and _is_draft(action):
            context["gaps"] = missing(action)
            context["may_match"] = request.user.has_perm(CHANGE)
            context["likely"] = likely_clinics(action) if action.clinic_id is None else []
        if action is None:
            context["wanted_clinic"] = _named_clinic(request)
        return super().render_change_form(request, context, **kwargs)

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> OfficialAction:
        """Drafts are written by their operation; of a signed action only the notes change."""
        if change and not _is_draft(form.instance):
            return super().save_form(request, form, change)
        now = timezone.now()
        typed = {name: form.cleaned_data[name] for name in (*WORDS, "notes") if name in form.cleaned_data}
        url = form.cleaned_data.get("url", "")
        if change:
            kept = OfficialAction.objects.get(pk=form.instance.pk)
            return official_actions.amend_action(kept, by=request.user, now=now, url=url, **typed)
        return official_actions.draft_action(by=request.user, now=now, url=url, **typed)

    def save_model(self, request: HttpRequest, obj: OfficialAction, form: forms.ModelForm, change: bool) -> None:
        """A draft is there already."""
        if change and not _is_draft(obj):
            super().save_model(request, obj, form, change)


def _is_draft(action: OfficialAction) -> bool:
    return action.state == OfficialAction.State.DRAFT


def _named_clinic(request: HttpRequest) -> Clinic | None:
    """The clinic from whose page a new action is recorded."""
    named = request.GET.get("clinic", "")
    return Clinic.objects.filter(pk=named).first() if named.isdecimal() and len(named) < 19 else None
