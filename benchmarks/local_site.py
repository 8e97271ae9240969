"""A local site for benchmarks: 1,000 clinics' pages on as many hosts as one likes, in a process of its own.

It answers any host name, at four doors: at once or after 300 ms, plainly or over TLS. What does not count as a change
is in every answer as real sites have it: a token in a script, in a hidden field, in an attribute and in the address of
a style sheet. What the site shows is changed by the parent through a pipe, never by requests.
"""

import asyncio
import gzip
import multiprocessing
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from pages_to_read import pages

MOST_PAGES = 1000
LATENCY = 0.3  # seconds, at the slow doors
ROBOTS = b"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\nSitemap: /sitemap.xml\n"


@dataclass(frozen=True, slots=True)
class Show:
    """What the site shows: noise of which draw, how many pages with one more sentence, and whether it knows 304."""

    draw: int = 0
    edited: int = 0  # pages 0 … edited-1
    edit: int = 0  # which edit
    etags: bool = False


@dataclass(frozen=True, slots=True)
class Doors:
    """The ports of a running site, and the pipe to it."""

    ports: dict[tuple[bool, float], int]  # by TLS and latency
    pipe: Connection
    pid: int
    certificate: str

    def show(self, what: Show) -> int:
        """Have the site show this from now on; how many pages it was asked for until now, since the last call."""
        self.pipe.send(what)
        return int(self.pipe.recv())


class _Site:
    """The pages, compressed when they are first asked for."""

    def __init__(self, count: int) -> None:
        self.documents = pages(count)
        self.shown = Show()
        self.asked = 0
        self._made: dict[tuple[int, int, int], bytes] = {}

    def body(self, number: int) -> bytes:
        edit = self.shown.edit if number < self.shown.edited else 0
        key = (number, self.shown.draw, edit)
        if key not in self._made:
            if len(self._made) > 4 * len(self.documents):
                self._made.clear()
            self._made[key] = gzip.compress(noisy(self.documents[number], self.shown.draw, edit).encode(), 6)
        return self._made[key]

    def answer(self, head: bytes) -> bytes:
        path = head.split(b" ", 2)[1]
        if path == b"/robots.txt":
            return b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(ROBOTS) + ROBOTS
        if not path[1:].isdigit() or int(path[1:]) >= len(self.documents):
            return b"HTTP/1.1 404 No\r\nContent-Type: text/html\r\nContent-Length: 24\r\n\r\n<h1>No such page</h1>..."
        self.asked += 1
        shown, number = self.shown, int(path[1:])
        tag = b'ETag: "%d-%d"\r\n' % (number, shown.edit if number < shown.edited else 0) if shown.etags else b""
        if tag and tag[7:-3] in head:
            return b"HTTP/1.1 304 Not Modified\r\n" + tag + b"\r\n"
        body = self.body(number)
        gzipped = b"Content-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
        return b"HTTP/1.1 200 OK\r\n" + gzipped + tag + b"Content-Length: %d\r\n\r\n" % len(body) + body


def noisy(page: str, draw: int, edit: int = 0) -> str:
    """A page with the tokens of one draw, and with one more sentence for an edit above 0."""
    token = f"{(draw + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF:016x}"
    for mark, with_token in (
        (
            "</head>",
            f"<link rel=stylesheet href='/style.css?ver={token}'><script>var ajax={{'nonce':'{token}'}}</script>",
        ),
        ("</body>", f"<form><input type=hidden name=_token value='{token}'></form>"),
    ):
        page = page.replace(mark, with_token + mark, 1)
    if edit:
        page = page.replace("</p>", f" Since week {edit} we also see patients on Thursdays.</p>", 1)
    return page.replace("<body ", f"<body data-request='{token}' ", 1)


class _Door(asyncio.Protocol):
    def __init__(self, site: _Site, latency: float) -> None:
        self._site, self._latency = site, latency
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._head += data
        while b"\r\n\r\n" in self._head:
            head, _, self._head = self._head.partition(b"\r\n\r\n")
            if self._latency:
                asyncio.get_running_loop().call_later(self._latency, self._reply, head)
            else:
                self._reply(head)

    def _reply(self, head: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(self._site.answer(head))  # type: ignore[attr-defined]


def _serve(pipe: Connection, count: int, folder: str, address: str) -> None:
    async def main() -> None:
        site, loop = _Site(count), asyncio.get_running_loop()
        secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        secure.load_cert_chain(f"{folder}/site.pem")
        ports = {}
        for tls in (False, True):
            for latency in (0.0, LATENCY):
                server = await loop.create_server(
                    lambda latency=latency: _Door(site, latency),
                    address,
                    0,
                    backlog=2048,
                    ssl=secure if tls else None,
                )
                ports[tls, latency] = server.sockets[0].getsockname()[1]

        def hear() -> None:
            try:
                site.shown, asked = pipe.recv(), site.asked
            except EOFError:
                return loop.stop()
            site.asked = 0
            pipe.send(asked)

        loop.add_reader(pipe.fileno(), hear)
        pipe.send(ports)
        await loop.create_future()

    try:
        asyncio.run(main())
    except RuntimeError:
        return  # the parent has gone, and the loop with it


@contextmanager
def local_site(count: int, folder: Path, address: str = "127.0.0.1") -> Iterator[Doors]:
    """A running site with so many pages, listening at this address; its certificate is made in `folder`."""
    _make_certificate(folder)
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    site = context.Process(target=_serve, args=(there, min(count, MOST_PAGES), str(folder), address), daemon=True)
    site.start()
    try:
        yield Doors(here.recv(), here, site.pid or 0, f"{folder}/site.pem")
    finally:
        site.terminate()
        site.join()


def _make_certificate(folder: Path) -> None:
    """A certificate of our own for every name under clinics.test and for 127.0.0.1, with an elliptic key."""
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-addext"]
    names, files = (
        "subjectAltName=DNS:*.clinics.test,IP:127.0.0.1",
        ["-keyout", folder / "key", "-out", folder / "cert"],
    )
    command = ["openssl", "req", *kind, names, "-subj", "/CN=local site", *files]
    subprocess.run(command, check=True, capture_output=True)
    (folder / "site.pem").write_text((folder / "key").read_text() + (folder / "cert").read_text())
