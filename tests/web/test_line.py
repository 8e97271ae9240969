"""Servers with bad manners: each ends in an outcome, in good time, and none raises."""

import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinics.domain.outcome import Outcome
from clinics.web.limits import Limits
from clinics.web.policy import Policy
from tests.stranger import Line, Seen, Stranger
from tests.web.going_out import pages, read, read_hosts

PUBLIC = "93.184.215.14"
QUICK = Limits(page_seconds=0.6, connect_seconds=0.5)


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
        b"HTTP/1.1 99999 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
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
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
    assert 500 < answer.milliseconds < 2000


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
