"""Words that a person saw where the tracker cannot read: pasted, or handed in as a file."""

from datetime import date
from typing import Any, Final, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import ForeignKey
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from clinics.admin.desk import names_a_row
from clinics.models import Clinic, Page, Snapshot
from clinics.operations import capturing
from clinics.operations.days import refuse_no_past_day
from clinics.operations.refusal import Refusal

MOST_BYTES = 5_000_000
OF_PAGE: Final = cast("ForeignKey", Snapshot._meta.get_field("page"))
TOO_LARGE = "This file has more than 5 MB. Hand in the part that matters, or paste its words."


class CaptureForm(forms.Form):
    """What was seen, where and when."""

    described_as = forms.CharField(
        max_length=200, label="What it is", help_text="Brochure, post, seminar slide, page behind a wall …"
    )
    seen_on = forms.DateField(label="Seen on", widget=AdminDateWidget, help_text="The day on which you saw it.")
    page = forms.ModelChoiceField(
        Page.objects.all(), required=False, help_text="If it is a recorded page that the tracker cannot read."
    )
    of_register = forms.BooleanField(
        required=False,
        label="Words of a register or court",
        help_text="Evidence for a credential check: no rule is held against them.",
    )
    text = forms.CharField(
        required=False, label="Its words", widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"})
    )
    file = forms.FileField(
        required=False, help_text="HTML, PDF or plain text; or an image, with its words typed above. At most 5 MB."
    )

    def clean_seen_on(self) -> date:
        """Refuse a day that has not come, or that nobody here has seen."""
        day: date = self.cleaned_data["seen_on"]
        try:
            refuse_no_past_day(day, timezone.now(), to_come="This day has not come yet.")
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from None
        return day

    def clean_file(self) -> UploadedFile | None:
        """Refuse a file that is larger than a page can be."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > MOST_BYTES:
            raise ValidationError(TOO_LARGE)
        return file

    def clean(self) -> dict[str, Any] | None:
        """Something must have been seen."""
        answers = super().clean() or {}
        if not self.errors and not (answers.get("text", "").strip() or answers.get("file")):
            raise ValidationError("Paste the words, or choose a file.")
        return answers


class WithCapture(ModelAdmin):
    """The page on which a capture is handed in."""

    def capture_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Keep what was seen, and read it by the rules."""
        clinic = self.get_object(request, str(object_id))
        if clinic is None:
            raise Http404
        if not request.user.has_perm("clinics.add_snapshot"):
            raise PermissionDenied
        page = request.GET.get("page", "")
        named = {"page": page} if names_a_row(OF_PAGE, page) else {}
        form = CaptureForm(request.POST or None, request.FILES or None, initial=named)
        form.fields["page"].widget = AutocompleteSelect(OF_PAGE, self.admin_site)
        form.fields["page"].widget.choices = form.fields["page"].choices
        if request.method == "POST" and form.is_valid() and _captured(request, clinic, form):
            self.message_user(request, _told(form), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:clinics_clinic_change", args=[clinic.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": clinic,
            "title": f"Capture by hand: {clinic}",
            "button": "Keep and read",
            "form": form,
            "has_file_field": True,
            "media": self.media + form.media,
            "back": reverse("admin:clinics_clinic_change", args=[clinic.pk]),
        }
        return TemplateResponse(request, "admin/clinics/ask.html", context)


def _told(form: CaptureForm) -> str:
    return "Captured as evidence." if form.cleaned_data["of_register"] else "Captured, and read by the rules."


def _captured(request: HttpRequest, clinic: Clinic, form: CaptureForm) -> bool:
    answers = form.cleaned_data
    facts = {
        "described_as": answers["described_as"],
        "seen_on": answers["seen_on"],
        "page": answers["page"],
        "of_register": answers["of_register"],
        "by": request.user,
        "now": timezone.now(),
    }
    try:
        with transaction.atomic():
            if file := answers["file"]:
                capturing.capture_file(clinic, file.name, file.read(), typed=answers["text"], **facts)
            else:
                capturing.capture_text(clinic, answers["text"], **facts)
    except Refusal as refusal:
        form.add_error("file" if answers["file"] else "text", str(refusal))
        return False
    return True
