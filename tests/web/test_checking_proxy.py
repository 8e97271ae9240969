"""The browser's only way out, asked directly: what it carries, and what it never does."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest

from clinics.web.checking_proxy import CheckingProxy
from clinics.web.policy import Policy
from tests.stranger import Stranger
from tests.web.browsing import Canary, at_canary, pointing_at
from tests.web.going_out import no_names
from tests.web.test_hostile_addresses import HOSTILE, PUBLIC

Resolve = Callable[[str, int], Sequence[str]]


@contextmanager
def proxy(policy: Policy, resolve: Resolve = no_names, *, everything: bool = True, **bounds) -> Iterator[CheckingProxy]:
    made = {"seconds": 20.0, "max_bytes": 1_000_000, "connect_seconds": 2.0, **bounds}
    with CheckingProxy(policy, resolve, **made) as standing:
        if everything:
            standing.expect_anything()
        yield standing


def say(standing: CheckingProxy, words: bytes, *, then: bytes = b"") -> bytes:
    """All that comes back for these bytes."""
    with socket.create_connection(("127.0.0.1", standing.port), timeout=20) as line:
        line.sendall(words)
        heard = b""
        try:
            while chunk := line.recv(65536):
                heard += chunk
                if then and heard.endswith(b"\r\n\r\n"):
                    line.sendall(then)
                    then = b""
        except ConnectionResetError:
            return heard
        return heard


def get(standing: CheckingProxy, url: str) -> bytes:
    return say(standing, f"GET {url} HTTP/1.1\r\nHost: x\r\n\r\n".encode())


def tunnel(standing: CheckingProxy, authority: str, then: bytes = b"GET / HTTP/1.1\r\n\r\n") -> bytes:
    return say(standing, f"CONNECT {authority} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), then=then)


def status(answer: bytes) -> str:
    return answer.split(b" ", 2)[1].decode() if answer else "closed"


def test_a_strangers_page_is_carried(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/a?b=c", "Hello")
    with proxy(Policy(test_servers=stranger.test_servers)) as standing:
        answer = get(standing, "http://clinic.test/a?b=c")
    assert status(answer) == "200"
    assert answer.endswith(b"\r\n\r\nHello")
    assert stranger.paths == ["clinic.test/a?b=c"]


def test_a_tunnel_to_a_stranger_is_opened(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", "through the tunnel")
    with proxy(Policy(test_servers=stranger.test_servers)) as standing:
        asked = b"GET / HTTP/1.1\r\nHost: clinic.test\r\nConnection: close\r\n\r\n"
        answer = tunnel(standing, "clinic.test:443", asked)
    assert answer.endswith(b"through the tunnel")


def test_what_was_not_announced_is_refused(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", "Hello")
    with proxy(Policy(test_servers=stranger.test_servers), everything=False) as standing:
        before = status(get(standing, "http://clinic.test/"))
        standing.expect("http://clinic.test/")
        after = [status(get(standing, "http://clinic.test/")), status(get(standing, "http://other.test/"))]
    assert [before, *after] == ["403", "200", "403"]
    assert stranger.paths == ["clinic.test/"]


@pytest.mark.parametrize("url", HOSTILE)
def test_no_hostile_address_is_reached(url: str) -> None:
    with Canary() as canary:
        policy = Policy(ports=frozenset({80, 443, canary.port}))
        target = at_canary(url, canary.port)
        authority = target.partition("//")[2].partition("/")[0] or target
        with proxy(policy, pointing_at("127.0.0.1")) as standing:
            heard = [status(get(standing, target)), status(tunnel(standing, authority))]
        assert canary.calls == []
    assert set(heard) <= {"403", "closed"}
    assert standing.opened == []


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], [PUBLIC, "127.0.0.1"], ["::1"], ["10.0.0.1"], ["169.254.169.254"], ["0.0.0.0"]],  # noqa: S104
)
def test_a_name_that_points_inside_is_refused(addresses: list[str]) -> None:
    with Canary() as canary:
        policy = Policy(ports=frozenset({80, 443, canary.port}))
        with proxy(policy, pointing_at(*addresses)) as standing:
            heard = [
                status(get(standing, f"http://clinic.example:{canary.port}/")),
                status(tunnel(standing, f"clinic.example:{canary.port}")),
            ]
        assert canary.calls == []
    assert heard == ["403", "403"]
    assert all("points to" in line for line in standing.refused)


def test_a_name_that_is_allowed_is_reached_where_it_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same canary is heard of where the policy is told that its address is public."""
    monkeypatch.setattr("clinics.web.policy.is_public", lambda address: True)
    with Canary() as canary:
        policy = Policy(ports=frozenset({80, 443, canary.port}))
        with proxy(policy, pointing_at("127.0.0.1")) as standing:
            assert get(standing, f"http://clinic.example:{canary.port}/").endswith(b"secret")
        assert len(canary.calls) == 1


def test_what_is_connected_to_is_what_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebinding: a name that is public when first asked for and inside afterwards never leads inside."""
    monkeypatch.setattr("clinics.web.policy.is_public", lambda address: address == "127.0.0.2")
    looked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        looked.append(host)
        return ["127.0.0.2" if len(looked) % 2 else "127.0.0.1"]

    with socket.create_server(("127.0.0.1", 0)) as hidden:
        hidden.setblocking(False)
        port = hidden.getsockname()[1]
        with proxy(Policy(ports=frozenset({80, 443, port})), rebinding) as standing:
            heard = [status(get(standing, f"http://clinic.example:{port}/")) for _ in range(6)]
        with pytest.raises(BlockingIOError):
            hidden.accept()
    assert heard == ["502", "403"] * 3
    assert len(looked) == 6


def test_a_tunnel_to_the_port_of_plain_http_is_refused(stranger: Stranger) -> None:
    with proxy(Policy(test_servers=stranger.test_servers)) as standing:
        assert status(tunnel(standing, "clinic.test:80")) == "403"
    assert stranger.requests == []


def test_a_second_request_on_the_same_line_is_not_read(stranger: Stranger) -> None:
    """It would go to a server that was judged for the first one."""
    stranger.says("clinic.test", "/", "first")
    both = b"GET http://clinic.test/ HTTP/1.1\r\n\r\nGET http://127.0.0.1/ HTTP/1.1\r\nHost: inside\r\n\r\n"
    with proxy(Policy(test_servers=stranger.test_servers)) as standing:
        answer = say(standing, both)
    assert answer.endswith(b"first")
    assert [(seen.host, seen.path) for seen in stranger.requests] == [("clinic.test", "/")]


def test_a_body_without_end_is_cut(stranger: Stranger) -> None:
    stranger.endless("clinic.test", "/")
    with proxy(Policy(test_servers=stranger.test_servers), max_bytes=300_000) as standing:
        assert len(get(standing, "http://clinic.test/")) <= 300_000 + 65_536


def test_a_server_that_never_answers_is_left_in_time(stranger: Stranger) -> None:
    stranger.never_answers("clinic.test", "/")
    began = time.monotonic()
    with proxy(Policy(test_servers=stranger.test_servers), seconds=1.0) as standing:
        assert status(get(standing, "http://clinic.test/")) == "closed"
    assert time.monotonic() - began < 5


def test_it_ends_with_lines_still_open(stranger: Stranger) -> None:
    stranger.drips("clinic.test", "/", every=0.05)
    with proxy(Policy(test_servers=stranger.test_servers)) as standing:
        lines = [threading.Thread(target=get, args=(standing, "http://clinic.test/"), daemon=True) for _ in range(5)]
        for line in lines:
            line.start()
        while len(standing.opened) < 5:
            time.sleep(0.02)
    for line in lines:
        line.join(timeout=5)
    assert not any(line.is_alive() for line in lines)
