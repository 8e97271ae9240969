"""Keeping bytes under the hash of what they say."""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

import zstandard

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_LEVEL: Final = 9
_LARGEST: Final = 200_000_000  # bytes of one record, unpacked
_HASH: Final = 32
_SKIPPED: Final = (0x184D2A50).to_bytes(4, "little") + _HASH.to_bytes(4, "little")
_TRAILER: Final = len(_SKIPPED) + _HASH


class EvidenceFault(Exception):
    """A record is missing, altered, or could not be kept. The message names its digest and is for staff."""


class Store(Protocol):
    """Where records are kept. The same bytes have the same digest and are kept once."""

    def put(self, data: bytes) -> str:
        """Keep these bytes; answers the SHA-256 of them, in hexadecimal. Raises EvidenceFault."""
        ...

    def get(self, digest: str) -> bytes:
        """The bytes with this digest, verified. Raises EvidenceFault naming the digest."""
        ...

    def has(self, digest: str) -> bool:
        """Whether a record of this digest is kept (not whether it is whole)."""
        ...

    def digests(self) -> Iterator[str]:
        """The digests of all records that are kept, in no order."""
        ...

    def room(self) -> tuple[int, int]:
        """How many bytes the records take as they are kept, and how many records there are."""
        ...

    def is_untouched(self, digest: str, since: timedelta) -> bool:
        """Whether it is there, and nobody has put it for so long."""
        ...

    def remove(self, digest: str, since: timedelta) -> bool:
        """Remove a record that nobody has put for so long; whether it was there and is gone."""
        ...


class FolderStore:
    """A Store in a folder of this machine: compressed files, written whole or not at all."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)

    def put(self, data: bytes) -> str:
        """Keep these bytes; a damaged file of the same digest is mended by them."""
        digest = hashlib.sha256(data).hexdigest()
        if not self._is_whole(digest):
            try:
                _write_whole(self._file(digest), _packed(data))
            except OSError as fault:
                raise EvidenceFault(f"Evidence {digest} could not be kept: {fault.strerror}.") from fault
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes with this digest. Raises EvidenceFault where they are missing or altered."""
        try:
            packed = self._file(digest).read_bytes()
        except OSError as fault:
            raise EvidenceFault(f"Evidence {digest} is missing: {fault.strerror}.") from fault
        data = _unpacked(packed)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            raise EvidenceFault(f"Evidence {digest} was altered: its bytes do not have this hash any more.")
        return data

    def has(self, digest: str) -> bool:
        """Whether a file of this digest is there."""
        return self._file(digest).is_file()

    def digests(self) -> Iterator[str]:
        """The digests of all files here."""
        yield from (file.name.removesuffix(".zst") for file in self._files())

    def room(self) -> tuple[int, int]:
        """The bytes of all files here, and their number."""
        sizes = [file.stat().st_size for file in self._files()]
        return sum(sizes), len(sizes)

    def is_untouched(self, digest: str, since: timedelta) -> bool:
        """Whether the file is there, and is older than that."""
        file = self._file(digest)
        return file.is_file() and _age(file) > since

    def remove(self, digest: str, since: timedelta) -> bool:
        """Remove a file, unless somebody has put the same bytes meanwhile: it is taken aside before it is looked at."""
        file = self._file(digest)
        aside = file.with_suffix(".going")
        try:
            os.replace(file, aside)
        except FileNotFoundError:
            return False
        if _age(aside) <= since:
            os.replace(aside, file)
            return False
        aside.unlink()
        return True

    def _files(self) -> Iterator[Path]:
        return (file for file in self._path.glob("??/??/*.zst") if _DIGEST.fullmatch(file.name.removesuffix(".zst")))

    def _is_whole(self, digest: str) -> bool:
        """Whether the record is there and whole; its time is set first, so that nobody removes it as forgotten."""
        try:
            os.utime(self._file(digest))
            self.get(digest)
        except (OSError, EvidenceFault):
            return False
        return True

    def _file(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise EvidenceFault(f"{digest!r} is not the digest of any evidence.")
        return self._path / digest[:2] / digest[2:4] / f"{digest}.zst"


def _age(file: Path) -> timedelta:
    return timedelta(seconds=time.time() - file.stat().st_mtime)


def _packed(data: bytes) -> bytes:
    """A compressed frame, and behind it one that decompressors skip, with the hash of the first.

    A frame has bits that say nothing; the hash makes an alteration of those show, too.
    """
    frame = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(data)
    return frame + _SKIPPED + hashlib.sha256(frame).digest()


def _unpacked(packed: bytes) -> bytes | None:
    frame = packed
    if packed[-_TRAILER:-_HASH] == _SKIPPED:
        frame = packed[:-_TRAILER]
        if hashlib.sha256(frame).digest() != packed[-_HASH:]:
            return None
    try:
        if zstandard.frame_content_size(frame) > _LARGEST:
            return None
        return zstandard.ZstdDecompressor().decompress(frame, max_output_size=_LARGEST, allow_extra_data=False)
    except zstandard.ZstdError:
        return None


def _write_whole(file: Path, data: bytes) -> None:
    """Write beside, make durable, then rename: a reader sees all of it or nothing, also after a power cut."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as beside:
            beside.write(data)
            beside.flush()
            os.fsync(beside.fileno())
        os.replace(name, file)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
    _make_durable(file.parent)


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
