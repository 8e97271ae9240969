"""A file of clinics: handed in, checked by a worker, shown with what it would change, and then confirmed."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinics.admin.desk import DeskAdmin
from clinics.admin.downloads import download
from clinics.admin.refusals import RefusableForm
from clinics.admin.steps import Step
from clinics.models import ClinicImport, ImportRow
from clinics.operations import import_files
from clinics.operations.import_columns import COLUMNS, columns_of
from clinics.operations.import_parts import MOST_BYTES, TOO_LARGE

PER_PAGE = 50
PIECE = 1_000_000  # bytes
MAY_IMPORT = "clinics.add_clinicimport"
ROWS_SHOWN = {  # what one of them is called, and what several are
    "faulty": ("row with faults", "rows with faults"),
    "changed": ("changed clinic", "changed clinics"),
    "new": ("new clinic", "new clinics"),
    "unchanged": ("unchanged clinic", "unchanged clinics"),
}


class ClinicImportForm(RefusableForm):
    """The file to hand in. The name and all else that is known of it come from the file itself."""

    file = forms.FileField(
        label="File",
        help_text="CSV in UTF-8, or an Excel workbook (.xlsx); at most 20 MB and 50,000 rows.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    class Meta:
        model = ClinicImport
        fields = ["listed"]

    def clean_file(self) -> UploadedFile:
        """Refuse a file that is too large before a byte of it is kept."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(TOO_LARGE)
        return file


def _is_waiting(file: ClinicImport) -> bool:
    """Whether nobody is at it, it is not recorded, and it is still kept: confirming or checking it makes sense."""
    return not (file.is_at_work or file.written_at or _is_removed(file))


def _is_removed(file: ClinicImport) -> bool:
    """Whether its rows were removed before it was recorded; a file without rows had none."""
    is_kept: bool = file.is_kept  # type: ignore[attr-defined]
    return not (is_kept or file.written_at or file.is_at_work) and (file.check_job is None or file.has_rows)


STEPS = (
    Step(
        name="confirm",
        label="Record these changes",
        perform=lambda file, answers, by, now: import_files.confirm(file, by=by),
        offered=lambda file: file.is_checked and file.has_rows and not file.has_faults and _is_waiting(file),
        done="A worker records the file within moments: as a whole, or not at all.",
        permission=MAY_IMPORT,
    ),
    Step(
        name="check",
        label="Check again",
        perform=lambda file, answers, by, now: import_files.check_again(file, by=by),
        offered=lambda file: bool(file.header) and _is_waiting(file),
        done="A worker compares its rows again with what is recorded.",
        permission=MAY_IMPORT,
    ),
    Step(
        name="stop",
        label="Stop",
        perform=lambda file, answers, by, now: import_files.stop(file, by=by, now=now),
        offered=lambda file: file.is_at_work and file.job.cancel_asked_at is None,
        done="It stops at its next pause; nothing of the file is recorded.",
        permission=MAY_IMPORT,
    ),
)


@admin.register(ClinicImport)
class ClinicImportAdmin(DeskAdmin):
    form = ClinicImportForm
    list_display = ["name", "stage", "outcome", "uploaded_by", "uploaded_at"]
    list_select_related = ["check_job", "write_job", "uploaded_by"]
    search_fields = ["name"]
    steps = STEPS
    facts = ["name", "stage", "outcome", "listed", "uploaded_by", "uploaded_at", "written_at"]

    def get_urls(self) -> list[URLPattern]:
        """The address of the file with its faults, before the stock ones."""
        view = self.admin_site.admin_view(require_safe(self.errors_view))
        name = "clinics_clinicimport_errors"
        return [path("<int:object_id>/errors.<slug:form>/", view, name=name), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClinicImport]:
        """With its jobs, which say how far it is, and whether its rows are still kept."""
        found = super().get_queryset(request).with_what_is_kept()
        return found.select_related("check_job", "write_job", "uploaded_by")

    def get_fields(self, request: HttpRequest, obj: ClinicImport | None = None) -> list[str]:
        """A new one asks for the file; a known one shows what is known of it."""
        return ["file", "listed"] if obj is None else self.facts

    def get_readonly_fields(self, request: HttpRequest, obj: ClinicImport | None = None) -> list[str]:
        return [] if obj is None else self.facts

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> ClinicImport:
        """Keep the file and ask for its check."""
        file = form.cleaned_data["file"]
        return import_files.take_in(
            file.name,
            file.chunks(PIECE),
            listed=form.cleaned_data["listed"],
            by=request.user,
            now=timezone.now(),
        )

    def save_model(self, request: HttpRequest, obj: ClinicImport, form: forms.ModelForm, change: bool) -> None:
        """Nothing is left to do: the operation kept the file."""

    def response_add(
        self, request: HttpRequest, obj: ClinicImport, post_url_continue: str | None = None
    ) -> HttpResponse:
        """On to the file's own page, where its check is followed."""
        self.message_user(request, "Handed in. A worker checks it; nothing is recorded yet.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:clinics_clinicimport_change", args=[obj.pk]))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The stock page, with the columns that a file may have, or with what came of each row."""
        file = kwargs.get("obj")
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        context["columns"] = COLUMNS.items() if file is None else ()
        if file is not None:
            context.update(_differences(request, file))
        return super().render_change_form(request, context, **kwargs)

    @admin.display(description="stage")
    def stage(self, file: ClinicImport) -> str:
        """How far it is."""
        return "removed after 30 days: hand it in again" if _is_removed(file) else file.stage

    @admin.display(description="outcome")
    def outcome(self, file: ClinicImport) -> str:
        """What its job says."""
        return file.job.message if file.job else "–"

    def errors_view(self, request: HttpRequest, object_id: int, form: str) -> HttpResponseBase:
        """The file as it was handed in, with a column that says what is wrong in each row."""
        file = self.get_object(request, str(object_id))
        if not self.has_view_permission(request, file):
            raise PermissionDenied
        if file is None or not file.header:
            raise Http404
        stem = file.name.rpartition(".")[0] or file.name
        back = reverse("admin:clinics_clinicimport_change", args=[file.pk])
        rows = import_files.with_errors(file)
        return download(request, rows, name=f"{stem}-with-errors", form=form, back=back)


def _differences(request: HttpRequest, file: ClinicImport) -> dict[str, Any]:
    """What came of the file's rows: those of one kind, a page at a time."""
    numbers = file.check_job.result if file.is_checked and file.check_job else {}
    shown, is_removed = request.GET.get("rows", ""), _is_removed(file)
    if shown not in ROWS_SHOWN:
        shown = next((kind for kind in ROWS_SHOWN if numbers.get(_number_of(kind))), "new")
    return {
        "file": file,
        "is_removed": is_removed,
        "at_work": file.is_at_work,
        "job": file.job,
        "shown": shown,
        "shown_as": ROWS_SHOWN[shown][1],
        "kinds": [(kind, _counted(kind, numbers.get(_number_of(kind), 0))) for kind in ROWS_SHOWN],
        "rows": _page(file, shown, request.GET.get("p", "1")) if numbers and not is_removed else None,
        "form_of_errors": "xlsx" if file.name.lower().endswith(".xlsx") else "csv",
    }


def _number_of(kind: str) -> str:
    return "faults" if kind == "faulty" else kind


def _counted(kind: str, number: int) -> str:
    one, several = ROWS_SHOWN[kind]
    return f"{number} {one if number == 1 else several}"


def _page(file: ClinicImport, kind: str, number: str) -> Page:
    """The rows of a kind; of a clinic's rows the first one, in which its differences stand."""
    rows = ImportRow.objects.filter(file=file, kind=kind).select_related("clinic")
    if kind != ImportRow.Kind.FAULTY:
        rows = rows.filter(number=F("first"))
    page = Paginator(rows.order_by("number"), PER_PAGE).get_page(number)
    columns = columns_of(file.header)
    for row in page:
        row.named = dict(zip(columns, row.cells, strict=False))
    return page
