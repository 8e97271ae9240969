"""A patient's question answered from a clinic's own pages: quoted, or not stated there."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinics.models.clinic import Clinic
from clinics.models.history import tracked
from clinics.models.merging import MovedByMerging, moves_by_merging
from clinics.models.page import Page
from clinics.models.sealed import Sealed
from clinics.models.snapshot import Snapshot


class QuestionQuerySet(models.QuerySet["Question"]):
    def published(self) -> Self:
        """Answers that a person has put before the public, and nobody has taken away since."""
        return self.filter(state=Question.State.PUBLISHED)


@tracked
class Question(MovedByMerging, Sealed):
    """One answer to one of the patients' questions (`domain.questions`), as a person found it on a day.

    What was published never changes: a newer answer takes its place. It is hashed and numbered for its seal when it is
    published.
    """

    class Finding(models.TextChoices):
        STATED = "stated", _("quoted from the clinic's pages")
        NOT_STATED = "not_stated", _("not stated on the pages read")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="questions")
    key = models.SlugField("question", max_length=40)
    finding = models.CharField(max_length=12, choices=Finding, default=Finding.STATED)
    quote = models.TextField(
        "the clinic's words",
        blank=True,
        max_length=1000,
        help_text="Exactly as they stand in the page or capture: two sentences at most, no patient's name.",
    )
    page = models.ForeignKey(Page, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    looked_on = models.DateField(
        help_text="The day on which the words were read; for “not stated”, on which you looked through the pages."
    )
    language = models.CharField(max_length=8, default="en", help_text="Of the words quoted: en, es …")
    notes = models.TextField("internal notes", blank=True, help_text="Never public.")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_because = models.CharField("why it was taken away", max_length=300, blank=True, editable=False)

    SEALED = (
        "clinic_id",
        "key",
        "finding",
        "quote",
        "page_id",
        "snapshot_id",
        "looked_on",
        "language",
        "recorded_by_id",
        "recorded_at",
        "published_by_id",
        "published_at",
    )
    DATED = "published_at"

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "answer to a patient's question"
        verbose_name_plural = "answers to patients' questions"
        ordering = ["clinic_id", "key", "-looked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(finding="stated") & ~Q(quote="") & Q(snapshot__isnull=False))
                | Q(finding="not_stated", quote="", page__isnull=True, snapshot__isnull=True),
                name="an_answer_is_quoted_from_a_text_or_not_stated",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True, published_by__isnull=True)
                | Q(state="withdrawn", published_at__isnull=True, published_by__isnull=True)
                | Q(state__in=["published", "withdrawn"], published_at__isnull=False, published_by__isnull=False),
                name="a_published_answer_has_a_person_and_a_date",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", ended_at__isnull=False) & ~Q(ended_because="")
                | ~Q(state="withdrawn") & Q(ended_at__isnull=True, ended_because=""),
                name="an_answer_taken_away_has_a_date_and_a_reason",
            ),
            models.UniqueConstraint(
                fields=["clinic", "key"],
                condition=Q(state="published", merged_from__isnull=True),  # a merger may bring another
                name="one_public_answer_per_clinic_and_question",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_answer_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__published_at__isnull=False)
                & (
                    pgtrigger.Q(old__key__df=pgtrigger.F("new__key"))
                    | pgtrigger.Q(old__finding__df=pgtrigger.F("new__finding"))
                    | pgtrigger.Q(old__quote__df=pgtrigger.F("new__quote"))
                    | pgtrigger.Q(old__page__df=pgtrigger.F("new__page"))
                    | pgtrigger.Q(old__snapshot__df=pgtrigger.F("new__snapshot"))
                    | pgtrigger.Q(old__looked_on__df=pgtrigger.F("new__looked_on"))
                    | pgtrigger.Q(old__language__df=pgtrigger.F("new__language"))
                    | pgtrigger.Q(old__published_at__df=pgtrigger.F("new__published_at"))
                    | pgtrigger.Q(old__published_by__df=pgtrigger.F("new__published_by"))
                    | pgtrigger.Q(old__content_hash__df=pgtrigger.F("new__content_hash"))
                ),
            ),
            moves_by_merging(
                "published_answer_moves_by_merging",
                pgtrigger.Q(old__published_at__isnull=False) & pgtrigger.Q(old__clinic__df=pgtrigger.F("new__clinic")),
            ),
            pgtrigger.Protect(
                name="published_answer_never_removed",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.quote[:80] or self.get_finding_display()}"
