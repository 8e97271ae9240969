"""An attempt to look something up in a register: what was asked, what came, what a person made of it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from clinics.models.clinic import Clinic
from clinics.models.credential_check import CredentialCheck
from clinics.models.history import tracked
from clinics.models.practitioner import Practitioner
from clinics.models.term import Term, is_of_kind


class RegisterLookUpQuerySet(models.QuerySet["RegisterLookUp"]):
    def to_confirm(self) -> Self:
        """Answers that wait for a person."""
        return self.filter(state=RegisterLookUp.State.ANSWERED)


@tracked
class RegisterLookUp(models.Model):
    """One attempt. It is never an outcome: only a person makes a credential check of it, or declines it."""

    class State(models.TextChoices):
        WAITING = "waiting", "waits for a worker"
        ANSWERED = "answered", "to confirm or decline"
        UNREACHABLE = "unreachable", "register unreachable"
        FAILED = "failed", "no answer that can be used"
        CONFIRMED = "confirmed", "confirmed: drafted as a check"
        DECLINED = "declined", "declined"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="register_look_ups")
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, blank=True, related_name="register_look_ups"
    )
    kind = models.ForeignKey(
        Term, on_delete=models.PROTECT, related_name="+", limit_choices_to={"kind": Term.Kind.CREDENTIAL_KIND}
    )
    subject = models.CharField(max_length=200)
    identifier = models.CharField(max_length=80, blank=True)
    connector = models.CharField(max_length=40, blank=True, help_text="Empty where a person tried by hand.")
    register = models.CharField(max_length=200)
    earlier = models.ForeignKey(
        CredentialCheck,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="look_ups",
        help_text="The check that is looked at again, or the draft that is filled in.",
    )
    question = models.JSONField(default=dict, blank=True)
    proposal = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the exchange in the evidence store.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    drafted = models.ForeignKey(
        CredentialCheck, on_delete=models.PROTECT, null=True, blank=True, related_name="drafted_from"
    )

    objects = RegisterLookUpQuerySet.as_manager()

    class Meta:
        verbose_name = "register look-up"
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="answered"), name="look_up_that_waits")]
        constraints = [
            is_of_kind("kind", Term.Kind.CREDENTIAL_KIND, "register_look_up"),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at__isnull=True)
                | (~Q(state="waiting") & Q(answered_at__isnull=False)),
                name="an_answered_look_up_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["confirmed", "declined"], decided_by__isnull=False, decided_at__isnull=False)
                | (~Q(state__in=["confirmed", "declined"]) & Q(decided_by__isnull=True, decided_at__isnull=True)),
                name="a_decided_look_up_has_a_person_and_a_date",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", drafted__isnull=False)
                | (~Q(state="confirmed") & Q(drafted__isnull=True)),
                name="a_confirmed_look_up_has_its_check",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["unreachable", "failed", "declined"]) | ~Q(reason=""),
                name="a_look_up_without_a_check_says_why",
            ),
            models.UniqueConstraint(
                fields=["clinic", "kind", "subject", "identifier", "connector"],
                condition=Q(state="waiting"),
                name="one_waiting_look_up_of_the_same",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject} in {self.register}"

    @property
    def told(self) -> str:
        """What came of it, in a sentence: why nothing did, or what the answer seems to show."""
        return self.reason or str(self.proposal.get("remark", ""))
