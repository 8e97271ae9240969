"""A real browser for tests of this room, and a listener that nobody may ever reach."""

import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from clinics.domain.answer import Answer
from clinics.web.chromium import Chromium, find_chromium
from clinics.web.limits import Limits
from clinics.web.visiting import PageRequest
from tests.stranger import Stranger
from tests.web.going_out import read


def a_chromium(**more: int) -> Chromium:
    """This machine's browser, as a worker begins it."""
    return Chromium(find_chromium(), **more)


def browse(stranger: Stranger, *urls: str | PageRequest, **other: object) -> list[Answer]:
    """Read each URL in the browser, one after another."""
    return read(stranger, *urls, **{"chromium": a_chromium(), "limits": Limits(page_seconds=40), **other})


@dataclass
class Canary:
    """A service on every address of this machine's loopback, TCP and UDP, that counts who calls."""

    calls: list[bytes] = field(default_factory=list)
    _sockets: list[socket.socket] = field(default_factory=list)

    def __enter__(self) -> Self:
        listener = socket.create_server(("0.0.0.0", 0), backlog=64)  # noqa: S104 - a network of the tests' own
        self.port = int(listener.getsockname()[1])
        six = socket.create_server(("::1", self.port), family=socket.AF_INET6, backlog=64)
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind(("127.0.0.1", self.port))
        self._sockets = [listener, six, datagrams]
        for each in (listener, six):
            threading.Thread(target=self._listen, args=(each,), daemon=True).start()
        threading.Thread(target=self._receive, args=(datagrams,), daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        for each in self._sockets[:2]:
            each.shutdown(socket.SHUT_RDWR)
        for each in self._sockets:
            each.close()

    def _listen(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                self.calls.append(connection.recv(200))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret")

    def _receive(self, datagrams: socket.socket) -> None:
        while True:
            try:
                data, _ = datagrams.recvfrom(2000)
            except OSError:
                return
            self.calls.append(b"UDP " + data[:50])


def at_canary(url: str, port: int) -> str:
    """The hostile URL with the canary's port, where it names none itself."""
    scheme, separator, rest = url.partition("//")
    authority, slash, path = rest.partition("/")
    if not separator or not authority or authority.rpartition("]")[2].count(":") or "@" in authority:
        return url
    return f"{scheme}//{authority}:{port}{slash}{path}"


def pointing_at(*addresses: str) -> object:
    """A resolver that sends every name to these addresses."""

    def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve
