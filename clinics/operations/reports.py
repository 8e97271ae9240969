"""What a re-check did, as one plain object for each page and clinic."""

from collections.abc import Iterator
from typing import Any

from clinics.models import Flag
from clinics.operations.flagging import Effects
from clinics.operations.writing import Written


def report(written: Written) -> Iterator[dict[str, Any]]:
    """One object for each clinic that uses the page as its own; one with clinic null where none does."""
    if not written.effects:
        yield _object(written, None, Effects())
    for clinic, effects in written.effects.items():
        yield _object(written, clinic, effects)


def _object(written: Written, clinic: str | None, effects: Effects) -> dict[str, Any]:
    return {
        "url": written.page.url,
        "clinic": clinic,
        "outcome": str(written.outcome),
        "reason": written.reason,
        "new_flags": _flags(effects.new),
        "returned_flags": _flags(effects.returned),
        "absent_flags": _flags(effects.absent),
        "reclassified_flags": _flags(effects.reclassified),
    }


def _flags(touched: list[tuple[Flag, str]]) -> list[dict[str, Any]]:
    return [_flag(flag, wording) for flag, wording in touched]


def _flag(flag: Flag, wording: str) -> dict[str, Any]:
    sighting = flag.sightings.order_by("-last_seen_at", "-pk").first()
    rules = [finding.rule.key for finding in flag.findings.select_related("rule")]
    facts = {
        "sentence": wording,
        "rule": flag.rule.key,
        "rules": rules,
        "category": flag.category,
        "severity": flag.severity,
        "surface": sighting.surface if sighting else "",
        "cause": sighting.cause if sighting else flag.cause,
    }
    return {**facts, "evidence": flag.evidence} if flag.evidence else facts
