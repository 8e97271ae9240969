"""Speaking with a browser over its debugging pipe: JSON messages that end in NUL (Chrome DevTools Protocol 1.3)."""

import json
import os
import selectors
import time
from collections.abc import Callable
from typing import Any, Final

_CHUNK: Final = 262_144
_TICK: Final = 0.1  # seconds between two looks at the watch

Message = dict[str, Any]


class BrowserGone(Exception):
    """The browser ended."""


class TooMuch(Exception):
    """The browser said, or took, more than it may; the message is for staff."""


class NotDone(Exception):
    """The browser refused a command; the message is its own."""


class OutOfTime(Exception):
    """The browser did not answer before the deadline."""


class Devtools:
    """The caller's end of the pipe. Events go to `on_event` while an answer is waited for.

    `watch` is asked before each message, and ten times a second at least; it may raise.
    """

    def __init__(self, says: int, hears: int, *, longest: int, watch: Callable[[], None]) -> None:
        """`says` and `hears` are descriptors, closed by `close`; a message beyond `longest` bytes is the end."""
        self._says, self._hears, self._longest, self._watch = says, hears, longest, watch
        self._heard = bytearray()
        self._searched = 0
        self._number = 0
        self._selector = selectors.DefaultSelector()
        self._selector.register(hears, selectors.EVENT_READ)
        self.on_event: Callable[[Message], None] = lambda message: None

    def send(self, method: str, session: str = "", **params: Any) -> int:
        """Send a command and wait for nothing; its number. Raises BrowserGone."""
        self._number += 1
        command: Message = {"id": self._number, "method": method, "params": params}
        if session:
            command["sessionId"] = session
        rest = memoryview(json.dumps(command).encode() + b"\0")
        try:
            while rest:
                rest = rest[os.write(self._says, rest) :]
        except OSError as fault:
            raise BrowserGone("The browser ended.") from fault
        return self._number

    def call(self, method: str, session: str = "", *, deadline: float, **params: Any) -> Message:
        """Send a command and answer its result. Raises NotDone, OutOfTime, BrowserGone, TooMuch."""
        number = self.send(method, session, **params)
        while True:
            message = self._next(deadline)
            if message is None:
                raise OutOfTime(method)
            if message.get("id") != number:
                self._tell(message)
            elif "error" in message:
                raise NotDone(f"{method}: {message['error'].get('message', '')}"[:300])
            else:
                result: Message = message["result"]
                return result

    def listen(self, until: float) -> None:
        """Hear at most one message, waiting until `until` at the longest (time.monotonic())."""
        message = self._next(until)
        if message is not None:
            self._tell(message)

    def _tell(self, message: Message) -> None:
        if "method" in message:
            self.on_event(message)

    def _next(self, deadline: float) -> Message | None:
        """The next message, or None where the deadline came first."""
        while True:
            self._watch()
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            end = self._heard.find(b"\0", self._searched)
            if end >= 0:
                break
            self._searched = len(self._heard)
            if self._selector.select(min(left, _TICK)):
                self._hear()
        message: Message = json.loads(self._heard[:end])
        del self._heard[: end + 1]
        self._searched = 0
        return message

    def _hear(self) -> None:
        chunk = os.read(self._hears, _CHUNK)
        if not chunk:
            raise BrowserGone("The browser ended.")
        self._heard += chunk
        if len(self._heard) > self._longest:
            raise TooMuch("The page that its scripts make is larger than a page may be.")

    def close(self) -> None:
        """Hang up; a browser that is still there ends by that."""
        self._selector.close()
        os.close(self._says)
        os.close(self._hears)
