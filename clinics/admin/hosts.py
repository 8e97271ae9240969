"""Servers that are not ours: how gently they are read, and which of them fail."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from clinics.admin.desk import DeskAdmin
from clinics.models import Host


class FailingFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "failing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "failing"), ("open", "left alone (breaker open)")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        """Only hosts whose last tries failed, or of them those that are left alone."""
        if self.value() == "open":
            return queryset.left_alone()
        return queryset.failing() if self.value() == "yes" else None


@admin.register(Host)
class HostAdmin(DeskAdmin):
    list_display = ["name", "breaker", "failures", "last_trouble", "free_at", "leased_until"]
    list_filter = [FailingFilter]
    search_fields = ["name"]
    readonly_fields = [
        "name",
        "breaker",
        "failures",
        "last_trouble",
        "free_at",
        "leased_until",
        "robots_read_at",
        "robots_status",
        "robots_text",
        "sitemap_asked_at",
        "sitemap_told",
    ]
    fields = ["name", "delay_seconds", *readonly_fields[1:]]

    @admin.display(description="circuit breaker")
    def breaker(self, host: Host) -> str:
        """Whether it is asked as usual, left alone, or about to be tried again."""
        return host.breaker(timezone.now())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Host | None = None) -> bool:
        return False
