"""Products that a regulator has licensed, approved or cleared, so that true statements about them stay quiet."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from clinics.domain import approved as domain
from clinics.domain.rule import Citation
from clinics.models.history import tracked
from clinics.models.shipped import FollowsShipped


class ApprovedProductQuerySet(models.QuerySet["ApprovedProduct"]):
    def active(self) -> Self:
        """Products whose true statements are not flagged."""
        return self.filter(active=True)


def _lines(**options: Any) -> ArrayField:
    return ArrayField(models.TextField(), default=list, **options)


@tracked
class ApprovedProduct(FollowsShipped):
    """One product, or one generic name with its licensed uses. Saved only through `operations.approved_products`."""

    class Kind(models.TextChoices):
        CELL_OR_GENE_THERAPY = "cell_or_gene_therapy", "licensed cell or gene therapy"
        CORD_BLOOD = "cord_blood", "cord blood for haematopoietic reconstitution"
        DRUG_CLASS = "drug_class", "class of licensed products"
        CLEARED_DEVICE = "cleared_device", "cleared device"
        OTHER_MEDICINE = "other_medicine", "vaccine or medicine"

    key = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=30, choices=Kind)
    active = models.BooleanField(default=True)
    names = _lines(help_text="RE2 for whole words, one a line: the names by which sentences call it.")
    uses = _lines(help_text="RE2, one a line: the approved use, as sentences put it.")
    people = _lines(blank=True, help_text="RE2, one a line: for whom it is approved, as sentences put it.")
    alone = models.BooleanField(
        "true without its use", default=False, help_text="Whether “X is approved” is true without saying for what."
    )
    indication = models.CharField(max_length=300, help_text="The approved use in words, as given as the reason.")
    licensed_on = models.DateField("approved or cleared on", null=True, blank=True, help_text="Empty: not verified.")
    source_title = models.CharField(max_length=300)
    source_url = models.URLField("source URL", max_length=500)
    source_date = models.DateField("source read on")
    note = models.TextField("remarks", blank=True)
    must = _lines(blank=True, help_text="True statements about it, one a line: they are tried out before saving.")
    must_not = _lines(blank=True, help_text="Sentences like them that say something else, one a line.")

    objects = ApprovedProductQuerySet.as_manager()

    SHIPPED_FIELDS = (
        *("title", "kind", "names", "uses", "people", "alone", "indication", "licensed_on"),
        *("source_title", "source_url", "source_date", "note", "must", "must_not"),
    )

    class Meta:
        ordering = ["kind", "title"]
        constraints = [
            models.CheckConstraint(condition=~Q(names=[]) & ~Q(uses=[]), name="an_approved_product_has_names_and_uses"),
            models.CheckConstraint(condition=~Q(source_url=""), name="an_approved_product_has_a_source"),
        ]

    def __str__(self) -> str:
        return self.title

    def as_domain(self) -> domain.ApprovedProduct:
        """The product as the domain reads it."""
        return domain.ApprovedProduct(
            key=self.key,
            title=self.title,
            kind=domain.Kind(self.kind),
            names=tuple(self.names),
            uses=tuple(self.uses),
            people=tuple(self.people),
            indication=self.indication,
            source=Citation(self.source_title, self.source_url, self.source_date.isoformat()),
            alone=self.alone,
            must=tuple(self.must),
            must_not=tuple(self.must_not),
        )
