"""Digests of sentences, packed for a column."""

from array import array
from collections.abc import Iterable


def pack(digests: Iterable[int]) -> bytes:
    """Digests as eight bytes each, sorted, each once."""
    return array("q", sorted(set(digests))).tobytes()


def unpack(packed: bytes | memoryview) -> frozenset[int]:
    """The inverse of `pack`."""
    digests = array("q")
    digests.frombytes(bytes(packed))
    return frozenset(digests)
