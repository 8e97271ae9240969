"""Where a request may go: public addresses at web ports, or a test server on this machine's loopback."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from clinics.domain.address import RefusedAddress, is_public, judge_url
from clinics.domain.page_identity import host_of

_FORM: Final = "host pattern=loopback address:port, separated by commas, such as *.test=127.0.0.1:8123"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A literal IP address and port, as a socket is opened to."""

    address: str
    port: int


@dataclass(frozen=True, slots=True)
class TestServers:
    """Names that are played by a server on loopback: pairs of host pattern and endpoint, first match wins."""

    __test__ = False  # not a test case, whatever its name suggests to pytest

    entries: tuple[tuple[str, Endpoint], ...] = ()

    def find(self, host: str) -> Endpoint | None:
        """The loopback endpoint that plays this host, or None."""
        return next((endpoint for pattern, endpoint in self.entries if fnmatchcase(host, pattern)), None)


def parse_test_servers(text: str) -> TestServers:
    """Read FETCH_TEST_SERVERS. Raises ValueError naming the expected form for anything but loopback endpoints."""
    return TestServers(tuple(_entry(part.strip()) for part in text.split(",") if part.strip()))


def _entry(part: str) -> tuple[str, Endpoint]:
    pattern, equals, target = part.partition("=")
    address, _, port = target.strip().rpartition(":")
    address = {"localhost": "127.0.0.1"}.get(address, address.removeprefix("[").removesuffix("]"))
    try:
        loopback = ip_address(address).is_loopback
    except ValueError:
        loopback = False
    if not (pattern.strip() and equals and loopback and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"FETCH_TEST_SERVERS: {part!r} is not of the form {_FORM}.")
    return pattern.strip().lower(), Endpoint(address, int(port))


@dataclass(frozen=True, slots=True)
class Route:
    """How to reach one URL: the URL that is spoken to the server and the endpoints that were judged for it."""

    url: str
    host: str
    endpoints: tuple[Endpoint, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """The address policy. `ports` are those of strangers; a test server's name may be asked for at any port."""

    ports: frozenset[int] = frozenset({80, 443})
    test_servers: TestServers = field(default_factory=TestServers)

    def judge(self, url: str) -> str:
        """The URL to fetch. Raises RefusedAddress with a sentence for staff."""
        return judge_url(url, self.ports | self._port_of_test_server(url))

    def _port_of_test_server(self, url: str) -> frozenset[int]:
        try:
            return frozenset({port_of(url)}) if self.test_servers.find(host_of(url)) else frozenset()
        except ValueError:
            return frozenset()

    def direct(self, url: str) -> Route | None:
        """The way to a judged URL that needs no look-up: a test server, or an address in figures. Else None."""
        host = host_of(url)
        if played := self.test_servers.find(host):
            return Route(_as_plain_http(url), host, (played,))
        return self.way(url, [host]) if _is_literal(host) else None

    def way(self, url: str, addresses: Sequence[str]) -> Route:
        """The way to a judged URL whose name has these addresses. Raises RefusedAddress, or OSError for no address.

        One refused address refuses the whole name: a name that points into private networks as well is not trusted.
        """
        host, port = host_of(url), port_of(url)
        if not addresses:
            raise OSError(f"The name {host} has no address.")
        literals = dict.fromkeys(self._checked(host, address, port) for address in addresses)
        return Route(url, host, tuple(Endpoint(literal, port) for literal in literals))

    def _checked(self, host: str, address: str, port: int) -> str:
        if not _is_literal(address) or not is_public(address):
            raise RefusedAddress(f"{host} points to {address}, which is not an address on the public internet.")
        if port not in self.ports:
            ports = " and ".join(str(known) for known in sorted(self.ports))
            raise RefusedAddress(f"{host} was asked for at port {port}; only {ports} are read.")
        return str(ip_address(address))


def port_of(url: str) -> int:
    """The port that a URL asks for, its scheme's own where none is named."""
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _as_plain_http(url: str) -> str:
    return "http://" + url.removeprefix("https://").removeprefix("http://")
