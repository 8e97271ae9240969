"""When two pieces of wording are the same, and short marks by which a whole page's wording is compared.

Same wording: the same words in the same order. Case, punctuation, spacing and typography do not matter; numbers keep
their decimal points and ranges, a percent or currency sign stays, and so does a closing question mark, because asking
is not claiming.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import xxhash

from clinics.domain.block import Block, Sentence
from clinics.domain.normal import normalise

_TOKEN: Final = re.compile(r"\d+(?:[.,:/-]\d+)*|(?:[^\W\d]\.)+[^\W\d]\b|\w+|[%$€£^]|\?(?=[\W_]*\Z)")
_INITIALS: Final = re.compile(r"(?<=[^\W\d])\.(?=[^\W\d])")
_THOUSANDS: Final = re.compile(r",(?=\d{3}(?!\d))")
_BETWEEN: Final = "\x1f"
_SIGNED: Final = 1 << 63


@lru_cache(maxsize=4096)
def _folded_governor(text: str) -> str:
    return folded(text)


def folded(text: str) -> str:
    """The words of a text, in the form in which two wordings are compared."""
    words = " ".join(_TOKEN.findall(normalise(text).text.casefold().replace("'", "")))
    if "." in words:
        words = _INITIALS.sub("", words)
    return _THOUSANDS.sub("", words) if "," in words else words


def subject_key(sentence: str) -> str:
    """32 hexadecimal digits that are the same for the same wording."""
    return xxhash.xxh3_128_hexdigest(folded(sentence).encode("utf-8", "surrogatepass"))


def digest(sentence: Sentence) -> int:
    """A signed 64-bit mark of a sentence in its place: its wording and that of everything that governs it.

    To a question belongs what follows it: another answer makes it another statement.
    """
    parts = [folded(sentence.text), *map(_folded_governor, sentence.governors)]
    if sentence.after and sentence.text.rstrip().endswith("?"):
        parts.append(f"? {folded(sentence.after)}")
    number: int = xxhash.xxh3_64_intdigest(_BETWEEN.join(parts).encode("utf-8", "surrogatepass"))
    return number - 2 * _SIGNED if number >= _SIGNED else number


def text_digest(blocks: Iterable[Block]) -> str:
    """16 hexadecimal digits that are the same for pages whose visible text is the same, block by block."""
    joined = _BETWEEN.join(f"{block.surface.value}{_BETWEEN}{block.text}" for block in blocks)
    return xxhash.xxh3_64_hexdigest(joined.encode("utf-8", "surrogatepass"))
