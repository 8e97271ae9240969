"""What came of one attempt to read a page."""

from enum import StrEnum


class Outcome(StrEnum):
    """The result of a Check. Only `ok` and `unchanged` are observations of what a page says."""

    OK = "ok"
    UNCHANGED = "unchanged"
    BLOCKED = "blocked"
    GONE = "gone"
    SOFT_404 = "soft_404"
    MOVED = "moved"
    PARKED = "parked"
    PARTIAL = "partial"
    JS_ONLY = "js_only"
    NOT_TEXT = "not_text"
    TOO_LARGE = "too_large"
    ROBOTS_DENIED = "robots_denied"
    REFUSED = "refused"
    BUSY = "busy"
    ERROR = "error"

    @property
    def is_observation(self) -> bool:
        """Whether the page's own words were read, so that flags may appear or vanish by it."""
        return self in (Outcome.OK, Outcome.UNCHANGED)
