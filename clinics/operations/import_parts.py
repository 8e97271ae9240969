"""The bytes of a file that was handed in, kept in pieces, so that no process holds all of them."""

import hashlib
import io
from bisect import bisect_right
from collections.abc import Iterable
from typing import Any, Final

from django.db.models.functions import Length

from clinics.models import ClinicImport, ImportPart
from clinics.operations.refusal import Refusal

MOST_BYTES: Final = 20_000_000
TOO_LARGE: Final = (
    "This file has more than 20 MB. Divide it into several, or leave out columns that are not of clinics."
)


def keep_parts(file: ClinicImport, pieces: Iterable[bytes]) -> None:
    """Keep the file's bytes, and set its size and digest. Raises Refusal where they are too many."""
    digest, size = hashlib.sha256(), 0
    for number, data in enumerate(pieces):
        size += len(data)
        if size > MOST_BYTES:
            raise Refusal(TOO_LARGE)
        digest.update(data)
        ImportPart.objects.create(file=file, number=number, data=data)
    file.size, file.digest = size, digest.hexdigest()


class StoredFile(io.RawIOBase):
    """A file that was handed in, read piece by piece."""

    def __init__(self, file: ClinicImport) -> None:
        self._file, self._at = file, 0
        self._ends: list[int] = []
        end = 0
        for length in file.parts.order_by("number").values_list(Length("data"), flat=True):
            end += length
            self._ends.append(end)
        self._number, self._data = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, counted from the beginning, from here, or from the end."""
        size = self._ends[-1] if self._ends else 0
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: size}[whence])
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as the piece goes in which we are."""
        number = bisect_right(self._ends, self._at)
        if number == len(self._ends):
            return 0
        if number != self._number:
            part = self._file.parts.get(number=number)
            self._number, self._data = number, bytes(part.data)
        start = self._at - (self._ends[number] - len(self._data))
        target = memoryview(buffer)
        found = self._data[start : start + len(target)]
        target[: len(found)] = found
        self._at += len(found)
        return len(found)
