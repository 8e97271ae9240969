"""Filters kept under a name: above their list, and on a page of their own."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from clinics.admin.desk import DeskAdmin
from clinics.admin.refusals import RefusableForm
from clinics.domain.parameters import kept
from clinics.models import SavedFilter
from clinics.operations.refusal import Refusal
from clinics.operations.saved_filters import change_filter, filters_in, save_filter, wrong_of_directory

MOST_SHOWN = 30  # above a list; all stand on their own page


class WithSavedFilters(admin.ModelAdmin):
    """A ModelAdmin whose list has the filters that were kept for it above it, and a way to keep those that it has."""

    change_list_template = "admin/clinics/filterable_list.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The stock list, with the filters that this person may open."""
        kind = str(self.opts.model_name)
        shown = [*SavedFilter.objects.seen_by(request.user.pk).filter(kind=kind).select_related("owner")[:MOST_SHOWN]]
        may_save = request.user.has_perm("clinics.add_savedfilter")
        query = _kept_or_nothing(request.GET.urlencode())
        asked = urlencode({"kind": kind, "query": query})
        more = {
            "saved_filters": shown,
            "opened": next((saved for saved in shown if saved.query == query and query), None),
            "save_url": f"{reverse('admin:clinics_savedfilter_add')}?{asked}" if may_save and query else "",
        }
        return super().changelist_view(request, {**more, **(extra_context or {})})


def _kept_or_nothing(query: str) -> str:
    try:
        return kept(query)
    except ValueError:
        return ""


class SavedFilterForm(RefusableForm):
    """A name, a list, and its filters."""

    class Meta:
        model = SavedFilter
        fields = ["name", "kind", "query", "is_shared"]
        widgets = {"query": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}

    def clean_query(self) -> str:
        """What the address asks for, held against the list itself."""
        try:
            return filters_in(self.cleaned_data["query"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None


@admin.register(SavedFilter)
class SavedFilterAdmin(DeskAdmin):
    form = SavedFilterForm
    list_display = ["name", "kind", "whose", "is_shared", "opens"]
    list_filter = ["kind", "is_shared"]
    list_select_related = ["owner"]
    search_fields = ["name"]
    fields = ["name", "kind", "query", "is_shared"]
    ordering = ["kind", "name", "pk"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[SavedFilter]:
        """One's own, and those that others share."""
        seen = Q(owner=request.user.pk) | Q(is_shared=True)
        return super().get_queryset(request).filter(seen).select_related("owner")

    def get_readonly_fields(self, request: HttpRequest, obj: SavedFilter | None = None) -> list[str]:
        """The list that it is for stays the same."""
        return [] if obj is None else ["kind", "public_id", "opens"]

    def get_fields(self, request: HttpRequest, obj: SavedFilter | None = None) -> list[str]:
        """With its name in addresses, once it has one."""
        return list(self.fields or []) + ([] if obj is None else ["public_id", "opens"])

    def has_change_permission(self, request: HttpRequest, obj: SavedFilter | None = None) -> bool:
        """One's own alone."""
        return _is_own(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: SavedFilter | None = None) -> bool:
        """One's own alone."""
        return obj is not None and _is_own(request, obj) and super().has_delete_permission(request, obj)

    @admin.display(description="whose", ordering="owner__username")
    def whose(self, saved: SavedFilter) -> str:
        """Who keeps it."""
        return str(saved.owner)

    @admin.display(description="its list")
    def opens(self, saved: SavedFilter) -> str:
        """The way to what it finds."""
        return format_html('<a href="{}">Open</a>', reverse("admin:clinics_savedfilter_open", args=[saved.pk]))

    def get_urls(self) -> list[URLPattern]:
        """The address that opens one, before the stock ones."""
        view = self.admin_site.admin_view(self.open_view)
        return [path("<int:object_id>/open/", view, name="clinics_savedfilter_open"), *super().get_urls()]

    def open_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Lead to the list with these filters; to the list without them, and why, where it understands them no more."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        saved = self.get_object(request, str(object_id))
        if saved is None:
            raise Http404
        wrong = self.wrong_of(request, saved.kind, saved.query)
        if wrong:
            messages.error(request, f"“{saved}” cannot be opened as it was saved: {' '.join(wrong)}")
        return HttpResponseRedirect(f"{list_url(saved.kind)}{'' if wrong else f'?{saved.query}'}")

    def wrong_of(self, request: HttpRequest, kind: str, query: str) -> list[str]:
        """What a list does not understand of these filters, in sentences; none where it would answer."""
        if kind == SavedFilter.Kind.DIRECTORY:
            return wrong_of_directory(query)
        model_admin = next(each for model, each in self.admin_site._registry.items() if model._meta.model_name == kind)
        asked = HttpRequest()
        asked.method, asked.GET, asked.user, asked.path = "GET", QueryDict(query), request.user, list_url(kind)
        if not model_admin.has_view_permission(asked):
            return ["You may not look at that list."]
        return _wrong_of_list(model_admin, asked)

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> SavedFilter:
        """Through the operation, once its list has understood it."""
        answers = form.cleaned_data
        kind = form.instance.kind if change else answers["kind"]
        if wrong := self.wrong_of(request, kind, answers["query"]):
            raise Refusal(" ".join(wrong))
        if change:
            return change_filter(form.instance, answers["name"], answers["query"], is_shared=answers["is_shared"])
        return save_filter(answers["name"], kind, answers["query"], is_shared=answers["is_shared"], by=request.user)  # type: ignore[arg-type]

    def save_model(self, request: HttpRequest, obj: SavedFilter, form: forms.ModelForm, change: bool) -> None:
        """The operation has saved it."""

    def response_add(
        self, request: HttpRequest, obj: SavedFilter, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Back to the list, as one left it."""
        if "_addanother" in request.POST or "_continue" in request.POST or obj.kind == SavedFilter.Kind.DIRECTORY:
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, f"Kept as “{obj}”.")
        return HttpResponseRedirect(f"{list_url(obj.kind)}?{obj.query}")


def list_url(kind: str) -> str:
    """The address of a list without filters."""
    return reverse("directory:search" if kind == SavedFilter.Kind.DIRECTORY else f"admin:clinics_{kind}_changelist")


def _is_own(request: HttpRequest, saved: SavedFilter | None) -> bool:
    return saved is None or saved.owner_id == request.user.pk


def _wrong_of_list(model_admin: admin.ModelAdmin, asked: HttpRequest) -> list[str]:
    try:
        shown = model_admin.get_changelist_instance(asked)
    except IncorrectLookupParameters:
        return ["The list does not know one of these filters, or one of the values."]
    except SuspiciousOperation:
        return ["The list has no such filter."]
    told = []
    for name, value in asked.GET.items():
        choices = next((each for each in shown.filter_specs if getattr(each, "parameter_name", None) == name), None)
        known = None if choices is None else {str(key) for key, _ in choices.lookup_choices}
        if known is not None and value not in known:
            told.append(f"The filter “{choices.title}” has no choice “{value[:60]}”.")
    return told
