"""Wordings of several clinics: a list of them, and a page on which their flags are decided together."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from clinics.admin.flag_decision import CONFIRM, DISMISSALS
from clinics.models import Flag
from clinics.models.flag import newest_of
from clinics.operations.clusters import (
    TOGETHER,
    Cluster,
    Clusters,
    cluster_of,
    confirm_together,
    dismiss_together,
    members,
)
from clinics.operations.refusal import Refusal

PER_PAGE = 50
CHOICES = [(CONFIRM, "Confirm: these clinics make this statement; a draft for each"), *DISMISSALS]


class TogetherForm(forms.Form):
    """One decision and its reason, for the clinics that are ticked."""

    flags = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose at least one clinic."}
    )
    decision = forms.ChoiceField(widget=forms.RadioSelect, choices=CHOICES)
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}))

    def __init__(self, waiting: list[Flag], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"flags": [flag.pk for flag in waiting[:TOGETHER]]}, **kwargs)
        self.fields["flags"].choices = [(flag.pk, str(flag.clinic)) for flag in waiting]

    def decide(self, subject: str, by: Any) -> str:
        """Carry it out; what was done, in words. Raises Refusal."""
        answers, now = self.cleaned_data, timezone.now()
        chosen = [int(pk) for pk in answers["flags"]]
        kind, _, dismissed_as = answers["decision"].partition(":")
        facts = {"reason": answers["reason"], "by": by, "now": now}
        if kind == CONFIRM:
            return f"{len(confirm_together(subject, chosen, **facts))} flags confirmed; each has a draft claim."
        done = dismiss_together(subject, chosen, dismissed_as=dismissed_as, **facts)
        return f"{len(done)} flags dismissed."


class WithClusters(admin.ModelAdmin):
    """A ModelAdmin of flags with the pages of their clusters."""

    def get_urls(self) -> list[URLPattern]:
        """The two pages, before the stock ones."""
        view = self.admin_site.admin_view
        return [
            path("clusters/", view(self.clusters_view), name="clinics_flag_clusters"),
            path("clusters/<slug:subject>/", view(self.cluster_view), name="clinics_flag_cluster"),
            *super().get_urls(),
        ]

    def clusters_view(self, request: HttpRequest) -> HttpResponse:
        """The wordings of several clinics of which some wait."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = Paginator(Clusters(timezone.now()), PER_PAGE).get_page(request.GET.get("p"))  # type: ignore[type-var]
        rows = [(shared, shared.severity.name.lower()) for shared in page]
        context = {**self.admin_site.each_context(request), "opts": self.opts, "rows": rows, "page": page}
        return TemplateResponse(
            request, "admin/clinics/flag/clusters.html", {**context, "title": "Wordings of several clinics"}
        )

    def cluster_view(self, request: HttpRequest, subject: str) -> HttpResponse:
        """One wording with each clinic's context; a decision for those that are ticked."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        cluster = cluster_of(subject, timezone.now())
        if cluster is None:
            raise Http404
        flags = list(members(subject).prefetch_related("sightings__page"))
        waiting = [flag for flag in flags if flag.waits(timezone.now())]
        may_decide = request.user.has_perm("clinics.change_flag")
        form = TogetherForm(waiting, request.POST or None) if may_decide and waiting else None
        if request.method == "POST" and not may_decide:
            raise PermissionDenied
        if request.method == "POST" and form is not None and form.is_valid() and self._decided(request, subject, form):
            return HttpResponseRedirect(reverse("admin:clinics_flag_cluster", args=[subject]))
        return self._cluster_page(request, cluster, flags, form)

    def _decided(self, request: HttpRequest, subject: str, form: TogetherForm) -> bool:
        try:
            done = form.decide(subject, request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return False
        self.message_user(request, done, messages.SUCCESS)
        return True

    def _cluster_page(
        self, request: HttpRequest, cluster: Cluster, flags: list[Flag], form: TogetherForm | None
    ) -> HttpResponse:
        chosen = {str(pk) for pk in form["flags"].value()} if form else set()
        waiting = {pk for pk, _ in form.fields["flags"].choices} if form else set()
        rows = [
            {
                "flag": flag,
                "seen": newest_of(flag.sightings.all()),
                "waits": flag.pk in waiting,
                "chosen": str(flag.pk) in chosen,
            }
            for flag in flags
        ]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"One wording of {cluster.clinics} clinics",
            "cluster": cluster,
            "rows": rows,
            "form": form,
            "most": TOGETHER,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/clinics/flag/cluster.html", context)
