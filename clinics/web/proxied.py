"""What a browser asks of its proxy, and how a message is handed on: one request for each connection."""

from dataclasses import dataclass
from typing import Final

LONGEST_HEAD: Final = 65_536  # bytes of a request's or an answer's head

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_BETWEEN_NEIGHBOURS: Final = frozenset(
    {"connection", "keep-alive", "proxy-connection", "proxy-authorization", "proxy-authenticate", "te", "upgrade"}
)


class BadRequest(ValueError):
    """Not a request that a proxy can carry."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: a tunnel to the URL's host, or a plain HTTP request whose body has `length` bytes."""

    url: str
    is_tunnel: bool
    method: str = ""
    headers: tuple[bytes, ...] = ()
    length: int = 0

    def handed_on(self, target: str, authority: str) -> bytes:
        """The head as the server is to see it: the request's path, its own host, and no second request after it."""
        lines = [f"{self.method} {target} HTTP/1.1".encode("latin-1"), b"Host: " + authority.encode("ascii")]
        return b"\r\n".join([*lines, *self.headers, b"Connection: close", b"", b""])


def asked(head: bytes) -> Asked:
    """Read the head of a browser's request, its empty line included. Raises BadRequest."""
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    words = first.decode("latin-1").split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise BadRequest("not a request")
    method, target, _ = words
    if method == "CONNECT":
        return Asked(f"https://{target}/", is_tunnel=True)
    if method not in _METHODS or not target.startswith("http://"):
        raise BadRequest("a method or an address that is not carried")
    headers = tuple(line for line in lines if _name(line) not in _BETWEEN_NEIGHBOURS | {"host"})
    return Asked(target, False, method, headers, _length(headers))


def _length(headers: tuple[bytes, ...]) -> int:
    values = [line.partition(b":")[2].strip() for line in headers if _name(line) == "content-length"]
    if len(values) > 1 or any(_name(line) == "transfer-encoding" for line in headers):
        raise BadRequest("a body whose end cannot be told")
    if values and not values[0].isdigit():
        raise BadRequest("a body without a length")
    return int(values[0]) if values else 0


def answered(head: bytes) -> bytes:
    """An answer's head as the browser is to see it: the connection ends there, so that nothing else is asked on it."""
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    kept = [line for line in lines if _name(line) not in _BETWEEN_NEIGHBOURS]
    return b"\r\n".join([first, *kept, b"Connection: close", b"", b""])


def is_interim(head: bytes) -> bool:
    """Whether an answer's head only announces another one (1xx)."""
    words = head.split(b" ", 2)
    return len(words) > 1 and words[1].startswith(b"1")


def _name(line: bytes) -> str:
    return line.partition(b":")[0].strip().lower().decode("latin-1")
