"""Mergers of clinics: who made two records one, when and why; and the way back."""

from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from clinics.admin.desk import ReadOnlyAdmin
from clinics.admin.steps import ReasonForm, Step
from clinics.models import Clinic, MergeRecord, ToldApart
from clinics.operations import parting

MERGE: Final = "clinics.add_mergerecord"
UNDO: Final = "clinics.change_mergerecord"
UNDO_STEP: Final = Step(
    name="undo",
    label="Undo this merger",
    perform=lambda record, answers, by, now: parting.undo_merge(record, reason=answers["reason"], by=by, now=now),
    offered=lambda record: record.undone_at is None,
    done=(
        "Undone: both clinics have what they had, and what was recorded since stays with the survivor. "
        "Where that is out of public sight, the other is held until somebody decides."
    ),
    permission=UNDO,
    form=ReasonForm,
)


def linked(clinic: Clinic) -> str:
    """A clinic's name as a link to its page at the desk."""
    return format_html('<a href="{}">{}</a>', reverse("admin:clinics_clinic_change", args=[clinic.pk]), clinic)


@admin.register(MergeRecord)
class MergeRecordAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "reason", "by", "at", "undone_at"]
    list_select_related = ["survivor", "merged", "by"]
    search_fields = ["survivor__name", "merged__name", "reason"]
    steps = (UNDO_STEP,)
    fields = [
        "merged_record",
        "surviving_record",
        "reason",
        "by",
        "at",
        "moved",
        "undone_by",
        "undone_at",
        "undone_because",
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        """With all that its page names."""
        return super().get_queryset(request).select_related("survivor", "merged", "by", "undone_by")

    @admin.display(description="merged record")
    def merged_record(self, record: MergeRecord) -> str:
        """The clinic that was merged."""
        return linked(record.merged)

    @admin.display(description="survivor")
    def surviving_record(self, record: MergeRecord) -> str:
        """The clinic that has everything now."""
        return linked(record.survivor)

    @admin.display(description="what was done")
    def moved(self, record: MergeRecord) -> str:
        """How many rows of each table were moved, joined or set aside."""
        counts: dict[str, int] = {}
        for entry in record.journal["entries"]:
            counts[entry["table"]] = counts.get(entry["table"], 0) + len(entry.get("keys", "1"))
        return ", ".join(f"{table}: {number}" for table, number in sorted(counts.items()))


@admin.register(ToldApart)
class ToldApartAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "by", "at"]
    list_select_related = ["first", "second", "by"]
    search_fields = ["first__name", "second__name"]
    fields = ["first_record", "second_record", "by", "at"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        """With both clinics and the person."""
        return super().get_queryset(request).select_related("first", "second", "by")

    @admin.display(description="one clinic")
    def first_record(self, pair: ToldApart) -> str:
        """The older record."""
        return linked(pair.first)

    @admin.display(description="another clinic")
    def second_record(self, pair: ToldApart) -> str:
        """The younger record."""
        return linked(pair.second)
