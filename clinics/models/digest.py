"""Who wants mail about what, what was mailed to whom, and what became of each attempt."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from clinics.models.history import tracked_but
from clinics.models.saved_filter import SavedFilter


class DigestQuerySet(models.QuerySet["Digest"]):
    def standing(self) -> Self:
        """Those that nobody has ended."""
        return self.filter(ended_at__isnull=True)

    def due(self, now: datetime) -> Self:
        """Standing ones whose hour has come."""
        return self.standing().filter(due_at__lte=now)


@tracked_but("due_at", "failures")
class Digest(models.Model):
    """A person's wish to be told by mail what waits."""

    class Scope(models.TextChoices):
        EVERYTHING = "everything", "everything"
        MINE = "mine", "my clinics"
        SAVED = "saved", "a saved filter"

    class Cadence(models.TextChoices):
        DAILY = "daily", "each day"
        WEEKLY = "weekly", "each Monday"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="digests", editable=False
    )
    scope = models.CharField("about", max_length=20, choices=Scope, default=Scope.MINE)
    saved_filter = models.ForeignKey(
        SavedFilter, on_delete=models.PROTECT, null=True, blank=True, related_name="digests"
    )
    cadence = models.CharField("how often", max_length=20, choices=Cadence, default=Cadence.DAILY)
    hour = models.PositiveSmallIntegerField(default=7, help_text="From 0 to 23, in UTC.")
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    due_at = models.DateTimeField(db_index=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="Attempts in a row that failed.")
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_because = models.CharField(max_length=200, blank=True, editable=False)

    objects = DigestQuerySet.as_manager()

    class Meta:
        ordering = ["owner_id", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="a_digest_has_an_hour_of_the_day"),
            models.CheckConstraint(
                condition=Q(scope="saved", saved_filter__isnull=False)
                | ~Q(scope="saved") & Q(saved_filter__isnull=True)
                | Q(ended_at__isnull=False),
                name="a_digest_by_a_filter_names_it",
                violation_error_message="Choose a saved filter where the mail is about one, and none where it is not.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_because="") | Q(ended_at__isnull=False) & ~Q(ended_because=""),
                name="an_ended_digest_says_why",
            ),
            models.UniqueConstraint(
                fields=["owner", "scope", "saved_filter"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="a_person_has_one_digest_about_the_same",
                violation_error_message="You get mail about this already: change or end that digest.",
            ),
        ]

    def __str__(self) -> str:
        about = f"“{self.saved_filter}”" if self.saved_filter else self.get_scope_display()
        return f"{about}, {self.get_cadence_display()}"


class Delivery(models.Model):
    """One attempt to mail a digest, or a code to a clinic. It is written before the mail leaves: none is unrecorded."""

    class State(models.TextChoices):
        SENDING = "sending", "being sent"
        SENT = "sent", "sent"
        FAILED = "failed", "failed"
        UNSURE = "unsure", "unsure: it may have arrived and is not sent again"

    digest = models.ForeignKey(Digest, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries")
    answer = models.ForeignKey(
        "ClinicAnswer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name="code for a clinic's answer",
    )
    to = models.EmailField()
    items = models.PositiveIntegerField(help_text="How many new things it told.")
    state = models.CharField(max_length=20, choices=State, default=State.SENDING)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField("begun")
    ended_at = models.DateTimeField("ended", null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["-at", "-id"], name="delivery_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sending", ended_at__isnull=True) | ~Q(state="sending") & Q(ended_at__isnull=False),
                name="a_delivery_that_ended_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["failed", "unsure"]) | ~Q(reason=""), name="a_failed_delivery_says_why"
            ),
            models.CheckConstraint(
                condition=Q(digest=None, answer__isnull=False) | Q(digest__isnull=False, answer=None),
                name="a_delivery_is_of_a_digest_or_a_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to}, {self.at:%Y-%m-%d %H:%M}: {self.get_state_display()}"


class MailedItem(models.Model):
    """What a digest has told once and does not tell again as new. That of a failed attempt is taken away with it."""

    class Kind(models.TextChoices):
        FLAG = "flag", "flag"
        CLAIM = "claim", "claim that awaits a second person"
        FAILING = "failing", "page that began to fail"
        RECOVERED = "recovered", "page that is read again"
        CHECK = "check", "credential check that is due"

    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="mailed")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="mailed")
    kind = models.CharField(max_length=20, choices=Kind)
    row = models.BigIntegerField()
    since = models.DateTimeField(help_text="Since when the row waited as it did: the same row may come anew later.")

    class Meta:
        ordering = ["delivery_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["digest", "kind", "row", "since"], name="a_thing_is_mailed_once_as_new"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"
