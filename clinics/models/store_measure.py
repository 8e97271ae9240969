"""How much room the evidence store takes, as it was last measured."""

from django.db import models


class StoreMeasure(models.Model):
    """The one row of the last measure."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    bytes_kept = models.PositiveBigIntegerField()
    records = models.PositiveBigIntegerField()
    measured_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_store_measure")]

    def __str__(self) -> str:
        return f"{self.bytes_kept} bytes in {self.records} records, {self.measured_at:%Y-%m-%d %H:%M}"
