"""What a state's law says of stem-cell therapies that the FDA has not approved."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from clinics.domain import regimes as domain
from clinics.models.history import tracked
from clinics.models.shipped import FollowsShipped


@tracked
class StateRegime(FollowsShipped):
    """One state's law, dated and sourced. Saved only through `operations.regimes`; it permits and never approves."""

    state = models.CharField(max_length=2, unique=True, help_text="Two letters, such as FL.")
    name = models.CharField("state's name", max_length=60)
    law = models.CharField(max_length=300, help_text="As staff are told of it.")
    citation = models.CharField(max_length=300, blank=True)
    source_url = models.URLField("source URL", max_length=500)
    effective_on = models.DateField("in force since", null=True, blank=True, help_text="Empty: not verified.")
    permits = models.TextField("what it permits", help_text="In neutral words.")
    notice_required = models.BooleanField(
        "asks for a notice", null=True, blank=True, help_text="Unknown until somebody has read the law."
    )
    notice_where = models.TextField("where the notice has to be", blank=True)
    notice_text = models.TextField("the notice's words", blank=True, help_text="Empty: not read yet.")
    notice_source = models.URLField("source of these words", max_length=500, blank=True)
    notice_parts = ArrayField(
        models.TextField(),
        default=list,
        blank=True,
        help_text="RE2, one a line: the notice is there where each of these is found on one page.",
    )
    verified = models.BooleanField(default=False, help_text="Somebody has read the law itself.")
    verified_on = models.DateField(null=True, blank=True)
    note = models.TextField("remarks", blank=True, help_text="What is not verified, and what to look out for.")

    SHIPPED_FIELDS = (
        *("name", "law", "citation", "source_url", "effective_on", "permits", "notice_required", "notice_where"),
        *("notice_text", "notice_source", "notice_parts", "verified", "verified_on", "note"),
    )

    class Meta:
        ordering = ["state"]
        constraints = [
            models.CheckConstraint(condition=Q(state__regex=r"^[A-Z]{2}$"), name="a_regime_names_its_state"),
            models.CheckConstraint(
                condition=Q(verified=False) | Q(verified_on__isnull=False), name="a_verified_regime_has_a_date"
            ),
            models.CheckConstraint(
                condition=Q(notice_required__isnull=True)
                | Q(notice_required=False)
                | (Q(verified=True, effective_on__isnull=False) & ~Q(notice_parts=[])),
                name="a_prescribed_notice_is_verified_dated_and_has_parts",
                violation_error_message=(
                    "A notice is looked for only where the law was read: tick “verified”, with the dates on which "
                    "it was read and came into force, and write down the notice's parts."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.law}"

    def as_domain(self) -> domain.StateRegime:
        """The regime as the domain reads it."""
        return domain.StateRegime(
            state=self.state,
            law=self.law,
            effective_on=self.effective_on,
            notice_required=self.notice_required,
            notice_parts=tuple(self.notice_parts),
            verified_on=self.verified_on,
        )
