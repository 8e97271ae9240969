"""Where the store's files stand: by name, each written whole or not at all."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Standing:
    """One file on a shelf: its name, its bytes as they are kept, and how long ago it was written or touched."""

    name: str
    size: int
    age: timedelta


class Shelf(Protocol):
    """Names are `<64 hexadecimal digits>…`. Every method raises OSError where the shelf can't be used."""

    def read(self, name: str) -> bytes:
        """What the file holds. Raises FileNotFoundError where there is none."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Keep a file, in the place of one that is there: a reader sees all of one of them, also after a power cut."""
        ...

    def touch(self, name: str) -> None:
        """Make the file as young as if it had just been written. Raises FileNotFoundError where there is none."""
        ...

    def standing(self, digest: str = "") -> Iterator[Standing]:
        """The files whose names begin with this digest; all files where it is empty."""
        ...

    def remove(self, name: str, since: timedelta) -> bool:
        """Remove the file if it is older than that; whether it was there and is gone."""
        ...


class FolderShelf:
    """A Shelf in a folder of this machine."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)

    def read(self, name: str) -> bytes:
        """The bytes of the file."""
        return self._file(name).read_bytes()

    def write(self, name: str, data: bytes) -> None:
        """Write beside, make durable, then rename."""
        file = self._file(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(dir=file.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as new:
                new.write(data)
                new.flush()
                os.fsync(new.fileno())
            os.replace(beside, file)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(beside)
            raise
        _make_durable(file.parent)

    def touch(self, name: str) -> None:
        """Set the file's time."""
        os.utime(self._file(name))

    def standing(self, digest: str = "") -> Iterator[Standing]:
        """What the folder of this digest holds of it, or what all folders hold."""
        files = self._file(digest).parent.glob(f"{digest}*.zst") if digest else self._path.glob("??/??/*.zst")
        for file in files:
            with suppress(FileNotFoundError):
                found = file.stat()
                yield Standing(file.name, found.st_size, _age(found.st_mtime))

    def remove(self, name: str, since: timedelta) -> bool:
        """The file is taken aside before it is looked at, so that one that is touched meanwhile stays."""
        file = self._file(name)
        aside = file.with_suffix(".going")
        try:
            os.replace(file, aside)
        except FileNotFoundError:
            return False
        if _age(aside.stat().st_mtime) <= since:
            os.replace(aside, file)
            return False
        aside.unlink()
        return True

    def _file(self, name: str) -> Path:
        return self._path / name[:2] / name[2:4] / name


def _age(then: float) -> timedelta:
    return timedelta(seconds=time.time() - then)


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
