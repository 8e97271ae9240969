"""When a published credential check is to be looked at again: the machine's columns beside a row that never changes."""

from django.db import models

from clinics.models.credential_check import CredentialCheck


class CheckDue(models.Model):
    """Worked out from the data of registers when a check is published, and again when that data changes."""

    credential_check = models.OneToOneField(
        CredentialCheck, on_delete=models.CASCADE, primary_key=True, related_name="due"
    )
    due_on = models.DateField(db_index=True)
    weight = models.PositiveSmallIntegerField(help_text="How much a stale result can harm.")
    reminded_at = models.DateTimeField(
        null=True, blank=True, help_text="When people were told, once, that it is to be looked at again."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(weight__gte=1), name="a_due_check_has_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.due_on}"
