"""What a page said, once for each distinct text."""

import hashlib
import json
from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from clinics.domain.block import Block, Surface
from clinics.domain.packing import packed, packed_on, unpacked
from clinics.models.clinic import Clinic
from clinics.models.merging import MovedByMerging, only_moves_by_merging
from clinics.models.page import Page
from clinics.models.sealed import Sealed


class AlteredWords(ValueError):
    """The words of a snapshot are not what was packed. The message names it and is for staff."""


def written(blocks: Iterable[Block]) -> bytes:
    """Blocks as JSON, the form in which a Snapshot packs them."""
    rows = [[block.text, block.surface.value, list(block.governors), block.page] for block in blocks]
    return json.dumps(rows, ensure_ascii=False).encode()


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
    leans_on = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leaning",
        help_text="An earlier text of the page: only what differs from it is packed.",
    )
    blocks_digest = models.CharField(max_length=64, help_text="SHA-256 of the blocks as JSON.")
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
    of_register = models.BooleanField(
        "words of a register or court",
        default=False,
        help_text="Evidence for a credential check, not the clinic's own words: no rule is held against it.",
    )
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
        "of_register",
    )
    DATED = "taken_at"

    class Meta:
        ordering = ["-taken_at"]
        indexes = [models.Index(fields=["-taken_at", "-id"], name="snapshot_newest_first")]
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
                condition=Q(of_register=False) | Q(origin="hand"), name="words_of_a_register_are_captured_by_hand"
            ),
            models.CheckConstraint(
                condition=Q(pruned_at__isnull=True) | Q(packed_blocks=b"", leans_on=None),
                name="a_pruned_snapshot_has_no_words",
            ),
        ]
        triggers = [
            only_moves_by_merging("snapshot_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.page or self.described_as} {self.seen_on or self.taken_at:%Y-%m-%d}"

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The visible text in its pieces, in the order of the page; none once retention has removed them.

        Raises AlteredWords.
        """
        if self.pruned_at is not None:
            return ()
        rows = json.loads(self.words)
        return tuple(Block(text, Surface(surface), tuple(governors), page) for text, surface, governors, page in rows)

    @property
    def words(self) -> bytes:
        """The blocks as JSON. Raises AlteredWords, also for a text that retention has removed."""
        base = self.leans_on.words if self.leans_on is not None else None
        words = unpacked(bytes(self.packed_blocks), base)
        if words is None:
            raise AlteredWords(f"The words of snapshot {self.pk} ({self}) were altered.")
        return words

    def keeping(self, blocks: Iterable[Block], like: "Snapshot | None" = None) -> Self:
        """This row with the blocks packed, ready to be hashed; as a difference from what `like` stands on, if it pays.

        `like` is locked by the caller, so that retention leaves it its words meanwhile.
        """
        words = written(blocks)
        self.blocks_digest = hashlib.sha256(words).hexdigest()
        base = (like.leans_on or like) if like is not None and like.pruned_at is None else None
        leaning = packed_on(words, base.words) if base is not None else None
        self.leans_on = base if leaning is not None else None
        self.packed_blocks = packed(words) if leaning is None else leaning
        return self

    @property
    def is_whole(self) -> bool:
        """Whether its words are those of its hash. Rows from before version 1 carry the hash of what was packed."""
        try:
            said = hashlib.sha256(self.words).hexdigest()
        except AlteredWords:
            return False
        return self.blocks_digest in (said, hashlib.sha256(bytes(self.packed_blocks)).hexdigest())
