"""What a named person saw where the tracker cannot read: kept as evidence, and held against the same rules."""

from datetime import date, datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.block import Block
from clinics.domain.extraction import EXTRACTOR_VERSION
from clinics.domain.identity import text_digest
from clinics.domain.inspection import Inspection, inspect_pdf_pages, inspect_text, reread
from clinics.evidence.store import EvidenceFault
from clinics.models import Cause, Clinic, Page, Snapshot
from clinics.operations import rechecking
from clinics.operations.days import refuse_no_past_day
from clinics.operations.flagging import lock_living_clinic
from clinics.operations.keeping import evidence_store
from clinics.operations.refusal import Refusal, required
from clinics.web.documents import DocumentFault, pdf_pages

MOST_BYTES: Final = 5_000_000
PLAIN: Final = "text/plain; charset=utf-8"
_IMAGES: Final = {
    b"\x89PNG\r\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}
_ENDINGS: Final = {"html": "text/html", "htm": "text/html", "xhtml": "text/html", "txt": PLAIN, "md": PLAIN}


def capture_text(
    clinic: Clinic,
    text: str,
    *,
    described_as: str,
    seen_on: date,
    by: User,
    now: datetime,
    page: Page | None = None,
    of_register: bool = False,
) -> Snapshot:
    """Keep pasted words of the clinic, and raise flags as if a page had said them.

    `of_register`: they are a register's or a court's, kept as evidence, and flag nobody. Raises Refusal.
    """
    words = required(text, "The text that was seen")
    blocks = _read(inspect_text(words)).blocks
    return _keep(clinic, words.encode(), PLAIN, blocks, described_as, seen_on, by, now, page, of_register)


def capture_file(
    clinic: Clinic,
    name: str,
    data: bytes,
    *,
    described_as: str,
    seen_on: date,
    by: User,
    now: datetime,
    typed: str = "",
    page: Page | None = None,
    of_register: bool = False,
) -> Snapshot:
    """Keep a file of the clinic's words: HTML, PDF, plain text, or an image together with its words as `typed`.

    Words typed beside a file with text of its own are read after it. `of_register` as for `capture_text`.
    Raises Refusal for anything else, for more than 5 MB, and for a file without words.
    """
    if not data:
        raise Refusal("This file is empty.")
    if len(data) > MOST_BYTES:
        raise Refusal("This file has more than 5 MB. Hand in the part that matters, or paste its words.")
    kind = _kind_of(name, data)
    blocks = (*_blocks_of(data, kind, typed), *(_read(inspect_text(typed)).blocks if typed.strip() else ()))
    return _keep(clinic, data, kind, blocks, described_as, seen_on, by, now, page, of_register)


def _kind_of(name: str, data: bytes) -> str:
    """The file's kind, by how it begins; by its name where text begins as it likes."""
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    for beginning, kind in _IMAGES.items():
        if data.startswith(beginning):
            return kind
    return _ENDINGS.get(name.rpartition(".")[2].lower(), PLAIN)


def _blocks_of(data: bytes, kind: str, typed: str) -> tuple[Block, ...]:
    if kind.startswith("image/"):
        if not typed.strip():
            raise Refusal("The words on an image cannot be read by machine: type them beside it.")
        return ()
    found = _of_pdf(data, may_be_mute=bool(typed.strip())) if kind == "application/pdf" else reread(data, kind)
    return found.blocks if typed.strip() and not found.outcome.is_observation else _read(found).blocks


def _of_pdf(data: bytes, *, may_be_mute: bool) -> Inspection:
    try:
        return inspect_pdf_pages(pdf_pages(data))
    except DocumentFault as fault:
        if may_be_mute:
            return inspect_pdf_pages(())
        raise Refusal(f"{fault} Type its words beside it.") from None


def _read(found: Inspection) -> Inspection:
    if not found.outcome.is_observation:
        raise Refusal(found.reason or "There is no text to read.")
    return found


@transaction.atomic
def _keep(
    clinic: Clinic,
    data: bytes,
    kind: str,
    blocks: tuple[Block, ...],
    described_as: str,
    seen_on: date,
    by: User,
    now: datetime,
    page: Page | None,
    of_register: bool,
) -> Snapshot:
    """The capture, kept once for each clinic, text and day; and its flags."""
    refuse_no_past_day(seen_on, now, to_come="The day on which it was seen has not come yet.")
    about = required(described_as, "What was captured (brochure, post, seminar slide …)")[:200]
    seen = {"clinic": clinic, "text_digest": text_digest(blocks), "seen_on": seen_on, "origin": Snapshot.Origin.HAND}
    lock_living_clinic(clinic.pk)  # so that the same capture, handed in twice at once, is kept once
    known = Snapshot.objects.filter(**seen).first()
    if known is not None and known.of_register != of_register:
        raise Refusal("The same text of this day is kept already, the one time as the clinic's words, now as others'.")
    if known is not None:
        return known
    snapshot = Snapshot(
        **seen,
        page=page,
        body=_stored(data),
        content_type=kind,
        extractor_version=EXTRACTOR_VERSION,
        taken_at=now,
        captured_by=by,
        described_as=about,
        of_register=of_register,
    )
    snapshot.keeping(blocks).hashed().save(force_insert=True)
    if not of_register:
        rechecking.apply_snapshot(snapshot, clinic, Cause.FIRST_READING, now)
    return snapshot


def _stored(data: bytes) -> str:
    try:
        return evidence_store().put(data)
    except EvidenceFault as fault:
        raise Refusal(str(fault)) from None
