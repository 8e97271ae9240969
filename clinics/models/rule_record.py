"""What people decided on a rule's flags, as it was last counted."""

from django.db import models
from django.db.models import F

from clinics.models.rule import Rule


class RuleRecordQuerySet(models.QuerySet["RuleRecord"]):
    def of_present_version(self) -> "RuleRecordQuerySet":
        """Counts of rules as they stand: an edit leaves the earlier ones behind."""
        return self.filter(rule_version=F("rule__version"))


class RuleRecord(models.Model):
    """Counted anew every hour by machine; nobody's edit, so that it has no history."""

    rule = models.OneToOneField(Rule, on_delete=models.CASCADE, primary_key=True, related_name="record")
    rule_version = models.PositiveIntegerField()
    counts = models.JSONField(help_text="Flags by what they were decided as.")
    counted_at = models.DateTimeField()

    objects = RuleRecordQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.rule}, {self.counted_at:%Y-%m-%d %H:%M}"
