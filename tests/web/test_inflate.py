"""Undoing compression within bounds."""

import gzip
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.outcome import Outcome
from clinics.web.inflate import HARMLESS, inflate
from clinics.web.trouble import Trouble

PAGE = b"<p>We treat knees.</p>" * 50
BOUNDS = {"max_bytes": 5_000_000, "max_ratio": 100}


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (PAGE, ""),
        (PAGE, "identity"),
        (gzip.compress(PAGE, mtime=0), "gzip"),
        (gzip.compress(PAGE, mtime=0), " GZIP "),
        (gzip.compress(PAGE, mtime=0), "x-gzip"),
        (gzip.compress(PAGE[:100], mtime=0) + gzip.compress(PAGE[100:], mtime=0), "gzip"),
        (gzip.compress(PAGE, mtime=0) + b"\0" * 8, "gzip"),
        (zlib.compress(PAGE), "deflate"),
        (raw_deflate(PAGE), "deflate"),
    ],
)
def test_every_usual_encoding_is_undone(body: bytes, encoding: str) -> None:
    assert inflate(body, encoding, **BOUNDS) == PAGE


@pytest.mark.parametrize(
    ("body", "encoding", "outcome"),
    [
        (gzip.compress(b"\0" * 10_000_000, mtime=0), "gzip", Outcome.TOO_LARGE),
        (zlib.compress(b"\0" * 10_000_000), "deflate", Outcome.TOO_LARGE),
        (gzip.compress(b"\0" * (HARMLESS + 1)), "gzip", Outcome.TOO_LARGE),
        (gzip.compress(b"\0" * 200_000) * 40, "gzip", Outcome.TOO_LARGE),
        (gzip.compress(PAGE, mtime=0)[:-12], "gzip", Outcome.ERROR),
        (gzip.compress(PAGE, mtime=0) + gzip.compress(PAGE, mtime=0)[:-12], "gzip", Outcome.ERROR),
        (b"no gzip at all", "gzip", Outcome.ERROR),
        (b"x", "deflate", Outcome.ERROR),
        (PAGE, "br", Outcome.ERROR),
        (PAGE, "gzip, gzip", Outcome.ERROR),
    ],
)
def test_bombs_and_damage_are_trouble(body: bytes, encoding: str, outcome: Outcome) -> None:
    with pytest.raises(Trouble) as caught:
        inflate(body, encoding, **BOUNDS)
    assert caught.value.outcome is outcome


def test_thousands_of_members_are_not_unpacked() -> None:
    began = time.process_time()
    with pytest.raises(Trouble, match="more pieces"):
        inflate(gzip.compress(b"", mtime=0) * 250_000, "gzip", **BOUNDS)
    assert time.process_time() - began < 2


def test_a_short_page_that_repeats_itself_is_no_bomb() -> None:
    assert len(inflate(gzip.compress(b"a" * HARMLESS, mtime=0), "gzip", **BOUNDS)) == HARMLESS


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", ""]))
def test_no_bytes_do_more_than_make_trouble(body: bytes, encoding: str) -> None:
    try:
        assert len(inflate(body, encoding, **BOUNDS)) <= BOUNDS["max_bytes"]
    except Trouble as trouble:
        assert trouble.reason
