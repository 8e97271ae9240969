"""libcurl's multi interface over this machine's readiness selector."""

import selectors
import socket
import time

import pycurl

from clinics.web.line import Line

_EVENTS = {
    pycurl.POLL_IN: selectors.EVENT_READ,
    pycurl.POLL_OUT: selectors.EVENT_WRITE,
    pycurl.POLL_INOUT: selectors.EVENT_READ | selectors.EVENT_WRITE,
}


class Engine:
    """Carries many transfers at once in the calling thread."""

    def __init__(self, bell: socket.socket, idle: int) -> None:
        """`bell` becomes readable when something else than a transfer needs the caller.

        At most `idle` connections are kept open for a host's next request.
        """
        self._lines: dict[pycurl.Curl, Line] = {}
        self._bell = bell
        self._due: float | None = None
        self._selector = selectors.DefaultSelector()
        self._selector.register(bell, selectors.EVENT_READ)
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, idle)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)

    def _watch(self, wanted: int, descriptor: int, _multi: object, _data: object) -> None:
        if descriptor in self._selector.get_map():
            self._selector.unregister(descriptor)
        if events := _EVENTS.get(wanted):
            self._selector.register(descriptor, events)

    def _set_timer(self, milliseconds: int) -> None:
        self._due = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000

    def start(self, line: Line) -> None:
        """Begin the transfer that the line was prepared for."""
        self._lines[line.handle] = line
        self._multi.add_handle(line.handle)

    def turn(self, longest: float) -> list[tuple[Line, int]]:
        """Wait at most `longest` seconds for something to do, do it; answers the lines that ended, with their codes."""
        for key, mask in self._selector.select(self._patience(longest)):
            if key.fileobj is self._bell:
                self._bell.recv(4096)
            else:
                self._multi.socket_action(key.fd, _ready(mask))
        if self._due is not None and self._due <= time.monotonic():
            self._due = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        return self._ended()

    def _patience(self, longest: float) -> float:
        return longest if self._due is None else min(longest, max(0.0, self._due - time.monotonic()))

    def _ended(self) -> list[tuple[Line, int]]:
        ended: list[tuple[Line, int]] = []
        more = 1
        while more:
            more, well, failed = self._multi.info_read()
            ended += [(self._release(handle), 0) for handle in well]
            ended += [(self._release(handle), code) for handle, code, _ in failed]
        return ended

    def _release(self, handle: pycurl.Curl) -> Line:
        self._multi.remove_handle(handle)
        return self._lines.pop(handle)

    def close(self) -> None:
        """Break off whatever is under way."""
        for handle in list(self._lines):
            self._release(handle)
        self._multi.close()
        self._selector.close()


def _ready(mask: int) -> int:
    reading = pycurl.CSELECT_IN if mask & selectors.EVENT_READ else 0
    return reading | (pycurl.CSELECT_OUT if mask & selectors.EVENT_WRITE else 0)
