"""What a host's robots.txt allows."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.web.guest import StoredRobots
from clinics.web.robots import ROBOTS_BYTES, RobotsRules

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
AGENT = "ClinicDirectoryTracker/1.0 (+https://tracker.example/about)"


def rules(text: str, status: int = 200) -> RobotsRules:
    return RobotsRules(StoredRobots(text, status, NOW), AGENT)


@pytest.mark.parametrize(
    ("text", "path", "word"),
    [
        ("", "/", "allowed"),
        ("User-agent: *\nDisallow: /", "/", "denied"),
        ("User-agent: *\nDisallow: /private", "/about", "allowed"),
        ("User-agent: *\nDisallow: /private", "/private/prices", "denied"),
        ("User-agent: *\nDisallow: /\nAllow: /about", "/about", "allowed"),
        ("User-agent: *\nDisallow: /*.pdf$", "/brochure.pdf", "denied"),
        ("User-agent: *\nDisallow: /*.pdf$", "/brochure.pdf.html", "allowed"),
        ("User-agent: OtherBot\nDisallow: /", "/", "allowed"),
        ("User-agent: ClinicDirectoryTracker\nDisallow: /", "/", "denied"),
        ("User-agent: ClinicDirectoryTracker/1.0\nDisallow: /", "/", "denied"),
        ("User-agent: ClinicDirectoryTracker (+https://tracker.example)\nDisallow: /", "/", "denied"),
        ("User-agent: ClinicDirectoryTracker/1.0\nAllow: /\n\nUser-agent: *\nDisallow: /", "/", "allowed"),
        ("User-agent: ClinicDirectoryTrackers\nDisallow: /", "/", "allowed"),
        ("User-agent: clinicdirectorytracker\nAllow: /\n\nUser-agent: *\nDisallow: /", "/", "allowed"),
        ("User-agent: OtherBot\nUser-agent: *\nDisallow: /", "/", "denied"),
        ("User-agent: OtherBot\nDisallow: /\n\nUser-agent: ThirdBot\nAllow: /", "/", "allowed"),
        ("useragent: *\ndisallow: /", "/", "denied"),
        ("  User-Agent : *  # everybody\nDisallow: /", "/", "denied"),
        ("<html><body>Not found</body></html>", "/", "allowed"),
        ("User-agent: *\r\nDisallow: /\r\n", "/", "denied"),
        ("User-agent: *\rDisallow: /", "/", "denied"),
        ("User-agent: *\nDisallow:", "/", "allowed"),
    ],
)
def test_a_page_is_judged_by_the_rules_for_us(text: str, path: str, word: str) -> None:
    verdict = rules(text).judge("https://clinic.test" + path)
    assert verdict.word == word
    assert verdict.allowed is (word == "allowed")
    assert bool(verdict.reason) is not verdict.allowed


@pytest.mark.parametrize(
    ("status", "word", "allowed"),
    [
        (404, "none", True),
        (403, "none", True),
        (401, "none", True),
        (410, "none", True),
        (304, "none", True),
        (429, "unreachable", False),
        (500, "unreachable", False),
        (503, "unreachable", False),
        (0, "unreachable", False),
    ],
)
def test_without_a_file_the_status_decides(status: int, word: str, allowed: bool) -> None:
    verdict = rules("", status).judge("https://clinic.test/")
    assert (verdict.word, verdict.allowed) == (word, allowed)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 7", 7.0),
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: *\nCrawl-delay: -1", 0.0),
        ("User-agent: *\nCrawl-delay: inf", 0.0),
        ("User-agent: OtherBot\nCrawl-delay: 7", 0.0),
        ("", 0.0),
    ],
)
def test_crawl_delay_is_read(text: str, seconds: float) -> None:
    assert rules(text).crawl_delay == seconds


@pytest.mark.parametrize(
    ("status", "age", "fresh"),
    [
        (200, timedelta(hours=23), True),
        (200, timedelta(hours=24), False),
        (404, timedelta(hours=23), True),
        (503, timedelta(minutes=59), True),
        (503, timedelta(hours=1), False),
        (200, timedelta(minutes=-5), True),
        (200, timedelta(days=-900), False),
        (503, timedelta(hours=-2), False),
    ],
)
def test_a_reading_counts_for_a_day_and_a_failure_for_an_hour(status: int, age: timedelta, fresh: bool) -> None:
    assert StoredRobots("", status, NOW - age).is_fresh(NOW) is fresh


@pytest.mark.parametrize(
    ("status", "days", "stands_in"),
    [(200, 29, True), (200, 30, False), (404, 29, True), (503, 0, False), (200, -900, False)],
)
def test_an_old_reading_stands_in_for_thirty_days(status: int, days: int, stands_in: bool) -> None:
    assert StoredRobots("", status, NOW - timedelta(days=days)).may_stand_in(NOW) is stands_in


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"User-agent: a{n}" for n in range(16_000)) + "\n" + "Disallow: /a\n" * 15_000,
        "User-agent: *\n" + "Disallow: /" + "*a" * 200_000,
        "User-agent: *\n" + "Disallow: /*a*a*a*a*a*b$\n" * 15_000,
        "User-agent: *\n" * 30_000,
    ],
    ids=["names times rules", "one long pattern", "many wildcards", "one name again and again"],
)
def test_no_file_within_the_cap_is_a_bomb(text: str) -> None:
    began = time.process_time()
    rules(text[:ROBOTS_BYTES]).judge("https://clinic.test/" + "a" * 1900)
    assert time.process_time() - began < 3


@given(st.text(max_size=400), st.sampled_from(["/", "/a?b=c", "/%zz", "/é"]))
def test_no_text_breaks_it(text: str, path: str) -> None:
    rules(text).judge("https://clinic.test" + path)


@given(
    st.lists(
        st.sampled_from(
            [
                "User-agent: *",
                "Disallow: /*$",
                "Allow: %",
                "Crawl-delay: 1e999",
                "Sitemap: ::",
                "Host:",
                "\x00",
                "Request-rate: 1/0",
                "User-agent:",
            ]
        ),
        max_size=8,
    )
)
def test_no_order_of_lines_breaks_it(lines: list[str]) -> None:
    rules("\n".join(lines)).judge("https://clinic.test/")
