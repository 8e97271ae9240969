"""Pictures of pages that are wanted: at a wording's first sighting, and at a decision on it."""

from datetime import datetime
from typing import Final

from clinics.domain.presence import Presence
from clinics.models import Decision, Flag, Page, Rule, Screenshot, Sighting
from clinics.operations.flagging import Effects
from clinics.operations.going_out import browser_enabled

DECIDED: Final = (Flag.State.CONFIRMED, Flag.State.DISMISSED)
_STANDS: Final = (Presence.PRESENT, Presence.RETURNED)


def want_at_first_sighting(effects: Effects, page: Page, at: datetime, picture: str) -> None:
    """Ask for a picture for each flag that a reading of the page has raised.

    `picture` is the digest of one that was taken with the reading; without it a worker takes one soon.
    """
    raised = [flag.pk for flag, _ in (*effects.new, *effects.reclassified) if flag.raised_at == at]
    seen = Flag.objects.filter(pk__in=raised, sightings__page=page).distinct().order_by("pk")
    Screenshot.objects.bulk_create(
        (_of_first_sighting(flag, page, at, picture) for flag in seen.select_related("rule")),
        ignore_conflicts=True,  # a flag that moved twice at the same moment wants one picture
    )


def _of_first_sighting(flag: Flag, page: Page, at: datetime, picture: str) -> Screenshot:
    row = Screenshot(flag=flag, page=page, occasion=Screenshot.Occasion.FIRST_SIGHTING, wanted_at=at)
    if picture:
        row.taken_at, row.image = at, picture
        row.carries_wording = True if flag.rule.kind != Rule.Kind.PAGE else None
    return row


def want_at_decision(decision: Decision) -> None:
    """Ask for a picture of the page on which the wording was seen last, where it still stands there."""
    if not browser_enabled() or decision.state not in DECIDED:
        return
    sightings = Sighting.objects.filter(flag=decision.flag_id, page__isnull=False, presence__in=_STANDS)
    newest = sightings.order_by("-last_seen_at", "-pk").first()
    if newest is not None and newest.page_id is not None:
        Screenshot.objects.create(
            flag_id=decision.flag_id,
            decision=decision,
            page_id=newest.page_id,
            occasion=Screenshot.Occasion.DECISION,
            wanted_at=decision.at,
        )
