"""What retention removed: its hash, its dates and the reason stay."""

import pgtrigger
from django.db import models
from django.db.models import Q

from clinics.models.sealed import Sealed


class Tombstone(Sealed):
    """One thing that is not kept any more. Append-only, and sealed like all proof."""

    class Kind(models.TextChoices):
        RECORD = "record", "a record of the evidence store"
        TEXT = "text", "the text of a snapshot"
        CHECKS = "checks", "checks of one month"

    kind = models.CharField(max_length=10, choices=Kind)
    subject = models.CharField(max_length=64, help_text="The record's or text's SHA-256, or the month.")
    rows = models.PositiveIntegerField(default=1, help_text="How many rows or records it stands for.")
    first_at = models.DateTimeField(null=True, help_text="Of what was removed: the earliest date.")
    last_at = models.DateTimeField(null=True, help_text="Of what was removed: the latest date.")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(help_text="When it was removed.")

    SEALED = ("kind", "subject", "rows", "first_at", "last_at", "reason", "at")
    DATED = "at"

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kind", "subject"], name="tombstone_by_subject")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_tombstone_has_a_reason")]
        triggers = [pgtrigger.Protect(name="tombstone_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject[:12]}, removed {self.at:%Y-%m-%d}"
