"""A part of pages that staff chose not to read."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from clinics.domain.ignoring import LONGEST
from clinics.models.clinic import Clinic
from clinics.models.history import tracked
from clinics.models.host import Host
from clinics.models.page import Page


class IgnoreRuleQuerySet(models.QuerySet["IgnoreRule"]):
    def in_force(self) -> Self:
        """Those that nobody has ended."""
        return self.filter(ended_at__isnull=True)


@tracked
class IgnoreRule(models.Model):
    """What is left out of the pages of a host, of a clinic, or of one page; never changed, only ended."""

    class Kind(models.TextChoices):
        SELECTOR = "selector", "elements by CSS selector"
        PATTERN = "pattern", "pieces of text that a pattern matches wholly (RE2)"

    host = models.ForeignKey(Host, on_delete=models.PROTECT, null=True, blank=True, related_name="ignore_rules")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, null=True, blank=True, related_name="ignore_rules")
    page = models.ForeignKey(Page, on_delete=models.PROTECT, null=True, blank=True, related_name="ignore_rules")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SELECTOR)
    what = models.CharField(max_length=LONGEST, help_text="Such as “.news-ticker”, or “Today's special: .*”.")
    reason = models.CharField(max_length=300, help_text="Why nothing of interest can stand there.")
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = IgnoreRuleQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(host__isnull=False, clinic__isnull=True, page__isnull=True)
                | Q(host__isnull=True, clinic__isnull=False, page__isnull=True)
                | Q(host__isnull=True, clinic__isnull=True, page__isnull=False),
                name="an_ignore_rule_has_one_place",
                violation_error_message="Choose exactly one of host, clinic and page.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="an_ended_ignore_rule_has_person_and_date",
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(what=""), name="an_ignore_rule_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.what} ({self.place})"

    @property
    def place(self) -> Host | Clinic | Page | None:
        """Where it holds."""
        return self.page or self.clinic or self.host
