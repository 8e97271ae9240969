"""Visitors' reports at the desk: what waits, what one person decided, what two agreed on."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinics.admin.desk import ReadOnlyAdmin
from clinics.admin.steps import ReasonForm, Step
from clinics.models import Correction
from clinics.operations import correction_cases

State = Correction.State
MAY = "clinics.change_correction"


class DecideForm(forms.Form):
    """What came of it, why, and what the visitor and the public log read."""

    outcome = forms.ChoiceField(choices=Correction.Outcome)
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), help_text="For staff.")
    public_note = forms.CharField(
        label="Note",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Read by the visitor and, where it is about an error, by everybody: what was found and what was "
        "changed, with dates. No names of visitors.",
    )


STEPS = (
    Step(
        name="take",
        label="I look at it",
        perform=lambda case, answers, by, now: correction_cases.take(case, by=by, now=now),
        offered=lambda case: case.state in (State.RECEIVED, State.APPEALED),
        done="You look at this case.",
        permission=MAY,
    ),
    Step(
        name="decide",
        label="Decide",
        perform=lambda case, answers, by, now: correction_cases.decide(case, **answers, by=by, now=now),
        offered=lambda case: case.state in (State.RECEIVED, State.LOOKED_AT, State.APPEALED),
        done="Decided; another person has to agree before the visitor or anybody else reads it.",
        permission=MAY,
        form=DecideForm,
    ),
    Step(
        name="confirm",
        label="Agree as another person",
        perform=lambda case, answers, by, now: correction_cases.confirm(case, by=by, now=now),
        offered=lambda case: case.state == State.DECIDED,
        done="Closed: the visitor reads the note, and so does everybody where it is about an error.",
        permission=MAY,
    ),
    Step(
        name="give_back",
        label="Give it back",
        perform=lambda case, answers, by, now: correction_cases.give_back(
            case, reason=answers["reason"], by=by, now=now
        ),
        offered=lambda case: case.state == State.DECIDED,
        done="Given back, with your reason.",
        permission=MAY,
        form=ReasonForm,
    ),
)


class WaitingFilter(admin.SimpleListFilter):
    title = "what waits"
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("open", "open"), ("late", "late"), ("second", "waits for another person")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        """Open cases, those whose ten working days are over, or those on which one person has decided."""
        if self.value() == "late":
            return queryset.late(timezone.now())
        if self.value() == "second":
            return queryset.to_confirm()
        return queryset.open() if self.value() == "open" else None


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    list_display = ["case_number", "kind", "about", "state", "due_on", "received_at", "taken_by", "outcome"]
    list_filter = [WaitingFilter, "kind", "outcome"]
    list_select_related = ["taken_by"]
    search_fields = ["case_number", "about"]
    steps = STEPS
    fields = [
        "case_number",
        "kind",
        "state",
        "due_on",
        "page",
        "text",
        "seen_at",
        "contact",
        "language",
        "received_at",
        "taken_by",
        "outcome",
        "reason",
        "public_note",
        "decided_by",
        "decided_at",
        "confirmed_by",
        "closed_at",
        "appealed_at",
        "first_decided_by",
        "first_confirmed_by",
    ]
    readonly_fields = fields

    @admin.display(description="about")
    def page(self, case: Correction) -> SafeString | str:
        """The public page, as a link."""
        return format_html('<a href="{}">{}</a>', case.about, case.about) if case.about else "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the people."""
        return super().get_queryset(request).select_related("taken_by", "decided_by", "confirmed_by")
