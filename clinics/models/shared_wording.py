"""A wording that waits for a decision on several clinics, as it was last counted."""

from django.db import models


class SharedWording(models.Model):
    """Counted anew every few minutes by machine; nobody's edit, so that it has no history."""

    subject = models.CharField(max_length=80, primary_key=True)
    severity = models.PositiveSmallIntegerField()
    waiting = models.PositiveIntegerField(help_text="Clinics.")
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ["-severity", "-waiting", "subject"]
        indexes = [models.Index(fields=["-severity", "-waiting", "subject"], name="shared_wording_in_order")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.waiting}, {self.counted_at:%Y-%m-%d %H:%M}"
