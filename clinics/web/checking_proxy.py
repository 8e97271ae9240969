"""The only way out of a browser: a proxy on this machine's loopback that judges every request by the address policy.

Each name is looked up once for each connection, every address that it has is judged, and the connection is opened to
what was judged. What the reader of the page did not announce is refused as well: browsers speak to their makers.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final, Self
from urllib.parse import urlsplit

from clinics.domain.address import RefusedAddress
from clinics.domain.page_identity import host_of
from clinics.web.policy import Endpoint, Policy, Route, port_of
from clinics.web.proxied import LONGEST_HEAD, Asked, BadRequest, answered, asked, is_interim
from clinics.web.resolve import Resolve

_CHUNK: Final = 65_536
_REFUSED: Final = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_FAILED: Final = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_OPENED: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"
_LONGEST_BODY: Final = 1_000_000  # bytes that a page may send to a server
_CONNECTIONS: Final = 64  # at once
_NO_TUNNEL: Final = 80  # a tunnel to the port of plain HTTP is a socket of a script's own

_Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Used(Exception):
    """The bytes that one look at a page may take are used up."""


class CheckingProxy:
    """Runs in a thread of its own while it is entered. `refused` and `opened` tell what was asked for, for the log."""

    def __init__(self, policy: Policy, resolve: Resolve, *, seconds: float, max_bytes: int, connect_seconds: float):
        self._policy, self._resolve, self._connect_seconds = policy, resolve, connect_seconds
        self._ends = time.monotonic() + seconds
        self._room = max_bytes
        self._expected: set[tuple[str, int]] | None = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=_CONNECTIONS)
        self._thread = threading.Thread(target=self._run, name="checking proxy", daemon=True)
        self._busy: set[asyncio.Task[None]] = set()
        self.refused: list[str] = []
        self.opened: list[Endpoint] = []

    @property
    def port(self) -> int:
        """Where on 127.0.0.1 it listens."""
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def expect(self, url: str) -> None:
        """Announce a request to this URL's host and port; before that it is refused there."""
        if self._expected is not None:
            self._expected.add((host_of(url), port_of(url)))

    def expect_anything(self) -> None:
        """Leave everything to the address policy alone."""
        self._expected = None

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._listener.setblocking(False)
        serving = self._loop.create_task(self._serve())
        try:
            self._loop.run_forever()
        finally:
            for task in [serving, *self._busy]:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(serving, *self._busy, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._listener.close()
            self._loop.close()

    async def _serve(self) -> None:
        while True:
            connection, _ = await self._loop.sock_accept(self._listener)
            if len(self._busy) >= _CONNECTIONS:
                connection.close()
                continue
            self._begin(self._welcome(connection))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)

    async def _welcome(self, connection: socket.socket) -> None:
        """One connection of the browser's, from its request to the end of the answer."""
        browser = await asyncio.open_connection(sock=connection, limit=LONGEST_HEAD)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, _Used):
                async with asyncio.timeout(max(0.0, self._ends - time.monotonic())):
                    await self._carry(browser)
        finally:
            browser[1].close()

    async def _carry(self, browser: _Pair) -> None:
        head = await browser[0].readuntil(b"\r\n\r\n")
        try:
            request = asked(head)
            url = self._judge(request)
            server = await self._dial(self._policy.direct(url) or await self._looked_up(url))
        except ValueError as refused:  # RefusedAddress and BadRequest are of its family
            self.refused.append(f"{head[:300].partition(b' HTTP/')[0].decode('latin-1')}: {refused}")
            return await _say(browser[1], _REFUSED)
        except OSError:
            return await _say(browser[1], _FAILED)
        try:
            if request.is_tunnel:
                await self._tunnel(browser, server)
            else:
                await self._exchange(request, url, browser, server)
        finally:
            server[1].close()

    def _judge(self, request: Asked) -> str:
        """The URL to reach for this request. Raises RefusedAddress, BadRequest."""
        url = self._policy.judge(request.url)
        if self._expected is not None and (host_of(url), port_of(url)) not in self._expected:
            raise RefusedAddress("The page was not seen to ask for it.")
        if request.is_tunnel and port_of(url) == _NO_TUNNEL:
            raise RefusedAddress("A tunnel for anything but https is not opened.")
        if request.length > _LONGEST_BODY:
            raise BadRequest("a body that is too long")
        return url

    async def _looked_up(self, url: str) -> Route:
        found = await asyncio.to_thread(self._resolve, host_of(url), port_of(url))
        return self._policy.way(url, found)

    async def _dial(self, route: Route) -> _Pair:
        fault: OSError = OSError("no endpoint")
        for endpoint in route.endpoints:
            try:
                async with asyncio.timeout(self._connect_seconds):
                    pair = await asyncio.open_connection(endpoint.address, endpoint.port, limit=LONGEST_HEAD)
            except OSError as failed:
                fault = failed
                continue
            self.opened.append(endpoint)
            return pair
        raise fault

    async def _tunnel(self, browser: _Pair, server: _Pair) -> None:
        """Bytes both ways, until one side has ended."""
        await _say(browser[1], _OPENED)
        both = [self._pour(browser[0], server[1]), self._pour(server[0], browser[1])]
        tasks = [self._loop.create_task(way) for way in both]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _exchange(self, request: Asked, url: str, browser: _Pair, server: _Pair) -> None:
        """One plain request and its answer; whatever the browser says after it is not read."""
        server[1].write(request.handed_on(_target(url), urlsplit(url).netloc))
        if request.length:
            server[1].write(await browser[0].readexactly(request.length))
        await server[1].drain()
        head = await server[0].readuntil(b"\r\n\r\n")
        while is_interim(head):
            head = await server[0].readuntil(b"\r\n\r\n")
        self._use(len(head))
        await _say(browser[1], answered(head))
        await self._pour(server[0], browser[1])

    async def _pour(self, source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
        while chunk := await source.read(_CHUNK):
            self._use(len(chunk))
            into.write(chunk)
            await into.drain()

    def _use(self, size: int) -> None:
        self._room -= size
        if self._room < 0:
            raise _Used


async def _say(writer: asyncio.StreamWriter, words: bytes) -> None:
    writer.write(words)
    await writer.drain()


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
