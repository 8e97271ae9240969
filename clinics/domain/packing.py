"""Compressed frames: of bytes alone, or of what differs from other bytes."""

import hashlib
from typing import Final

import zstandard

_LEVEL: Final = 9
_LARGEST: Final = 200_000_000  # bytes of one record, unpacked
_HASH: Final = 32
_SKIPPED: Final = (0x184D2A50).to_bytes(4, "little") + _HASH.to_bytes(4, "little")
_TRAILER: Final = len(_SKIPPED) + _HASH
_LEAST_GAIN: Final = 8  # times smaller: edits add up against one base, and from here on a new base costs less
_ESTIMATE: Final = 3  # a quick level, for how small the bytes would be alone


def packed(data: bytes) -> bytes:
    """A compressed frame, and behind it one that decompressors skip, with the hash of the first.

    A frame has bits that say nothing; the hash makes an alteration of those show, too.
    """
    return _sealed(zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(data))


def packed_on(data: bytes, base: bytes) -> bytes | None:
    """The same with `base` as dictionary; None where that is not eight times smaller than alone.

    Only `unpacked` with the same base has the bytes back (RFC 8878 section 5, a raw content dictionary).
    """
    sizes = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, source_size=len(data), dict_size=len(base), write_checksum=True, write_content_size=True
    )
    frame = zstandard.ZstdCompressor(dict_data=_dictionary(base), compression_params=sizes).compress(data)
    alone = zstandard.ZstdCompressor(level=_ESTIMATE).compress(data)
    return _sealed(frame) if len(frame) * _LEAST_GAIN <= len(alone) else None


def unpacked(frames: bytes, base: bytes | None = None) -> bytes | None:
    """The bytes of `packed`, or of `packed_on` this base; None where the frames are no such thing any more."""
    frame = frames
    if frames[-_TRAILER:-_HASH] == _SKIPPED:
        frame = frames[:-_TRAILER]
        if hashlib.sha256(frame).digest() != frames[-_HASH:]:
            return None
    dictionary = _dictionary(base) if base is not None else None
    try:
        if zstandard.frame_content_size(frame) > _LARGEST:
            return None
        reader = zstandard.ZstdDecompressor(dict_data=dictionary)
        return reader.decompress(frame, max_output_size=_LARGEST, allow_extra_data=False)
    except zstandard.ZstdError:
        return None


def _sealed(frame: bytes) -> bytes:
    return frame + _SKIPPED + hashlib.sha256(frame).digest()


def _dictionary(base: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
