"""Visits to a real server that plays strangers."""

import gzip
import itertools
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinics.domain.answer import Answer
from clinics.domain.outcome import Outcome
from clinics.web.guest import StoredRobots
from clinics.web.limits import Limits
from clinics.web.policy import Policy
from clinics.web.visiting import HostVisit, PageRequest
from tests.stranger import Line, Seen, Stranger
from tests.web.going_out import USER_AGENT, BookOfTurns, KeptRobots, answering, never, read, read_hosts

PUBLIC = "93.184.215.14"
QUICK = Limits(page_seconds=0.6, connect_seconds=0.5)


def pages(host: str, *paths: str, delay: float = 0) -> HostVisit:
    return HostVisit(host, tuple(PageRequest(f"http://{host}{path}", path) for path in paths), delay)


# ordinary pages


def test_a_page_is_read_with_everything_that_came_with_it(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/a?b=c", "<p>Hello</p>", headers={"ETag": '"1"'})
    (answer,) = read(stranger, "http://clinic.test/a?b=c")
    assert (answer.status, answer.body, answer.trouble) == (200, b"<p>Hello</p>", None)
    assert answer.headers["etag"] == '"1"'
    assert answer.hops[0].peer == f"127.0.0.1:{stranger.port}"
    assert answer.robots == "none"


def test_we_say_who_we_are_and_carry_nothing_else(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", "x", headers={"Set-Cookie": "id=1", "WWW-Authenticate": "Basic"})
    stranger.says("clinic.test", "/2", "x")
    read_hosts([pages("clinic.test", "/", "/2")], Policy(test_servers=stranger.test_servers))
    for seen in stranger.requests:
        assert seen.headers["user-agent"] == USER_AGENT
        assert not {"cookie", "authorization", "referer"} & set(seen.headers)


def test_the_answer_knows_exactly_what_was_sent(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", "x")
    (answer,) = read(stranger, "http://clinic.test/")
    sent = {name.lower(): value for name, value in answer.hops[0].sent.items()}
    assert sent == dict(stranger.requests[-1].headers)


def test_https_of_a_test_server_is_spoken_as_plain_http_under_its_name(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", "safe")
    (answer,) = read(stranger, "https://clinic.test/")
    assert (answer.body, answer.final_url) == (b"safe", "https://clinic.test/")
    assert stranger.requests[-1].headers["host"] == "clinic.test"


def test_a_compressed_page_is_unpacked(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", gzip.compress(b"<p>small</p>"), headers={"Content-Encoding": "gzip"})
    assert read(stranger, "http://clinic.test/")[0].body == b"<p>small</p>"


def test_a_wrongly_declared_charset_is_handed_on_as_it_came(stranger: Stranger) -> None:
    body = "<p>Clínica</p>".encode("latin-1")
    stranger.says("clinic.test", "/", body, headers={"Content-Type": "text/html; charset=utf-8"})
    (answer,) = read(stranger, "http://clinic.test/")
    assert (answer.body, answer.trouble) == (body, None)


@pytest.mark.parametrize("status", [404, 410, 403, 500, 503, 204])
def test_a_status_is_no_trouble_but_an_answer(stranger: Stranger, status: int) -> None:
    stranger.says("clinic.test", "/", "", status)
    (answer,) = read(stranger, "http://clinic.test/")
    assert (answer.status, answer.trouble) == (status, None)


def test_a_name_that_must_be_looked_up_is_read_at_its_address(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way to real strangers, with this machine's loopback counted as public for once."""
    monkeypatch.setattr("clinics.web.policy.is_public", lambda address: address == "127.0.0.1")
    stranger.says("clinic.example", "/", "one")
    stranger.says("clinic.example", "/two", "two")
    policy = Policy(ports=frozenset({stranger.port}))
    looked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looked.append(host)
        return ["127.0.0.1"]

    requests = tuple(PageRequest(f"http://clinic.example:{stranger.port}{path}", path) for path in ("/", "/two"))
    answers = read_hosts([HostVisit("clinic.example", requests, 0)], policy, resolve=resolve)
    assert [answer.body for answer in answers.values()] == [b"one", b"two"]
    assert looked == ["clinic.example"]
    assert stranger.paths == ["clinic.example/robots.txt", "clinic.example/", "clinic.example/two"]


def test_a_refused_connection_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinics.web.policy.is_public", lambda address: True)
    with Stranger() as gone:
        port = gone.port
    visits = [HostVisit("clinic.example", (PageRequest(f"http://clinic.example:{port}/", 1),), 0)]
    (answer,) = read_hosts(visits, Policy(ports=frozenset({port})), resolve=answering("127.0.0.1")).values()
    assert (answer.trouble, answer.robots) == (Outcome.ERROR, "unreachable")
    assert "did not accept" in answer.reason


# conditional requests


@pytest.mark.parametrize(
    ("validators", "headers"),
    [
        ({"etag": '"1"'}, {"ETag": '"1"'}),
        ({"last_modified": "Tue, 24 Nov 2026 12:00:00 GMT"}, {"Last-Modified": "Tue, 24 Nov 2026 12:00:00 GMT"}),
    ],
)
def test_a_page_that_did_not_change_is_not_sent_again(
    stranger: Stranger, validators: dict[str, str], headers: dict[str, str]
) -> None:
    stranger.says("clinic.test", "/", "long text", headers=headers)
    (answer,) = read(stranger, PageRequest("http://clinic.test/", 1, **validators))
    assert (answer.status, answer.body, answer.trouble) == (304, b"", None)


def test_validators_go_to_the_address_they_came_from_only(stranger: Stranger) -> None:
    stranger.redirects("clinic.test", "/", "/new")
    stranger.says("clinic.test", "/new", "new text", headers={"ETag": '"1"'})
    first = PageRequest("http://clinic.test/", 1, etag='"1"')
    assert read(stranger, first)[0].body == b"new text"
    known = PageRequest("http://clinic.test/", 1, etag='"1"', validated_url="http://clinic.test/new")
    assert read(stranger, known)[0].status == 304


def test_not_modified_without_having_asked_is_an_error(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", "", 304)
    assert read(stranger, "http://clinic.test/")[0].trouble is Outcome.ERROR


def test_a_stored_validator_cannot_smuggle_a_header(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", "x")
    read(stranger, PageRequest("http://clinic.test/", 1, etag='"1"\r\nX-Evil: 1'))
    assert "x-evil" not in stranger.requests[-1].headers


# redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_within_the_site_are_read(stranger: Stranger, status: int) -> None:
    stranger.redirects("clinic.test", "/", "https://www.clinic.test/home#top", status)
    stranger.says("www.clinic.test", "/home", "home")
    (answer,) = read(stranger, "http://clinic.test/")
    assert (answer.body, answer.final_url) == (b"home", "https://www.clinic.test/home")
    assert [hop.status for hop in answer.hops] == [status, 200]


def test_a_redirect_with_an_endless_body_is_followed_all_the_same(stranger: Stranger) -> None:
    stranger.endless("clinic.test", "/", status=302, headers="Location: /home\r\n")
    stranger.says("clinic.test", "/home", "home")
    assert read(stranger, "http://clinic.test/")[0].body == b"home"


def test_a_sloppy_location_is_mended(stranger: Stranger) -> None:
    stranger.redirects("clinic.test", "/", "/our clínica")
    stranger.says("clinic.test", "/our%20cl%C3%ADnica", "home")
    assert read(stranger, "http://clinic.test/")[0].body == b"home"


def test_another_site_is_told_and_not_read(stranger: Stranger) -> None:
    stranger.redirects("clinic.test", "/", "http://casino.test/")
    (answer,) = read(stranger, "http://clinic.test/")
    assert (answer.trouble, answer.final_url) == (Outcome.MOVED, "http://casino.test/")
    assert "casino.test" in answer.reason
    assert not any(path.startswith("casino.test") for path in stranger.paths)


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://clinic.test/",
        "javascript:alert(1)",
        "http://127.0.0.1/",
        "//127.1/",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://user:secret@clinic.test/",
        "http://0x7f000001/",
        "http://clinic.example:22/",
        "http://[",
        "http://clinic.test:99999/",
        "http://clinic.test/" + "a" * 3000,
    ],
)
def test_a_redirect_to_where_we_do_not_go_is_refused(stranger: Stranger, location: str) -> None:
    stranger.redirects("clinic.test", "/", location)
    (answer,) = read(stranger, "http://clinic.test/")
    assert answer.trouble is Outcome.REFUSED
    assert answer.reason
    assert stranger.paths == ["clinic.test/robots.txt", "clinic.test/"]


def test_a_redirect_in_a_circle_ends(stranger: Stranger) -> None:
    stranger.redirects("clinic.test", "/", "/b")
    stranger.redirects("clinic.test", "/b", "/")
    (answer,) = read(stranger, "http://clinic.test/")
    assert (answer.trouble, len(answer.hops)) == (Outcome.ERROR, 6)


def test_a_redirect_to_a_busy_host_is_put_off(stranger: Stranger) -> None:
    stranger.redirects("clinic.test", "/", "http://www.clinic.test/")
    stranger.says("www.clinic.test", "/", "home")
    (answer,) = read(stranger, "http://clinic.test/", turns=BookOfTurns(busy=frozenset({"www.clinic.test"})))
    assert answer.trouble is Outcome.BUSY
    assert not any(path.startswith("www.") for path in stranger.paths)


def test_a_turn_that_was_taken_is_given_back(stranger: Stranger) -> None:
    stranger.redirects("clinic.test", "/", "http://www.clinic.test/")
    stranger.resets("www.clinic.test", "/")
    turns = BookOfTurns()
    read(stranger, "http://clinic.test/", turns=turns)
    assert turns.taken == turns.given_back == ["www.clinic.test"]


# bad manners


def test_an_endless_body_is_too_large(stranger: Stranger) -> None:
    stranger.endless("clinic.test", "/")
    (answer,) = read(stranger, "http://clinic.test/", limits=Limits(max_bytes=200_000))
    assert (answer.trouble, answer.body) == (Outcome.TOO_LARGE, b"")


def test_a_body_said_to_be_huge_is_not_begun(stranger: Stranger) -> None:
    huge = b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"
    stranger.behaves("clinic.test", "/", lambda line, seen: line.send(huge))
    assert read(stranger, "http://clinic.test/")[0].trouble is Outcome.TOO_LARGE


def test_a_gzip_bomb_is_too_large(stranger: Stranger) -> None:
    stranger.bombs("clinic.test", "/")
    assert read(stranger, "http://clinic.test/")[0].trouble is Outcome.TOO_LARGE


@pytest.mark.parametrize(
    "manner",
    ["never_answers", "drips", "resets", "hangs_up", "floods_headers"],
    ids=lambda name: name.replace("_", " "),
)
def test_bad_manners_are_an_error_in_good_time(stranger: Stranger, manner: str) -> None:
    getattr(stranger, manner)("clinic.test", "/")
    began = time.monotonic()
    (answer,) = read(stranger, "http://clinic.test/", limits=QUICK)
    assert time.monotonic() - began < 2
    assert answer.trouble is Outcome.ERROR
    assert answer.reason.endswith(".")


def test_dripped_headers_run_out_of_time(stranger: Stranger) -> None:
    def drip(line: Line, seen: Seen) -> None:
        line.send(b"HTTP/1.1 200 OK\r\n")
        while True:
            line.send(b"X: y\r\n")
            line.rest(0.1)

    stranger.behaves("clinic.test", "/", drip)
    assert read(stranger, "http://clinic.test/", limits=QUICK)[0].trouble is Outcome.ERROR


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01 not http",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
    ],
)
def test_answers_that_are_no_http_are_an_error(stranger: Stranger, raw: bytes) -> None:
    stranger.behaves("clinic.test", "/", lambda line, seen: line.send(raw))
    assert read(stranger, "http://clinic.test/")[0].trouble is Outcome.ERROR


PIECES = st.sampled_from(
    [
        *(
            b"HTTP/1.1 200 OK",
            b"HTTP/1.1 302 Found",
            b"HTTP/1.1 100 Continue",
            b"HTTP/1.1 304 No",
            b"\r\n",
            b"\r\n\r\n",
        ),
        *(
            b"Location: ",
            b"Content-Length: 5",
            b"Transfer-Encoding: chunked",
            b"Content-Encoding: gzip",
            b"//[",
            b"\x00",
        ),
        *(b"http://a.test:x/", b"\xff\xfe", b"Retry-After: ", b"Set-Cookie: a=b", b"5\r\nhello\r\n0", b": ", b"/\\"),
    ]
)


@given(st.lists(PIECES | st.binary(max_size=20), max_size=12).map(b"".join))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_a_server_sends_raises(stranger: Stranger, raw: bytes) -> None:
    stranger.behaves("clinic.test", "/", lambda line, seen: line.send(raw))
    stranger.behaves("clinic.test", "/robots.txt", lambda line, seen: line.send(b"HTTP/1.1 404 No\r\n" + raw))
    (answer,) = read(stranger, "http://clinic.test/", limits=Limits(page_seconds=1))
    assert answer.trouble is None or answer.reason


def test_time_covers_robots_and_every_hop(stranger: Stranger) -> None:
    def slow(line: Line, seen: Seen) -> None:
        line.rest(0.25)
        line.send(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")

    stranger.behaves("clinic.test", "/", slow)
    stranger.behaves("clinic.test", "/again", slow)
    (answer,) = read(stranger, "http://clinic.test/", limits=QUICK)
    assert answer.trouble is Outcome.ERROR
    assert 500 < answer.milliseconds < 900


def test_a_name_that_is_not_found_is_an_error() -> None:
    answers = read_hosts([pages("clinic.example", "/")], Policy())
    answer = answers["http://clinic.example/"]
    assert (answer.trouble, answer.hops) == (Outcome.ERROR, ())
    assert "could not be found" in answer.reason


def test_a_name_server_that_never_answers_runs_out_of_time() -> None:
    asleep = threading.Event()
    answers = read_hosts(
        [pages("clinic.example", "/")], Policy(), limits=QUICK, resolve=lambda host, port: [PUBLIC][: asleep.wait(3)]
    )
    asleep.set()
    assert answers["http://clinic.example/"].trouble is Outcome.ERROR


# robots.txt


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
def test_robots_that_cannot_be_read_deny_for_now(stranger: Stranger, status: int) -> None:
    stranger.says("clinic.test", "/robots.txt", "", status, {"Retry-After": "120"})
    (answer,) = read(stranger, "http://clinic.test/")
    assert (answer.trouble, answer.robots, answer.retry_after) == (Outcome.ROBOTS_DENIED, "unreachable", 120)
    assert stranger.paths == ["clinic.test/robots.txt"]


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        (b"", Outcome.ERROR),
        (b"not http at all", Outcome.ERROR),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nbad", Outcome.ROBOTS_DENIED),
    ],
    ids=["hung up", "no http", "damaged"],
)
def test_a_host_whose_robots_cannot_be_read_is_not_read(stranger: Stranger, raw: bytes, outcome: Outcome) -> None:
    stranger.behaves("clinic.test", "/robots.txt", lambda line, seen: line.send(raw))
    (answer,) = read(stranger, "http://clinic.test/")
    assert (answer.trouble, answer.robots) == (outcome, "unreachable")
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


# one after another, side by side


def slow_page(line: Line, seen: Seen) -> None:
    line.rest(0.3)
    line.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def test_hosts_run_side_by_side_and_one_hosts_pages_one_after_another(stranger: Stranger) -> None:
    hosts = ["a.test", "b.test"]
    for host in hosts:
        stranger.behaves(host, "/1", slow_page)
        stranger.behaves(host, "/2", slow_page)
    began = time.monotonic()
    read_hosts([pages(host, "/1", "/2") for host in hosts], Policy(test_servers=stranger.test_servers))
    assert time.monotonic() - began < 1.1  # one after another would be 1.2
    for host in hosts:
        of_host = sorted((seen for seen in stranger.requests if seen.host == host), key=lambda seen: seen.began)
        assert all(one.ended <= other.began for one, other in itertools.pairwise(of_host))


def test_no_more_hosts_are_visited_at_once_than_allowed(stranger: Stranger) -> None:
    hosts = ["a.test", "b.test", "c.test"]
    for host in hosts:
        stranger.behaves(host, "/1", slow_page)
    visits = [pages(host, "/1") for host in hosts]
    read_hosts(visits, Policy(test_servers=stranger.test_servers), limits=Limits(in_flight=1))
    seen = sorted(stranger.requests, key=lambda request: request.began)
    assert all(one.ended <= other.began for one, other in itertools.pairwise(seen))


@pytest.mark.parametrize(("delay", "crawl_delay", "gap"), [(0.2, 0, 0.2), (0.1, 0.3, 0.3), (0.2, 99, 0.4)])
def test_a_host_gets_its_rest(stranger: Stranger, delay: float, crawl_delay: float, gap: float) -> None:
    stranger.robots("clinic.test", f"User-agent: *\nCrawl-delay: {crawl_delay}")
    for path in ("/1", "/2", "/3"):
        stranger.says("clinic.test", path, "x")
    limits = Limits(max_crawl_delay=0.4)
    read_hosts(
        [pages("clinic.test", "/1", "/2", "/3", delay=delay)], Policy(test_servers=stranger.test_servers), limits=limits
    )
    began = [seen.began for seen in stranger.requests]
    assert all(later - earlier >= delay for earlier, later in itertools.pairwise(began))
    assert all(later - earlier >= gap for earlier, later in itertools.pairwise(began[1:]))


def test_without_delay_nothing_waits(stranger: Stranger) -> None:
    stranger.robots("clinic.test", "User-agent: *\nCrawl-delay: 5")
    stranger.says("clinic.test", "/1", "", 503, {"Retry-After": "60"})
    stranger.says("clinic.test", "/2", "x")
    began = time.monotonic()
    answers = read_hosts([pages("clinic.test", "/1", "/2")], Policy(test_servers=stranger.test_servers))
    assert time.monotonic() - began < 2
    assert [answer.status for answer in answers.values()] == [503, 200]


def test_a_host_that_asks_for_rest_gets_it_for_its_other_pages(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/1", "", 503, {"Retry-After": "60"})
    answers = list(
        read_hosts([pages("clinic.test", "/1", "/2", delay=0.01)], Policy(test_servers=stranger.test_servers)).values()
    )
    assert (answers[0].retry_after, answers[1].trouble) == (60, Outcome.BUSY)
    assert "clinic.test/2" not in stranger.paths


def test_a_host_that_fails_twice_is_left_alone(stranger: Stranger) -> None:
    for path in ("/1", "/2", "/3"):
        stranger.resets("clinic.test", path)
    answers = read_hosts(
        [pages("clinic.test", "/1", "/2", "/3", delay=0.01)], Policy(test_servers=stranger.test_servers)
    )
    assert [answer.trouble for answer in answers.values()] == [Outcome.ERROR, Outcome.ERROR, Outcome.BUSY]


# the caller's side


def test_a_visit_stops_within_a_second_and_gives_turns_back(stranger: Stranger) -> None:
    stranger.redirects("clinic.test", "/", "http://www.clinic.test/")
    stranger.never_answers("www.clinic.test", "/")
    turns = BookOfTurns()
    began = time.monotonic()
    answers = read_hosts(
        [pages("clinic.test", "/")],
        Policy(test_servers=stranger.test_servers),
        turns=turns,
        stop=lambda: time.monotonic() - began > 0.3,
        limits=Limits(),
    )
    assert time.monotonic() - began < 1.3
    assert answers == {}
    assert turns.given_back == ["www.clinic.test"]


def test_answers_come_in_the_calling_thread(stranger: Stranger) -> None:
    threads: list[threading.Thread] = []
    read_hosts(
        [pages("a.test", "/"), pages("b.test", "/")],
        Policy(test_servers=stranger.test_servers),
        on_answer=lambda page, answer: threads.append(threading.current_thread()),
    )
    assert threads == [threading.current_thread()] * 2


def test_what_the_caller_raises_ends_the_visit(stranger: Stranger) -> None:
    def fails(page: PageRequest, answer: Answer) -> None:
        raise LookupError("our own database")

    with pytest.raises(LookupError, match="our own"):
        read_hosts([pages("a.test", "/")], Policy(test_servers=stranger.test_servers), on_answer=fails)


def test_no_hosts_are_no_work() -> None:
    assert read_hosts([], Policy(), stop=never, resolve=answering()) == {}
