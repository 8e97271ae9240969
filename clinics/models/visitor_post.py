"""How often something was sent from a network on a day: by a mark of it that nobody can read back."""

from django.db import models


class VisitorPost(models.Model):
    """Kept for some days; the mark of a network is another one each day."""

    day = models.DateField()
    network = models.CharField(max_length=64)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "network"], name="one_count_per_day_and_network")]

    def __str__(self) -> str:
        return f"{self.day}: {self.number}"
