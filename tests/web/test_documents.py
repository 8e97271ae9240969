"""PDF brochures, read in a process that may neither grow nor linger."""

import io
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from clinics.web.documents import DocumentFault, pdf_pages


def pdf(*pages: str, content: bytes | None = None) -> bytes:
    """A small PDF with one line of text on each page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for text in pages:
        stream = zlib.compress(content or f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode())
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream))
        about = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
        about += b"/Contents %d 0 R >>"
        objects.append(about % len(objects))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return out + head + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(out))


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
@settings(max_examples=6, deadline=None)
def test_damage_anywhere_is_a_fault_or_text(noise: bytes, place: int) -> None:
    whole = pdf("We cure knees")
    try:
        pdf_pages(whole[:place] + noise + whole[place + len(noise) :])
    except DocumentFault as fault:
        assert str(fault).endswith(".")
