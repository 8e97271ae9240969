"""Buttons that take a row one step on: each asks for what the operation needs, and shows its refusal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from clinics.operations.refusal import Refusal


class NothingAsked(forms.Form):
    """A step that needs no more than the press of its button."""


class ReasonForm(forms.Form):
    """A step that needs a reason."""

    reason = forms.CharField(max_length=300, widget=forms.TextInput(attrs={"size": 60}))


Perform = Callable[[Any, dict[str, Any], Any, datetime], object]


@dataclass(frozen=True, slots=True)
class Step:
    """One button. `perform` is called with the row, the form's answers, the user and the time."""

    name: str  # in the address
    label: str  # on the button
    perform: Perform
    offered: Callable[[Any], bool]
    done: str  # told afterwards
    permission: str
    form: type[forms.Form] = NothingAsked
    begin: Callable[[Any], dict[str, Any]] = lambda row: {}  # what its form holds at first
    narrow: Callable[[forms.Form, Any], None] = lambda form, row: None  # what its form leaves out for this row

    def allowed(self, request: HttpRequest, row: models.Model) -> bool:
        """Whether this person may take the step, and the row stands where it can be taken."""
        return request.user.has_perm(self.permission) and self.offered(row)


class WithSteps(admin.ModelAdmin):
    """A ModelAdmin whose change page carries buttons for `steps`."""

    steps: Sequence[Step] = ()

    def get_urls(self) -> list[URLPattern]:
        """The address of each step, before the stock ones."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        view = self.admin_site.admin_view(self.step_view)
        return [path("<int:object_id>/step/<slug:name>/", view, name=name), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The stock page, with the steps that can be taken now."""
        row = kwargs.get("obj")
        shown = row is not None and request.method == "GET"  # a form that is being mended comes first
        context["steps"] = self.offered_steps(request, row) if shown else []
        return super().render_change_form(request, context, **kwargs)

    def offered_steps(self, request: HttpRequest, row: models.Model) -> list[dict[str, Any]]:
        """Each step with its address and its empty form."""
        return [
            {
                "step": step,
                "url": self._with_filters(request, self._step_url(row, step)),
                "form": _form(step, request, row),
            }
            for step in self.steps
            if step.allowed(request, row)
        ]

    def step_view(self, request: HttpRequest, object_id: int, name: str) -> HttpResponse:
        """Take the step, or show why not."""
        row = self.get_object(request, str(object_id))
        step = next((step for step in self.steps if step.name == name), None)
        if row is None or step is None:
            raise Http404
        if not request.user.has_perm(step.permission) or not self.has_view_permission(request, row):
            raise PermissionDenied
        form = _form(step, request, row)
        if request.method == "POST" and form.is_valid() and self._taken(request, row, step, form):
            return HttpResponseRedirect(self._with_filters(request, self._page_url(row)))
        return self._step_page(request, row, step, form)

    def _taken(self, request: HttpRequest, row: models.Model, step: Step, form: forms.Form) -> bool:
        try:
            with transaction.atomic(), pghistory.context(**_why(form)):
                step.perform(row, form.cleaned_data, request.user, timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return False
        self.message_user(request, step.done, messages.SUCCESS)
        return True

    def _step_page(self, request: HttpRequest, row: models.Model, step: Step, form: forms.Form) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": step.label,
            "button": step.label,
            "form": form,
            "media": self.media + form.media,
            "back": self._with_filters(request, self._page_url(row)),
        }
        return TemplateResponse(request, "admin/clinics/ask.html", context)

    def _step_url(self, row: models.Model, step: Step) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_step", args=[row.pk, step.name])

    def _page_url(self, row: models.Model) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])

    def _with_filters(self, request: HttpRequest, url: str) -> str:
        context = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return add_preserved_filters(context, url)


def _why(form: forms.Form) -> dict[str, str]:
    """The reason, for the history."""
    reason = str(form.cleaned_data.get("reason") or "").strip()
    return {"reason": reason} if reason else {}


def _form(step: Step, request: HttpRequest, row: models.Model) -> forms.Form:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = step.form(*sent, auto_id=f"id_{step.name}_%s", initial=step.begin(row))
    step.narrow(form, row)
    return form
