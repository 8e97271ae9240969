"""When a published credential check is to be looked at again: the machine's columns beside a row that never changes."""

from typing import Final

from django.db import models

from clinics.models.credential_check import CredentialCheck

DAYS_OF_WEIGHT: Final = 10  # a check that weighs one more goes before those that were due so many days earlier


class CheckDue(models.Model):
    """Worked out from the data of registers when a check is published, and again when that data changes."""

    credential_check = models.OneToOneField(
        CredentialCheck, on_delete=models.CASCADE, primary_key=True, related_name="due"
    )
    due_on = models.DateField(db_index=True)
    weight = models.PositiveSmallIntegerField(help_text="How much a stale result can harm.")
    pressing = models.GeneratedField(
        expression=models.Func(
            models.F("due_on"), models.F("weight") * DAYS_OF_WEIGHT, template="(%(expressions)s)", arg_joiner=" - "
        ),
        output_field=models.DateField(),
        db_persist=True,
        help_text="The day by which the due list is ordered: the day it is due, less ten days for each of its weight.",
    )
    reminded_at = models.DateTimeField(
        null=True, blank=True, help_text="When people were told, once, that it is to be looked at again."
    )

    class Meta:
        indexes = [models.Index(fields=["pressing", "credential_check"], name="check_by_pressing")]
        constraints = [
            models.CheckConstraint(condition=models.Q(weight__gte=1), name="a_due_check_has_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.due_on}"
