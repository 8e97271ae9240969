"""A wording of a clinic that a person is to decide on, once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Power

from clinics.domain.category import NAMES
from clinics.domain.presence import Presence
from clinics.domain.rule import Severity, Stance
from clinics.domain.urgency import NOVELTY, PRIOR, time_to_decide
from clinics.models.clinic import Clinic
from clinics.models.history import tracked_but
from clinics.models.page import Page
from clinics.models.rule import Rule
from clinics.models.snapshot import Snapshot

SEVERITIES: Final = [(level.value, level.name.lower()) for level in Severity]


class Cause(models.TextChoices):
    """Whose change made a wording appear. A change of ours is never told as a change of theirs."""

    FIRST_READING = "first_reading", "first reading"
    PAGE_CHANGED = "page_changed", "the page changed"
    RULE_CHANGED = "rule_changed", "our rule changed"
    EXTRACTOR_CHANGED = "extractor_changed", "our reading changed"


class FlagQuerySet(models.QuerySet["Flag"]):
    def to_decide(self, now: datetime) -> Self:
        """Flags that wait for a person: open ones, and deferred ones whose date has come."""
        waits = Q(state=Flag.State.OPEN) | Q(state=Flag.State.DEFERRED, deferred_until__lte=now)
        return self.living().filter(waits, state__in=[Flag.State.OPEN, Flag.State.DEFERRED])  # as its index says

    def living(self) -> Self:
        """Flags that were not joined with another clinic's flag of the same wording when the clinics were merged."""
        return self.filter(joined_into__isnull=True)

    def of_sentences(self) -> Self:
        """Flags of sentences: a page rule's subject is its key, which is no wording."""
        return self.exclude(rule__kind=Rule.Kind.PAGE)

    def suggested(self) -> Self:
        """Flags that the second reader alone suggests."""
        return self.filter(rule__kind=Rule.Kind.READER)

    def by_rules(self) -> Self:
        """Flags that a rule raises."""
        return self.exclude(rule__kind=Rule.Kind.READER)

    def first_readings(self) -> Self:
        """Flags of what a page said when we first came: a clinic's make one dossier."""
        return self.filter(cause=Cause.FIRST_READING)

    def later_changes(self) -> Self:
        """Flags that came after a page's first reading."""
        return self.exclude(cause=Cause.FIRST_READING)

    def overdue(self, now: datetime) -> Self:
        """Open flags that have waited longer than their severity allows."""
        late = Q(pk__in=[])
        for severity in Severity:
            late |= Q(severity=severity, raised_at__lt=now - time_to_decide(severity))
        return self.living().filter(late, state=Flag.State.OPEN)

    def by_rank(self) -> Self:
        """Harm × novelty × precision; among equals what the second reader is surer of, then the oldest."""
        return self.order_by("-rank", "-share", "raised_at", "pk")


RANK: Final = (
    Power(2.0, F("severity"))
    * F("precision")
    * Case(
        *(When(cause=cause, then=Value(novelty)) for cause, novelty in NOVELTY.items()),
        output_field=models.FloatField(),
    )
)


@tracked_but("precision", "rank")
class Flag(models.Model):
    """Clinic + subject, unique. The subject is a normalised sentence, or a page rule's key."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        DEFERRED = "deferred", "deferred"
        CONFIRMED = "confirmed", "confirmed: the clinic makes this statement"
        DISMISSED = "dismissed", "dismissed"

    class Dismissal(models.TextChoices):
        DENIED = "denied", "the clinic denies or disclaims it"
        QUESTION = "question", "it is a question"
        REPORTED = "reported", "it reports what others say"
        TRUE = "true", "it is true"
        OTHER_MEANING = "other_meaning", "the words mean something else here"
        NOT_THIS_CLINIC = "not_this_clinic", "it is not about this clinic"
        MISREAD = "misread", "we misread the page"
        DUPLICATE = "duplicate", "already decided under another wording"
        TRIVIAL = "trivial", "too small to matter"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="flags")
    subject = models.CharField(max_length=80, editable=False)
    sentence = models.TextField(help_text="The wording as it was last read.")
    evidence = models.TextField(blank=True, help_text="For a rule about a page: what was looked at.")
    category = models.CharField(max_length=40, choices=list(NAMES.items()))
    severity = models.PositiveSmallIntegerField(choices=SEVERITIES)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+", help_text="The gravest of its rules.")
    share = models.FloatField(default=0.0, help_text="How sure the second reader is of a claim, 0 to 1; 0 unread.")
    cause = models.CharField(max_length=20, choices=Cause)
    precision = models.FloatField(default=PRIOR, editable=False, help_text="How often its rule was right, 0 to 1.")
    rank = models.GeneratedField(expression=RANK, output_field=models.FloatField(), db_persist=True)
    raised_at = models.DateTimeField()
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    presence = models.CharField(max_length=20, choices=[(p.value, p.value) for p in Presence], default=Presence.PRESENT)
    presence_since = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    dismissed_as = models.CharField(max_length=20, choices=Dismissal, blank=True)
    deferred_until = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reopened_because = models.CharField(max_length=200, blank=True)
    joined_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined", editable=False
    )

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["-rank", "-share", "raised_at", "pk"]
        indexes = [
            models.Index(fields=["-rank", "-share", "raised_at", "id"], name="flag_in_order"),
            models.Index(
                fields=["-rank", "-share", "raised_at", "id"],
                condition=Q(state__in=["open", "deferred"]),
                name="flag_that_waits",
            ),
            models.Index(
                fields=["-rank", "-share", "raised_at", "id"],
                condition=Q(state__in=["open", "deferred"], cause="first_reading"),
                name="first_reading_that_waits",
            ),
            models.Index(fields=["severity", "raised_at"], condition=Q(state="open"), name="flag_by_age"),
            models.Index(
                fields=["subject"],
                include=["state", "deferred_until", "joined_into", "rule"],
                condition=Q(state__in=["open", "deferred"]),
                name="flag_wording_that_waits",
            ),
            models.Index(
                fields=["clinic"],
                include=["state", "deferred_until", "joined_into", "rule"],
                condition=Q(state__in=["open", "deferred"], cause="first_reading"),
                name="flag_of_a_dossier",
            ),
            models.Index(fields=["subject"], name="flag_by_wording"),
            models.Index(
                fields=["category", "-decided_at"], condition=Q(decided_at__isnull=False), name="flag_decided_lately"
            ),
            models.Index(fields=["clinic", "state"], name="flag_by_clinic_and_state"),
            models.Index(
                fields=["raised_at"],
                include=["state", "deferred_until", "rule"],
                condition=Q(state__in=["open", "deferred"], joined_into__isnull=True),
                name="flag_waiting_by_age",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "subject"], name="one_flag_per_clinic_and_wording"),
            models.CheckConstraint(
                condition=Q(state="dismissed", dismissed_as__gt="") | ~Q(state="dismissed") & Q(dismissed_as=""),
                name="a_dismissal_says_as_what",
            ),
            models.CheckConstraint(
                condition=Q(state="deferred", deferred_until__isnull=False)
                | ~Q(state="deferred") & Q(deferred_until__isnull=True),
                name="a_deferral_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="a_decision_has_a_person_and_a_date",
            ),
            models.CheckConstraint(
                condition=Q(joined_into__isnull=True) | ~Q(joined_into=F("pk")), name="no_flag_is_joined_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.wording[:80]

    @property
    def wording(self) -> str:
        """What it is about: the sentence; for a rule about a whole site its key, and the words that it found."""
        return f"{self.sentence}: “{self.evidence}”" if self.evidence else self.sentence

    def waits(self, now: datetime) -> bool:
        """Whether it waits for a person, as `to_decide` asks of many."""
        if self.state == Flag.State.DEFERRED:
            return self.deferred_until is not None and self.deferred_until <= now
        return self.state == Flag.State.OPEN

    @property
    def due_at(self) -> datetime:
        """By when it should be decided."""
        return self.raised_at + time_to_decide(self.severity)

    @property
    def joined_keys(self) -> list[int]:
        """The keys of this flag and of those that mergers have joined with it, the living one first."""
        living = self.joined_into_id or self.pk
        return [living, *Flag.objects.filter(joined_into=living).order_by("pk").values_list("pk", flat=True)]

    @property
    def is_critical(self) -> bool:
        """Whether publishing a claim on it needs a second person."""
        return self.severity >= Severity.CRITICAL


class FindingQuerySet(models.QuerySet["Finding"]):
    def decided(self) -> Self:
        """Findings on flags that a person confirmed or dismissed."""
        return self.filter(flag__state__in=[Flag.State.CONFIRMED, Flag.State.DISMISSED])

    def of_present_version(self) -> Self:
        """Findings of rules as they stand, not of an earlier version."""
        return self.filter(rule_version=F("rule__version"))


class Finding(models.Model):
    """A rule that matched a flag's sentence: five rules on one sentence are one flag with five findings."""

    flag = models.ForeignKey(Flag, on_delete=models.CASCADE, related_name="findings")
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="findings")
    rule_version = models.PositiveIntegerField()
    stance = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Stance])
    severity = models.PositiveSmallIntegerField(choices=SEVERITIES)
    words = models.TextField(help_text="The words that matched, as they stand on the page.")
    reason = models.CharField(max_length=300, help_text="Why it was taken as a claim.")
    found_at = models.DateTimeField()

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["flag_id", "-severity", "pk"]
        constraints = [models.UniqueConstraint(fields=["flag", "rule"], name="one_finding_per_flag_and_rule")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.words[:60]}"


class Variant(models.Model):
    """A small edit of a flag's sentence, kept with the flag so that the decision holds."""

    flag = models.ForeignKey(Flag, on_delete=models.CASCADE, related_name="variants")
    sentence = models.TextField()
    sentence_digest = models.BigIntegerField()
    first_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["flag_id", "first_seen_at"]
        constraints = [models.UniqueConstraint(fields=["flag", "sentence_digest"], name="one_variant_per_wording")]

    def __str__(self) -> str:
        return self.sentence[:80]


class Sighting(models.Model):
    """On which page and surface a flag's sentence stood, from when to when, and why we came to see it."""

    flag = models.ForeignKey(Flag, on_delete=models.CASCADE, related_name="sightings")
    page = models.ForeignKey(Page, on_delete=models.PROTECT, null=True, blank=True, related_name="sightings")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="sightings")
    surface = models.CharField(max_length=20)
    document_page = models.PositiveIntegerField(null=True, blank=True)
    digest = models.BigIntegerField(help_text="Of the sentence with what governs it.")
    sentence = models.TextField()
    block = models.TextField(help_text="The piece of text around the sentence.")
    governors = models.JSONField(default=list)
    cause = models.CharField(max_length=20, choices=Cause)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    presence = models.CharField(max_length=20, choices=[(p.value, p.value) for p in Presence], default=Presence.PRESENT)
    presence_since = models.DateTimeField()
    presence_before = models.CharField(max_length=20, blank=True, help_text="The presence that unavailability broke.")
    misses = models.PositiveIntegerField(default=0, help_text="Good readings in a row without it.")
    missed_since = models.DateTimeField(null=True, blank=True)
    gones = models.PositiveIntegerField(default=0, help_text="Attempts in a row that found no page.")
    gone_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["flag_id", "first_seen_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["flag", "page"], condition=Q(page__isnull=False), name="one_sighting_per_flag_and_page"
            ),
            models.UniqueConstraint(
                fields=["flag", "snapshot"], condition=Q(page__isnull=True), name="one_sighting_per_flag_and_capture"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page or self.snapshot} ({self.surface})"


def newest_of(sightings: Iterable[Sighting]) -> Sighting | None:
    """The sighting that was seen last; None where there are none."""
    return max(sightings, key=lambda sighting: sighting.last_seen_at, default=None)
