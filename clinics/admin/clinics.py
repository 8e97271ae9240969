"""A clinic, on one page with all that belongs to it."""

from datetime import datetime
from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from clinics.admin import clinic_summary
from clinics.admin.clinic_capture import WithCapture
from clinics.admin.clinic_form import (
    AffiliationInline,
    ClinicForm,
    LocationInline,
    NewPagesInline,
    OrganisationLinkInline,
    TreatmentInline,
)
from clinics.admin.clinic_imports import MAY_IMPORT
from clinics.admin.clinic_merge import WithMerging
from clinics.admin.clinic_paste import WithPaste
from clinics.admin.clinic_proposals import WithProposals
from clinics.admin.clinic_steps import CLINIC_STEPS
from clinics.admin.desk import DeskAdmin
from clinics.admin.exports import WithExport
from clinics.admin.merge_records import MERGE
from clinics.admin.my_clinics import WithMyClinics
from clinics.admin.proposal_decisions import CHANGE as CHANGE_PROPOSAL
from clinics.admin.saved_filters import WithSavedFilters
from clinics.models import Clinic, Location, PageUse
from clinics.operations import duplicates, pasting, placing, recording
from clinics.operations.exporting import clinic_rows

UNKNOWN_ZIP: Final = (
    "ZIP {} is saved, but we know no such ZIP code: nothing was filled from it, and no search near a place finds this "
    "location. Look whether it is typed right."
)


@admin.register(Clinic)
class ClinicAdmin(
    WithExport,
    WithSavedFilters,
    WithMyClinics,
    WithPaste,
    WithCapture,
    WithProposals,
    WithMerging,
    DeskAdmin,
):
    form = ClinicForm
    export_rows = staticmethod(clinic_rows)
    list_display = ["name", "status", "status_since", "website"]
    list_filter = ["status", "serves_us_patients"]
    list_select_related = ["website"]
    search_fields = ["name", "other_names"]
    fields = [
        "name",
        "website_url",
        "page_urls",
        "other_names",
        "languages",
        "serves_us_patients",
        "assigned_to",
        "notes",
    ]
    inlines = [NewPagesInline, LocationInline, TreatmentInline, AffiliationInline, OrganisationLinkInline]
    steps = CLINIC_STEPS
    history_children = ["locations", "treatments", "page_uses", "affiliations", "organisation_links"]

    def get_urls(self) -> list[URLPattern]:
        """The addresses of captures by hand and of proposed pages, before the stock ones."""
        capture = self.admin_site.admin_view(self.capture_view)
        proposals = self.admin_site.admin_view(self.proposals_view)
        return [
            path("<int:object_id>/capture/", capture, name="clinics_clinic_capture"),
            path("<int:object_id>/proposals/", proposals, name="clinics_clinic_proposals"),
            *super().get_urls(),
        ]

    def history_keys(self, row: Clinic) -> list[int]:
        """The records that were merged into this one: their history is this clinic's too."""
        return list(row.merged_records.order_by("pk").values_list("pk", flat=True))

    def get_fields(self, request: HttpRequest, obj: Clinic | None = None) -> list[str]:
        """Who may only look sees the website's row instead of the field for it."""
        names = list(self.fields or [])
        if obj is not None and not self.has_change_permission(request, obj):
            names[names.index("website_url")] = "website"
            names.remove("page_urls")
        return names

    def get_queryset(self, request: HttpRequest) -> QuerySet[Clinic]:
        """With the website, which every clinic's page shows."""
        return super().get_queryset(request).select_related("website")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The stock list, with the way to the import for those who may."""
        may_import = request.user.has_perm(MAY_IMPORT)
        return super().changelist_view(request, {**(extra_context or {}), "may_import": may_import})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Clinic], search_term: str
    ) -> tuple[QuerySet[Clinic], bool]:
        """For a choice in a form, without records that were merged into another."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        return (found.living() if request.path == reverse("admin:autocomplete") else found), may_repeat

    def has_change_permission(self, request: HttpRequest, obj: Clinic | None = None) -> bool:
        """A merged record is looked at, not edited: everything goes on at its survivor."""
        merged = obj is not None and obj.status == Clinic.Status.MERGED
        return not merged and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The stock page, with what is known of the clinic."""
        clinic, refused = kwargs.get("obj"), getattr(request, "refused", None)
        if isinstance(refused, duplicates.LooksLikeAnother):
            context.update(likely=refused.likely, apart=request.POST.getlist("not_duplicate"))
        if clinic is not None:
            context.update(_summary(request, clinic, timezone.now()))
        return super().render_change_form(request, context, **kwargs)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """Save the rows; a new clinic that looks like a recorded one is kept only once a person has said it is not."""
        super().save_related(request, form, formsets, change)
        if not change:
            apart = request.POST.getlist("not_duplicate")
            duplicates.refuse_likely(form.instance, apart=apart, by=request.user, now=timezone.now())
        for told in getattr(request, "told", ()):
            self.message_user(request, told)

    def save_model(self, request: HttpRequest, obj: Clinic, form: ModelForm, change: bool) -> None:
        """Save the clinic, with who recorded it, and record its website where one was typed."""
        if not change:
            obj.recorded_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        if "website_url" in form.changed_data:
            recording.set_website(obj, form.cleaned_data["website_url"], by=request.user, now=timezone.now())
        if form.cleaned_data.get("page_urls"):
            done = pasting.record_addresses(obj, form.cleaned_data["page_urls"], by=request.user, now=timezone.now())  # type: ignore[arg-type]
            request.told = _told(done)  # type: ignore[attr-defined]

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseInlineFormSet, change: bool) -> None:
        """Save the rows of one kind; addresses and places through their operations."""
        if formset.model is PageUse:
            _record_pages(request, form.instance, formset)
        elif formset.model is Location:
            _place(request, formset)
        else:
            super().save_formset(request, form, formset, change)


def _summary(request: HttpRequest, clinic: Clinic, now: datetime) -> dict[str, Any]:
    may = request.user.has_perm
    answers = clinic_summary.questions_of(clinic, may("clinics.add_question"))
    return {
        "counts": clinic_summary.counts_of(clinic, now),
        "pages": clinic_summary.pages_of(clinic),
        "proposals": clinic_summary.proposals_of(clinic) if may("clinics.view_pageproposal") else None,
        "flags": clinic_summary.flags_of(clinic, now) if may("clinics.view_flag") else None,
        "claims": clinic_summary.claims_of(clinic, may("clinics.add_claim")),
        "credentials": clinic_summary.credentials_of(clinic, may("clinics.add_credentialcheck")),
        "questions": answers,
        "unanswered": clinic_summary.unanswered(answers),
        "actions": clinic_summary.actions_of(clinic, may("clinics.add_officialaction")),
        "may_capture": may("clinics.add_snapshot") and clinic.merged_into_id is None,
        "may_merge": may(MERGE) and clinic.merged_into_id is None,
        "merger": clinic.merged_by.standing().select_related("survivor", "by").first()
        if clinic.merged_into_id
        else None,
        "may_decide_proposals": may(CHANGE_PROPOSAL),
    }


def _told(done: pasting.Recorded) -> list[str]:
    """What became of a pasted list, in sentences."""
    told = [f"Pages recorded: {len(done.new)}; a worker reads them within a minute or two."] if done.new else []
    return [*told, *(f"Recorded already: {url}" for url in done.known)]


def _record_pages(request: HttpRequest, clinic: Clinic, formset: BaseInlineFormSet) -> None:
    uses = formset.save(commit=False)
    answers = [form.cleaned_data for form in formset.extra_forms if form.has_changed()]
    for use, answer in zip(uses, answers, strict=True):
        use.page = recording.record_page(
            answer["url"], by=request.user, now=timezone.now(), clinic=clinic, purpose=use.purpose
        )
        if use.note:
            PageUse.objects.filter(page=use.page, clinic=clinic, purpose=use.purpose).update(note=use.note)
    formset.save_m2m()


def _place(request: HttpRequest, formset: BaseInlineFormSet) -> None:
    for location in formset.save(commit=False):
        recording.place(location)
        if placing.is_of_unknown_zip(location):
            messages.warning(request, UNKNOWN_ZIP.format(location.zip))
    for location in formset.deleted_objects:
        location.delete()
    formset.save_m2m()
