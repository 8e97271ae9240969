"""Reference data that comes with the product: an upgrade brings it up to date, around what staff have edited."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from clinics.models.shipped import FollowsShipped
from clinics.operations.refusal import Refusal

Facts = dict[str, Any]
NOTHING_NEWER = "There is no newer shipped form of this."


def bring_in(
    model: type[FollowsShipped], named_by: str, shipped: Mapping[str, Facts], rows: Mapping[str, FollowsShipped]
) -> dict[str, int]:
    """New rows are added, unedited ones follow, edited ones get a proposal; how many of each."""
    summary = {"added": 0, "updated": 0, "proposed": 0, "unchanged": 0}
    for name, facts in shipped.items():
        row = rows.get(name)
        if row is None:
            row = model(**{named_by: name})
            _follow(row, facts)
            summary["added"] += 1
        else:
            summary[_bring_up_to_date(row, facts)] += 1
    return summary


def _bring_up_to_date(row: FollowsShipped, facts: Facts) -> str:
    if facts in (row.shipped, row.proposal):
        return "unchanged"
    if row.is_as_shipped:
        _follow(row, facts)
        return "updated"
    row.proposal = facts
    row.save(update_fields=["proposal"])
    return "proposed"


def _follow(row: FollowsShipped, facts: Facts) -> None:
    row.take(facts)
    row.shipped, row.proposal = facts, None
    row.save()


def take_proposal(row: FollowsShipped, *, by: User | None) -> FollowsShipped:
    """Replace staff's edits by the newer shipped form. Raises Refusal where there is none."""
    if row.proposal is None:
        raise Refusal(NOTHING_NEWER)
    _follow(row, row.proposal)
    return row


def drop_proposal(row: FollowsShipped, *, by: User | None) -> FollowsShipped:
    """Keep staff's edits; the newer shipped form is not proposed again. Raises Refusal where there is none."""
    if row.proposal is None:
        raise Refusal(NOTHING_NEWER)
    row.shipped, row.proposal = row.proposal, None
    row.save(update_fields=["shipped", "proposal"])
    return row
