"""The people who treat."""

from django.db import models
from django.db.models import F, Q

from clinics.models.clinic import Clinic
from clinics.models.history import tracked
from clinics.models.search_document import kept_in_documents
from clinics.models.term import Term, is_of_kind, one_of


@tracked
class Practitioner(models.Model):
    name = models.CharField(max_length=200)
    provider = one_of(Term.Kind.PROVIDER)
    npi = models.CharField(
        "NPI", max_length=10, blank=True, help_text="Ten digits: an identifier, not a qualification."
    )
    notes = models.TextField("internal notes", blank=True)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["name", "-id"], name="practitioner_by_name")]
        constraints = [
            is_of_kind("provider", Term.Kind.PROVIDER, "practitioner"),
            models.CheckConstraint(condition=Q(npi="") | Q(npi__regex=r"^[12]\d{9}$"), name="an_npi_has_ten_digits"),
            models.UniqueConstraint(fields=["npi"], condition=~Q(npi=""), name="one_practitioner_per_npi"),
        ]
        triggers = kept_in_documents(
            "JOIN clinics_affiliation a ON a.practitioner_id = r.id", "name", "provider_id", "npi", clinic="a.clinic_id"
        )

    def __str__(self) -> str:
        return self.name


@tracked
class Affiliation(models.Model):
    """A practitioner named by a clinic, and when."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="affiliations")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="affiliations")
    role = models.CharField(max_length=120, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["clinic_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "practitioner"], name="one_affiliation_per_clinic_and_person"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="an_affiliation_ends_after_it_began",
            ),
        ]
        triggers = kept_in_documents("")

    def __str__(self) -> str:
        return f"{self.practitioner} at {self.clinic}"
