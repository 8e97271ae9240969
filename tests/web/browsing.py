"""A real browser for tests of this room, and a listener that nobody may ever reach."""

import os
import socket
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Self

from clinics.domain.answer import Answer
from clinics.web.chromium import Chromium, find_chromium
from clinics.web.limits import Limits
from clinics.web.visiting import PageRequest
from tests.stranger import Stranger
from tests.web.going_out import read


@cache
def has_sandbox() -> bool:
    """Whether this machine gives an ordinary user the namespaces that Chromium's sandbox is made of."""
    nobody = ["setpriv", "--reuid", "65534", "--clear-groups"] if os.geteuid() == 0 else []
    return subprocess.run([*nobody, "unshare", "--user", "true"], capture_output=True).returncode == 0


def a_chromium(**more: int) -> Chromium:
    """This machine's browser, as a worker begins it."""
    return Chromium(find_chromium(), sandbox=has_sandbox(), **more)


def browse(stranger: Stranger, *urls: str | PageRequest, **other: object) -> list[Answer]:
    """Read each URL in the browser, one after another."""
    return read(stranger, *urls, **{"chromium": a_chromium(), "limits": Limits(page_seconds=40), **other})


@dataclass
class Canary:
    """A service on every address of this machine's loopback, TCP and UDP, that counts who calls."""

    calls: list[bytes] = field(default_factory=list)
    _sockets: list[socket.socket] = field(default_factory=list)

    def __enter__(self) -> Self:
        while not self._sockets:
            self._sockets = _on_one_port()
        self.port = int(self._sockets[0].getsockname()[1])
        for each in self._sockets[:2]:
            threading.Thread(target=self._listen, args=(each,), daemon=True).start()
        threading.Thread(target=self._receive, args=(self._sockets[2],), daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        for each in self._sockets:
            with suppress(OSError):  # a socket for datagrams is not connected, but wakes who waits on it
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _listen(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                self.calls.append(connection.recv(200))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret")

    def _receive(self, datagrams: socket.socket) -> None:
        while True:
            try:
                data = datagrams.recv(2000)
            except OSError:
                return
            if not data:
                return
            self.calls.append(b"UDP " + data[:50])


def _on_one_port() -> list[socket.socket]:
    """Listeners on the same free port of IPv4 and IPv6, and one for datagrams; none where another took one of them."""
    made = [socket.create_server(("0.0.0.0", 0), backlog=64)]  # noqa: S104 - a network of the tests' own
    port = int(made[0].getsockname()[1])
    try:
        made.append(socket.create_server(("::1", port), family=socket.AF_INET6, backlog=64))
        made.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        made[2].bind(("127.0.0.1", port))
    except OSError:
        for each in made:
            each.close()
        return []
    return made


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
