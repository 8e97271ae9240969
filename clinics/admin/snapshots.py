"""What pages said: shown as plain text, never run."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from clinics.admin.desk import ReadOnlyAdmin
from clinics.models import Snapshot

BLOCKS_SHOWN = 1500


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "origin", "clinic", "taken_at", "seen_on"]
    list_filter = ["origin"]
    list_select_related = ["page", "clinic"]
    search_fields = ["page__url", "described_as"]
    fields = [
        "page",
        "clinic",
        "origin",
        "described_as",
        "seen_on",
        "captured_by",
        "taken_at",
        "content_type",
        "text_digest",
        "body",
        "exchange",
        "picture",
        "extractor_version",
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        """A list needs no texts."""
        return super().get_queryset(request).defer("packed_blocks")

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The stock page, with the text in its pieces."""
        snapshot = kwargs.get("obj")
        if snapshot is not None:
            blocks = snapshot.blocks
            context.update(blocks=blocks[:BLOCKS_SHOWN], left_out=max(0, len(blocks) - BLOCKS_SHOWN))
        return super().render_change_form(request, context, **kwargs)
