"""A real web server on loopback that plays strangers, well-behaved and otherwise.

    with Stranger() as stranger:
        stranger.says("clinic.test", "/", "<p>Hello</p>")
        policy = Policy(test_servers=stranger.test_servers)

Every host name is played by the same port; requests are kept in `stranger.requests`. What nobody described is 404, so
that a host without a word about robots.txt has none.
"""

import gzip
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

from clinics.web.policy import Endpoint, TestServers

REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified", 404: "Not Found", 503: "Busy"}


@dataclass(slots=True)
class Seen:
    """One request that reached the server; times are those of time.monotonic()."""

    host: str
    path: str
    headers: Mapping[str, str]
    began: float
    ended: float = 0.0  # when its last bytes were sent off; told before the other side can have them


@dataclass(frozen=True, slots=True)
class Line:
    """The server's end of a connection with the request on it, for behaviours that write it themselves."""

    connection: socket.socket
    closing: threading.Event
    seen: Seen

    def send(self, data: bytes) -> None:
        self.seen.ended = time.monotonic()
        self.connection.sendall(data)

    def rest(self, seconds: float) -> None:
        """Sleep, unless the server is being closed."""
        if self.closing.wait(seconds):
            raise ConnectionAbortedError("the stranger goes home")


Behaviour = Callable[[Line, Seen], None]


@dataclass(slots=True)
class Stranger:
    """The server. `says` describes pages; the other methods describe bad manners."""

    tls: ssl.SSLContext | None = None
    requests: list[Seen] = field(default_factory=list)
    _pages: dict[tuple[str, str], Behaviour] = field(default_factory=dict)
    _manners: dict[tuple[str, str], Behaviour] = field(default_factory=dict)
    _closing: threading.Event = field(default_factory=threading.Event)
    _listener: socket.socket = field(init=False)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        threading.Thread(target=self._welcome, name="stranger", daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def test_servers(self) -> TestServers:
        """For Policy: every name that ends in .test is played here."""
        return TestServers((("*.test", Endpoint("127.0.0.1", self.port)),))

    @property
    def paths(self) -> list[str]:
        """What was asked for, as "host/path", in order."""
        return [seen.host + seen.path for seen in self.requests]

    # what a page says

    def says(
        self,
        host: str,
        path: str,
        body: str | bytes,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer this path with this body; a validator among the headers is honoured with 304."""
        data = body.encode() if isinstance(body, str) else body
        named = {"Content-Type": "text/html; charset=utf-8", **(headers or {})}
        self._manners.pop((host, path), None)
        self._pages[host, path] = lambda line, seen: line.send(_answer(data, status, named, seen))

    def redirects(self, host: str, path: str, to: str, status: int = 301) -> None:
        self.says(host, path, "", status, {"Location": to})

    def robots(self, host: str, text: str | bytes, status: int = 200) -> None:
        self.says(host, "/robots.txt", text, status, {"Content-Type": "text/plain"})

    # bad manners

    def behaves(self, host: str, path: str, behaviour: Behaviour) -> None:
        """Answer this path by writing to the line oneself; the connection is closed afterwards."""
        self._manners[host, path] = behaviour

    def never_answers(self, host: str, path: str) -> None:
        self.behaves(host, path, lambda line, seen: line.rest(600))

    def drips(self, host: str, path: str, every: float = 1.0) -> None:
        """One byte at a time, without end."""

        def drip(line: Line, seen: Seen) -> None:
            line.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
            while True:
                line.send(b"a")
                line.rest(every)

        self.behaves(host, path, drip)

    def endless(self, host: str, path: str, status: int = 200, headers: str = "") -> None:
        """A body without end, as fast as it is read."""

        def pour(line: Line, seen: Seen) -> None:
            line.send(f"HTTP/1.1 {status} OK\r\nContent-Type: text/html\r\n{headers}\r\n".encode())
            while not line.closing.is_set():
                line.send(b"more and more " * 4096)

        self.behaves(host, path, pour)

    def bombs(self, host: str, path: str, megabytes: int = 50) -> None:
        """A small gzip body that unpacks to very much (about 1:1000)."""
        packed = gzip.compress(b"\0" * (megabytes * 1_000_000), 9)
        self.says(host, path, packed, headers={"Content-Encoding": "gzip"})

    def floods_headers(self, host: str, path: str, count: int = 100_000) -> None:
        def flood(line: Line, seen: Seen) -> None:
            line.send(b"HTTP/1.1 200 OK\r\n")
            for number in range(count):
                line.send(f"X-Flood-{number}: {'y' * 60}\r\n".encode())
            line.send(b"\r\n")

        self.behaves(host, path, flood)

    def resets(self, host: str, path: str) -> None:
        """Promise much, send little, and reset the connection."""

        def reset(line: Line, seen: Seen) -> None:
            line.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n<p>So we say")
            line.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        self.behaves(host, path, reset)

    def hangs_up(self, host: str, path: str) -> None:
        self.behaves(host, path, lambda line, seen: None)

    # the server itself

    def _welcome(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                self._converse(connection)
        except OSError:
            return  # the other side has gone, or we go home: either way there is nobody to tell

    def _converse(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as reader:
            while seen := _request(reader.readline):
                self.requests.append(seen)
                place = (seen.host, seen.path)
                bad_manners = self._manners.get(place)
                behaviour = bad_manners or self._pages.get(place, _not_found)
                behaviour(Line(connection, self._closing, seen), seen)
                if bad_manners or "close" in seen.headers.get("connection", ""):
                    return


def _request(readline: Callable[[], bytes]) -> Seen | None:
    words = readline().split()
    if len(words) < 3:
        return None
    headers: dict[str, str] = {}
    while name_and_value := readline().strip():
        name, _, value = name_and_value.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    host = headers.get("host", "").rsplit(":", 1)[0]
    return Seen(host, words[1].decode("latin-1"), headers, time.monotonic())


def _not_found(line: Line, seen: Seen) -> None:
    line.send(_answer(b"<p>No such page</p>", 404, {"Content-Type": "text/html"}, seen))


def _answer(body: bytes, status: int, headers: Mapping[str, str], seen: Seen) -> bytes:
    if status == 200 and _knows_already(headers, seen):
        status, body = 304, b""
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if status != 304:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def _knows_already(headers: Mapping[str, str], seen: Seen) -> bool:
    etag, modified = headers.get("ETag"), headers.get("Last-Modified")
    return bool(
        (etag and seen.headers.get("if-none-match") == etag)
        or (modified and seen.headers.get("if-modified-since") == modified)
    )
