"""That two records of one clinic were made one, and all that it takes to part them again."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from clinics.models.clinic import Clinic


class MergeRecordQuerySet(models.QuerySet["MergeRecord"]):
    def standing(self) -> Self:
        """Mergers that nobody has undone."""
        return self.filter(undone_at__isnull=True)


class MergeRecord(models.Model):
    """One merger: who, when and why, and each row that it changed as it was before and as it left it."""

    survivor = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="mergers")
    merged = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="merged_by")
    reason = models.CharField(max_length=300, help_text="How one knows that both are the same clinic.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    journal = models.JSONField(default=dict, help_text="What was moved, changed and set aside: `operations.journal`.")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_because = models.CharField(max_length=300, blank=True)

    objects = MergeRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="a_clinic_is_not_merged_into_itself"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_merger_has_a_reason"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undone_because="")
                | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_because=""),
                name="an_undone_merger_has_a_person_a_date_and_a_reason",
            ),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="a_clinic_is_merged_into_one"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="merger_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="undone_merger_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__undone_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged} into {self.survivor}, {self.at:%Y-%m-%d}"
