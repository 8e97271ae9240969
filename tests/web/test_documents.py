"""PDF brochures, read in a process that may neither grow nor linger."""

import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from clinics.web.documents import DocumentFault, pdf_pages
from tests.brochure import pdf


def locked(document: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(document)))
    writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_each_page_gives_its_text_in_order() -> None:
    assert [page.strip() for page in pdf_pages(pdf("We cure knees", "and hips"))] == ["We cure knees", "and hips"]


def test_only_the_first_pages_of_a_long_document_are_read() -> None:
    assert len(pdf_pages(pdf("a", "b", "c"), pages=2)) == 2


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "not a PDF"),
        (b"<html>no pdf</html>", "not a PDF"),
        (pdf("a")[:200], "not a PDF|damaged"),
        (locked(pdf("a"), "secret"), "password"),
    ],
    ids=["empty", "another kind", "cut off", "locked"],
)
def test_what_is_no_readable_pdf_is_a_fault(document: bytes, reason: str) -> None:
    with pytest.raises(DocumentFault, match=reason):
        pdf_pages(document)


def test_a_pdf_that_unpacks_to_very_much_is_a_fault_or_cut_and_never_grows() -> None:
    bomb = pdf("x", content=b"BT /F1 12 Tf (a) Tj ET " * 20_000_000)
    with pytest.raises(DocumentFault):
        pdf_pages(bomb, seconds=3, megabytes=300)


def test_a_pdf_that_keeps_the_processor_busy_is_ended() -> None:
    busy = pdf("x", content=b"BT /F1 12 Tf (a) Tj ET " * 400_000)
    began = time.monotonic()
    with pytest.raises(DocumentFault, match="1 seconds"):
        pdf_pages(busy, seconds=1)
    assert time.monotonic() - began < 7


@given(st.binary(max_size=200), st.integers(min_value=0, max_value=400))
@settings(max_examples=6)
def test_damage_anywhere_is_a_fault_or_text(noise: bytes, place: int) -> None:
    whole = pdf("We cure knees")
    try:
        pdf_pages(whole[:place] + noise + whole[place + len(noise) :])
    except DocumentFault as fault:
        assert str(fault).endswith(".")
