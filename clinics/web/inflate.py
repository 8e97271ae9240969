"""Undoing the compression of an answer, within bounds that a bomb can't pass."""

import zlib
from typing import Final

from clinics.domain.outcome import Outcome
from clinics.web.trouble import Trouble

HARMLESS: Final = 262_144
"""Bytes up to which no ratio is suspicious: a short page that repeats itself compresses very well."""

_MAGIC: Final = b"\x1f\x8b"  # what a member of a gzip file begins with
_MOST_MEMBERS: Final = 200
_RAW, _ZLIB, _GZIP = -zlib.MAX_WBITS, zlib.MAX_WBITS, zlib.MAX_WBITS | 16


def inflate(body: bytes, encoding: str, *, max_bytes: int, max_ratio: int) -> bytes:
    """The plain bytes of a body whose Content-Encoding is gzip, deflate or none.

    Raises Trouble: too_large beyond `max_bytes` or `max_ratio`, error for a damaged body or another encoding.
    """
    kind = encoding.strip().lower()
    if kind in ("", "identity") or not body:
        return body
    if kind not in ("gzip", "x-gzip", "deflate"):
        raise Trouble(Outcome.ERROR, f"The page is compressed in a way that was not asked for ({kind[:40]}).")
    room = min(max_bytes, max(HARMLESS, len(body) * max_ratio))
    return _unpacked(body, _window(kind, body), room)


def _window(kind: str, body: bytes) -> int:
    if kind != "deflate":
        return _GZIP
    looks_like_zlib = body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return _ZLIB if looks_like_zlib else _RAW


def _unpacked(body: bytes, window: int, room: int) -> bytes:
    """The plain bytes of all members: a gzip file may be several, one behind another (RFC 1952 section 2.2)."""
    plain, rest = _member(body, window, b"", room)
    for _ in range(_MOST_MEMBERS):
        if window != _GZIP or not rest.startswith(_MAGIC):
            return plain
        plain, rest = _member(rest, window, plain, room)
    raise Trouble(Outcome.ERROR, "The page's compressed body is in more pieces than any page needs.")


def _member(packed: bytes, window: int, before: bytes, room: int) -> tuple[bytes, bytes]:
    """The plain bytes so far, with those of the next member; and what stands behind it."""
    stream = zlib.decompressobj(window)
    try:
        plain = before + stream.decompress(packed, room - len(before) + 1)
    except zlib.error as fault:
        raise Trouble(Outcome.ERROR, "The page's compressed body is damaged.") from fault
    if len(plain) > room:
        raise Trouble(Outcome.TOO_LARGE, f"The page unpacks to more than {room:,} bytes.")
    if not stream.eof:
        raise Trouble(Outcome.ERROR, "The page's compressed body ends in the middle.")
    return plain, stream.unused_data
