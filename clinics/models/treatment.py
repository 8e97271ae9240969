"""What is offered."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from clinics.models.clinic import Clinic
from clinics.models.history import tracked
from clinics.models.organisation import Organisation
from clinics.models.search_document import kept_in_documents
from clinics.models.term import Term, is_of_kind, one_of


@tracked
class Treatment(models.Model):
    """One offer: a product by a route for a condition. Empty means not recorded. That a person looked for it and it is
    not stated on the pages read is a term of its own; for what has no terms, its name is in `not_stated`."""

    class LookedFor(models.TextChoices):
        PRODUCT = "product", "product"
        LABORATORY = "laboratory", "laboratory"
        PRICE = "price_stated", "price"

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
    not_stated = ArrayField(
        models.CharField(max_length=12, choices=LookedFor),
        default=list,
        blank=True,
        verbose_name="looked for, and not stated on the pages read",
    )

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
        ] + [
            models.CheckConstraint(
                condition=Q(not_stated__contained_by=["product", "laboratory", "price_stated"]),
                name="only_what_has_no_terms_is_not_stated_by_name",
            ),
            models.CheckConstraint(
                condition=(~Q(not_stated__contains=["product"]) | Q(product=""))
                & (~Q(not_stated__contains=["laboratory"]) | Q(laboratory__isnull=True))
                & (~Q(not_stated__contains=["price_stated"]) | Q(price_stated="")),
                name="what_is_recorded_is_stated",
                violation_error_message="What is filled in is stated: empty the field, or take the tick away.",
            ),
        ]
        triggers = kept_in_documents("")

    def __str__(self) -> str:
        return self.name
