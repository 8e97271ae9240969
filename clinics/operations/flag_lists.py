"""The lists of flags that the desk offers by name, for whoever shows or mails them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from clinics.models import Finding, Flag
from clinics.models.flag import FlagQuerySet


def by_decision(flags: FlagQuerySet, choice: str | None, user_id: int | None, now: datetime) -> Any:
    """Flags to decide, the second reader's, those of a person, or those of a state; without a choice the queue."""
    waiting = flags.to_decide(now)
    of_choice: dict[str | None, Callable[[], Any]] = {
        None: lambda: waiting.by_rules(),
        "changes": lambda: waiting.by_rules().later_changes(),
        "first": lambda: waiting.by_rules().first_readings(),
        "overdue": lambda: flags.by_rules().overdue(now),
        "mine": lambda: waiting.filter(assigned_to=user_id),
        "suggested": lambda: waiting.suggested(),
        "all": lambda: flags,
    }
    return of_choice.get(choice, lambda: flags.filter(state=choice))()


def found_by(flags: Any, rule: int) -> Any:
    """Those that a rule's present version found."""
    found = Finding.objects.of_present_version().filter(rule=rule)
    return flags.filter(pk__in=found.values("flag"))


def any_flags() -> FlagQuerySet:
    """All that were not joined with another."""
    return Flag.objects.living()
