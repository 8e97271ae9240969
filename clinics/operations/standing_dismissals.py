"""What people dismissed everywhere, applied to flags as they are raised."""

from collections.abc import Mapping
from datetime import datetime

from clinics.models import Decision, Flag, Rule, StandingDecision
from clinics.operations.deciding import decide_on
from clinics.operations.flagging import Effects


def dismiss_what_stands(effects: Effects, now: datetime) -> None:
    """Dismiss flags that were just raised of a wording that people dismissed everywhere, unless it is graver now.

    They are no news any more. Call it with the clinic's row locked, as whoever raises flags has it.
    """
    fresh = [flag for flag, _ in (*effects.new, *effects.reclassified) if flag.decided_at is None]
    raised = {flag.subject: flag for flag in fresh}
    if not raised:
        return
    _dismiss_raised(raised, now)
    effects.new[:] = [(flag, words) for flag, words in effects.new if flag.state != Flag.State.DISMISSED]


def _dismiss_raised(raised: Mapping[str, Flag], now: datetime) -> None:
    standing = StandingDecision.objects.in_force(now).filter(subject__in=raised).select_related("by")
    for decision in standing:
        flag = raised[decision.subject]
        if flag.severity <= decision.severity and flag.rule.kind != Rule.Kind.PAGE:
            decide_on(
                flag,
                Flag.State.DISMISSED,
                reason=decision.reason,
                by=decision.by,
                now=now,
                dismissed_as=decision.dismissed_as,
                scope=Decision.Scope.EVERYWHERE,
            )
