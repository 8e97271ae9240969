"""How a page looked when a wording was first seen on it, or when a person decided on it."""

from datetime import datetime, timedelta
from typing import Final, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from clinics.models.decision import Decision
from clinics.models.flag import Flag
from clinics.models.page import Page

MOST_TRIES: Final = 3
WANTED_FOR: Final = timedelta(days=7)  # a picture taken later would show another time's page


class ScreenshotQuerySet(models.QuerySet["Screenshot"]):
    def wanted(self, now: datetime) -> Self:
        """Those that are still to be taken."""
        return self.filter(taken_at__isnull=True, tries__lt=MOST_TRIES, wanted_at__gt=now - WANTED_FOR)


class Screenshot(models.Model):
    """Wanted by a sighting or a decision, taken by a worker with a browser; a picture that was taken never changes."""

    class Occasion(models.TextChoices):
        FIRST_SIGHTING = "first_sighting", "first sighting"
        DECISION = "decision", "decision"

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="screenshots")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="screenshots")
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="screenshots")
    occasion = models.CharField(max_length=20, choices=Occasion)
    wanted_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    image = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the PNG in the evidence store.")
    carries_wording = models.BooleanField(
        null=True,
        help_text="Whether the wording stood in the page's text at that moment; empty for a rule about a page.",
    )
    tries = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True, help_text="Why the last try gave no picture.")

    objects = ScreenshotQuerySet.as_manager()

    class Meta:
        ordering = ["-wanted_at", "-pk"]
        indexes = [
            models.Index(fields=["wanted_at"], condition=Q(taken_at__isnull=True), name="screenshots_to_take"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["flag", "page"], condition=Q(decision__isnull=True), name="one_picture_of_a_first_sighting"
            ),
            models.UniqueConstraint(fields=["decision"], name="one_picture_per_decision"),
            models.CheckConstraint(
                condition=Q(occasion="decision", decision__isnull=False)
                | Q(occasion="first_sighting", decision__isnull=True),
                name="a_picture_at_a_decision_names_it",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, image="") | Q(taken_at__isnull=False) & ~Q(image=""),
                name="a_taken_picture_is_kept",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(taken_at__gte=F("wanted_at")),
                name="a_picture_is_taken_after_it_is_wanted",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="screenshot_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="picture_unchanged", operation=pgtrigger.Update, condition=pgtrigger.Q(old__taken_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()}, {self.taken_at or self.wanted_at:%Y-%m-%d %H:%M}"
