"""Reading the raw header lines of an answer."""

from collections.abc import Iterable


def last_headers(lines: Iterable[bytes]) -> dict[str, str]:
    """Headers of the final response: lower-case names, repeated values joined; no interim answers, no trailers."""
    headers: dict[str, str] = {}
    open_block = False
    for line in lines:
        if line.startswith(b"HTTP/"):
            headers, open_block = {}, True
        elif not line.strip():
            open_block = False
        elif open_block:
            _add(headers, _text(line))
    return headers


def _add(headers: dict[str, str], line: str) -> None:
    name, colon, value = line.partition(":")
    if not colon:
        return
    name, value = name.strip().lower(), value.strip()
    headers[name] = f"{headers[name]}, {value}" if name in headers else value


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8").replace("\0", "")
    except UnicodeDecodeError:
        return line.decode("latin-1").replace("\0", "")
