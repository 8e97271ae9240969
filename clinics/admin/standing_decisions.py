"""Wordings that are dismissed wherever they stand: what holds, what waits for a second person, what has ended."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from clinics.admin.desk import ReadOnlyAdmin
from clinics.admin.steps import ReasonForm, Step
from clinics.models import StandingDecision
from clinics.operations import everywhere


class SecondFilter(admin.SimpleListFilter):
    title = "second person"
    parameter_name = "second"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("awaited", "waits for anybody's agreement"), ("me", "waits for my agreement")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        """Only decisions that hold once another person agrees, or of them those that this person may agree to."""
        if self.value() not in ("awaited", "me"):
            return None
        waiting = queryset.awaiting_second(timezone.now())
        return waiting.exclude(by=request.user.pk) if self.value() == "me" else waiting


@admin.register(StandingDecision)
class StandingDecisionAdmin(ReadOnlyAdmin):
    list_display = ["sentence_begins", "dismissed_as", "severity", "holds", "expires_on", "by", "second_by"]
    list_filter = [SecondFilter, "dismissed_as", "severity"]
    list_select_related = ["by", "second_by"]
    search_fields = ["sentence"]
    fields = [
        "sentence",
        "category",
        "severity",
        "dismissed_as",
        "reason",
        "reach",
        "holds",
        "expires_on",
        "by",
        "at",
        "second_by",
        "second_at",
        "ended_by",
        "ended_at",
        "ended_because",
    ]
    readonly_fields = fields
    steps = (
        Step(
            name="agree",
            label="Agree as the second person",
            perform=lambda standing, answers, by, now: everywhere.agree(standing, by=by, now=now),
            offered=lambda standing: (
                standing.is_critical and standing.second_by_id is None and standing.ended_at is None
            ),
            done="Agreed: the wording is dismissed everywhere.",
            permission="clinics.change_flag",
        ),
        Step(
            name="end",
            label="End it",
            perform=lambda standing, answers, by, now: everywhere.end(
                standing, reason=answers["reason"], by=by, now=now
            ),
            offered=lambda standing: standing.ended_at is None,
            done="Ended: the wording is asked about again.",
            permission="clinics.change_flag",
            form=ReasonForm,
        ),
    )

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Whoever may look at flags may look at what dismisses them."""
        return bool(request.user.has_perm("clinics.view_standingdecision"))

    @admin.display(description="wording", ordering="sentence")
    def sentence_begins(self, standing: StandingDecision) -> str:
        """The wording, shortened."""
        return standing.sentence[:120]

    @admin.display(description="holds")
    def holds(self, standing: StandingDecision) -> str:
        """Whether it dismisses anything now, and why not."""
        if standing.ended_at is not None:
            return "ended"
        if standing.expires_on < timezone.now().date():
            return "expired"
        if standing.is_critical and standing.second_by_id is None:
            return "waits for a second person"
        return "holds"

    @admin.display(description="now")
    def reach(self, standing: StandingDecision) -> str:
        """What waits with this wording now."""
        return str(everywhere.reach_of(standing.subject, timezone.now()))
