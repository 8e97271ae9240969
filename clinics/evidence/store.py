"""Keeping bytes under the hash of what they say."""

import hashlib
import logging
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Final

from clinics.domain.packing import packed, packed_on, unpacked
from clinics.evidence.shelf import Shelf, Standing

log = logging.getLogger(__name__)

ALWAYS: Final = timedelta(days=-1)  # since then, everything is untouched
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_NAME: Final = re.compile(r"([0-9a-f]{64})(?:\.on-([0-9a-f]{64}))?\.zst")


class EvidenceFault(Exception):
    """A record is missing, altered, or could not be kept. The message names its digest and is for staff."""


class Store:
    """Records on a shelf. The same bytes have the same digest and are kept once.

    A record that resembles another may lean on it: then only what differs is kept, in a file whose name says on what
    it leans. What is leaned on stands alone, so that reading one record needs one other at most.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def put(self, data: bytes, like: str = "") -> str:
        """Keep these bytes; answers the SHA-256 of them, in hexadecimal. Raises EvidenceFault.

        `like` is the digest of a record that they resemble, which a kept row names. A damaged record is mended.
        """
        digest = hashlib.sha256(data).hexdigest()
        try:
            there = self._forms(digest)
            if not self._is_whole(there):
                self._keep(digest, data, "" if there else like)
                for damaged in filter(_base_of, there):
                    self._shelf.remove(damaged, ALWAYS)
        except OSError as fault:
            raise EvidenceFault(f"Evidence {digest} could not be kept: {fault.strerror or fault}.") from fault
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes with this digest. Raises EvidenceFault where they, or those on which they lean, are damaged."""
        forms = self._forms(digest)
        if not forms:
            raise EvidenceFault(f"Evidence {digest} is missing.")
        return self._read(forms[0])

    def has(self, digest: str) -> bool:
        """Whether a record of this digest is kept (not whether it is whole)."""
        return bool(self._forms(digest))

    def digests(self) -> Iterator[str]:
        """The digests of all records that are kept, in no order."""
        yield from {_digest_of(found.name) for found in self._records()}

    def room(self) -> tuple[int, int]:
        """How many bytes the records take as they are kept, and how many records there are."""
        sizes = [found.size for found in self._records()]
        return sum(sizes), len(sizes)

    def untouched(self, since: timedelta) -> set[str]:
        """The records that nobody has put for so long."""
        found = [(_digest_of(each.name), each.age) for each in self._records()]
        return {digest for digest, _ in found} - {digest for digest, age in found if age <= since}

    def free(self, digests: Collection[str]) -> set[str]:
        """Let no other record lean on these, so that they can go; answers those on which none does any more.

        The first of those that leaned becomes the base of the others. One that can't be read keeps what it leans on:
        that may be mended.
        """
        going, kept, heirs = set(digests), set[str](), dict[str, str]()
        for found in list(self._records()):
            digest, base = _digest_of(found.name), _base_of(found.name)
            if base not in going or digest in going:
                continue
            try:
                self._keep(digest, self._read(found.name), heirs.get(base, ""))
                self._shelf.remove(found.name, ALWAYS)
            except (EvidenceFault, OSError) as fault:
                log.error("%s What it leans on, %s, is kept for it.", fault, base)
                kept.add(base)
            else:
                heirs.setdefault(base, digest)
        return going - kept

    def remove(self, digest: str, since: timedelta) -> bool:
        """Remove a record that nobody has put for so long; whether it was there and is gone. Raises EvidenceFault."""
        try:
            gone = [self._shelf.remove(form, since) for form in self._forms(digest)]
        except OSError as fault:
            raise EvidenceFault(f"Evidence {digest} could not be removed: {fault.strerror or fault}.") from fault
        return bool(gone) and all(gone)

    def _keep(self, digest: str, data: bytes, like: str) -> None:
        """Write the record, as a difference where that pays."""
        base, known = self._base_for(like)
        frames = packed_on(data, known) if base else None
        if frames is not None and self._touch(_name(base)):
            self._shelf.write(_name(digest, base), frames)
        else:
            self._shelf.write(_name(digest), packed(data))

    def _base_for(self, like: str) -> tuple[str, bytes]:
        """The record that stands alone among this one and what it leans on, with its bytes; "" where none is whole."""
        form = next(iter(self._forms(like)), None) if like else None
        if form is None:
            return "", b""
        base = _base_of(form) or like
        try:
            return base, self._read(_name(base))
        except EvidenceFault as fault:
            log.error("%s Nothing is kept as a difference from it.", fault)
            return "", b""

    def _is_whole(self, forms: Sequence[str]) -> bool:
        """Whether a record with these files is there and whole; it is touched, so that nobody forgets it."""
        if not forms:
            return False
        try:
            self._read(forms[0])
        except EvidenceFault:
            return False
        return all(self._touch(form) for form in forms)

    def _touch(self, name: str) -> bool:
        """Make a file young, so that nobody removes it as forgotten; whether it is there."""
        try:
            self._shelf.touch(name)
        except FileNotFoundError:
            return False
        return True

    def _read(self, name: str) -> bytes:
        digest, base = _digest_of(name), _base_of(name)
        known = self._read(_name(base)) if base else None
        try:
            frames = self._shelf.read(name)
        except OSError as fault:
            raise EvidenceFault(f"Evidence {digest} is missing: {fault.strerror or fault}.") from fault
        data = unpacked(frames, known)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            raise EvidenceFault(f"Evidence {digest} was altered: its bytes do not have this hash any more.")
        return data

    def _forms(self, digest: str) -> list[str]:
        """The names of this record's files, the one that stands alone first."""
        if not _DIGEST.fullmatch(digest):
            raise EvidenceFault(f"{digest!r} is not the digest of any evidence.")
        return sorted((found.name for found in self._standing(digest)), key=len)

    def _records(self) -> Iterator[Standing]:
        return self._standing("")

    def _standing(self, digest: str) -> Iterator[Standing]:
        try:
            yield from (found for found in self._shelf.standing(digest) if _NAME.fullmatch(found.name))
        except OSError as fault:
            where = f"Evidence {digest}" if digest else "The evidence"
            raise EvidenceFault(f"{where} could not be looked for: {fault.strerror or fault}.") from fault


def _name(digest: str, base: str = "") -> str:
    return f"{digest}.on-{base}.zst" if base else f"{digest}.zst"


def _digest_of(name: str) -> str:
    return name.partition(".")[0]


def _base_of(name: str) -> str:
    """What the record of this name leans on; "" where it stands alone."""
    return name.removesuffix(".zst").partition(".on-")[2]
