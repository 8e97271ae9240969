"""A person's order that nothing about a clinic may be removed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from clinics.models.clinic import Clinic
from clinics.models.history import tracked


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def in_force(self) -> Self:
        """Holds that nobody has released."""
        return self.filter(released_at__isnull=True)


@tracked
class LegalHold(models.Model):
    """While it is in force, retention removes nothing of the clinic's captures and of pages ever recorded for it."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="legal_holds")
    reason = models.CharField(max_length=300, help_text="Which proceeding or request, and who asked.")
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    placed_at = models.DateTimeField(editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    released_at = models.DateTimeField(null=True, blank=True, editable=False)
    released_because = models.CharField(max_length=300, blank=True, editable=False)
    merged_from = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_legal_hold_has_a_reason"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True, released_because="")
                | Q(released_at__isnull=False, released_by__isnull=False) & ~Q(released_because=""),
                name="a_release_has_a_person_a_date_and_a_reason",
            ),
            models.UniqueConstraint(
                fields=["clinic", "merged_from"],
                condition=Q(released_at__isnull=True),
                nulls_distinct=False,
                name="one_legal_hold_in_force_per_clinic",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clinic}: {self.reason}"
