"""The seal of a day: one hash that stands for every row of proof up to it, and for all seals before it."""

from datetime import UTC, datetime, time, timedelta

import pgtrigger
from django.db import models
from django.db.models import Q


class Seal(models.Model):
    """A Merkle root over the trees of each kind of row, chained to the former day's seal. Append-only."""

    number = models.PositiveBigIntegerField(unique=True)
    day = models.DateField(unique=True, help_text="It holds what is dated before the end of this day, UTC.")
    sealed_at = models.DateTimeField()
    former = models.CharField(max_length=64, blank=True, unique=True, help_text="The former seal's hash.")
    trees = models.JSONField(help_text="For each kind of row: how many, up to which number, and their Merkle root.")
    root = models.CharField(max_length=64, help_text="Merkle root over the trees.")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of number, day, time, former and root.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number=1, former="") | Q(number__gt=1) & ~Q(former=""), name="a_seal_follows_another"
            ),
        ]
        triggers = [pgtrigger.Protect(name="seal_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"seal {self.number} of {self.day}"

    @property
    def ends_at(self) -> datetime:
        """What is dated before this moment belongs to it or to a former seal."""
        return datetime.combine(self.day + timedelta(days=1), time(), UTC)

    def last_number(self, kind: str) -> int:
        """Up to which number the rows of a kind were all written when it was made; 0 where it knows no such kind."""
        return next((int(tree["last_number"]) for tree in self.trees if tree["kind"] == kind), 0)


class Stump(models.Model):
    """What retention left of a seal's tree where rows were removed: the hash of a whole part of it."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="stumps")
    kind = models.CharField(max_length=30)
    start = models.PositiveBigIntegerField(help_text="Position of its first row in the tree, from 0.")
    height = models.PositiveSmallIntegerField(help_text="It stands for 2 to this power rows.")
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["seal_id", "kind", "start"]
        constraints = [models.UniqueConstraint(fields=["seal", "kind", "start"], name="one_stump_per_place")]

    def __str__(self) -> str:
        return f"{self.seal}, {self.kind}: {2**self.height} rows from {self.start}"
