"""One attempt to read a page. Append-only, partitioned by month, shown through its page."""

from typing import Self

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from clinics.domain.outcome import Outcome
from clinics.models.page import Page
from clinics.models.sealed import Sealed


class CheckQuerySet(models.QuerySet["Check"]):
    def of(self, page: Page) -> Self:
        """The attempts on one page, newest first."""
        return self.filter(page=page).order_by("-started_at")

    def observations(self) -> Self:
        """Attempts that really read the page."""
        return self.filter(outcome__in=[Outcome.OK, Outcome.UNCHANGED])


class Check(Sealed):
    """What came of one attempt. The table is partitioned by `started_at`; nothing refers to it by foreign key."""

    pk = models.CompositePrimaryKey("started_at", "id")
    id = models.UUIDField()
    started_at = models.DateTimeField()
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="checks")
    outcome = models.CharField(max_length=20, choices=[(o.value, o.value) for o in Outcome])
    reason = models.CharField(max_length=300, blank=True)
    status = models.PositiveSmallIntegerField(default=0)
    final_url = models.CharField(max_length=2000, blank=True)
    peer = models.CharField(max_length=60, blank=True)
    robots = models.CharField(max_length=20, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0)
    new_sentences = models.PositiveIntegerField(default=0)
    text_digest = models.CharField(max_length=32, blank=True)
    evidence = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the kept exchange, if it was kept.")
    ruleset_version = models.CharField(max_length=32, blank=True)
    extractor_version = models.CharField(max_length=32, blank=True)

    SEALED = (
        "started_at",
        "id",
        "page_id",
        "outcome",
        "reason",
        "status",
        "final_url",
        "peer",
        "robots",
        "milliseconds",
        "size",
        "new_sentences",
        "text_digest",
        "evidence",
        "ruleset_version",
        "extractor_version",
    )
    DATED = "started_at"

    objects = CheckQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["page", "-started_at"], name="check_by_page_and_time"),
            BrinIndex(fields=["sealing_number"], autosummarize=True, name="check_by_sealing_number"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {self.outcome}"
