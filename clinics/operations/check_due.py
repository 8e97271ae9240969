"""When published credential checks are to be looked at again, and the one reminder that people get of each."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from clinics.domain.registers import due_on, weight
from clinics.models import CheckDue, CredentialCheck

ENDING: Final = ("verified", "scope_differs")  # outcomes with which the register's date is one on which it ends
TOGETHER: Final = 1000


def set_due(check: CredentialCheck) -> None:
    """Set down when a published check is due again; nothing where only an event ages it."""
    _write([check])


@transaction.atomic
def set_due_dates() -> int:
    """Work out again when every published check is due, as after a change of the data; how many were changed."""
    changed = 0
    checks: list[CredentialCheck] = []
    for check in CredentialCheck.objects.published().select_related("kind", "due").iterator(TOGETHER):
        checks.append(check)
        if len(checks) == TOGETHER:
            changed, checks = changed + _write(checks), []
    return changed + _write(checks)


def _write(checks: Iterable[CredentialCheck]) -> int:
    """Write what differs; a reminder that was given stays given."""
    rows, ended = [], []
    for check in checks:
        due, known = _due(check), getattr(check, "due", None)
        if due is None:
            ended.extend([known.pk] if known else [])
        elif known is None or (known.due_on, known.weight) != due:
            rows.append(CheckDue(credential_check=check, due_on=due[0], weight=due[1]))
    CheckDue.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["credential_check"], update_fields=["due_on", "weight"]
    )
    CheckDue.objects.filter(pk__in=ended).delete()
    return len(rows) + len(ended)


def _due(check: CredentialCheck) -> tuple[date, int] | None:
    ends_on = check.register_date if check.outcome in ENDING else None
    day = due_on(check.kind.key, check.checked_on, ends_on)
    return None if day is None else (day, weight(check.kind.key, adverse=check.is_adverse))


def reminders_due(now: datetime) -> QuerySet[CredentialCheck]:
    """Checks that are due and of which nobody was reminded yet, the most pressing first."""
    today = now.date()
    waiting = CredentialCheck.objects.due(today).filter(due__reminded_at=None)
    return waiting.most_pressing_first().select_related("clinic", "kind", "due")


@transaction.atomic
def mark_reminded(checks: Iterable[CredentialCheck], *, now: datetime) -> list[int]:
    """Record that people were told of these checks; the ids of those that nobody had been told of before.

    Call it in the transaction that writes the message down: of two callers at once, one gets each check.
    """
    rows = CheckDue.objects.filter(pk__in=[check.pk for check in checks], reminded_at=None)
    mine = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    CheckDue.objects.filter(pk__in=mine).update(reminded_at=now)
    return mine
