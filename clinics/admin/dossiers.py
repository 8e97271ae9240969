"""The first readings of a clinic on one page: quote the clearest words of each category, and say what the rest is."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from clinics.domain.category import NAMES
from clinics.domain.rule import Severity
from clinics.models import Clinic, Flag
from clinics.models.flag import newest_of
from clinics.operations.dossiers import LEAVE, MOST, MOST_LISTED, SAME, Answer, Dossiers, decide_dossier, dossier_of
from clinics.operations.refusal import Refusal

PER_PAGE = 50
QUOTE, REST, LATER = "quote", "rest", "later"
OF_ONE = [(QUOTE, "quote it"), (REST, "with the rest"), (LATER, "leave it waiting")]
OF_THE_REST = [
    (LEAVE, "leave them waiting"),
    (SAME, "the same statement as what is quoted"),
    *[(key, f"dismiss: {label}") for key, label in Flag.Dismissal.choices if key != Flag.Dismissal.DUPLICATE],
]


class DossierForm(forms.Form):
    """For each flag whether it is quoted; for each category what the rest of it is; one reason for all."""

    reason = forms.CharField(
        required=False, label="Reason", widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"})
    )

    def __init__(self, shown: Mapping[str, Sequence[Flag]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shown = shown
        for category, flags in shown.items():
            self.fields[f"rest_{category}"] = forms.ChoiceField(choices=OF_THE_REST, label="The rest of these")
            for flag in flags:
                self.fields[f"flag_{flag.pk}"] = forms.ChoiceField(
                    choices=OF_ONE, initial=REST, widget=forms.RadioSelect, label=flag.sentence
                )

    def groups(self) -> list[dict[str, Any]]:
        """What the page shows, by category."""
        return [
            {
                "category": NAMES[category],
                "severity": max(flag.severity for flag in flags),
                "harm": Severity(max(flag.severity for flag in flags)).name.lower(),
                "rest": self[f"rest_{category}"],
                "rows": [
                    {"flag": flag, "seen": newest_of(flag.sightings.all()), "field": self[f"flag_{flag.pk}"]}
                    for flag in flags
                ],
            }
            for category, flags in self._shown.items()
        ]

    def answers(self) -> dict[str, Answer]:
        """What the person said, by category."""
        return {category: self._answer(category, flags) for category, flags in self._shown.items()}

    def _answer(self, category: str, flags: Sequence[Flag]) -> Answer:
        said = {flag.pk: self.cleaned_data[f"flag_{flag.pk}"] for flag in flags}
        quoted = frozenset(pk for pk, what in said.items() if what == QUOTE)
        left = frozenset(pk for pk, what in said.items() if what == LATER)
        return Answer(quoted, left, self.cleaned_data[f"rest_{category}"])

    @property
    def why(self) -> str:
        """The reason that was typed, or what the page itself says."""
        return str(self.cleaned_data["reason"]).strip() or "Decided with the clinic's first readings."


class WithDossiers(admin.ModelAdmin):
    """A ModelAdmin of flags with the list of dossiers, and one page for each."""

    def get_urls(self) -> list[URLPattern]:
        """The two pages, before the stock ones."""
        view = self.admin_site.admin_view
        return [
            path("dossiers/", view(self.dossiers_view), name="clinics_flag_dossiers"),
            path("dossiers/<int:clinic_id>/", view(self.dossier_view), name="clinics_flag_dossier"),
            *super().get_urls(),
        ]

    def dossiers_view(self, request: HttpRequest) -> HttpResponse:
        """The clinics whose first readings wait."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = Paginator(Dossiers(timezone.now()), PER_PAGE).get_page(request.GET.get("p"))  # type: ignore[type-var]
        rows = [(dossier, dossier.severity.name.lower()) for dossier in page]
        context = {**self.admin_site.each_context(request), "opts": self.opts, "rows": rows, "page": page}
        context["most"] = MOST_LISTED if page.paginator.count == MOST_LISTED else 0
        return TemplateResponse(request, "admin/clinics/flag/dossiers.html", {**context, "title": "First readings"})

    def dossier_view(self, request: HttpRequest, clinic_id: int) -> HttpResponse:
        """One clinic's first readings, and the decisions on them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        clinic = Clinic.objects.filter(pk=clinic_id).first()
        if clinic is None:
            raise Http404
        shown = dossier_of(clinic, timezone.now())
        may_decide = request.user.has_perm("clinics.change_flag")
        if request.method == "POST" and not may_decide:
            raise PermissionDenied
        form = DossierForm(shown, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid() and self._dossier_decided(request, shown, form):
            return HttpResponseRedirect(self._after(clinic))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"First readings of {clinic}",
            "clinic": clinic,
            "groups": form.groups(),
            "form": form,
            "may_decide": may_decide,
            "most": MOST,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/clinics/flag/dossier.html", context)

    def _dossier_decided(self, request: HttpRequest, shown: Mapping[str, Sequence[Flag]], form: DossierForm) -> bool:
        try:
            with transaction.atomic():
                done = decide_dossier(shown, form.answers(), reason=form.why, by=request.user, now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return False
        said = f"{len(done.claims)} quoted, {done.dismissed} dismissed, {done.left} left waiting."
        self.message_user(request, said, messages.SUCCESS)
        return True

    def _after(self, clinic: Clinic) -> str:
        """The rest of the dossier while there is some, else the drafts that came of it."""
        if dossier_of(clinic, timezone.now()):
            return reverse("admin:clinics_flag_dossier", args=[clinic.pk])
        return reverse("admin:clinics_claim_changelist") + f"?clinic__id__exact={clinic.pk}&state__exact=draft"
