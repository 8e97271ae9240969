"""A case: a visitor's report, or what was sent as a clinic's answer; and what people decided on it."""

import secrets
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinics.models.history import tracked_but

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is taken for another


def new_case_number() -> str:
    """A number that can be read out on the telephone."""
    return "C-" + "".join(secrets.choice(LETTERS) for _ in range(8))


def new_token() -> str:
    """What the address of a case's own page ends in; nobody guesses it."""
    return secrets.token_urlsafe(24)


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def open(self) -> Self:
        """Cases that wait for somebody."""
        return self.exclude(state__in=Correction.AT_REST)

    def late(self, now: datetime) -> Self:
        """Open cases whose ten working days are over."""
        return self.open().filter(due_on__lt=now.date())

    def to_confirm(self) -> Self:
        """Cases on which one person has decided and another one has not yet agreed."""
        return self.filter(state=Correction.State.DECIDED)

    def to_call(self) -> Self:
        """Answers whose clinic asked to be called back, to prove that they are its own."""
        return self.filter(state=Correction.State.UNPROVED, answer__way="call")

    def in_the_log(self) -> Self:
        """What the public log tells: reports of errors, and answers of clinics, on which two people agreed."""
        told = Q(kind=Correction.Kind.ERROR, public_note__gt="") | Q(kind=Correction.Kind.ANSWER)
        return self.filter(told, state=Correction.State.CLOSED)

    def with_personal_data(self) -> Self:
        """Cases that still hold what a visitor wrote."""
        return self.exclude(text="", contact="", seen_at="")


# What a visitor wrote is removed some time after the case is closed; a history of it would outlive that.
@tracked_but("text", "contact", "seen_at", "token", "once")
class Correction(models.Model):
    """One case. What the visitor wrote is staff's alone; the public reads the note of those who decided."""

    class Kind(models.TextChoices):
        ERROR = "error", _("an error on our pages")
        SUGGESTION = "suggestion", _("a clinic to add")
        ADVERTISEMENT = "advertisement", _("an advertisement")
        ANSWER = "answer", _("an answer of the clinic")

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        LOOKED_AT = "looked_at", _("being looked at")
        DECIDED = "decided", _("decided by one person, to be confirmed by another")
        CLOSED = "closed", _("closed")
        APPEALED = "appealed", _("to be looked at by other people")
        UNPROVED = "unproved", _("waits for the proof that the clinic sent it")
        EXPIRED = "expired", _("over: never proved to be the clinic's")

    class Outcome(models.TextChoices):
        CHANGED = "changed", _("changed")
        STANDS = "stands", _("not changed")
        OUTSIDE = "outside", _("nothing that this directory can settle")

    AT_REST = (State.CLOSED, State.UNPROVED, State.EXPIRED)

    case_number = models.CharField(max_length=12, unique=True, default=new_case_number, editable=False)
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    once = models.UUIDField(unique=True, editable=False, help_text="The form; sent twice, it is one case.")
    kind = models.CharField(max_length=20, choices=Kind, editable=False)
    about = models.CharField(max_length=200, blank=True, editable=False, help_text="The public page it is about.")
    text = models.TextField(blank=True, editable=False, verbose_name="what was reported")
    seen_at = models.CharField(max_length=500, blank=True, editable=False, help_text="Where it was seen, as typed.")
    contact = models.EmailField(blank=True, editable=False)
    language = models.CharField(max_length=2, default="en", editable=False)
    received_at = models.DateTimeField(editable=False)
    due_on = models.DateField(editable=False)
    state = models.CharField(max_length=20, choices=State, default=State.RECEIVED, editable=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True, editable=False)
    reason = models.TextField(blank=True, editable=False, help_text="Why, for staff.")
    public_note = models.CharField(
        max_length=600, blank=True, editable=False, help_text="What was found, for the visitor and the public log."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    appealed_at = models.DateTimeField(null=True, blank=True, editable=False)
    first_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    first_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = "visitor's report"
        indexes = [models.Index(fields=["state", "due_on"], name="correction_by_state_and_day")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "closed"])
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(outcome="") & ~Q(reason=""),
                name="a_decided_case_says_who_what_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | Q(confirmed_by__isnull=False, closed_at__isnull=False) & ~Q(confirmed_by=F("decided_by")),
                name="a_case_is_closed_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_number}: {self.get_kind_display()}"
