"""The bytes that stand for a row, and their hash: the same wherever and whenever they are worked out.

A row's content is its columns by name, as canonical JSON in UTF-8: keys in order, no white space, no escapes but those
that JSON asks for; times in UTC with six digits of a second. Empty values (null, "", 0, false) are left out, so that a
column which is added later changes the hash of no former row.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value} is no moment: it has no time zone.")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form.")


_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"), default=_plain
).encode


def canonical(content: Mapping[str, Any]) -> bytes:
    """The content as canonical JSON. Raises TypeError for a value of a kind that it does not know."""
    return _encode({name: value for name, value in content.items() if value}).encode()


def content_hash(content: Mapping[str, Any]) -> bytes:
    """SHA-256 of the canonical JSON, 32 bytes."""
    return hashlib.sha256(canonical(content)).digest()
