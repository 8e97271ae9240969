"""A wording that is dismissed wherever it stands, now and later, until a date."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from clinics.domain.category import NAMES
from clinics.domain.rule import Severity
from clinics.models.flag import SEVERITIES, Flag
from clinics.models.history import tracked


class StandingDecisionQuerySet(models.QuerySet["StandingDecision"]):
    def in_force(self, now: datetime) -> Self:
        """Those that dismiss what is read now."""
        return self.filter(ended_at=None, expires_on__gte=now.date()).filter(
            Q(severity__lt=Severity.CRITICAL) | Q(second_by__isnull=False)
        )

    def awaiting_second(self, now: datetime) -> Self:
        """Those of critical wording that another person has to agree to."""
        return self.filter(
            ended_at=None, expires_on__gte=now.date(), severity__gte=Severity.CRITICAL, second_by__isnull=True
        )


@tracked
class StandingDecision(models.Model):
    """One person's dismissal of a wording everywhere; of a critical one, two persons'."""

    subject = models.CharField(max_length=80, editable=False)
    sentence = models.TextField(help_text="The wording as it stood when the person decided.")
    category = models.CharField(max_length=40, choices=list(NAMES.items()))
    severity = models.PositiveSmallIntegerField(choices=SEVERITIES, help_text="A graver rating needs a new decision.")
    dismissed_as = models.CharField(max_length=20, choices=Flag.Dismissal)
    reason = models.TextField()
    expires_on = models.DateField(help_text="The last day on which it holds.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)

    objects = StandingDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject"], name="standing_decision_by_wording")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_standing_decision_has_a_reason"),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True, second_at__isnull=True)
                | Q(second_by__isnull=False, second_at__isnull=False) & ~Q(second_by=F("by")),
                name="a_second_person_is_another_one",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_because="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_because=""),
                name="an_ended_standing_decision_says_who_and_why",
            ),
            models.UniqueConstraint(
                fields=["subject"], condition=Q(ended_at__isnull=True), name="one_standing_decision_per_wording"
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.sentence[:80]}”, everywhere until {self.expires_on:%Y-%m-%d}"

    @property
    def is_critical(self) -> bool:
        """Whether it holds only once a second person has agreed."""
        return self.severity >= Severity.CRITICAL
