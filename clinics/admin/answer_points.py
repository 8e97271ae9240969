"""The points of clinics' answers: each with its statement, what the clinic says, and what is to come of it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinics.admin.answer_steps import POINT_STEPS
from clinics.admin.desk import ReadOnlyAdmin, ReadOnlyInline
from clinics.models import AnswerCall, AnswerPoint


class Points(ReadOnlyInline):
    model = AnswerPoint
    fields = readonly_fields = ["point", "kind", "outcome", "public_reason", "decided_by", "done_at"]
    verbose_name_plural = "points: open each to decide on it"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what each row names."""
        return super().get_queryset(request).select_related("claim", "case", "decided_by")

    @admin.display(description="statement")
    def point(self, point: AnswerPoint) -> SafeString:
        """The statement, as a link to the point's page."""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:clinics_answerpoint_change", args=[point.pk]), point.claim
        )


class Calls(ReadOnlyInline):
    model = AnswerCall
    fields = readonly_fields = ["called_on", "number", "person", "outcome", "by", "at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the people."""
        return super().get_queryset(request).select_related("by")


@admin.register(AnswerPoint)
class AnswerPointAdmin(ReadOnlyAdmin):
    list_display = ["case", "claim", "kind", "outcome", "decided_by", "done_at"]
    list_filter = ["kind", "outcome"]
    list_select_related = ["case", "claim", "decided_by"]
    search_fields = ["case__case_number"]
    ordering = ["-case_id", "pk"]
    steps = POINT_STEPS
    fields = readonly_fields = [
        "whole_case",
        "statement",
        "state",
        "read",
        "kind",
        "text",
        "outcome",
        "public_reason",
        "decided_by",
        "decided_at",
        "first_outcome",
        "first_public_reason",
        "done_at",
        "reply",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what each names."""
        named = ("case", "claim__page__state", "claim__clinic", "decided_by", "reply")
        return super().get_queryset(request).select_related(*named)

    @admin.display(description="case")
    def whole_case(self, point: AnswerPoint) -> SafeString:
        """The case, as a link."""
        address = reverse("admin:clinics_correction_change", args=[point.case_id])
        return format_html('<a href="{}">{}</a> ({})', address, point.case.case_number, point.case.get_state_display())

    @admin.display(description="statement")
    def statement(self, point: AnswerPoint) -> SafeString:
        """The statement and its clinic, as links."""
        return format_html(
            '<a href="{}">“{}”</a>, <a href="{}">{}</a>',
            reverse("admin:clinics_claim_change", args=[point.claim_id]),
            point.claim.quote,
            reverse("admin:clinics_clinic_change", args=[point.claim.clinic_id]),
            point.claim.clinic,
        )

    @admin.display(description="state of the statement")
    def state(self, point: AnswerPoint) -> str:
        """Where the statement stands, and since when it is shown as disputed."""
        since = point.claim.disputed_since
        return f"{point.claim.get_state_display()}{f', disputed since {since}' if since else ''}"

    @admin.display(description="page last read")
    def read(self, point: AnswerPoint) -> str:
        """When the statement's page was last read, and what came of the last try."""
        state = getattr(point.claim.page, "state", None)
        if state is None:
            return "not read from a page"
        read = f"{state.last_read_at:%Y-%m-%d %H:%M} UTC" if state.last_read_at else "never"
        return f"{read}; last try: {state.outcome or 'none yet'}"
