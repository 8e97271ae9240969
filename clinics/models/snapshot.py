"""What a page said, once for each distinct text."""

import hashlib
import json
from collections.abc import Iterable

import zstandard
from django.conf import settings
from django.db import models
from django.db.models import Q

from clinics.domain.block import Block, Surface
from clinics.models.clinic import Clinic
from clinics.models.merging import MovedByMerging, only_moves_by_merging
from clinics.models.page import Page
from clinics.models.sealed import Sealed


def pack_blocks(blocks: Iterable[Block]) -> bytes:
    """Blocks as compressed JSON, the form in which a Snapshot keeps them."""
    rows = [[block.text, block.surface.value, list(block.governors), block.page] for block in blocks]
    return zstandard.compress(json.dumps(rows, ensure_ascii=False).encode(), 3)


def digest_of_blocks(packed: bytes) -> str:
    """SHA-256 of packed blocks, in hexadecimal."""
    return hashlib.sha256(packed).hexdigest()


def unpack_blocks(packed: bytes) -> tuple[Block, ...]:
    """The inverse of `pack_blocks`."""
    rows = json.loads(zstandard.decompress(bytes(packed)))
    return tuple(Block(text, Surface(surface), tuple(governors), page) for text, surface, governors, page in rows)


class Snapshot(MovedByMerging, Sealed):
    """A text that a page carried, or that a named person saw and captured by hand.

    Retention takes away its words and documents, never the row: its hashes stay.
    """

    class Origin(models.TextChoices):
        READ = "read", "read by the tracker"
        HAND = "hand", "captured by hand"

    page = models.ForeignKey(Page, on_delete=models.PROTECT, null=True, blank=True, related_name="snapshots")
    clinic = models.ForeignKey(
        Clinic,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="captures",
        help_text="For captures by hand: whose words these are.",
    )
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.READ)
    text_digest = models.CharField(max_length=32)
    packed_blocks = models.BinaryField(help_text="Empty once retention has removed the words.")
    blocks_digest = models.CharField(max_length=64, help_text="SHA-256 of the packed blocks.")
    body = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the document in the evidence store.")
    exchange = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the WARC record in the evidence store."
    )
    picture = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of its picture (PNG) in the evidence store."
    )
    content_type = models.CharField(max_length=200, blank=True)
    extractor_version = models.CharField(max_length=32)
    taken_at = models.DateTimeField()
    captured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seen_on = models.DateField(null=True, blank=True, help_text="The day on which the person saw it.")
    described_as = models.CharField(max_length=200, blank=True, help_text="Brochure, post, seminar slide …")
    pruned_at = models.DateTimeField(null=True, blank=True, help_text="When retention removed words and documents.")

    SEALED = (
        "page_id",
        "clinic_id",
        "origin",
        "text_digest",
        "blocks_digest",
        "body",
        "exchange",
        "picture",
        "content_type",
        "extractor_version",
        "taken_at",
        "captured_by_id",
        "seen_on",
        "described_as",
    )
    DATED = "taken_at"

    class Meta:
        ordering = ["-taken_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "text_digest"],
                condition=Q(origin="read", pruned_at__isnull=True),
                name="one_snapshot_per_page_and_text",
            ),
            models.UniqueConstraint(
                fields=["clinic", "text_digest", "seen_on"],
                condition=Q(origin="hand", merged_from__isnull=True),
                name="one_capture_per_clinic_text_and_day",
            ),
            models.CheckConstraint(
                condition=Q(origin="read", page__isnull=False)
                | Q(origin="hand", clinic__isnull=False, captured_by__isnull=False, seen_on__isnull=False),
                name="a_capture_by_hand_has_clinic_person_and_date",
            ),
            models.CheckConstraint(
                condition=Q(pruned_at__isnull=True) | Q(packed_blocks=b""), name="a_pruned_snapshot_has_no_words"
            ),
        ]
        triggers = [
            only_moves_by_merging("snapshot_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.page or self.described_as} {self.taken_at:%Y-%m-%d}"

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The visible text in its pieces, in the order of the page; none once retention has removed them."""
        return unpack_blocks(self.packed_blocks) if self.pruned_at is None else ()
