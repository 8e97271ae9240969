"""The first readings of a clinic, decided together: the clearest words are quoted, the rest said to be the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef

from clinics.domain.rule import Severity
from clinics.models import Claim, Clinic, Decision, Flag
from clinics.models.flag import FlagQuerySet
from clinics.operations import triage
from clinics.operations.refusal import Refusal

MOST: Final = 200  # flags of one dossier that are decided together; those behind them come next
MOST_LISTED: Final = 1000  # clinics that can be reached by turning pages
FLAGS_A_CLINIC: Final = 8  # about as many of a clinic wait when it was first read
SAME: Final = "same"
LEAVE: Final = "leave"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says of one category: which flags to quote, which to leave, and what the rest of them is.

    `rest` is `LEAVE`, `SAME` (the same statement as what is quoted), or a Flag.Dismissal.
    """

    quoted: frozenset[int]
    left: frozenset[int]
    rest: str


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a dossier."""

    claims: Sequence[Claim]
    dismissed: int
    left: int


def waiting(now: datetime) -> FlagQuerySet:
    """Flags of first readings that wait."""
    return Flag.objects.to_decide(now).by_rules().first_readings()


@dataclass(frozen=True, slots=True)
class Dossier:
    """A clinic whose first readings wait: how many flags, and how grave the gravest is."""

    clinic: int
    name: str
    severity: Severity
    flags: int


@dataclass(frozen=True, slots=True)
class Dossiers:
    """Clinics whose first readings wait, in the order in which their foremost flag stands in the queue.

    Reads as far into the queue as the clinics asked for stand, however many flags wait behind them.
    """

    now: datetime

    def count(self) -> int:
        """How many there are, as far as pages are turned."""
        return min(number_of_dossiers(self.now, MOST_LISTED), MOST_LISTED)

    def __getitem__(self, window: slice) -> list[Dossier]:
        clinics = self._foremost(window.stop)[window.start :]
        rows = waiting(self.now).filter(clinic__in=clinics).order_by().values("clinic", "clinic__name")
        found = {row["clinic"]: row for row in rows.annotate(severity=Max("severity"), flags=Count("pk"))}
        shown = (found[clinic] for clinic in clinics if clinic in found)
        return [Dossier(row["clinic"], row["clinic__name"], Severity(row["severity"]), row["flags"]) for row in shown]

    def _foremost(self, wanted: int) -> list[int]:
        """The first clinics of the queue; fewer where fewer wait."""
        flags, queue = FLAGS_A_CLINIC * wanted, waiting(self.now).by_rank().values_list("clinic_id", flat=True)
        while True:
            read = list(queue[:flags])
            clinics = list(dict.fromkeys(read))
            if len(clinics) >= wanted or len(read) < flags:
                return clinics[:wanted]
            flags *= 4


def number_of_dossiers(now: datetime, most: int) -> int:
    """How many clinics have first readings that wait, counted up to one more than `most`."""
    clinics = Clinic.objects.filter(Exists(waiting(now).filter(clinic=OuterRef("pk")))).order_by("pk")
    return clinics[: most + 1].count()


def dossier_of(clinic: Clinic, now: datetime) -> dict[str, list[Flag]]:
    """The waiting first readings of a clinic by category, the gravest category first; at most `MOST` flags."""
    flags = waiting(now).filter(clinic=clinic).by_rank().prefetch_related("sightings__page", "findings__rule")[:MOST]
    found: dict[str, list[Flag]] = {}
    for flag in flags:
        found.setdefault(flag.category, []).append(flag)
    return found


@transaction.atomic
def decide_dossier(
    shown: Mapping[str, Sequence[Flag]],
    answers: Mapping[str, Answer],
    *,
    reason: str,
    by: User,
    now: datetime,
) -> Done:
    """Decide what was shown by category, all of it or none.

    Raises Refusal where somebody decided one of the flags meanwhile, or nothing was quoted that the rest could be the
    same as.
    """
    claims: list[Claim] = []
    dismissed = left = 0
    for category, flags in shown.items():
        answer = answers[category]
        quoted = [flag for flag in flags if flag.pk in answer.quoted]
        rest = [flag for flag in flags if flag.pk not in answer.quoted | answer.left]
        why = _why(category, answer.rest, quoted, reason)
        claims += [triage.confirm(flag, reason=reason, by=by, now=now) for flag in quoted]
        if answer.rest == LEAVE:
            left += len(flags) - len(quoted)
            continue
        left += len(flags) - len(quoted) - len(rest)
        for flag in rest:
            triage.dismiss(flag, by=by, now=now, **why)
        dismissed += len(rest)
    return Done(claims, dismissed, left)


def _why(category: str, rest: str, quoted: Sequence[Flag], reason: str) -> dict[str, str]:
    """How the rest of a category is dismissed."""
    if rest != SAME:
        return {"dismissed_as": rest, "reason": reason, "scope": Decision.Scope.THIS_WORDING}
    if not quoted:
        raise Refusal(f"{category.replace('_', ' ')}: choose what is quoted, so that the rest can be the same.")
    same = f"The same statement as “{quoted[0].sentence[:200]}”. {reason}".strip()
    return {"dismissed_as": Flag.Dismissal.DUPLICATE, "reason": same, "scope": Decision.Scope.SAME_STATEMENT}
