"""Addresses that must never be reached, whoever asks for them: the URL itself, its name's look-up, or a redirect.

The listener stands where a private service would: on this machine's loopback. Nothing may connect to it.
"""

import socket
from collections.abc import Iterator, Sequence

import pytest

from clinics.domain.outcome import Outcome
from clinics.web.errand import Get
from clinics.web.limits import Limits
from clinics.web.line import Line
from clinics.web.policy import Endpoint, Policy, Route
from clinics.web.visiting import HostVisit, PageRequest, trusted_roots
from tests.stranger import Stranger
from tests.web.going_out import answering, read, read_hosts

HOSTILE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://127.255.255.254/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://0/",
    "http://0.0.0.0/",
    "http://00000177.1/",
    "http://127.0.0.1./",
    "http://localhost/",
    "http://localhost./",
    "http://LOCALHOST/",
    "http://a.localhost/",
    "http://localhost.localdomain/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25lo]/",
    "http://[fc00::1]/",
    "http://[fd00::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://[2001::1]/",
    "http://[100::1]/",
    "http://[fec0::1]/",
    "http://[::1%25lo]/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/",
    "http://169.254.170.2/",
    "http://192.0.0.192/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://168.63.129.16/",
    "http://192.88.99.1/",
    "http://0x0a000001/",
    "http://metadata/",
    "http://metadata.google.internal/",
    "http://router.local/",
    "http://intranet/",
    "http://db.corp/",
    "http://nas.lan/",
    "http://clinic.example:22/",
    "http://clinic.example:6379/",
    "http://clinic.example:5432/",
    "http://clinic.example:0/",
    "http://clinic.example:65536/",
    "http://clinic.example:-80/",
    "http://user@clinic.example/",
    "http://user:pass@clinic.example/",
    "http://clinic.example@127.0.0.1/",
    "http://127.0.0.1#@clinic.example/",
    "http://127.0.0.1\\@clinic.example/",
    "http:///etc/passwd",
    "file:///etc/passwd",
    "ftp://clinic.example/",
    "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1:11211/",
    "data:text/html,x",
    "javascript:alert(1)",
    "ws://clinic.example/",
    "view-source:http://127.0.0.1/",
    "//127.0.0.1/",
    "http:127.0.0.1",
    "http://①②⑦.⓪.⓪.①/",
    "http://ⓛocalhost/",
    "http://127。0。0。1/",
    "http://1.1.1.1.example.local/",
]

PUBLIC = "93.184.215.14"


@pytest.fixture
def hidden() -> Iterator[socket.socket]:
    """A service on loopback that nobody outside is meant to reach."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener


def nobody_called(listener: socket.socket) -> bool:
    try:
        listener.accept()
    except BlockingIOError:
        return True
    return False


def port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def everything_allowed_but(listener: socket.socket) -> Policy:
    """A policy that would let the hidden service's port pass, so that only its address keeps us out."""
    return Policy(ports=frozenset({80, 443, port_of(listener)}))


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) >= 60


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_refused_and_no_name_is_looked_up(url: str) -> None:
    asked: list[str] = []

    def note(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    (answer,) = read_hosts([HostVisit("x", (PageRequest(url, url),), 0)], Policy(), resolve=note).values()
    assert (answer.trouble, answer.hops, asked) == (Outcome.REFUSED, (), [])
    assert answer.reason


@pytest.mark.parametrize("url", HOSTILE)
def test_a_redirect_to_a_hostile_address_is_refused(stranger: Stranger, url: str) -> None:
    """Or, where the odd spelling makes it a path on the same host, simply not found there."""
    stranger.redirects("clinic.test", "/", url)
    (answer,) = read(stranger, "http://clinic.test/")
    stayed = answer.final_url.startswith("http://clinic.test/")
    assert answer.trouble is Outcome.REFUSED or (stayed and answer.status == 404)
    assert {seen.host for seen in stranger.requests} == {"clinic.test"}


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        [PUBLIC, "127.0.0.1"],
        ["127.0.0.1", PUBLIC],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["fe80::1%lo"],
        ["0.0.0.0"],  # noqa: S104 - an address to refuse, not one to listen at
        ["2606:4700::1111", "fd00::1"],
    ],
)
def test_a_name_that_points_inside_is_refused(hidden: socket.socket, addresses: list[str]) -> None:
    url = f"http://clinic.example:{port_of(hidden)}/"
    visits = [HostVisit("clinic.example", (PageRequest(url, 1),), 0)]
    answer = read_hosts(visits, everything_allowed_but(hidden), resolve=answering(*addresses))[url]
    assert answer.trouble is Outcome.REFUSED
    assert "clinic.example points to" in answer.reason
    assert nobody_called(hidden)


def test_what_is_connected_to_is_what_was_judged(hidden: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebinding: the name is public when it is judged, and the hidden service whenever it is asked again.

    A second address of loopback, where nobody listens, stands for the public one, so that sockets are really opened.
    """
    monkeypatch.setattr("clinics.web.policy.is_public", lambda address: address == "127.0.0.2")
    looked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        looked.append(host)
        return ["127.0.0.2" if len(looked) == 1 else "127.0.0.1"]

    names = ["clinic.example", "clinic.example", "www.clinic.example"]
    urls = [f"http://{name}:{port_of(hidden)}/{number}" for number, name in enumerate(names)]
    visits = [HostVisit("clinic.example", tuple(PageRequest(url, url) for url in urls), 0)]
    answers = read_hosts(visits, everything_allowed_but(hidden), resolve=rebinding)
    assert [answer.trouble for answer in answers.values()] == [Outcome.ERROR, Outcome.ERROR, Outcome.REFUSED]
    assert looked == ["clinic.example", "www.clinic.example"]
    assert nobody_called(hidden)


@pytest.mark.parametrize("judged", [Endpoint(PUBLIC, 80), Endpoint("127.0.0.1", 1), Endpoint("127.0.0.2", 80)])
def test_the_socket_itself_is_refused_where_the_address_was_not_judged(hidden: socket.socket, judged: Endpoint) -> None:
    """The last gate alone: libcurl is told to call the hidden service, which is not what was judged."""
    line = Line(Limits(), trusted_roots())
    url = f"http://127.0.0.1:{port_of(hidden)}/"
    line.prepare(Get(url, 0.0, 1000), Route(url, "127.0.0.1", (Endpoint("127.0.0.1", port_of(hidden)),)), 2.0, {})
    line._route = Route(url, "127.0.0.1", (judged,))
    with pytest.raises(Exception, match=r"\(7, "):
        line.handle.perform()
    line.hang_up()
    assert nobody_called(hidden)


def test_a_proxy_of_the_environment_is_not_used(
    stranger: Stranger, hidden: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port_of(hidden)}")
    stranger.says("clinic.test", "/", "direct")
    assert read(stranger, "http://clinic.test/")[0].body == b"direct"
    assert nobody_called(hidden)
