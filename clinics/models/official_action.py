"""What a regulator, a court or a board did, as its document says."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinics.models.clinic import Clinic, new_public_id
from clinics.models.history import tracked
from clinics.models.merging import moves_by_merging
from clinics.models.organisation import Organisation
from clinics.models.page import Page
from clinics.models.practitioner import Practitioner
from clinics.models.sealed import Sealed
from clinics.models.search_document import kept_in_documents


class OfficialActionQuerySet(models.QuerySet["OfficialAction"]):
    def published(self) -> Self:
        """Actions that two people have put before the public."""
        return self.filter(state=OfficialAction.State.PUBLISHED)

    def withdrawn(self) -> Self:
        """Actions that were public once: their tombstones stay."""
        return self.filter(state=OfficialAction.State.WITHDRAWN, published_at__isnull=False)

    def unmatched(self) -> Self:
        """Actions of which nobody has said yet which clinic they concern."""
        return self.filter(clinic=None, state=OfficialAction.State.DRAFT)


@tracked
class OfficialAction(models.Model):
    """One document about one clinic. To whom it is addressed stands as the document names it; who matched that, too."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        AWAITING_SECOND = "awaiting_second", _("awaiting a second person")
        PUBLISHED = "published", _("published")
        HELD = "held", _("held")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Kind(models.TextChoices):
        WARNING_LETTER = "warning_letter", _("warning letter")
        UNTITLED_LETTER = "untitled_letter", _("untitled letter")
        ATTENTION_LETTER = "attention_letter", _("“it has come to our attention” letter")
        INJUNCTION = "injunction", _("injunction")
        CONSENT_DECREE = "consent_decree", _("consent decree")
        COURT_ORDER = "court_order", _("court order or judgment")
        COMPLAINT = "complaint", _("complaint filed in court")
        SETTLEMENT = "settlement", _("settlement")
        SEIZURE = "seizure", _("seizure")
        BOARD_ACTION = "board_action", _("action of a licensing board")
        OTHER = "other", _("other official act")

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    agency = models.CharField(max_length=200, help_text="Who acted, such as “FDA, Center for Biologics”, or the court.")
    kind = models.CharField(max_length=20, choices=Kind)
    acted_on = models.DateField("date of the document")
    title = models.CharField(max_length=300, help_text="The document's own title or subject line.")
    quote = models.TextField(
        blank=True, max_length=1000, help_text="What the document says, word for word: a few sentences at most."
    )
    link = models.ForeignKey(
        Page, on_delete=models.PROTECT, null=True, blank=True, related_name="official_actions", editable=False
    )
    addressee = models.CharField(max_length=300, help_text="To whom it is addressed, exactly as the document says.")
    addressee_state = models.CharField("state of the addressee", max_length=2, blank=True, help_text="Such as FL.")
    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, null=True, blank=True, related_name="official_actions", editable=False
    )
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, blank=True, related_name="official_actions", editable=False
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="official_actions", editable=False
    )
    matched_how = models.CharField(max_length=300, blank=True, editable=False)
    matched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    matched_at = models.DateTimeField(null=True, blank=True, editable=False)
    notes = models.TextField("internal notes", blank=True)
    import_key = models.CharField(
        max_length=64, null=True, unique=True, editable=False, help_text="By which an imported row is known again."
    )
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT, editable=False)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    drafted_at = models.DateTimeField(editable=False)
    first_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    second_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    public_from = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Signed twice: public at this time, unless it is taken back."
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_because = models.CharField("reason of hold or withdrawal", max_length=300, blank=True, editable=False)

    objects = OfficialActionQuerySet.as_manager()

    class Meta:
        ordering = ["-acted_on", "-pk"]
        indexes = [
            models.Index(fields=["state", "-acted_on"], name="action_by_state_and_day"),
            models.Index(fields=["public_from"], condition=Q(public_from__isnull=False), name="action_soon_public"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(addressee="") & ~Q(agency=""), name="an_action_says_who_to_whom_and_what"
            ),
            models.CheckConstraint(
                condition=Q(clinic=None) | Q(matched_by__isnull=False, matched_at__isnull=False) & ~Q(matched_how=""),
                name="an_action_is_matched_by_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "awaiting_second"])
                | Q(clinic__isnull=False, link__isnull=False, first_signed_by__isnull=False),
                name="a_signed_action_is_matched_and_linked",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(first_signed_by__isnull=False, second_signed_by__isnull=False, published_at__isnull=False)
                & ~Q(second_signed_by=F("first_signed_by")),
                name="an_action_is_published_by_two",
            ),
            models.CheckConstraint(
                condition=Q(public_from=None) | Q(second_signed_by__isnull=False, state="awaiting_second"),
                name="an_action_soon_public_is_signed_twice",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "withdrawn"]) | Q(ended_at__isnull=False) & ~Q(ended_because=""),
                name="an_ended_action_has_a_date_and_a_reason",
            ),
            models.UniqueConstraint(
                fields=["clinic", "link"],
                condition=Q(clinic__isnull=False, link__isnull=False) & ~Q(state="withdrawn"),
                name="one_living_action_per_document_and_clinic",
            ),
        ]
        triggers = [
            *kept_in_documents("", where="r.state IN ('published', 'withdrawn')"),
            pgtrigger.Protect(
                name="published_action_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__published_at__isnull=False)
                & (
                    pgtrigger.Q(old__agency__df=pgtrigger.F("new__agency"))
                    | pgtrigger.Q(old__kind__df=pgtrigger.F("new__kind"))
                    | pgtrigger.Q(old__acted_on__df=pgtrigger.F("new__acted_on"))
                    | pgtrigger.Q(old__title__df=pgtrigger.F("new__title"))
                    | pgtrigger.Q(old__quote__df=pgtrigger.F("new__quote"))
                    | pgtrigger.Q(old__link__df=pgtrigger.F("new__link"))
                    | pgtrigger.Q(old__addressee__df=pgtrigger.F("new__addressee"))
                ),
            ),
            moves_by_merging(
                "published_action_moves_by_merging",
                pgtrigger.Q(old__published_at__isnull=False) & pgtrigger.Q(old__clinic__df=pgtrigger.F("new__clinic")),
            ),
            pgtrigger.Protect(
                name="published_action_never_removed",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.acted_on}: {self.addressee}"[:120]


@tracked
class ActionOutcome(models.Model):
    """What became of an official action later. Public once a second person has confirmed it."""

    class Kind(models.TextChoices):
        CLOSE_OUT_LETTER = "close_out_letter", _("close-out letter")
        RESPONSE = "response", _("response published by the agency")
        APPEAL = "appeal", _("appeal filed")
        UPHELD = "upheld", _("upheld")
        REVERSED = "reversed", _("reversed or set aside")
        LIFTED = "lifted", _("ended or lifted")
        OTHER = "other", _("other outcome")

    action = models.ForeignKey(OfficialAction, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=20, choices=Kind)
    dated = models.DateField("date of the outcome")
    title = models.CharField(max_length=300, blank=True, help_text="The later document's own title.")
    link = models.ForeignKey(Page, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["action_id", "dated", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("recorded_by")),
                name="an_outcome_is_confirmed_by_another_person",
            ),
        ]
        triggers = [
            *kept_in_documents(
                "JOIN clinics_officialaction o ON o.id = r.action_id",
                clinic="o.clinic_id",
                where="r.confirmed_at IS NOT NULL AND o.state = 'published'",
            ),
            pgtrigger.Protect(
                name="confirmed_outcome_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.dated}"


class ActionVersion(Sealed):
    """An official action as it was published, frozen, with the two people who answer for it."""

    action = models.ForeignKey(OfficialAction, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content in canonical JSON.")
    published_at = models.DateTimeField()
    first_signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second_signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    SEALED = ("action_id", "number", "content", "digest", "published_at", "first_signed_by_id", "second_signed_by_id")
    DATED = "published_at"

    class Meta:
        ordering = ["action_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["action", "number"], name="versions_of_an_action_are_numbered"),
            models.CheckConstraint(
                condition=~Q(first_signed_by=F("second_signed_by")), name="two_people_answer_for_an_action"
            ),
        ]
        triggers = [pgtrigger.Protect(name="action_version_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"version {self.number}"
