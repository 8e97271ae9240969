"""A page of a clinic's site that nobody recorded yet, proposed to staff by machine."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from clinics.models.clinic import Clinic
from clinics.models.history import tracked
from clinics.models.page import Page


class PageProposalQuerySet(models.QuerySet["PageProposal"]):
    def waiting(self) -> Self:
        """Proposals that nobody decided on."""
        return self.filter(state=PageProposal.State.PROPOSED)

    def likeliest_first(self) -> Self:
        """Those first that probably speak of treatments; among equals, those that wait longer."""
        return self.order_by("-likelihood", "first_seen_at", "pk")


@tracked
class PageProposal(models.Model):
    """An address that the clinic's own pages or its sitemap name. It is read only once a person has accepted it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "proposed"
        ACCEPTED = "accepted", "accepted: recorded as a page"
        DECLINED = "declined", "declined"

    class Source(models.TextChoices):
        LINK = "link", "link"
        SITEMAP = "sitemap", "sitemap"

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="page_proposals")
    url = models.CharField("URL", max_length=2000)
    identity = models.CharField(max_length=2000, editable=False)
    source = models.CharField(max_length=10, choices=Source)
    found_on = models.ForeignKey(
        Page, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The page that links to it."
    )
    sitemap = models.CharField(max_length=2000, blank=True, help_text="The sitemap that names it.")
    anchor = models.CharField("words of the link", max_length=200, blank=True)
    likelihood = models.SmallIntegerField(help_text="More points: its address and link speak more of treatments.")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    first_seen_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PageProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-likelihood", "first_seen_at", "pk"]
        indexes = [
            models.Index(
                fields=["-likelihood", "first_seen_at", "id"],
                condition=Q(state="proposed"),
                name="proposal_that_waits",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "identity"], name="one_proposal_per_clinic_and_page"),
            models.CheckConstraint(
                condition=Q(source="link", found_on__isnull=False, sitemap="")
                | (Q(source="sitemap", found_on__isnull=True) & ~Q(sitemap="")),
                name="a_proposal_says_where_it_was_found",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True, decided_by__isnull=True)
                | Q(state__in=["accepted", "declined"], decided_at__isnull=False, decided_by__isnull=False),
                name="a_decided_proposal_has_a_person_and_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.url
