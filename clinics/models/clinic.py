"""Who offers treatments: the clinic as staff record it."""

import secrets
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinics.models.history import tracked
from clinics.models.page import Page, PageUse
from clinics.models.search_document import kept_in_documents

PUBLIC_ID_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that are misread for one another


def new_public_id() -> str:
    """A name for public addresses that says nothing and is never given twice."""
    return "".join(secrets.choice(PUBLIC_ID_LETTERS) for _ in range(10))


class ClinicQuerySet(models.QuerySet["Clinic"]):
    def listed(self) -> Self:
        """Clinics that a person has put into the public directory."""
        return self.filter(status=Clinic.Status.LISTED)

    def with_public_page(self) -> Self:
        """Clinics whose public address answers: listed ones, and those with a public end (closed, removed by us)."""
        return self.exclude(status__in=[Clinic.Status.DRAFT, Clinic.Status.HELD, Clinic.Status.MERGED])

    def living(self) -> Self:
        """Clinics that are not merged into another record."""
        return self.exclude(status=Clinic.Status.MERGED)

    def of_person(self, user_id: int) -> Self:
        """Clinics that the person recorded, or that are assigned to her."""
        return self.living().filter(Q(recorded_by=user_id) | Q(assigned_to=user_id))

    def using_as_clinic_page(self, page: Page) -> Self:
        """Clinics for which words on the page are their own words."""
        return self.filter(page_uses__page=page, page_uses__purpose=PageUse.Purpose.CLINIC_PAGE)


@tracked
class Clinic(models.Model):
    """A business that offers regenerative treatments, under one stable public name."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        LISTED = "listed", _("Listed")
        CLOSED = "closed", _("Reported closed")
        NOT_OFFERING = "not_offering", _("No regenerative treatment offered")
        HELD = "held", _("Held")
        DELISTED = "delisted", _("Removed by us")
        MERGED = "merged", _("Merged into another record")

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=200)
    other_names = models.CharField(max_length=400, blank=True, help_text="Trade names and former names, with commas.")
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    status_since = models.DateField(null=True, blank=True, editable=False)
    status_reason = models.CharField(max_length=300, blank=True, editable=False)
    website = models.ForeignKey(
        Page, on_delete=models.PROTECT, null=True, blank=True, related_name="website_of", editable=False
    )
    languages = ArrayField(
        models.CharField(max_length=12), default=list, blank=True, help_text="Languages spoken, as keys: en, es."
    )
    serves_us_patients = models.BooleanField("serves patients from the US", default=True)
    notes = models.TextField("internal notes", blank=True, help_text="Never public.")
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who looks after it: it stands in this person's “My clinics today”.",
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_records", editable=False
    )

    objects = ClinicQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["status", "name"], name="clinic_by_status_and_name"),
            models.Index(fields=["name", "id"], name="clinic_by_name"),
            GinIndex(OpClass("name", name="gin_trgm_ops"), name="clinic_by_likeness_of_name"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_clinic_has_a_name"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(status_since__isnull=False), name="a_public_status_has_a_date"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["delisted", "held"]) | ~Q(status_reason=""),
                name="a_removal_or_hold_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | ~Q(status="merged") & Q(merged_into__isnull=True),
                name="a_merged_clinic_names_its_survivor",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")), name="no_clinic_is_its_own_survivor"
            ),
        ]
        triggers = kept_in_documents("", "name", "other_names", "status", "languages", clinic="r.id")

    def __str__(self) -> str:
        return self.name
