"""The dates beside a fact say what was read, and never more."""

from datetime import UTC, datetime, timedelta

import pytest

from clinics.models import Claim, CredentialCheck, Page, PageState, QuotePresence, Term
from clinics.published.freshness import age_of_check, last_attempt, link_to, presence, reading

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def a_page(**state: object) -> Page:
    page = Page(pk=1, url="https://clinic.example/")
    page.state = PageState(page=page, due_at=NOW, **state)
    return page


def failing(times: int, *, over: int) -> dict[str, object]:
    """Attempts in a row that were no reading, the first so many days before the last."""
    return {"failures": times, "last_tried_at": days_ago(0), "failing_since": days_ago(over)}


@pytest.mark.parametrize(
    ("state", "key"),
    [
        ({}, "not_read"),
        ({"failures": 4, "outcome": "error"}, "not_read"),
        ({"outcome": "robots_denied"}, "not_read_robots"),
        ({"last_read_at": days_ago(1), "outcome": "ok"}, "read"),
        ({"last_read_at": days_ago(13), "outcome": "unchanged"}, "read"),
        ({"last_read_at": days_ago(15), "outcome": "ok"}, "overdue"),
        ({"last_read_at": days_ago(9), "outcome": "error", **failing(3, over=6)}, "failing"),
        ({"last_read_at": days_ago(9), "outcome": "error", **failing(2, over=6)}, "read"),
        ({"last_read_at": days_ago(9), "outcome": "error", **failing(30, over=5)}, "read"),
        ({"last_read_at": days_ago(15), "outcome": "blocked", **failing(2, over=6)}, "overdue"),
        ({"last_read_at": days_ago(1), "outcome": "robots_denied", "failures": 1}, "robots"),
        ({"last_read_at": days_ago(9), "outcome": "gone", **failing(3, over=7)}, "page_gone"),
        ({"last_read_at": days_ago(9), "outcome": "soft_404", **failing(3, over=7)}, "page_gone"),
        (
            {"last_read_at": days_ago(9), "outcome": "gone", "outcome_since": days_ago(7), **failing(9, over=8)},
            "page_gone",
        ),
        (
            {"last_read_at": days_ago(9), "outcome": "gone", "outcome_since": days_ago(2), **failing(9, over=8)},
            "failing",
        ),
        ({"last_read_at": days_ago(9), "outcome": "gone", **failing(1, over=0)}, "read"),
        ({"last_read_at": days_ago(9), "outcome": "parked", "failing_since": days_ago(7)}, "moved"),
    ],
)
def test_a_reading_is_dated(state: dict[str, object], key: str) -> None:
    assert reading(a_page(**state), NOW).key == key


def test_a_page_is_not_found_since_the_first_attempt_that_found_none() -> None:
    blocked_first = {**failing(12, over=20), "outcome": "gone", "outcome_since": days_ago(7)}
    told = reading(a_page(last_read_at=days_ago(30), **blocked_first), NOW).text
    assert "Nov. 17, 2026" in told
    assert "Nov. 4" not in told


@pytest.mark.parametrize(
    ("outcome", "url", "linked"),
    [
        ("ok", "https://clinic.example/", True),
        ("gone", "https://clinic.example/", True),
        ("moved", "https://clinic.example/", False),
        ("parked", "https://clinic.example/", False),
        ("ok", "javascript:alert(1)", False),
    ],
)
def test_an_address_that_leads_elsewhere_is_not_linked(outcome: str, url: str, linked: bool) -> None:
    page = a_page(outcome=outcome)
    page.url = url
    assert bool(link_to(page)) is linked


@pytest.mark.parametrize(
    ("state", "since", "key"),
    [
        ("exact", days_ago(30), None),
        ("exact", days_ago(2), "returned"),
        ("changed", days_ago(2), "changed"),
        ("absent", days_ago(2), "absent"),
        ("absent", days_ago(0), "absent_on"),
        ("unavailable", days_ago(2), "page_gone"),
    ],
)
def test_the_presence_of_a_quote_is_dated(state: str, since: datetime, key: str | None) -> None:
    claim = Claim(pk=1, page=a_page(last_read_at=NOW, outcome="ok"), published_at=days_ago(30))
    claim.presence = QuotePresence(claim=claim, state=state, since=since, last_exact_at=days_ago(9))
    said = presence(claim)
    assert (said.key if said else None) == key


@pytest.mark.parametrize(
    ("kind", "days", "aged"),
    [
        ("npi", 180, False),
        ("npi", 181, True),
        ("state_licence", 120, False),
        ("state_licence", 121, True),
        ("exclusions", 31, True),
        ("reference", 365, False),
        ("ind", 3000, False),
    ],
)
def test_a_look_up_ages_by_its_kind(kind: str, days: int, aged: bool) -> None:
    check = CredentialCheck(checked_on=days_ago(days).date(), kind=Term(kind="credential_kind", key=kind))
    assert (age_of_check(check, NOW.date()) is not None) is aged


@pytest.mark.parametrize(("days", "told"), [(2, False), (1, True), (None, False)])
def test_an_attempt_after_the_check_dates_it_and_an_earlier_one_does_not(days: int | None, told: bool) -> None:
    check = CredentialCheck(checked_on=days_ago(2).date())
    check.unreachable_at = None if days is None else days_ago(days)
    attempt = last_attempt(check)
    assert (attempt is not None) is told
    if attempt is not None:
        assert attempt.text.startswith("Register unreachable ")
        assert "last result" in attempt.text
