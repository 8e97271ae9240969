"""What was decided on flags: read, never changed."""

from django.contrib import admin

from clinics.admin.desk import ReadOnlyAdmin
from clinics.models import Decision


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "state", "dismissed_as", "sentence", "reason"]
    list_filter = ["state", "dismissed_as"]
    list_select_related = ["by"]
    raw_id_fields = ["flag"]
    fields = ["flag", "sentence", "state", "dismissed_as", "deferred_until", "reason", "scope", "by", "at"]
    readonly_fields = fields
