"""Politeness: whose turn it is on a server that is not ours."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from clinics.domain.schedule import BREAKER


class HostQuerySet(models.QuerySet["Host"]):
    def unleased(self, now: datetime) -> Self:
        """Hosts that nobody is reading: no lease, or one that has run out."""
        return self.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=now))

    def free(self, now: datetime) -> Self:
        """Hosts that nobody is reading and that have had their rest."""
        return self.unleased(now).filter(free_at__lte=now)

    def failing(self) -> Self:
        return self.filter(failures__gt=0)

    def left_alone(self) -> Self:
        """Hosts whose breaker is open: they failed so often in a row that they are asked rarely."""
        return self.filter(failures__gte=BREAKER)


class Host(models.Model):
    """A server by its name. The lease says which worker reads it; a dead worker's lease simply runs out."""

    name = models.CharField(max_length=253, unique=True)
    free_at = models.DateTimeField(db_default=models.functions.Now(), db_index=True)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    delay_seconds = models.FloatField(
        null=True, blank=True, help_text="Seconds between two requests; empty: the tracker's own default."
    )
    failures = models.PositiveIntegerField(default=0, editable=False)
    last_trouble = models.CharField(max_length=300, blank=True, editable=False)
    robots_text = models.TextField(blank=True, editable=False)
    robots_status = models.IntegerField(null=True, editable=False)
    robots_read_at = models.DateTimeField(null=True, blank=True, editable=False)
    lost_asked_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it was last asked for a page that cannot exist."
    )
    lost_said = models.BinaryField(
        default=bytes, db_default=b"", editable=False, help_text="Digests of what it said then instead of “not found”."
    )
    sitemap_asked_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When its sitemaps were last asked for."
    )
    sitemap_told = models.CharField(
        max_length=300, blank=True, db_default="", editable=False, help_text="What came of that, in a sentence."
    )

    objects = HostQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lease_token__isnull=True, leased_until__isnull=True)
                | Q(lease_token__isnull=False, leased_until__isnull=False),
                name="a_lease_has_a_token_and_an_end",
            ),
            models.CheckConstraint(
                condition=Q(delay_seconds__isnull=True) | Q(delay_seconds__gte=0), name="a_delay_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(delay_seconds__isnull=True) | Q(delay_seconds__lte=3600), name="a_delay_is_at_most_an_hour"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def breaker(self, now: datetime) -> str:
        """The state of its circuit breaker, in words."""
        if self.failures < BREAKER:
            return "closed: asked as usual"
        if self.free_at > now:
            return f"open: left alone until {self.free_at:%Y-%m-%d %H:%M} UTC, after {self.failures} failures in a row"
        return f"half open: the next answer decides, after {self.failures} failures in a row"
