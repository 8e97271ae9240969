"""Lists as files: all rows that the list's filters show, or those that are ticked."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinics.admin.downloads import download


class WithExport(admin.ModelAdmin):
    """A ModelAdmin whose list can be taken away as CSV or as an Excel workbook."""

    export_rows: ClassVar[Callable[[QuerySet], Iterator[list[str]]]]
    change_list_template = "admin/clinics/exportable_list.html"
    actions = ("export_as_csv", "export_as_workbook")

    def get_urls(self) -> list[URLPattern]:
        """The address of the export, before the stock ones."""
        view = self.admin_site.admin_view(require_safe(self.export_view))
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/<slug:form>/", view, name=name), *super().get_urls()]

    def export_view(self, request: HttpRequest, form: str) -> HttpResponseBase:
        """The list with the filters of the address, whatever its length."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{back}?e=1")
        return self._exported(request, rows, form, f"{back}?{request.GET.urlencode()}")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The stock list, with the export's address for each form."""
        address = f"admin:{self.opts.app_label}_{self.opts.model_name}_export"
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        exports = [
            (label, reverse(address, args=[form]) + query) for form, label in (("csv", "CSV"), ("xlsx", "Excel"))
        ]
        return super().changelist_view(request, {**(extra_context or {}), "exports": exports})

    @admin.action(description="Export the chosen rows as CSV", permissions=["view"])
    def export_as_csv(self, request: HttpRequest, queryset: QuerySet) -> HttpResponseBase:
        """The ticked rows as CSV."""
        return self._exported(request, queryset, "csv", request.get_full_path())

    @admin.action(description="Export the chosen rows as an Excel workbook", permissions=["view"])
    def export_as_workbook(self, request: HttpRequest, queryset: QuerySet) -> HttpResponseBase:
        """The ticked rows as a workbook."""
        return self._exported(request, queryset, "xlsx", request.get_full_path())

    def _exported(self, request: HttpRequest, rows: QuerySet, form: str, back: str) -> HttpResponseBase:
        name = f"{str(self.opts.verbose_name_plural).replace(' ', '-')}-{timezone.now():%Y-%m-%d}"
        return download(request, self.export_rows(rows), name=name, form=form, back=back)
