"""Merkle trees over the hashes of rows, by RFC 6962 section 2.1, with parts that retention has removed.

A leaf is SHA-256(0x00 ‖ data), a node SHA-256(0x01 ‖ left ‖ right); a tree of n leaves splits at the largest power of
two below n. A whole part of 2^h leaves can be given by its hash alone, so that rows may go and the root still holds.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

EMPTY: Final = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf that holds these bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of the node above these two."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Part:
    """A whole part of a tree: 2^height leaves from `start` on, and its hash. A single leaf has height 0."""

    start: int
    height: int
    digest: bytes

    @property
    def end(self) -> int:
        """The position after its last leaf."""
        return self.start + (1 << self.height)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a proof of inclusion: the sibling's hash, and whether it stands on the left."""

    digest: bytes
    is_left: bool


class GrowingTree:
    """A tree that takes leaves from left to right and keeps only what its root needs: a few hashes.

    With `watched`, the position of a leaf, it notes that leaf's proof of inclusion on the way.
    """

    def __init__(self, watched: int | None = None) -> None:
        self.size = 0
        self._watched = watched
        self._proof: list[Step] = []
        self._peaks: list[tuple[Part, bool]] = []  # each with whether the watched leaf is in it

    def add(self, digest: bytes, height: int = 0) -> None:
        """Take the next leaf, or the next whole part. Raises ValueError where a part of that height cannot stand."""
        if self.size % (1 << height):
            raise ValueError(f"No part of height {height} begins at leaf {self.size}.")
        part = Part(self.size, height, digest)
        holds = self._watched is not None and part.start <= self._watched < part.end
        self.size = part.end
        while self._peaks and self._peaks[-1][0].height == part.height:
            left, left_holds = self._peaks.pop()
            self._note(left.digest, left_holds, part.digest, holds)
            part = Part(left.start, part.height + 1, node_hash(left.digest, part.digest))
            holds = holds or left_holds
        self._peaks.append((part, holds))

    def root(self) -> bytes:
        """The root of what was taken so far."""
        return self._folded()

    def proof(self) -> tuple[Step, ...]:
        """The watched leaf's way to the root, from below. Nothing may be added afterwards."""
        self._folded()
        return tuple(self._proof)

    def _folded(self) -> bytes:
        if not self._peaks:
            return EMPTY
        *rest, (last, holds) = self._peaks
        digest = last.digest
        for left, left_holds in reversed(rest):
            self._note(left.digest, left_holds, digest, holds)
            digest, holds = node_hash(left.digest, digest), holds or left_holds
        return digest

    def _note(self, left: bytes, left_holds: bool, right: bytes, right_holds: bool) -> None:
        if left_holds:
            self._proof.append(Step(right, is_left=False))
        elif right_holds:
            self._proof.append(Step(left, is_left=True))


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes."""
    tree = GrowingTree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def proof_of(leaves: Sequence[bytes], position: int) -> tuple[Step, ...]:
    """The way from one of these leaf hashes to the root over all of them."""
    tree = GrowingTree(position)
    for leaf in leaves:
        tree.add(leaf)
    return tree.proof()


def root_by(leaf: bytes, proof: Iterable[Step]) -> bytes:
    """The root to which a proof of inclusion leads."""
    digest = leaf
    for step in proof:
        digest = node_hash(step.digest, digest) if step.is_left else node_hash(digest, step.digest)
    return digest


def joined(parts: Iterable[Part]) -> Iterator[Part]:
    """Fewest parts that cover what these cover, which stand in their order: siblings are joined."""
    kept: list[Part] = []
    for part in parts:
        while kept and _are_siblings(kept[-1], part):
            left = kept.pop()
            part = Part(left.start, part.height + 1, node_hash(left.digest, part.digest))
        kept.append(part)
    yield from kept


def _are_siblings(left: Part, right: Part) -> bool:
    return left.height == right.height and left.end == right.start and not left.start % (2 << left.height)
