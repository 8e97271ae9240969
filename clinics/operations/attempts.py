"""What an attempt to read a page leaves in the page's state: its outcome, what to ask by, and when to come again."""

from datetime import datetime

from clinics.domain.answer import Answer
from clinics.domain.outcome import Outcome
from clinics.domain.schedule import followed, next_due
from clinics.models import PageState
from clinics.operations.readings import Judged
from clinics.operations.turns import waits

LONGEST_ETAG, LONGEST_DATE, LONGEST_URL = 300, 100, 2000  # characters that the columns hold


def bring_up_to_date(judged: Judged, state: PageState, due_at: datetime) -> None:
    """Fill the machine's columns after an attempt.

    `due_at` is when the page is due as the database has it by now: whoever wanted it read again meanwhile saw nothing
    of this attempt, and is not forgotten.
    """
    wanted_again = due_at != judged.page.state.due_at
    at, outcome = judged.at, judged.outcome
    if state.outcome != outcome or state.outcome_since is None:
        state.outcome_since = at
    state.last_tried_at, state.outcome, state.reason = at, outcome, judged.reason[:300]
    if outcome.is_observation:
        state.by_browser = judged.by_browser
        state.last_read_at, state.failures, state.failing_since, state.shrunk_since = at, 0, None, None
        if state.snapshot_id is not None:  # a first reading tells no change
            state.steadiness = followed(state.steadiness, changed=outcome is Outcome.OK)
        _keep_validators(judged.answer, state)
        if judged.answer.status != 304:
            state.body_digest = judged.document
    elif outcome is not Outcome.BUSY:
        state.failures += 1
        state.failing_since = state.failing_since or at
    if judged.shrunk:
        state.shrunk_since = state.shrunk_since or at
    state.due_at = due_at if wanted_again else _next_due(judged, state)


def _keep_validators(answer: Answer, state: PageState) -> None:
    """Keep what the next request may ask by; "not modified" leaves standing what it does not name.

    One cut short would be another one, so a longer one than there is room for is not kept.
    """
    stands = answer.status == 304
    etag = answer.headers.get("etag", state.etag if stands else "")
    modified = answer.headers.get("last-modified", state.last_modified if stands else "")
    came_from = (stands and state.validated_url) or answer.final_url
    url = came_from if len(came_from) <= LONGEST_URL else ""
    state.etag = etag if url and len(etag) <= LONGEST_ETAG else ""
    state.last_modified = modified if url and len(modified) <= LONGEST_DATE else ""
    state.validated_url = url if state.etag or state.last_modified else ""


def _next_due(judged: Judged, state: PageState) -> datetime:
    asked = judged.answer.retry_after if waits() else None
    failures = state.failures if waits() else min(state.failures, 1)
    return next_due(judged.at, state.interval, judged.outcome, failures, asked, judged.page.identity)
