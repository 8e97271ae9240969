"""A list of letters, handed in at the desk: what a recorded clinic may be named in is drafted, to be matched."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from clinics.models import Job
from clinics.operations.official_lists import MOST_BYTES, MOST_ROWS, hand_in
from clinics.operations.refusal import Refusal

MAY_IMPORT: Final = "clinics.add_officialaction"


class LettersForm(forms.Form):
    """The list, as the agency publishes it."""

    file = forms.FileField(
        label="List",
        help_text=f"FDA's list of warning letters or its compliance actions: CSV in UTF-8 or .xlsx, at most "
        f"{MOST_BYTES // 1_000_000} MB and {MOST_ROWS:,} rows. Nothing is connected with a clinic by this.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_file(self) -> UploadedFile:
        """Refuse a file that is too large."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(f"This file is larger than {MOST_BYTES // 1_000_000} MB. Divide it into several.")
        return file


class WithLetters(ModelAdmin):
    """The page on which a list of letters is handed in."""

    def get_urls(self) -> list[URLPattern]:
        """Before the stock addresses."""
        view = self.admin_site.admin_view(self.letters_view)
        return [path("letters/", view, name="clinics_officialaction_letters"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list, with the way to this page for those who may."""
        may = request.user.has_perm(MAY_IMPORT)
        return super().changelist_view(request, {**(extra_context or {}), "may_import_letters": may})

    def letters_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for the list; have a worker draft what may concern us, or show why not."""
        if not request.user.has_perm(MAY_IMPORT):
            raise PermissionDenied
        form = LettersForm(request.POST or None, request.FILES or None)
        back = reverse("admin:clinics_officialaction_changelist")
        if request.method == "POST" and form.is_valid() and (job := self._handed_in(request, form)):
            return HttpResponseRedirect(reverse("admin:clinics_job_change", args=[job.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": "Official actions",
            "title": "Import a list of letters",
            "button": "Import",
            "form": form,
            "has_file_field": True,
            "media": self.media + form.media,
            "back": back,
        }
        return TemplateResponse(request, "admin/clinics/ask.html", context)

    def _handed_in(self, request: HttpRequest, form: LettersForm) -> Job | None:
        try:
            job = hand_in(form.cleaned_data["file"], by=request.user)  # type: ignore[arg-type]
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return None
        letters = len(job.parameters["letters"])
        told = f"{letters:,} rows read. A worker drafts those that may name a recorded clinic; then match them."
        self.message_user(request, told, messages.SUCCESS)
        return job
