"""A URL that we read, and what the machine knows of it."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from clinics.domain.outcome import Outcome
from clinics.domain.schedule import interval
from clinics.models.history import tracked
from clinics.models.host import Host

WEEKLY = timedelta(days=7)
YEARLY = timedelta(days=366)


class PageQuerySet(models.QuerySet["Page"]):
    def due(self, now: datetime) -> Self:
        """Pages whose next reading is owed."""
        return self.filter(state__due_at__lte=now)

    def unread(self) -> Self:
        return self.filter(state__last_read_at__isnull=True)

    def only_by_script(self) -> Self:
        """Pages that have next to no text without their scripts, and no browser to run these."""
        return self.filter(state__outcome=Outcome.JS_ONLY, by_browser=False)

    def blocked(self) -> Self:
        """Pages whose last try met a wall, so that a person may want to look by hand."""
        return self.filter(state__outcome=Outcome.BLOCKED)


@tracked
class Page(models.Model):
    """One page of the web, once, whoever refers to it. Made only by `operations.recording.record_page`."""

    url = models.CharField("URL", max_length=2000, help_text="As it is fetched.")
    typed = models.CharField("as typed", max_length=2000, editable=False)
    identity = models.CharField(max_length=2000, unique=True, editable=False)
    host = models.ForeignKey(Host, on_delete=models.PROTECT, related_name="pages", editable=False)
    check_every = models.DurationField(
        default=WEEKLY, help_text="Time between two readings, such as “7 00:00:00” for a week."
    )
    check_fastest = models.DurationField(
        "read at most every",
        null=True,
        blank=True,
        help_text="A page that changes at every reading is read more often, down to this; empty: it is not.",
    )
    check_slowest = models.DurationField(
        "read at least every",
        null=True,
        blank=True,
        help_text="A page that never changes is read less often, up to this; empty: it is not.",
    )
    robots_override_reason = models.CharField(
        max_length=300, blank=True, help_text="Why this page is read although robots.txt asks not to; empty: it is not."
    )
    robots_override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_browser = models.BooleanField(
        "read by a browser",
        default=False,
        db_default=False,
        help_text="Its scripts are run before it is read; for pages that have next to no text without them.",
    )
    text_accepted_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When a person said that its changed text is the clinic's."
    )
    text_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["identity"]
        constraints = [
            models.CheckConstraint(
                condition=Q(check_every__gte=timedelta(seconds=1)), name="a_page_is_not_read_without_pause"
            ),
            models.CheckConstraint(condition=Q(check_every__lte=YEARLY), name="a_page_is_read_once_a_year_at_least"),
            models.CheckConstraint(
                condition=(Q(check_fastest__isnull=True) | Q(check_fastest__lte=F("check_every")))
                & (Q(check_slowest__isnull=True) | Q(check_slowest__gte=F("check_every"))),
                name="a_pages_usual_pause_lies_within_its_bounds",
                violation_error_message=(
                    "The usual time between two readings must lie between the shortest and the longest one."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(check_fastest__isnull=True) | Q(check_fastest__gte=timedelta(seconds=1)))
                & (Q(check_slowest__isnull=True) | Q(check_slowest__lte=YEARLY)),
                name="a_pages_bounds_lie_within_second_and_year",
                violation_error_message="A page is read at most once a second and once a year at least.",
            ),
            models.CheckConstraint(
                condition=Q(robots_override_reason="", robots_override_by__isnull=True)
                | (~Q(robots_override_reason="") & Q(robots_override_by__isnull=False)),
                name="a_robots_override_has_person_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(text_accepted_at__isnull=True, text_accepted_by__isnull=True)
                | Q(text_accepted_at__isnull=False, text_accepted_by__isnull=False),
                name="an_accepted_text_has_a_person_and_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def longest_pause(self) -> timedelta:
        """The longest time between two readings that staff allow."""
        return max(self.check_every, self.check_slowest or self.check_every)


class PageState(models.Model):
    """The machine's own columns for a page, kept apart so that a re-check is no edit."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="state")
    due_at = models.DateTimeField(db_index=True)
    last_tried_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True, choices=[(o.value, o.value) for o in Outcome])
    reason = models.CharField(max_length=300, blank=True)
    outcome_since = models.DateTimeField(null=True, blank=True, help_text="The first attempt in a row that ended so.")
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    steadiness = models.IntegerField(
        default=0, db_default=0, help_text="Good readings in a row without a change; negative: with one."
    )
    shrunk_since = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    validated_url = models.CharField(
        max_length=2000, blank=True, help_text="The address, after redirects, that these two came from."
    )
    by_browser = models.BooleanField(
        default=False, db_default=False, help_text="Whether a browser ran the page's scripts for the last reading."
    )
    text_digest = models.CharField(max_length=32, blank=True)
    body_digest = models.CharField(max_length=32, blank=True, help_text="Of the document that text was read from.")
    masked_digest = models.CharField(
        max_length=32,
        blank=True,
        db_default="",
        help_text="Of that text's sentences, without what changes by itself: dates, counters, tokens.",
    )
    snapshot = models.ForeignKey("Snapshot", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    said = models.BinaryField(default=bytes, help_text="Digests, eight bytes each, of every sentence ever read here.")
    marks = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        help_text="What page rules found in the newest text: `domain.page_rules.Marks`.",
    )
    ruleset_version = models.CharField(max_length=32, blank=True)
    extractor_version = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["outcome"], condition=Q(outcome__in=["blocked", "js_only"]), name="page_in_the_way")
        ]

    def __str__(self) -> str:
        return f"{self.outcome or 'not read yet'} ({self.page_id})"

    @property
    def interval(self) -> timedelta:
        """The time between two readings as it stands now."""
        return interval(self.page.check_every, self.page.check_fastest, self.page.check_slowest, self.steadiness)


class PageUseQuerySet(models.QuerySet["PageUse"]):
    def own_pages(self) -> Self:
        """Uses of a page as the clinic's own, through which alone it raises flags."""
        return self.filter(purpose=PageUse.Purpose.CLINIC_PAGE)


@tracked
class PageUse(models.Model):
    """Why a page is recorded: which clinic it belongs to or speaks about. Only clinic pages raise flags."""

    class Purpose(models.TextChoices):
        CLINIC_PAGE = "clinic_page", "clinic's own page"
        REGISTRY = "registry", "registry"
        EVIDENCE = "evidence", "evidence"
        OTHER = "other", "other"

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="uses")
    clinic = models.ForeignKey("Clinic", on_delete=models.CASCADE, related_name="page_uses")
    purpose = models.CharField(max_length=20, choices=Purpose, default=Purpose.CLINIC_PAGE)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=models.functions.Now(), editable=False)

    objects = PageUseQuerySet.as_manager()

    class Meta:
        ordering = ["clinic_id", "purpose", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "clinic", "purpose"], name="one_use_per_page_clinic_and_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.page} ({self.get_purpose_display()})"
