"""One wording on several clinics: decided together, each clinic's flag by a decision of its own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet

from clinics.domain.rule import Severity
from clinics.models import Claim, Decision, Flag, SharedWording
from clinics.models.flag import FlagQuerySet
from clinics.operations import triage
from clinics.operations.refusal import Refusal

TOGETHER: Final = 200  # flags that one decision may take
LEAST: Final = 2  # clinics that make a cluster
MOST_LISTED: Final = 1000  # wordings that can be reached by turning pages


@dataclass(frozen=True, slots=True)
class Cluster:
    """A wording of several clinics: of how many, and how their flags are decided."""

    subject: str
    sentence: str
    category: str
    severity: str
    clinics: int
    waiting: int
    confirmed: int
    dismissed: int


def _of_sentences() -> FlagQuerySet:
    return Flag.objects.living().of_sentences().order_by()


def count_wordings(now: datetime) -> int:
    """Count the wordings that wait on several clinics, and keep it: pages can't count half a million flags.

    How many there are. Safe to run twice and at once.
    """
    waiting = _waiting(now).annotate(severity=Max("severity"), waiting=Count("pk")).filter(waiting__gte=LEAST)
    found = [SharedWording(**row, counted_at=now) for row in waiting.order_by("subject")]
    with transaction.atomic():
        SharedWording.objects.bulk_create(
            found,
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["subject"],
            update_fields=["severity", "waiting", "counted_at"],
        )
        SharedWording.objects.filter(counted_at__lt=now).delete()
    return len(found)


def _waiting(now: datetime) -> QuerySet[Flag, Any]:
    return _of_sentences().to_decide(now).values("subject")


@dataclass(frozen=True, slots=True)
class Shared:
    """A wording that waits on several clinics: how grave it is at most, and on how many it waits."""

    subject: str
    sentence: str
    severity: Severity
    waiting: int


@dataclass(frozen=True, slots=True)
class Clusters:
    """Wordings that waited on several clinics when they were last counted, and still do.

    The gravest first, then those that wait most often.
    """

    now: datetime

    def count(self) -> int:
        """How many there were, as far as pages are turned."""
        return min(number_of_clusters(MOST_LISTED), MOST_LISTED)

    def __getitem__(self, window: slice) -> list[Shared]:
        subjects = list(SharedWording.objects.values_list("subject", flat=True)[window])
        counted = _waiting(self.now).filter(subject__in=subjects)
        rows = counted.annotate(sentence=Min("sentence"), severity=Max("severity"), waiting=Count("pk"))
        found = {row["subject"]: Shared(**row | {"severity": Severity(row["severity"])}) for row in rows}
        return [found[subject] for subject in subjects if subject in found and found[subject].waiting >= LEAST]


def number_of_clusters(most: int) -> int:
    """How many wordings waited on several clinics when they were last counted, counted up to one more than `most`."""
    return SharedWording.objects.all()[: most + 1].count()


def members(subject: str) -> QuerySet[Flag]:
    """The flags of a cluster, with their clinics; what waits comes first."""
    flags = _of_sentences().filter(subject=subject).select_related("clinic", "rule", "decided_by")
    return flags.order_by("decided_at", "clinic__name", "pk")


def cluster_of(subject: str, now: datetime) -> Cluster | None:
    """The cluster of a wording; None where fewer than two clinics say it."""
    flags = list(members(subject))
    if len({flag.clinic_id for flag in flags}) < LEAST:
        return None
    gravest = max(flags, key=lambda flag: flag.severity)
    waiting = [flag for flag in flags if flag.waits(now)]
    states = [flag.state for flag in flags]
    return Cluster(
        subject,
        gravest.sentence,
        gravest.get_category_display(),
        gravest.get_severity_display(),
        len({flag.clinic_id for flag in flags}),
        len(waiting),
        states.count(Flag.State.CONFIRMED),
        states.count(Flag.State.DISMISSED),
    )


@transaction.atomic
def dismiss_together(
    subject: str, chosen: Collection[int], *, dismissed_as: str, reason: str, by: User, now: datetime
) -> list[Flag]:
    """Dismiss the chosen flags of a cluster, all or none; one that nobody chose keeps waiting.

    Raises Refusal, naming the clinic, where one of them can't be dismissed.
    """
    scope = Decision.Scope.SAME_WORDING
    return [
        triage.dismiss(flag, dismissed_as=dismissed_as, reason=reason, by=by, now=now, scope=scope)
        for flag in _chosen(subject, chosen, now)
    ]


@transaction.atomic
def confirm_together(subject: str, chosen: Collection[int], *, reason: str, by: User, now: datetime) -> list[Claim]:
    """Confirm the chosen flags of a cluster, all or none: a draft each, to be published after its own context was read.

    Raises Refusal, naming the clinic, where one of them can't be confirmed.
    """
    scope = Decision.Scope.SAME_WORDING
    return [triage.confirm(flag, reason=reason, by=by, now=now, scope=scope) for flag in _chosen(subject, chosen, now)]


def _chosen(subject: str, chosen: Collection[int], now: datetime) -> list[Flag]:
    """The chosen flags in the order in which their clinics are locked. Raises Refusal."""
    if not chosen:
        raise Refusal("Choose at least one clinic.")
    if len(chosen) > TOGETHER:
        raise Refusal(f"At most {TOGETHER} at a time: choose fewer.")
    flags = list(members(subject).filter(pk__in=chosen).order_by("clinic_id", "pk"))
    if len(flags) != len(set(chosen)):
        raise Refusal("Some of the chosen flags are not of this wording any more. Look at it again.")
    decided = [flag for flag in flags if not flag.waits(now)]
    if decided:
        names = ", ".join(str(flag.clinic) for flag in decided)
        raise Refusal(f"Decided in the meantime, or put off: {names}. Look at it again.")
    return flags
