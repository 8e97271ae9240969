"""What somebody sent as the clinic, how it was proved to be the clinic's, and what came of each point."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinics.models.claim import Claim
from clinics.models.claim_reply import ClaimReply
from clinics.models.clinic import Clinic
from clinics.models.correction import Correction
from clinics.models.history import tracked_but


class ClinicAnswerQuerySet(models.QuerySet["ClinicAnswer"]):
    def unproved(self) -> Self:
        """Answers of which nobody knows yet whether they are the clinic's."""
        return self.filter(case__state=Correction.State.UNPROVED)


# Who sent it, and where a code went, are removed some time after the case is closed; secrets are nobody's to read.
@tracked_but("sender", "address", "proof", "secret_hash", "secret_until", "tries_left", "found", "looked_at")
class ClinicAnswer(models.Model):
    """The part of a case that only a clinic's answer has: whose, and the proof. It says nothing before `proved_at`."""

    class Found(models.TextChoices):
        NOT_THERE = "not_there", _("The token was neither in the file nor on the front page.")
        ELSEWHERE = "elsewhere", _("The site sends its visitors to another address, where a token proves nothing.")
        ROBOTS = "robots", _("The site's robots.txt asks programs not to read this.")
        UNREAD = "unread", _("The site could not be read.")
        BUSY = "busy", _("The site was being read just then. Please ask again in a few minutes.")
        CHANGED = "changed", _("We have another site on record for this clinic by now. Please send your answer anew.")

    case = models.OneToOneField(Correction, on_delete=models.PROTECT, related_name="answer")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="answers")
    sender = models.CharField("who answered", max_length=200, blank=True, editable=False)
    way = models.CharField("way of proof", max_length=10, choices=ClaimReply.Proof, editable=False)
    site = models.CharField(max_length=253, blank=True, editable=False, help_text="As it was recorded when it began.")
    address = models.EmailField(blank=True, editable=False, help_text="To which a code is sent.")
    secret_hash = models.CharField(max_length=64, blank=True, editable=False)
    secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    tries_left = models.PositiveSmallIntegerField(default=0, editable=False)
    looked_at = models.DateTimeField(null=True, blank=True, editable=False)
    found = models.CharField("what the last look found", max_length=20, choices=Found, blank=True, editable=False)
    expires_at = models.DateTimeField("to be proved by", editable=False)
    proved_at = models.DateTimeField(null=True, blank=True, editable=False)
    proof = models.CharField(
        max_length=300, blank=True, editable=False, help_text="The address of the mail or token, or the number called."
    )

    objects = ClinicAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(proved_at=None, proof="") | Q(proved_at__isnull=False) & ~Q(proof=""),
                name="a_proved_answer_says_by_what",
            ),
            models.CheckConstraint(
                condition=Q(secret_hash="") | Q(secret_until__isnull=False), name="a_secret_runs_out"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.case_number}: {self.clinic}"


class AnswerPointQuerySet(models.QuerySet["AnswerPoint"]):
    def undone(self) -> Self:
        """Points of which nothing came yet that cannot be taken back."""
        return self.filter(done_at=None)


@tracked_but("text")
class AnswerPoint(models.Model):
    """One statement that an answer is about: that our record is wrong, or words to be shown beside it."""

    class Kind(models.TextChoices):
        DISPUTE = "dispute", _("says that the record is wrong")
        REPLY = "reply", _("a reply to be shown beside it")

    class Outcome(models.TextChoices):
        WITHDRAWN = "withdrawn", _("statement withdrawn")
        CORRECTED = "corrected", _("statement corrected")
        STANDS = "stands", _("statement not changed")
        SHOWN = "shown", _("reply shown beside the statement")
        DECLINED = "declined", _("reply not shown")
        ENDED = "ended", _("statement was withdrawn before")

    OF_KIND = {
        Kind.DISPUTE: (Outcome.WITHDRAWN, Outcome.CORRECTED, Outcome.STANDS, Outcome.ENDED),
        Kind.REPLY: (Outcome.SHOWN, Outcome.DECLINED, Outcome.ENDED),
    }
    FINAL = (Outcome.WITHDRAWN, Outcome.CORRECTED, Outcome.SHOWN, Outcome.ENDED)

    case = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="points", editable=False)
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="answer_points", editable=False, verbose_name="statement"
    )
    kind = models.CharField(max_length=10, choices=Kind, editable=False)
    text = models.TextField("the clinic's words", blank=True, editable=False)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, editable=False)
    public_reason = models.CharField(max_length=300, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    first_outcome = models.CharField(
        "outcome before the appeal", max_length=10, choices=Outcome, blank=True, editable=False
    )
    first_public_reason = models.CharField("reason before the appeal", max_length=300, blank=True, editable=False)
    done_at = models.DateTimeField("carried out", null=True, blank=True, editable=False)
    reply = models.ForeignKey(
        ClaimReply, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = AnswerPointQuerySet.as_manager()

    class Meta:
        ordering = ["case_id", "pk"]
        verbose_name = "point of a clinic's answer"
        verbose_name_plural = "points of clinics' answers"
        constraints = [
            models.UniqueConstraint(fields=["case", "claim"], name="a_statement_is_answered_once_in_a_case"),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(public_reason=""),
                name="a_decided_point_says_who_and_why",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "ended"])
                | Q(kind="dispute", outcome__in=["withdrawn", "corrected", "stands"])
                | Q(kind="reply", outcome__in=["shown", "declined"]),
                name="a_points_outcome_fits_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(outcome__in=["withdrawn", "corrected", "shown", "ended"]),
                name="only_what_was_decided_is_carried_out",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.case_number}: {self.get_kind_display()}"


@tracked_but("person")
class AnswerCall(models.Model):
    """A call of staff to the recorded telephone number of the clinic, to ask whether the answer is its own."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", "the clinic says that it sent the answer"
        DENIED = "denied", "the clinic says that it did not send it"
        UNREACHED = "unreached", "nobody could say"

    case = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="calls", editable=False)
    number = models.CharField("number called", max_length=40)
    person = models.CharField("who spoke", max_length=200, blank=True)
    called_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField("recorded", editable=False)

    class Meta:
        ordering = ["case_id", "pk"]
        verbose_name = "call to a clinic"
        verbose_name_plural = "calls to clinics"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="unreached") | ~Q(person=""), name="a_call_that_tells_something_names_who_spoke"
            )
        ]

    def __str__(self) -> str:
        return f"{self.called_on}: {self.get_outcome_display()}"
