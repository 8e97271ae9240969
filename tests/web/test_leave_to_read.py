"""Asking robots.txt on the way to a page."""

from datetime import UTC, datetime, timedelta

import pytest

from clinics.domain.outcome import Outcome
from clinics.web.guest import StoredRobots
from clinics.web.policy import Policy
from clinics.web.visiting import PageRequest
from tests.stranger import Line, Seen, Stranger
from tests.web.going_out import KeptRobots, pages, read, read_hosts


def test_a_page_that_robots_denies_is_not_asked_for(stranger: Stranger) -> None:
    stranger.robots("clinic.test", "User-agent: *\nDisallow: /private")
    stranger.says("clinic.test", "/private", "secret")
    stranger.says("clinic.test", "/open", "open")
    denied, allowed = read(stranger, "http://clinic.test/private", "http://clinic.test/open")
    assert (denied.trouble, denied.robots) == (Outcome.ROBOTS_DENIED, "denied")
    assert (allowed.trouble, allowed.robots) == (None, "allowed")
    assert "clinic.test/private" not in stranger.paths


def test_a_redirect_into_a_denied_path_is_denied(stranger: Stranger) -> None:
    stranger.robots("clinic.test", "User-agent: *\nDisallow: /private")
    stranger.redirects("clinic.test", "/", "/private")
    (answer,) = read(stranger, "http://clinic.test/")
    assert answer.trouble is Outcome.ROBOTS_DENIED
    assert "clinic.test/private" not in stranger.paths


def test_the_other_hosts_robots_are_asked_on_the_way(stranger: Stranger) -> None:
    stranger.redirects("clinic.test", "/", "http://www.clinic.test/")
    stranger.robots("www.clinic.test", "User-agent: *\nDisallow: /")
    assert read(stranger, "http://clinic.test/")[0].trouble is Outcome.ROBOTS_DENIED
    assert "www.clinic.test/" not in stranger.paths


def test_a_person_may_override_robots(stranger: Stranger) -> None:
    stranger.robots("clinic.test", "User-agent: *\nDisallow: /")
    stranger.says("clinic.test", "/", "open")
    (answer,) = read(stranger, PageRequest("http://clinic.test/", 1, override_robots=True))
    assert (answer.body, answer.robots) == (b"open", "overridden")


@pytest.mark.parametrize("status", [500, 503, 429])
def test_robots_that_cannot_be_read_keep_us_out_and_are_the_hosts_trouble(stranger: Stranger, status: int) -> None:
    stranger.says("clinic.test", "/robots.txt", "", status, {"Retry-After": "120"})
    (answer,) = read(stranger, "http://clinic.test/")
    assert (answer.trouble, answer.robots, answer.retry_after) == (Outcome.ERROR, "unreachable", 120)
    assert stranger.paths == ["clinic.test/robots.txt"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not http at all",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nbad",
    ],
    ids=["hung up", "no http", "damaged"],
)
def test_a_host_whose_robots_cannot_be_read_is_not_read(stranger: Stranger, raw: bytes) -> None:
    stranger.behaves("clinic.test", "/robots.txt", lambda line, seen: line.send(raw))
    (answer,) = read(stranger, "http://clinic.test/")
    assert (answer.trouble, answer.robots) == (Outcome.ERROR, "unreachable")
    assert "clinic.test/" not in stranger.paths


def test_robots_are_followed_through_five_redirects_and_no_more(stranger: Stranger) -> None:
    for number in range(9):
        stranger.redirects("clinic.test", "/robots.txt" if number == 0 else f"/r{number}", f"/r{number + 1}")
    stranger.says("clinic.test", "/", "open")
    (answer,) = read(stranger, "http://clinic.test/")
    assert (answer.body, answer.robots) == (b"open", "none")
    assert "clinic.test/r5" in stranger.paths
    assert "clinic.test/r6" not in stranger.paths
    stranger.robots("clinic.test", "")
    stranger.says("clinic.test", "/r5", "User-agent: *\nDisallow: /")
    stranger.redirects("clinic.test", "/robots.txt", "/r1")
    assert read(stranger, "http://clinic.test/")[0].robots == "denied"


def test_an_endless_robots_file_is_read_to_its_cap(stranger: Stranger) -> None:
    def pour(line: Line, seen: Seen) -> None:
        line.send(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /private\n")
        while not line.closing.is_set():
            line.send(b"# more and more\n" * 1000)

    stranger.behaves("clinic.test", "/robots.txt", pour)
    stranger.says("clinic.test", "/", "open")
    allowed, denied = read(stranger, "http://clinic.test/", "http://clinic.test/private")
    assert (allowed.robots, denied.robots) == ("allowed", "denied")


@pytest.mark.parametrize("location", ["http://127.0.0.1/robots.txt", "file:///etc/passwd", "http://169.254.169.254/"])
def test_robots_lead_nowhere_that_pages_may_not(stranger: Stranger, location: str) -> None:
    stranger.redirects("clinic.test", "/robots.txt", location)
    assert read(stranger, "http://clinic.test/")[0].trouble is Outcome.REFUSED


def test_a_fresh_reading_is_used_again_and_an_old_one_is_not(stranger: Stranger) -> None:
    now = datetime.now(UTC)
    stranger.says("clinic.test", "/", "open")
    kept = KeptRobots({"clinic.test": StoredRobots("User-agent: *\nDisallow: /", 200, now - timedelta(hours=23))})
    assert read(stranger, "http://clinic.test/", robots=kept)[0].robots == "denied"
    kept["clinic.test"] = StoredRobots("User-agent: *\nDisallow: /", 200, now - timedelta(hours=25))
    assert read(stranger, "http://clinic.test/", robots=kept)[0].robots == "none"
    assert kept["clinic.test"].status == 404


def test_while_robots_fail_an_older_reading_stands_in(stranger: Stranger) -> None:
    stranger.robots("clinic.test", "", status=503)
    stranger.says("clinic.test", "/", "open")
    old = StoredRobots("User-agent: *\nDisallow: /private", 200, datetime.now(UTC) - timedelta(days=3))
    kept = KeptRobots({"clinic.test": old})
    assert read(stranger, "http://clinic.test/", robots=kept)[0].body == b"open"
    assert kept["clinic.test"] == old


def test_robots_are_asked_for_once_a_visit(stranger: Stranger) -> None:
    read_hosts([pages("clinic.test", "/", "/b", "/c")], Policy(test_servers=stranger.test_servers))
    assert stranger.paths.count("clinic.test/robots.txt") == 1
