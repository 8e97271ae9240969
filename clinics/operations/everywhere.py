"""Dismissing a wording wherever it stands, now and later, until a date."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from clinics.models import Decision, Flag, Rule, StandingDecision
from clinics.models.flag import FlagQuerySet
from clinics.operations import triage
from clinics.operations.refusal import Refusal, reason_given

LONGEST: Final = timedelta(days=731)  # until somebody has to look at it again
MOST: Final = 1000  # flags that wait and go at once


@dataclass(frozen=True, slots=True)
class Reach:
    """What dismissing a wording everywhere would do now."""

    waiting: int
    clinics: int
    confirmed: int  # flags that stay confirmed

    def __str__(self) -> str:
        flags = f"{self.waiting} waiting flag{'s' if self.waiting != 1 else ''}"
        clinics = f"{self.clinics} clinic{'s' if self.clinics != 1 else ''}"
        kept = f"; {self.confirmed} confirmed, which stay as they are" if self.confirmed else ""
        return f"{flags} of {clinics}, and every clinic that says it later{kept}"


def reach_of(subject: str, now: datetime) -> Reach:
    """What dismissing this wording everywhere would do."""
    flags = _flags_of(subject)
    clinics = list(flags.to_decide(now).values_list("clinic", flat=True))
    return Reach(len(clinics), len(set(clinics)), flags.filter(state=Flag.State.CONFIRMED).count())


def _flags_of(subject: str) -> FlagQuerySet:
    return Flag.objects.of_sentences().filter(subject=subject).order_by("clinic_id", "pk")


@transaction.atomic
def dismiss_everywhere(
    flag: Flag, *, dismissed_as: str, reason: str, expires_on: date, by: User, now: datetime
) -> StandingDecision:
    """Dismiss this wording of every clinic, also of those that say it later, until a date.

    A critical wording is dismissed once a second person has agreed. Raises Refusal, and then nothing is dismissed.
    """
    _refuse_what_has_no_reach(flag, dismissed_as, reason, expires_on, now)
    if StandingDecision.objects.filter(subject=flag.subject, ended_at=None).exists():
        raise Refusal("There is a decision on this wording everywhere; end that first.")
    gravest = max([flag.severity, *_flags_of(flag.subject).values_list("severity", flat=True)])
    standing = StandingDecision.objects.create(
        subject=flag.subject,
        sentence=flag.sentence,
        category=flag.category,
        severity=gravest,
        dismissed_as=dismissed_as,
        reason=reason.strip(),
        expires_on=expires_on,
        by=by,
        at=now,
    )
    if not standing.is_critical:
        _apply(standing, by, now)
    return standing


def _refuse_what_has_no_reach(flag: Flag, dismissed_as: str, reason: str, expires_on: date, now: datetime) -> None:
    if dismissed_as not in Flag.Dismissal.values:
        raise Refusal("Say as what it is dismissed: denied, a question, reported, true, and so on.")
    reason_given(reason)
    if flag.rule.kind == Rule.Kind.PAGE:
        raise Refusal("This flag is about a clinic's whole site and no wording; it is decided for each clinic.")
    if not now.date() < expires_on <= (now + LONGEST).date():
        raise Refusal("Say until when it holds: a day that is still to come, two years ahead at most.")


def _apply(standing: StandingDecision, by: User, now: datetime) -> int:
    """Dismiss what waits; how many flags."""
    waiting = list(_flags_of(standing.subject).to_decide(now).select_related("rule")[: MOST + 1])
    if len(waiting) > MOST:
        raise Refusal(f"More than {MOST:,} flags wait with this wording; correct the rule that raises them instead.")
    for flag in waiting:
        triage.dismiss(
            flag,
            dismissed_as=standing.dismissed_as,
            reason=standing.reason,
            by=by,
            now=now,
            scope=Decision.Scope.EVERYWHERE,
        )
    return len(waiting)


@transaction.atomic
def agree(standing: StandingDecision, *, by: User, now: datetime) -> StandingDecision:
    """Agree, as a second person, to dismiss a critical wording everywhere: from now on it is."""
    locked = _locked(standing)
    if not locked.is_critical or locked.second_by_id is not None:
        raise Refusal("This decision needs no second person any more.")
    if locked.by_id == by.pk:
        raise Refusal("You made this decision. A critical wording is dismissed everywhere by two people.")
    if locked.expires_on < now.date():
        raise Refusal("It has expired; decide anew.")
    locked.second_by, locked.second_at = by, now
    locked.save(update_fields=["second_by", "second_at"])
    _apply(locked, by, now)
    return locked


@transaction.atomic
def end(standing: StandingDecision, *, reason: str, by: User, now: datetime) -> StandingDecision:
    """From now on the wording is asked about again; what was dismissed stays dismissed."""
    why = reason_given(reason)
    locked = _locked(standing)
    locked.ended_by, locked.ended_at, locked.ended_because = by, now, why[:300]
    locked.save(update_fields=["ended_by", "ended_at", "ended_because"])
    return locked


def _locked(standing: StandingDecision) -> StandingDecision:
    locked = StandingDecision.objects.select_for_update(of=("self",)).get(pk=standing.pk)
    if locked.ended_at is not None:
        raise Refusal("This decision has ended.")
    return locked
