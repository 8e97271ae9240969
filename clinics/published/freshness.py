"""How fresh a fact is, in the fixed sentences: the machine may date and age what people published, nothing more."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clinics.domain.outcome import Outcome
from clinics.domain.registers import past_limit_on
from clinics.models import Claim, CredentialCheck, Page, PageState, QuotePresence
from clinics.published.sentences import as_typed, sentence

LEAST_OVERDUE = timedelta(days=14)  # what is told the public does not change with every slip of ours …
LASTING_FAILURES, LASTING = 3, timedelta(days=6)  # … or of the site's: so many attempts in a row, over so long
LED_AWAY = (Outcome.MOVED, Outcome.PARKED)
NOT_FOUND = (Outcome.GONE, Outcome.SOFT_404)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with the key of its state, so that a page can show an aged fact as aged."""

    key: str
    text: str

    @property
    def is_stale(self) -> bool:
        """Whether the fact beside it should look aged."""
        return self.key not in ("read", "returned", "captured")


def said(group: str, key: str, **fields: object) -> Said:
    """The sentence of a state, with its key."""
    return Said(key, sentence(group, key, **fields))


def state_of(page: Page | None) -> PageState | None:
    """What the machine keeps on a page, None where it keeps nothing yet."""
    return getattr(page, "state", None)


def reading(page: Page, now: datetime) -> Said:
    """When a page was last read, and what has been in the way since."""
    state = state_of(page)
    if state is None or state.last_read_at is None:
        denied = state is not None and state.outcome == Outcome.ROBOTS_DENIED
        return said("freshness", "not_read_robots" if denied else "not_read")
    since = state.outcome_since or state.failing_since or state.last_tried_at or state.last_read_at
    if state.outcome in LED_AWAY:
        return said("freshness", "moved", date=since)
    if state.outcome == Outcome.ROBOTS_DENIED:
        return said("freshness", "robots", date=state.last_read_at)
    if _fails_lastingly(state):
        if state.outcome in NOT_FOUND and (state.last_tried_at or since) - since >= LASTING:
            return said("freshness", "page_gone", date=since)
        return said("freshness", "failing", date=state.last_read_at, n=state.failures)
    overdue = now - state.last_read_at > max(2 * page.longest_pause, LEAST_OVERDUE)
    return said("freshness", "overdue" if overdue else "read", date=state.last_read_at)


def _fails_lastingly(state: PageState) -> bool:
    """Whether attempts failed so often, and over so long, that it is more than a bad day."""
    if state.failing_since is None or state.last_tried_at is None:
        return False
    return state.failures >= LASTING_FAILURES and state.last_tried_at - state.failing_since >= LASTING


def last_reading(at: datetime | None) -> Said:
    """When any of a clinic's pages was last read."""
    return said("freshness", "not_read") if at is None else said("freshness", "read", date=at)


def presence(claim: Claim) -> Said | None:
    """Whether a published quote still stands where it stood; None while it simply does, or was captured by hand."""
    seen: QuotePresence | None = getattr(claim, "presence", None)
    if seen is None or claim.page is None:
        return None
    if seen.state == QuotePresence.State.CHANGED:
        return said("freshness", "changed", date=seen.since)
    if seen.state == QuotePresence.State.ABSENT:
        return _absent(claim.page, seen)
    if seen.state == QuotePresence.State.UNAVAILABLE:
        return said("freshness", "page_gone", date=seen.since)
    came_back = claim.published_at is not None and seen.since > claim.published_at
    return said("freshness", "returned", date=seen.since) if came_back else None


def _absent(page: Page, seen: QuotePresence) -> Said:
    state = state_of(page)
    last_read = state.last_read_at if state else None
    if last_read is None or last_read.date() == seen.since.date():
        return said("freshness", "absent_on", d1=seen.since, d0=seen.last_exact_at)
    return said("freshness", "absent", d1=seen.since, d2=last_read, d0=seen.last_exact_at)


def freshness(claim: Claim, now: datetime) -> tuple[Said, ...]:
    """All that dates a published statement: the last reading of its page, then the presence of its words."""
    if claim.page is None:
        return _captured(claim)
    return tuple(filter(None, (reading(claim.page, now), presence(claim))))


def _captured(claim: Claim) -> tuple[Said, ...]:
    if claim.snapshot is None or claim.snapshot.seen_on is None:
        return ()
    return (said("freshness", "captured", date=claim.snapshot.seen_on, what=as_typed(claim.snapshot.described_as)),)


def age_of_check(check: CredentialCheck, today: date) -> Said | None:
    """That a credential check is older than our limit; None while it is not."""
    last = past_limit_on(check.kind.key, check.checked_on)
    if last is None or today <= last:
        return None
    return said("freshness", "past_limit", date=check.checked_on, n=(last - check.checked_on).days)


def last_attempt(check: CredentialCheck) -> Said | None:
    """That the register could not be reached since the check was made; None where it could, or nobody tried."""
    tried_at = getattr(check, "unreachable_at", None)
    if tried_at is None or tried_at.date() <= check.checked_on:
        return None
    return said("freshness", "register_unreachable", date=tried_at, last=check.checked_on)


def link_to(page: Page | None) -> str:
    """The address to link to; "" where it leads elsewhere now, or is none that a browser should follow."""
    state = state_of(page)
    if page is None or not page.url.lower().startswith(("http://", "https://")):
        return ""
    return "" if state is not None and state.outcome in LED_AWAY else page.url
