"""How much room the evidence store takes, and the alarm when it is more than was planned."""

from datetime import datetime
from typing import Final

from django.conf import settings

from clinics.models import StoreMeasure
from clinics.operations.keeping import evidence_store

GB: Final = 1_000_000_000


def measure(now: datetime) -> StoreMeasure:
    """Set down how much room the store takes now."""
    room, records = evidence_store().room()
    facts = {"bytes_kept": room, "records": records, "measured_at": now}
    return StoreMeasure.objects.update_or_create(pk=1, defaults=facts)[0]


def last_measure() -> StoreMeasure | None:
    """What was measured last; None where nothing was yet."""
    return StoreMeasure.objects.first()


def budget() -> int | None:
    """How many bytes the store may take; None where no budget is set."""
    return int(settings.EVIDENCE_BUDGET_GB * GB) or None


def alarm() -> str:
    """What to tell the operator about the store's room, in a sentence; empty while it keeps within its budget."""
    last, most = last_measure(), budget()
    if last is None or most is None or last.bytes_kept <= most:
        return ""
    return (
        f"The evidence store takes {last.bytes_kept / GB:,.1f} GB, more than its budget of {most / GB:,.1f} GB. "
        "Give it more room and raise EVIDENCE_BUDGET_GB, or let RETENTION_DAYS remove what is old and not needed."
    )
