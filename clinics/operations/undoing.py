"""Taking back one's own last decision, while nobody has built on it."""

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from clinics.models import Decision, Flag
from clinics.operations.deciding import decide_on
from clinics.operations.flagging import lock_clinic
from clinics.operations.refusal import Refusal
from clinics.operations.triage import refuse_if_claimed

WINDOW: Final = timedelta(minutes=15)
ALONE: Final = (Decision.Scope.THIS_WORDING, Decision.Scope.SAME_STATEMENT)


def last_decision_of(by: User, now: datetime) -> Decision | None:
    """What this person decided last, if it can be taken back; None otherwise."""
    made = Decision.objects.filter(by=by, at__gt=now - WINDOW, at__lte=now).order_by("-at", "-pk")
    for decision in made.select_related("flag__clinic")[:20]:
        if _stands(decision):
            return decision
    return None


def _stands(decision: Decision) -> bool:
    """Whether the flag is as this decision left it, and the decision is none that took another one back."""
    flag = decision.flag
    is_last = (flag.decided_at, flag.decided_by_id, flag.state) == (decision.at, decision.by_id, decision.state)
    return is_last and decision.scope in ALONE and not decision.takes_back


@transaction.atomic
def take_back(decision: Decision, *, by: User, now: datetime) -> Flag:
    """Let the flag stand as before this decision, which stays on record with the one that took it back.

    Raises Refusal where it was another person's, is older than 15 minutes, somebody decided since, or the claim that
    was drafted from it has been signed.
    """
    lock_clinic(decision.flag.clinic_id)
    flag = Flag.objects.select_for_update().select_related("clinic", "rule").get(pk=decision.flag_id)
    decision.flag = flag
    if decision.by_id != by.pk or not _stands(decision) or decision.at <= now - WINDOW:
        raise Refusal("Only your own last decision can be taken back, within 15 minutes; reopen the flag instead.")
    refuse_if_claimed(flag)
    state = Flag.State(decision.before or Flag.State.OPEN)
    former = flag.decisions.filter(state=state, at__lt=decision.at).order_by("-at", "-pk").first()
    return decide_on(
        flag,
        state,
        reason=f"Taken back: {decision.get_state_display()}.",
        by=by,
        now=now,
        dismissed_as=former.dismissed_as if former is not None else "",
        deferred_until=former.deferred_until if former is not None else None,
        takes_back=decision,
    )
