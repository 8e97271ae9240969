"""Legal holds: who ordered that nothing about a clinic may be removed, why, and until when."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from clinics.admin.desk import DeskAdmin
from clinics.admin.refusals import RefusableForm
from clinics.admin.steps import ReasonForm, Step
from clinics.models import LegalHold
from clinics.operations import legal_holds

RELEASE = Step(
    name="release",
    label="Release this hold",
    perform=lambda hold, answers, by, now: legal_holds.release_hold(hold, answers["reason"], by=by, now=now),
    offered=lambda hold: hold.released_at is None,
    done="Released: retention treats the clinic like any other.",
    permission="clinics.change_legalhold",
    form=ReasonForm,
)
FACTS = ["placed_by", "placed_at", "released_by", "released_at", "released_because"]


class InForceFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "in force")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        """Only holds that nobody has released."""
        return queryset.in_force() if self.value() == "yes" else None


@admin.register(LegalHold)
class LegalHoldAdmin(DeskAdmin):
    form = RefusableForm
    list_display = ["clinic", "reason", "placed_by", "placed_at", "released_at"]
    list_filter = [InForceFilter]
    list_select_related = ["clinic", "placed_by"]
    search_fields = ["clinic__name", "reason"]
    autocomplete_fields = ["clinic"]
    steps = [RELEASE]

    def get_fields(self, request: HttpRequest, obj: LegalHold | None = None) -> list[str]:
        """A new hold asks for the clinic and the reason."""
        return ["clinic", "reason", *(FACTS if obj else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: LegalHold | None = None) -> list[str]:
        """What was ordered stays as it was ordered."""
        return ["clinic", "reason", *FACTS] if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[LegalHold]:
        """With the people, in one query."""
        return super().get_queryset(request).select_related("clinic", "placed_by", "released_by")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_form(self, request: HttpRequest, form: ModelForm, change: bool) -> LegalHold:
        """A hold is placed by its operation, which says who and when."""
        if change:
            return super().save_form(request, form, change)
        answers = form.cleaned_data
        return legal_holds.place_hold(answers["clinic"], answers["reason"], by=request.user, now=timezone.now())

    def save_model(self, request: HttpRequest, obj: LegalHold, form: ModelForm, change: bool) -> None:
        """It is there already."""
