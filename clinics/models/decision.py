"""What a person decided on a flag: never changed, never removed."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from clinics.models.flag import Flag
from clinics.models.sealed import Sealed


class Decision(Sealed):
    """One decision: who, when, what, why and how far it reaches."""

    class Scope(models.TextChoices):
        THIS_WORDING = "this_wording", "this wording of this clinic"
        SAME_WORDING = "same_wording", "this wording, decided for several clinics together"
        SAME_STATEMENT = "same_statement", "the same statement as another wording of this clinic"
        EVERYWHERE = "everywhere", "this wording, wherever it stands, until a date"

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=20, choices=Flag.State)
    dismissed_as = models.CharField(max_length=20, choices=Flag.Dismissal, blank=True)
    deferred_until = models.DateTimeField(null=True, blank=True)
    reason = models.TextField()
    scope = models.CharField(max_length=20, choices=Scope, default=Scope.THIS_WORDING)
    sentence = models.TextField(help_text="The wording as it stood when the person decided.")
    before = models.CharField(max_length=20, choices=Flag.State, blank=True, help_text="What it was until then.")
    takes_back = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    SEALED = (
        "flag_id",
        "state",
        "dismissed_as",
        "deferred_until",
        "reason",
        "scope",
        "sentence",
        "before",
        "takes_back_id",
        "by_id",
        "at",
    )
    DATED = "at"

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["at"], include=["state", "dismissed_as", "flag"], name="decision_by_time")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_decision_has_a_reason")]
        triggers = [pgtrigger.Protect(name="decision_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_state_display()} by {self.by}, {self.at:%Y-%m-%d}"
