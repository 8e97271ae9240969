"""Records that look like one clinic, told apart or merged by a person."""

from typing import Any, Final, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ForeignKey
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from clinics.admin.desk import names_a_row
from clinics.admin.merge_records import MERGE
from clinics.models import Clinic, MergeRecord
from clinics.operations import duplicates, merging
from clinics.operations.refusal import Refusal

TELL_APART: Final = "clinics.add_toldapart"
THIS, OTHER = "this", "other"
SURVIVOR: Final = cast("ForeignKey", MergeRecord._meta.get_field("survivor"))


class OtherForm(forms.Form):
    """Which record is the same clinic, and which of both goes on."""

    other = forms.ModelChoiceField(Clinic.objects.living(), label="The same clinic as")
    keep = forms.ChoiceField(
        choices=[(THIS, "this record"), (OTHER, "the other record")],
        initial=THIS,
        widget=forms.RadioSelect,
        label="Which one goes on",
        help_text="The other one stays as an empty record; its public address leads to the one that goes on, for ever.",
    )


class ReasonToMerge(forms.Form):
    """How one knows."""

    reason = forms.CharField(
        max_length=300,
        widget=forms.TextInput(attrs={"size": 60}),
        label="How one knows that both are the same clinic",
    )


class WithMerging(ModelAdmin):
    """The pages on which two records are told apart or made one."""

    def get_urls(self) -> list[URLPattern]:
        """Before the stock addresses."""
        view = self.admin_site.admin_view
        return [
            path("duplicates/", view(self.duplicates_view), name="clinics_clinic_duplicates"),
            path("duplicates/apart/", view(self.apart_view), name="clinics_clinic_apart"),
            path("<int:object_id>/duplicates/", view(self.likely_view), name="clinics_clinic_likely"),
            path("<int:object_id>/merge/", view(self.merge_view), name="clinics_clinic_merge"),
            *super().get_urls(),
        ]

    def duplicates_view(self, request: HttpRequest) -> HttpResponse:
        """Pairs over the whole directory, the likeliest first."""
        self._look(request)
        return self._pairs_page(request, "Likely duplicates", duplicates.likely_pairs())

    def likely_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What looks like one clinic."""
        self._look(request)
        clinic = self._clinic(request, object_id)
        facts = duplicates.facts_of([clinic.pk])[clinic.pk]
        found = duplicates.likely_duplicates(facts, but=clinic.pk)
        pairs = [duplicates.LikelyPair(clinic, each.clinic, each.reasons) for each in found]
        return self._pairs_page(request, f"Likely duplicates of {clinic}", pairs)

    def _pairs_page(self, request: HttpRequest, title: str, pairs: list[duplicates.LikelyPair]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "pairs": pairs,
            "may_merge": request.user.has_perm(MERGE),
            "may_tell_apart": request.user.has_perm(TELL_APART),
        }
        return TemplateResponse(request, "admin/clinics/clinic/duplicates.html", context)

    def apart_view(self, request: HttpRequest) -> HttpResponse:
        """Keep that two records are two clinics."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm(TELL_APART):
            raise PermissionDenied
        one, other = (self._clinic(request, request.POST.get(name, "")) for name in ("first", "second"))
        try:
            duplicates.tell_apart(one, other, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{one} and {other} are two clinics: nobody is asked again.")
        back = request.POST.get("back", "")
        return HttpResponseRedirect(
            reverse("admin:clinics_clinic_likely", args=[one.pk])
            if back == "one"
            else reverse("admin:clinics_clinic_duplicates")
        )

    def merge_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Choose the other record, see what merging would do, and do it."""
        if not request.user.has_perm(MERGE):
            raise PermissionDenied
        clinic = self._clinic(request, object_id)
        typed = request.GET.get("other", "")
        is_sound = not typed or names_a_row(SURVIVOR, typed)
        choice = OtherForm((request.GET if is_sound else None) or None)
        choice.fields["other"].widget = AutocompleteSelect(SURVIVOR, self.admin_site)
        choice.fields["other"].widget.choices = choice.fields["other"].choices
        form = ReasonToMerge(request.POST or None)
        preview: dict[str, Any] = {}
        if choice.is_valid():
            other, keep = choice.cleaned_data["other"], choice.cleaned_data["keep"]
            pair = (other, clinic) if keep == THIS else (clinic, other)
            if request.method == "POST" and form.is_valid() and self._merged(request, *pair, form):
                return HttpResponseRedirect(reverse("admin:clinics_clinic_change", args=[pair[1].pk]))
            preview = {"merged": pair[0], "survivor": pair[1], "preview": merging.preview(*pair)}
        context = {
            **self.admin_site.each_context(request),
            **preview,
            "opts": self.opts,
            "original": clinic,
            "title": f"Merge {clinic} with another record",
            "choice": choice,
            "form": form,
            "media": self.media + choice.media,
            "back": reverse("admin:clinics_clinic_change", args=[clinic.pk]),
        }
        return TemplateResponse(request, "admin/clinics/clinic/merge.html", context)

    def _merged(self, request: HttpRequest, merged: Clinic, survivor: Clinic, form: ReasonToMerge) -> bool:
        try:
            with transaction.atomic():
                record = merging.merge(
                    merged,
                    survivor,
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    now=timezone.now(),  # type: ignore[arg-type]
                )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return False
        self.message_user(
            request,
            f"{record.merged} is merged into {record.survivor}. It can be undone from its record.",
            messages.SUCCESS,
        )
        return True

    def _look(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _clinic(self, request: HttpRequest, object_id: int | str) -> Clinic:
        clinic = self.get_object(request, str(object_id))
        if clinic is None:
            raise Http404
        return clinic
