"""The page on which a row is set back to an earlier version of what was typed into it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from clinics.operations import reverting
from clinics.operations.refusal import Refusal


class SetBackForm(forms.Form):
    """Why, and which version was the newest when the page was opened."""

    reason = forms.CharField(max_length=300, widget=forms.TextInput(attrs={"size": 60}))
    seen = forms.IntegerField(widget=forms.HiddenInput)


class WithSettingBack(admin.ModelAdmin):
    """A ModelAdmin whose rows, and those that belong to them, are set back from their history where that is safe."""

    history_children: Any = ()

    def get_urls(self) -> list[URLPattern]:
        """The address of each version, for models whose plain fields can be set back."""
        if self.model not in reverting.PLAIN:
            return super().get_urls()
        view = self.admin_site.admin_view(self.set_back_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_setback"
        return [path("<int:object_id>/set-back/<slug:kind>/<int:version>/", view, name=name), *super().get_urls()]

    def may_set_back(self, request: HttpRequest, model: type) -> bool:
        """Whether this person may set rows of this kind back."""
        opts = model._meta  # type: ignore[attr-defined]
        return model in reverting.PLAIN and request.user.has_perm(f"{opts.app_label}.change_{opts.model_name}")

    def set_back_view(self, request: HttpRequest, object_id: int, kind: str, version: int) -> HttpResponse:
        """Show what would change; change it."""
        row = self.get_object(request, str(object_id))
        own = [self.opts.get_field(name).related_model for name in self.history_children]
        model = next((each for each in (self.model, *own) if each._meta.model_name == kind), None)
        if not self.has_view_permission(request, row) or (model is not None and not self.may_set_back(request, model)):
            raise PermissionDenied
        event = reverting.version_of(model, version) if row is not None and model is not None else None
        if event is None or not self._belongs(event, row):
            raise Http404
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", args=[row.pk])
        form = SetBackForm(request.POST or None, initial={"seen": reverting.newest_version(event)})
        if request.method == "POST" and form.is_valid() and self._was_set_back(request, event, form):
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": f"Set back to {event.pgh_created_at:%Y-%m-%d %H:%M}",
            "button": "Set it back",
            "form": form,
            **_what_would_change(event),
            "media": self.media,
            "back": back,
        }
        return TemplateResponse(request, "admin/clinics/set_back.html", context)

    def _belongs(self, event: Any, row: Any) -> bool:
        """Whether the version is of this row, or of one of its own."""
        if isinstance(row, event.pgh_tracked_model):
            return bool(event.pgh_obj_id == row.pk)
        owner = next(
            self.opts.get_field(name).field.attname
            for name in self.history_children
            if self.opts.get_field(name).related_model is event.pgh_tracked_model
        )
        return bool(getattr(event, owner) == row.pk)

    def _was_set_back(self, request: HttpRequest, event: Any, form: SetBackForm) -> bool:
        try:
            reverting.set_back(event, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return False
        self.message_user(request, "Set back, as a change of its own.", messages.SUCCESS)
        return True


def _what_would_change(event: Any) -> dict[str, Any]:
    """The differences for the page, or why there are none to show."""
    label = event.pgh_tracked_model._meta.get_field
    try:
        found = reverting.differences(event)
    except Refusal as refusal:
        return {"changes": [], "refusal": str(refusal)}
    return {"changes": [(label(name).verbose_name, now, then) for name, now, then in found]}
