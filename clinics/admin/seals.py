"""What proves that nothing was altered: the seals of days, and what retention removed. Read, never changed."""

from django.contrib import admin

from clinics.admin.desk import ReadOnlyAdmin
from clinics.models import Seal, Tombstone


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ["number", "day", "rows", "digest", "sealed_at"]
    search_fields = ["=digest"]
    fields = ["number", "day", "sealed_at", "digest", "former", "root", "trees"]
    readonly_fields = fields
    ordering = ["-number"]

    @admin.display(description="rows")
    def rows(self, seal: Seal) -> int:
        """How many rows it holds."""
        return sum(tree["rows"] for tree in seal.trees)


@admin.register(Tombstone)
class TombstoneAdmin(ReadOnlyAdmin):
    list_display = ["at", "kind", "subject", "rows", "first_at", "last_at", "reason"]
    list_filter = ["kind"]
    search_fields = ["=subject"]
    fields = ["kind", "subject", "rows", "first_at", "last_at", "reason", "at"]
    readonly_fields = fields
