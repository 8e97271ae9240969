"""Names looked up beside the transfers, since a look-up may block for many seconds."""

import socket
import threading
import time
from collections.abc import Sequence
from queue import SimpleQueue
from typing import Final

from clinics.web.resolve import Resolve

Found = Sequence[str] | Exception

_REMEMBERED: Final = 60.0  # seconds that an answer is used again; what is connected to was judged all the same


class Lookups:
    """A few threads that look names up; `bell` rings (becomes readable) when an answer is there."""

    def __init__(self, resolve: Resolve, threads: int = 16) -> None:
        self._resolve = resolve
        self._spare = threads
        self._asked: SimpleQueue[tuple[int, str, int] | None] = SimpleQueue()
        self._found: SimpleQueue[tuple[int, str, int, Found]] = SimpleQueue()
        self._known: dict[tuple[str, int], tuple[float, Sequence[str]]] = {}
        self._threads = 0
        self.bell, self._clapper = socket.socketpair()
        self.bell.setblocking(False)
        self._clapper.setblocking(False)

    def known(self, host: str, port: int) -> Sequence[str] | None:
        """The addresses of a name that was looked up a moment ago."""
        kept = self._known.get((host, port))
        return kept[1] if kept and time.monotonic() - kept[0] < _REMEMBERED else None

    def ask(self, ticket: int, host: str, port: int) -> None:
        """Have a name looked up; the answer comes by `answers` under the ticket."""
        if self._spare:
            self._spare -= 1
            self._threads += 1
            threading.Thread(target=self._work, name="lookup", daemon=True).start()
        self._asked.put((ticket, host, port))

    def _work(self) -> None:
        while (question := self._asked.get()) is not None:
            ticket, host, port = question
            found: Found
            try:
                found = self._resolve(host, port)
            except (OSError, ValueError) as fault:
                found = fault
            self._found.put((ticket, host, port, found))
            self._ring()

    def _ring(self) -> None:
        try:
            self._clapper.send(b".")
        except OSError:  # full: it rings already; closed: nobody listens any more
            return

    def answers(self) -> list[tuple[int, Found]]:
        """What was found since the last call."""
        found: list[tuple[int, Found]] = []
        while not self._found.empty():
            ticket, host, port, answer = self._found.get()
            if not isinstance(answer, Exception):
                self._known[host, port] = (time.monotonic(), answer)
            found.append((ticket, answer))
        return found

    def close(self) -> None:
        """Let the threads go; one that still waits for a name server ends by itself."""
        for _ in range(self._threads):
            self._asked.put(None)
        self.bell.close()
        self._clapper.close()
