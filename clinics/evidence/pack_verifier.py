#!/usr/bin/env python3
"""Verify this evidence pack. Needs Python 3.8 or newer and nothing else; opens no connection.

    python3 verify.py [FOLDER]

Looks at every file by its SHA-256, at every row's hash, at its way to the seal of its day, and at the chain of seals.
Ends with 0 if all fits, with 1 if anything does not, naming the file.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MANIFEST, HASH_OF_MANIFEST = "manifest.json", "manifest.sha256"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def canonical(content: dict[str, Any]) -> bytes:
    """The same bytes for the same content: keys in order, no white space, empty values left out."""
    kept = {name: value for name, value in content.items() if value}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def root_by(start: bytes, proof: list[dict[str, str]]) -> bytes:
    """The root to which a proof of inclusion leads (RFC 6962)."""
    digest = start
    for step in proof:
        other = bytes.fromhex(step["hash"])
        left, right = (other, digest) if step["side"] == "left" else (digest, other)
        digest = hashlib.sha256(b"\x01" + left + right).digest()
    return digest


def faults_of_files(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    for name, expected in sorted(manifest["files"].items()):
        file = folder / name
        if not file.is_file():
            yield f"{name} is missing."
        elif sha256(file.read_bytes()) != expected:
            yield f"{name} was altered: its bytes do not have the SHA-256 that {MANIFEST} gives."
    known = {*manifest["files"], MANIFEST, HASH_OF_MANIFEST}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_file() and name not in known:
            yield f"{name} is not part of this pack."


def faults_of_seals(seals: list[dict[str, Any]]) -> Iterator[str]:
    former: dict[str, Any] | None = None
    for seal in seals:
        said = {name: seal[name] for name in ("number", "day", "sealed_at", "former", "root")}
        trees = [leaf(canonical(tree)) for tree in seal["trees"]]
        if sha256(canonical(said)) != seal["hash"] or root_of(trees).hex() != seal["root"]:
            yield f"seals.json: seal {seal['number']} does not have its hash."
        if former is not None and (seal["former"], seal["number"]) != (former["hash"], former["number"] + 1):
            yield f"seals.json: seal {seal['number']} does not follow seal {former['number']}."
        former = seal


def root_of(leaves: list[bytes]) -> bytes:
    """The root of a whole tree (RFC 6962)."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root_of(leaves[:split]) + root_of(leaves[split:])).digest()


def faults_of_row(row: dict[str, Any], seals: dict[int, dict[str, Any]]) -> Iterator[str]:
    where = f"rows.json: {row['kind']} {row['name']}"
    digest = sha256(canonical(row["content"]))
    if digest != row["hash"]:
        yield f"{where} does not have its hash."
    if row["seal"] is None:
        return
    seal = seals.get(row["seal"])
    tree = next((tree for tree in seal["trees"] if tree["kind"] == row["kind"]), None) if seal else None
    if tree is None:
        yield f"{where}: the seal {row['seal']} is not in seals.json."
    elif root_by(leaf(bytes.fromhex(digest)), row["proof"]).hex() != tree["root"]:
        yield f"{where} is not in the seal {row['seal']}."


def faults_of_records(rows: list[dict[str, Any]], files: dict[str, str]) -> Iterator[str]:
    """Every capture is one that a row names by its hash."""
    columns = ("body", "exchange", "picture", "evidence", "blocks_digest")
    named = {row["content"].get(column) for row in rows for column in columns}
    for name, digest in files.items():
        if name.startswith("captures/") and digest not in named:
            yield f"{name} is named by no row."


def verify(folder: Path) -> tuple[list[str], dict[str, Any]]:
    """Everything that does not fit, as sentences; and what was looked at."""
    raw = (folder / MANIFEST).read_bytes()
    if (folder / HASH_OF_MANIFEST).read_text().split()[:1] != [sha256(raw)]:
        return [f"{MANIFEST} or {HASH_OF_MANIFEST} was altered: they do not fit each other."], {}
    manifest: dict[str, Any] = json.loads(raw)
    faults = list(faults_of_files(folder, manifest))
    if faults:
        return faults, manifest
    rows = json.loads((folder / "rows.json").read_bytes())
    seals = json.loads((folder / "seals.json").read_bytes())
    faults.extend(faults_of_seals(seals))
    by_number = {seal["number"]: seal for seal in seals}
    for row in rows:
        faults.extend(faults_of_row(row, by_number))
    faults.extend(faults_of_records(rows, manifest["files"]))
    manifest["unsealed"] = [f"{row['kind']} {row['name']}" for row in rows if row["seal"] is None]
    manifest["newest"] = seals[-1] if seals else None
    return faults, manifest


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        faults, manifest = verify(folder)
    except (OSError, ValueError, KeyError, TypeError) as trouble:
        faults, manifest = [f"This pack cannot be read: {trouble}"], {}
    for fault in faults:
        sys.stdout.write(f"FAULT  {fault}\n")
    if faults:
        return 1
    sys.stdout.write(f"OK  {len(manifest['files'])} files are what the manifest says.\n")
    for row in manifest["unsealed"]:
        sys.stdout.write(f"NOTE  {row} is not sealed yet: only its own hash was looked at.\n")
    if manifest["newest"] is not None:
        sys.stdout.write("OK  every other row is in the seal of its day, and the seals make a chain.\n")
        newest = "NOTE  compare with a copy kept elsewhere: seal {number} of {day} has the hash {hash}\n"
        sys.stdout.write(newest.format(**manifest["newest"]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
