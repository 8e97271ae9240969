"""How long a server asks us to stay away."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.web.retry_after import retry_after

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MONTH = 30 * 24 * 3600


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Tue, 24 Nov 2026 12:02:00 GMT", 120),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0),
        ("Tue, 24 Nov 2026 12:02:00", 120),
        ("99999999999999999999", MONTH),
        ("Fri, 31 Dec 9999 23:59:59 GMT", MONTH),
        ("1 Jan 99999999999999999999 00:00:00 GMT", None),
        ("Fri, 1 Jan 2027 99999999999:00:00 GMT", None),
        ("Fri, 1 Jan 2027 00:00:00 +99999999999999999999", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("٣", None),
    ],
)
def test_seconds_and_dates_are_understood(value: str, seconds: int | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text(max_size=60))
def test_no_text_breaks_it(value: str) -> None:
    seconds = retry_after(value, NOW)
    assert seconds is None or 0 <= seconds <= MONTH
