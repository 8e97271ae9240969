"""What a clinic says, as a person recorded it."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinics.domain.category import NAMES, PUBLIC_SLUGS
from clinics.domain.content import content_hash
from clinics.domain.patient_names import redact
from clinics.domain.rule import Severity
from clinics.models.clinic import Clinic, new_public_id
from clinics.models.credential_check import CredentialCheck
from clinics.models.flag import Flag
from clinics.models.history import tracked
from clinics.models.merging import moves_by_merging
from clinics.models.page import Page
from clinics.models.sealed import Sealed
from clinics.models.search_document import kept_in_documents, kept_with_published_claims
from clinics.models.snapshot import Snapshot


class ClaimQuerySet(models.QuerySet["Claim"]):
    def published(self) -> Self:
        """Claims that two persons, or one where one is enough, have put before the public."""
        return self.filter(state=Claim.State.PUBLISHED)

    def for_signature_of(self, user_id: int | None) -> Self:
        """Claims that await a second person, and this one may be it."""
        waiting = self.filter(state=Claim.State.AWAITING_SECOND, second_signed_by=None)
        return waiting.exclude(first_signed_by=user_id)

    def withdrawn(self) -> Self:
        """Claims that were public once: their tombstones stay, without the words."""
        return self.filter(state=Claim.State.WITHDRAWN, published_at__isnull=False)


@tracked
class Claim(models.Model):
    """An exact quote of at most two sentences, with where and when it was read, and what is known about it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        COMMENT_INVITED = "comment_invited", _("comment invited")
        AWAITING_SECOND = "awaiting_second", _("awaiting a second person")
        PUBLISHED = "published", _("published")
        HELD = "held", _("held")
        WITHDRAWN = "withdrawn", _("withdrawn")

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="claims")
    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, null=True, blank=True, related_name="claims")
    page = models.ForeignKey(
        Page, on_delete=models.PROTECT, null=True, blank=True, related_name="claims", editable=False
    )
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="claims")
    category = models.CharField(max_length=40, choices=list(NAMES.items()))
    severity = models.PositiveSmallIntegerField(
        choices=[(level.value, level.name.lower()) for level in Severity], default=Severity.MEDIUM
    )
    quote = models.TextField(help_text="The clinic's exact words: at most two sentences, no patient's name.")
    context = models.TextField(blank=True, help_text="The piece of text around the quote.")
    surface = models.CharField(max_length=20, default="body")
    document_page = models.PositiveIntegerField(null=True, blank=True)
    language = models.CharField(max_length=8, default="en")
    first_seen_on = models.DateField(help_text="First seen by us.")
    credential_checks = models.ManyToManyField(
        CredentialCheck, through="ClaimCredential", related_name="claims", blank=True
    )
    notes = models.TextField("internal notes", blank=True)
    redacted_names = models.JSONField(
        default=list, blank=True, editable=False, help_text="Names that the public reads as [name]."
    )
    names_judged_for = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Hash of the words in which a person looked for names."
    )
    names_judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    needs_counsel = models.BooleanField("needs counsel", default=False, editable=False)
    counsel_name = models.CharField("signed by counsel", max_length=200, blank=True, editable=False)
    counsel_signed_on = models.DateField(null=True, blank=True, editable=False)
    counsel_signed_for = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Hash of the words that counsel read."
    )
    counsel_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT, editable=False)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    drafted_at = models.DateTimeField(editable=False)
    comment_invited_on = models.DateField(null=True, blank=True, editable=False)
    comment_waived_because = models.CharField(max_length=300, blank=True, editable=False)
    first_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    second_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    public_from = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Signed: public at this time, unless it is taken back."
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    disputed_since = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_because = models.CharField("reason of hold or withdrawal", max_length=300, blank=True, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["clinic_id", "-published_at", "pk"]
        indexes = [
            models.Index(fields=["state", "category"], name="claim_by_state_and_category"),
            models.Index(fields=["public_from"], condition=Q(public_from__isnull=False), name="claim_soon_public"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(quote=""), name="a_claim_has_a_quote"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(first_signed_by__isnull=False, published_at__isnull=False),
                name="a_published_claim_has_a_person_and_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(severity__lt=Severity.CRITICAL)
                | Q(second_signed_by__isnull=False) & ~Q(second_signed_by=F("first_signed_by")),
                name="a_critical_claim_has_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "awaiting_second"])
                | Q(comment_invited_on__isnull=False)
                | ~Q(comment_waived_because=""),
                name="the_clinic_was_asked_or_a_reason_is_recorded",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "withdrawn"]) | Q(ended_at__isnull=False) & ~Q(ended_because=""),
                name="an_ended_claim_has_a_date_and_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(public_from__isnull=True)
                | Q(first_signed_by__isnull=False) & ~Q(state__in=["published", "withdrawn"]),
                name="what_is_soon_public_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(names_judged_for="", redacted_names=[]) | Q(names_judged_by__isnull=False),
                name="names_are_judged_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(counsel_signed_on=None) | ~Q(counsel_name="") & Q(counsel_recorded_by__isnull=False),
                name="counsels_signature_has_a_name",
            ),
            models.CheckConstraint(
                condition=~Q(state="published", needs_counsel=True) | Q(counsel_signed_on__isnull=False),
                name="counsel_signed_where_that_is_needed",
            ),
            models.UniqueConstraint(
                fields=["flag"],
                condition=Q(flag__isnull=False) & ~Q(state="withdrawn"),
                name="one_living_claim_per_flag",
            ),
        ]
        triggers = [
            *kept_in_documents("", where="r.state IN ('published', 'withdrawn')"),
            pgtrigger.Protect(
                name="published_quote_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__published_at__isnull=False)
                & (
                    pgtrigger.Q(old__quote__df=pgtrigger.F("new__quote"))
                    | pgtrigger.Q(old__context__df=pgtrigger.F("new__context"))
                    | pgtrigger.Q(old__category__df=pgtrigger.F("new__category"))
                    | pgtrigger.Q(old__page__df=pgtrigger.F("new__page"))
                    | pgtrigger.Q(old__snapshot__df=pgtrigger.F("new__snapshot"))
                ),
            ),
            moves_by_merging(
                "published_claim_moves_by_merging",
                pgtrigger.Q(old__published_at__isnull=False) & pgtrigger.Q(old__clinic__df=pgtrigger.F("new__clinic")),
            ),
            pgtrigger.Protect(
                name="once_public_never_removed",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.quote[:80]

    @property
    def is_critical(self) -> bool:
        """Whether publishing it needs a second person."""
        return self.severity >= Severity.CRITICAL

    @property
    def is_on_its_way(self) -> bool:
        """Whether somebody has signed it and the public does not read it yet: until then nothing of it changes."""
        return self.state == self.State.AWAITING_SECOND or self.public_from is not None

    @property
    def may_be_reworded(self) -> bool:
        """Whether nobody's signature is on it and it never was public."""
        is_draft = self.state in (self.State.DRAFT, self.State.COMMENT_INVITED)
        return is_draft and self.public_from is None and self.published_at is None

    @property
    def words_hash(self) -> str:
        """The hash of the quote with its context, to which a person's judgement of them holds."""
        return content_hash({"quote": self.quote, "context": self.context}).hex()

    @property
    def quote_in_public(self) -> str:
        """The quote, with “[name]” for each name that a person had taken out."""
        return redact(self.quote, self.redacted_names)

    @property
    def context_in_public(self) -> str:
        """The piece of text around it, likewise."""
        return redact(self.context, self.redacted_names)

    @property
    def public_category(self) -> str:
        """The neutral slug of its category."""
        return PUBLIC_SLUGS[self.category]


@tracked
class ClaimCredential(models.Model):
    """A credential check that bears on a claim."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="credential_links")
    credential_check = models.ForeignKey(CredentialCheck, on_delete=models.PROTECT, related_name="claim_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "credential_check"], name="a_check_bears_on_a_claim_once")
        ]

    def __str__(self) -> str:
        return f"{self.credential_check}"


@tracked
class Assessment(models.Model):
    """A dated statement beside a claim: what a source says, or that nobody has assessed it. Never ranked."""

    class Key(models.TextChoices):
        NOT_ASSESSED = "not_assessed", _("recorded; not assessed")
        SOURCE_AGREES = "source_agrees", _("a source says the same")
        SOURCE_DIFFERS = "source_differs", _("a source says otherwise")
        NO_ENTRY = "no_entry", _("a list has no entry")
        STUDY_DESCRIBED = "study_described", _("the study cited, described")
        NO_STUDY_FOUND = "no_study_found", _("no study cited on the pages read")
        AGENCY_GUIDANCE = "agency_guidance", _("an agency's guidance on such statements")
        NOT_CHECKABLE = "not_checkable", _("no public source can settle it")

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="assessments")
    key = models.CharField(max_length=20, choices=Key)
    assessed_on = models.DateField()
    source_name = models.CharField(max_length=200, blank=True, help_text="Who says it, such as the name of the list.")
    source = models.ForeignKey(Page, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    source_date = models.DateField(null=True, blank=True)
    detail = models.TextField(blank=True, help_text="The quote, the name looked for, or the description of the study.")

    class Meta:
        ordering = ["claim_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(key__in=["not_assessed", "not_checkable", "no_study_found"]) | ~Q(source_name=""),
                name="an_assessment_has_a_source",
            ),
        ]
        triggers = kept_with_published_claims()

    def __str__(self) -> str:
        return self.get_key_display()


class ClaimVersion(Sealed):
    """A claim as it was published, frozen."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content in canonical JSON.")
    published_at = models.DateTimeField()
    first_signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    SEALED = ("claim_id", "number", "content", "digest", "published_at", "first_signed_by_id", "second_signed_by_id")
    DATED = "published_at"

    class Meta:
        ordering = ["claim_id", "number"]
        constraints = [models.UniqueConstraint(fields=["claim", "number"], name="versions_are_numbered")]
        triggers = [
            *kept_with_published_claims(),
            pgtrigger.Protect(name="version_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class QuotePresence(models.Model):
    """What the machine may say about a published quote: when it was last read, and whether it stands there exactly."""

    class State(models.TextChoices):
        EXACT = "exact", _("stands on the page")
        CHANGED = "changed", _("wording changed; being compared")
        ABSENT = "absent", _("not found")
        UNAVAILABLE = "unavailable", _("page not available")

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, primary_key=True, related_name="presence")
    state = models.CharField(max_length=20, choices=State, default=State.EXACT)
    since = models.DateTimeField()
    last_exact_at = models.DateTimeField()
    misses = models.PositiveIntegerField(default=0, help_text="Good readings in a row without the quote.")
    missed_since = models.DateTimeField(null=True, blank=True, help_text="The first of those readings.")

    def __str__(self) -> str:
        return self.get_state_display()
