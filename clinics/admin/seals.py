"""What proves that nothing was altered: the seals of days, and what retention removed. Read, never changed."""

from datetime import datetime

from django.contrib import admin

from clinics.admin.desk import ReadOnlyAdmin
from clinics.models import Seal, SealStamp, Tombstone


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ["number", "day", "rows", "digest", "sealed_at", "stamped"]
    list_select_related = ["stamp"]
    search_fields = ["=digest"]
    fields = ["number", "day", "sealed_at", "digest", "stamped", "former", "root", "trees"]
    readonly_fields = fields
    ordering = ["-number"]

    @admin.display(description="rows")
    def rows(self, seal: Seal) -> int:
        """How many rows it holds."""
        return sum(tree["rows"] for tree in seal.trees)

    @admin.display(description="time-stamped by an authority")
    def stamped(self, seal: Seal) -> datetime | None:
        """When an authority saw its hash, by that authority's clock."""
        stamp: SealStamp | None = getattr(seal, "stamp", None)
        return stamp.stamped_at if stamp is not None else None


@admin.register(Tombstone)
class TombstoneAdmin(ReadOnlyAdmin):
    list_display = ["at", "kind", "subject", "rows", "first_at", "last_at", "reason"]
    list_filter = ["kind"]
    search_fields = ["=subject"]
    fields = ["kind", "subject", "rows", "first_at", "last_at", "reason", "at"]
    readonly_fields = fields
