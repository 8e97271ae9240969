"""What is offered."""

from django.db import models

from clinics.models.clinic import Clinic
from clinics.models.history import tracked
from clinics.models.organisation import Organisation
from clinics.models.search_document import kept_in_documents
from clinics.models.term import Term, is_of_kind, one_of


@tracked
class Treatment(models.Model):
    """One offer: a product by a route for a condition. Empty means not recorded; the words “not stated on the pages
    read” are terms of their own."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="treatments")
    name = models.CharField(max_length=200, help_text="As the clinic calls it.")
    product = models.CharField(max_length=200, blank=True)
    condition = one_of(Term.Kind.CONDITION)
    cell_source = one_of(Term.Kind.CELL_SOURCE)
    origin = one_of(Term.Kind.ORIGIN)
    route = one_of(Term.Kind.ROUTE)
    posture = one_of(
        Term.Kind.POSTURE, verbose_name="regulatory posture", help_text="The regulatory footing the clinic asserts."
    )
    evidence = one_of(Term.Kind.EVIDENCE, verbose_name="evidence cited")
    laboratory = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="laboratory_of"
    )
    price_stated = models.CharField(max_length=120, blank=True, help_text="As stated, with currency.")

    class Meta:
        ordering = ["clinic_id", "pk"]
        constraints = [
            is_of_kind(kind.value, kind.value, "treatment")
            for kind in (
                Term.Kind.CONDITION,
                Term.Kind.CELL_SOURCE,
                Term.Kind.ORIGIN,
                Term.Kind.ROUTE,
                Term.Kind.POSTURE,
                Term.Kind.EVIDENCE,
            )
        ]
        triggers = kept_in_documents("")

    def __str__(self) -> str:
        return self.name
