"""What a claim is read beside: a paper, a trial, a regulator's page."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinics.models.claim import Claim
from clinics.models.history import tracked
from clinics.models.page import Page


@tracked
class ClaimReference(models.Model):
    """One reference of one claim: by its number, or a page by its address."""

    class Kind(models.TextChoices):
        PMID = "pmid", _("PubMed (PMID)")
        DOI = "doi", _("DOI")
        NCT = "nct", _("ClinicalTrials.gov (NCT)")
        PAGE = "page", _("a regulator's page")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="references")
    kind = models.CharField(max_length=10, choices=Kind)
    identifier = models.CharField(max_length=200, blank=True)
    page = models.ForeignKey(Page, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    title = models.CharField(max_length=300, blank=True, help_text="The title of the paper, trial or page.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    added_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["claim_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="page", page__isnull=False, identifier="")
                | ~Q(kind="page") & ~Q(identifier="") & Q(page=None),
                name="a_reference_is_a_number_or_a_page",
            ),
            models.UniqueConstraint(
                fields=["claim", "kind", "identifier"],
                condition=~Q(identifier=""),
                name="a_number_is_referred_to_once_by_a_claim",
            ),
            models.UniqueConstraint(
                fields=["claim", "page"], condition=Q(page__isnull=False), name="a_page_is_referred_to_once_by_a_claim"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind.upper()} {self.identifier}" if self.identifier else str(self.page)
