"""What staff found in a register about a clinic or a practitioner."""

from datetime import date, timedelta
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clinics.models.clinic import Clinic, new_public_id
from clinics.models.history import tracked
from clinics.models.merging import MovedByMerging, only_moves_by_merging
from clinics.models.page import Page
from clinics.models.practitioner import Practitioner
from clinics.models.sealed import Sealed
from clinics.models.search_document import kept_in_documents
from clinics.models.snapshot import Snapshot
from clinics.models.term import Term, is_of_kind

ADVERSE = ("mismatch", "inactive", "ended", "restricted", "past_order", "listed")
SOON = timedelta(days=30)
PRESSING_ORDER = ("due__pressing", "due")


class CredentialCheckQuerySet(models.QuerySet["CredentialCheck"]):
    def published(self) -> Self:
        """Checks that the public sees now: published, and not replaced by a later published one."""
        published = CredentialCheck.State.PUBLISHED
        return self.filter(state=published).exclude(superseded_by__state=published)

    def due(self, today: date) -> Self:
        """Published checks that are to be looked at again, and for which nobody has begun a new one.

        Those of clinics that are closed or removed are left alone.
        """
        return self._to_look_at().filter(due__due_on__lte=today)

    def due_soon(self, today: date) -> Self:
        """The same, of those that are not due yet and will be within `SOON`."""
        return self._to_look_at().filter(due__due_on__gt=today, due__due_on__lte=today + SOON)

    def _to_look_at(self) -> Self:
        gone = ("closed", "delisted")
        begun_anew = CredentialCheck.objects.filter(supersedes=OuterRef("pk"))
        return self.filter(~Exists(begun_anew), state="published").exclude(clinic__status__in=gone)

    def most_pressing_first(self) -> Self:
        """By risk and age, as `CheckDue.pressing` says; among equals the one recorded first."""
        return self.order_by(*PRESSING_ORDER)


@tracked
class CredentialCheck(MovedByMerging, Sealed):
    """One look into one register. A published check never changes: a correction is a new check that supersedes it.

    It is hashed and numbered for its seal when it is published.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    class Outcome(models.TextChoices):
        VERIFIED = "verified", _("verified")
        NOT_FOUND = "not_found", _("not found")
        MISMATCH = "mismatch", _("mismatch")
        AMBIGUOUS = "ambiguous", _("ambiguous")
        SCOPE_DIFFERS = "scope_differs", _("scope differs")
        EXPIRED = "expired", _("expired")
        INACTIVE = "inactive", _("inactive")
        ENDED = "ended", _("ended")
        RESTRICTED = "restricted", _("restricted")
        PAST_ORDER = "past_order", _("past order")
        UNVERIFIABLE = "unverifiable", _("no public register")
        NOT_STATED = "not_stated", _("not stated")
        LISTED = "listed", _("entry in an adverse list")
        NOT_LISTED = "not_listed", _("no entry in an adverse list")

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="credential_checks")
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, blank=True, related_name="credential_checks"
    )
    kind = models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"kind": Term.Kind.CREDENTIAL_KIND},
    )
    subject = models.CharField(max_length=200, help_text="Who or what was looked up, as named on the page.")
    register = models.CharField(max_length=200, blank=True, help_text="The register's own name.")
    identifier = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome)
    register_word = models.CharField(max_length=200, blank=True, help_text="The register's own word for the status.")
    search_terms = models.CharField(max_length=200, blank=True, help_text="What was searched for.")
    document_title = models.CharField(max_length=300, blank=True, help_text="Title of an order, or scope not named.")
    register_date = models.DateField(
        null=True, blank=True, help_text="The date that the register gives, such as an end."
    )
    matched_by = models.CharField(max_length=200, blank=True, help_text="Identifiers that matched besides the name.")
    checked_on = models.DateField()
    source = models.ForeignKey(Page, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    capture = models.ForeignKey(
        Snapshot,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"origin": "hand"},
        help_text="What a person saw in the register, captured by hand.",
    )
    answer = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="SHA-256 of the register's answer in the evidence store, where a connector asked it.",
    )
    notes = models.TextField("internal notes", blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT, editable=False)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    SEALED = (
        "public_id",
        "clinic_id",
        "practitioner_id",
        "kind_id",
        "subject",
        "register",
        "identifier",
        "outcome",
        "register_word",
        "search_terms",
        "document_title",
        "register_date",
        "matched_by",
        "checked_on",
        "source_id",
        "capture_id",
        "answer",
        "state",
        "checked_by_id",
        "published_by_id",
        "published_at",
        "supersedes_id",
    )
    DATED = "published_at"

    objects = CredentialCheckQuerySet.as_manager()

    class Meta:
        ordering = ["clinic_id", "-checked_on", "pk"]
        indexes = [
            models.Index(fields=["-checked_on", "-id"], name="credential_check_by_day"),
            models.Index(fields=["id"], condition=Q(state="draft"), name="credential_check_in_draft"),
        ]
        constraints = [
            is_of_kind("kind", Term.Kind.CREDENTIAL_KIND, "credential_check"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_by__isnull=False, published_at__isnull=False),
                name="a_published_check_has_a_person_and_a_date",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(outcome__in=ADVERSE) | ~Q(published_by=F("checked_by")),
                name="an_adverse_check_has_a_second_person",
            ),
        ]
        triggers = [
            *kept_in_documents("", where="r.state = 'published'"),
            only_moves_by_merging("published_check_stays", pgtrigger.Q(old__state="published")),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject} – {self.get_outcome_display()}"

    @property
    def is_adverse(self) -> bool:
        """Whether publishing it needs a second person."""
        return self.outcome in ADVERSE
