"""An authority's time-stamp of a seal."""

import pgtrigger
from django.db import models

from clinics.models.seal import Seal


class SealStamp(models.Model):
    """Signed from outside: the seal's hash was known at that time. Append-only."""

    seal = models.OneToOneField(Seal, on_delete=models.PROTECT, related_name="stamp")
    authority = models.CharField(max_length=200, help_text="The address that was asked.")
    stamped_at = models.DateTimeField(help_text="The authority's own time.")
    answer = models.BinaryField(help_text="Its whole answer by RFC 3161 (DER).")

    class Meta:
        ordering = ["-stamped_at"]
        triggers = [pgtrigger.Protect(name="seal_stamp_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"time-stamp of {self.seal}"
