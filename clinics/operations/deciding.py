"""Writing a decision down: what it makes of the flag, and the row that keeps it."""

from datetime import datetime

from django.contrib.auth.models import User

from clinics.models import Decision, Flag
from clinics.operations.screenshots import want_at_decision


def decide_on(
    flag: Flag,
    state: Flag.State,
    *,
    reason: str,
    by: User,
    now: datetime,
    dismissed_as: str = "",
    deferred_until: datetime | None = None,
    scope: str = Decision.Scope.THIS_WORDING,
    takes_back: Decision | None = None,
) -> Flag:
    """Write the decision and what it makes of the flag, whose row and clinic the caller has locked."""
    before = flag.state
    flag.state, flag.dismissed_as, flag.deferred_until = state, dismissed_as, deferred_until
    flag.decided_by, flag.decided_at, flag.reopened_because = by, now, ""
    flag.save()
    decision = Decision(
        flag=flag,
        state=state,
        dismissed_as=dismissed_as,
        deferred_until=deferred_until,
        reason=reason.strip(),
        scope=scope,
        sentence=flag.sentence,
        before=before,
        takes_back=takes_back,
        by=by,
        at=now,
    ).hashed()
    decision.save(force_insert=True)
    want_at_decision(decision)
    return flag
