"""Long work that a person asked for: a row with progress, cancel and lease."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class JobQuerySet(models.QuerySet["Job"]):
    def waiting(self, now: datetime) -> Self:
        """Jobs that nobody works on: queued ones, and those whose worker's lease ran out."""
        return self.filter(Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, leased_until__lt=now))


class Job(models.Model):
    """Work for a worker. The web process only writes the row; workers look for it every few seconds."""

    class Kind(models.TextChoices):
        APPLY_RULES = "apply_rules", "read the stored texts by the present rules"
        REHEARSE_RULE = "rehearse_rule", "try out a rule on the stored texts"
        CHECK_IMPORT = "check_import", "check a file of clinics"
        WRITE_IMPORT = "write_import", "record a file of clinics"
        LOOK_UP = "look_up", "ask a register"
        DRAFT_LETTERS = "draft_letters", "draft what a list of letters holds"
        SEND_CODE = "send_code", "mail a code to a clinic"
        READ_TOKEN = "read_token", "look for a token on a clinic's site"

    class State(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    kind = models.CharField(max_length=40, choices=Kind)
    parameters = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField(db_default=models.functions.Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["state", "requested_at"], name="job_by_state_and_time")]
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="a_job_does_no_more_than_its_total"),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "failed", "cancelled"]) | Q(finished_at__isnull=False),
                name="a_finished_job_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"
