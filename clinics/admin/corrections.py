"""Visitors' reports and clinics' answers at the desk: what waits, what one decided, what two agreed on."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinics.admin.answer_points import Calls, Points
from clinics.admin.answer_steps import ANSWER_STEPS, is_answer
from clinics.admin.desk import ReadOnlyAdmin
from clinics.admin.steps import ReasonForm, Step
from clinics.models import Correction
from clinics.operations import correction_cases
from clinics.operations.corrections.answers import numbers_of

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
        offered=lambda case: case.state in (State.RECEIVED, State.LOOKED_AT, State.APPEALED) and not is_answer(case),
        done="Decided; another person has to agree before the visitor or anybody else reads it.",
        permission=MAY,
        form=DecideForm,
    ),
    Step(
        name="confirm",
        label="Agree as another person",
        perform=lambda case, answers, by, now: correction_cases.confirm(case, by=by, now=now),
        offered=lambda case: case.state == State.DECIDED and not is_answer(case),
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
    *ANSWER_STEPS,
)
OF_REPORTS = ("text", "seen_at", "public_note")
OF_ANSWERS = ("clinic", "sender", "way", "recorded", "proof", "mails")


class WaitingFilter(admin.SimpleListFilter):
    title = "what waits"
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("open", "open"),
            ("late", "late"),
            ("second", "waits for another person"),
            ("unproved", "answers that wait for their proof"),
            ("call", "clinics to call back"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        """Open cases, late ones, those on which one has decided, and answers that nobody proved or called about."""
        if self.value() == "late":
            return queryset.late(timezone.now())
        if self.value() == "second":
            return queryset.to_confirm()
        if self.value() == "unproved":
            return queryset.filter(state=State.UNPROVED)
        if self.value() == "call":
            return queryset.to_call()
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
    readonly_fields = [*fields, *OF_ANSWERS]

    def get_fields(self, request: HttpRequest, obj: Correction | None = None) -> list[str]:
        """What a report has, or what an answer has."""
        if obj is None or not is_answer(obj):
            return list(self.fields or [])
        kept = [name for name in self.fields or [] if name not in OF_REPORTS]
        place = kept.index("contact")
        return [*kept[:place], *OF_ANSWERS, *kept[place:]]

    def get_inlines(self, request: HttpRequest, obj: Correction | None) -> list[Any]:
        """The points of an answer, and the calls about it."""
        return [Points, Calls] if obj is not None and is_answer(obj) else []

    @admin.display(description="clinic")
    def clinic(self, case: Correction) -> SafeString:
        """The clinic in whose name it was sent, as a link."""
        address = reverse("admin:clinics_clinic_change", args=[case.answer.clinic_id])
        return format_html('<a href="{}">{}</a>', address, case.answer.clinic)

    @admin.display(description="who answers")
    def sender(self, case: Correction) -> str:
        """As typed; removed some time after the case was closed."""
        return case.answer.sender or "–"

    @admin.display(description="way of proof")
    def way(self, case: Correction) -> str:
        """How it is, or was, to be proved."""
        return str(case.answer.get_way_display())

    @admin.display(description="recorded telephone numbers")
    def recorded(self, case: Correction) -> str:
        """The numbers one may call."""
        return ", ".join(numbers_of(case.answer)) or "none"

    @admin.display(description="proof")
    def proof(self, case: Correction) -> str:
        """What proved it and when; or until when it can be proved, and what a look at the site found."""
        answer = case.answer
        if answer.proved_at is not None:
            return f"{answer.proof}, {answer.proved_at:%Y-%m-%d %H:%M} UTC"
        found = f" {answer.get_found_display()}" if answer.found else ""
        return f"Not proved. It can be until {answer.expires_at:%Y-%m-%d}.{found}"

    @admin.display(description="codes mailed")
    def mails(self, case: Correction) -> str:
        """What became of each mail with a code."""
        return "; ".join(str(mail) for mail in case.answer.deliveries.order_by("pk")) or "none"

    @admin.display(description="about")
    def page(self, case: Correction) -> SafeString | str:
        """The public page, as a link."""
        return format_html('<a href="{}">{}</a>', case.about, case.about) if case.about else "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the people."""
        return super().get_queryset(request).select_related("taken_by", "decided_by", "confirmed_by", "answer__clinic")
