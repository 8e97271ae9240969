"""What a seal says, and the hash of it."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from clinics.domain.content import canonical


def seal_content(number: int, day: date, sealed_at: datetime, former: str, root: str) -> bytes:
    """What a seal says, as canonical JSON: its root, and the former seal's hash, which makes the chain."""
    return canonical({"number": number, "day": day, "sealed_at": sealed_at, "former": former, "root": root})


def seal_digest(number: int, day: date, sealed_at: datetime, former: str, root: str) -> str:
    """The hash of a seal, in hexadecimal: SHA-256 of what it says."""
    return hashlib.sha256(seal_content(number, day, sealed_at, former, root)).hexdigest()


def tree_facts(kind: str, rows: int, last_number: int, root: bytes) -> dict[str, Any]:
    """One kind of row in a seal: how many, up to which number, and the root of their tree."""
    return {"kind": kind, "rows": rows, "last_number": last_number, "root": root.hex()}


def trees_by_kind(trees: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The trees of a seal by the kind of their rows."""
    return {str(tree["kind"]): tree for tree in trees}
