"""Companies behind clinics: who operates them, who processes the cells."""

from django.db import models
from django.db.models import F, Q

from clinics.models.clinic import Clinic
from clinics.models.history import tracked


@tracked
class Organisation(models.Model):
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, default="US")
    notes = models.TextField("internal notes", blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked
class OrganisationLink(models.Model):
    """What an organisation does for a clinic, and when."""

    class Relation(models.TextChoices):
        OPERATES = "operates", "operates"
        FORMERLY_OPERATED = "formerly_operated", "formerly operated"
        PROCESSES_CELLS = "processes_cells", "processes cells for"

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="organisation_links")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="clinic_links")
    relation = models.CharField(max_length=20, choices=Relation)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["clinic_id", "relation", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="a_link_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["clinic", "organisation", "relation", "since"],
                nulls_distinct=False,
                name="one_link_per_organisation_relation_and_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_relation_display()} {self.clinic}"
