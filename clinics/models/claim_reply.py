"""What the clinic answered to a claim, and how we know that it was the clinic."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinics.models.claim import Claim
from clinics.models.history import tracked
from clinics.models.search_document import kept_with_published_claims


class ClaimReplyQuerySet(models.QuerySet["ClaimReply"]):
    def published(self) -> Self:
        """Replies that a person has put beside their claim, and nobody has taken away since."""
        return self.filter(published_at__isnull=False, ended_at=None)


@tracked
class ClaimReply(models.Model):
    """The clinic's own words about a claim, recorded by staff, public once a person publishes them."""

    class Proof(models.TextChoices):
        MAIL = "mail", _("mail from the recorded domain")
        TOKEN = "token", _("a token on its site")
        CALL = "call", _("call back to the recorded telephone number")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField(help_text="The clinic's words, unchanged.")
    received_on = models.DateField()
    sender = models.CharField("who answered", max_length=200, help_text="Name and office, for staff only.")
    proved_by = models.CharField("how they proved to be the clinic", max_length=10, choices=Proof)
    proof = models.CharField(
        "the proof", max_length=300, help_text="The address of the mail or token, or the number called; staff only."
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_because = models.CharField("why it was taken away", max_length=300, blank=True, editable=False)

    objects = ClaimReplyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "claim replies"
        ordering = ["claim_id", "received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(sender="") & ~Q(proof=""), name="a_reply_has_words_a_sender_and_a_proof"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="a_published_reply_has_a_person_and_a_date",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(ended_because=""), name="a_reply_taken_away_has_a_reason"
            ),
        ]
        triggers = [
            *kept_with_published_claims("r.published_at IS NOT NULL"),
            pgtrigger.Protect(
                name="published_reply_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__published_at__isnull=False)
                & (
                    pgtrigger.Q(old__text__df=pgtrigger.F("new__text"))
                    | pgtrigger.Q(old__received_on__df=pgtrigger.F("new__received_on"))
                    | pgtrigger.Q(old__proved_by__df=pgtrigger.F("new__proved_by"))
                    | pgtrigger.Q(old__claim__df=pgtrigger.F("new__claim"))
                ),
            ),
            pgtrigger.Protect(
                name="published_reply_never_removed",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]
