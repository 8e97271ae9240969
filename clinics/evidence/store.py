"""Keeping bytes under the hash of what they say."""

import hashlib
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

import zstandard

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_LEVEL: Final = 9
_LARGEST: Final = 200_000_000  # bytes of one record, unpacked


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


class FolderStore:
    """A Store in a folder of this machine: compressed files, written whole or not at all."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)

    def put(self, data: bytes) -> str:
        """Keep these bytes; a damaged file of the same digest is mended by them."""
        digest = hashlib.sha256(data).hexdigest()
        if not self._is_whole(digest):
            packed = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(data)
            try:
                _write_whole(self._file(digest), packed)
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

    def _is_whole(self, digest: str) -> bool:
        try:
            self.get(digest)
        except EvidenceFault:
            return False
        return True

    def _file(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise EvidenceFault(f"{digest!r} is not the digest of any evidence.")
        return self._path / digest[:2] / digest[2:4] / f"{digest}.zst"


def _unpacked(packed: bytes) -> bytes | None:
    try:
        if zstandard.frame_content_size(packed) > _LARGEST:
            return None
        return zstandard.ZstdDecompressor().decompress(packed, max_output_size=_LARGEST)
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
