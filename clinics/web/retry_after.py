"""How long a server asks us to stay away."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_LONGEST: Final = 30 * 24 * 3600


def retry_after(value: str, now: datetime) -> int | None:
    """Seconds that a Retry-After header (RFC 9110 section 10.2.3: seconds or a date) asks for; None where unreadable.

    A date that has passed is 0; nothing is longer than 30 days.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:12]), _LONGEST)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):  # a year or an offset beyond every number
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0, min(int((when - now).total_seconds()), _LONGEST))
