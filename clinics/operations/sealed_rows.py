"""Which rows are proof, and which of them a seal holds."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from clinics.evidence.sealing import GrowingTree, Part, leaf_hash
from clinics.models import (
    ActionVersion,
    Check,
    ClaimVersion,
    CredentialCheck,
    Decision,
    Question,
    Seal,
    Sealed,
    Snapshot,
    Tombstone,
)

CHUNK = 2000  # rows fetched at once


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of one table that are proof."""

    name: str
    model: type[Sealed]
    only: Q = field(default_factory=Q)

    def rows(self) -> QuerySet[Any]:
        """All rows of this kind, in the order in which seals take them."""
        return self.model._default_manager.filter(self.only).order_by("sealing_number")

    def before(self, seal: Seal) -> Q:
        """Rows that this seal or a former one holds: dated before its end, and written when it was made."""
        dated, number = {f"{self.model.DATED}__lt": seal.ends_at}, seal.last_number(self.name)
        return Q(**dated, sealing_number__lte=number)

    def held_by(self, seal: Seal, former: Seal | None) -> QuerySet[Any]:
        """The rows of one seal: those that no former seal holds. A row that was written late stands in the next."""
        rows = self.rows().filter(self.before(seal))
        if former is None:
            return rows
        number = former.last_number(self.name)
        return rows.filter(Q(sealing_number__gt=number) | Q(**{f"{self.model.DATED}__gte": former.ends_at}))


KINDS = (
    Kind("check", Check),
    Kind("snapshot", Snapshot),
    Kind("decision", Decision),
    Kind("claim_version", ClaimVersion),
    Kind("credential_check", CredentialCheck, Q(state=CredentialCheck.State.PUBLISHED)),
    Kind("tombstone", Tombstone),
    Kind("action_version", ActionVersion),
    Kind("question", Question, Q(published_at__isnull=False)),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the tree of one kind of row in one seal: a row with its leaf, or a part that retention removed."""

    part: Part
    row: Any = None


def places(kind: Kind, seal: Seal, former: Seal | None, rows: QuerySet[Any] | None = None) -> Iterator[Place]:
    """The tree of one kind in one seal from left to right. `rows` are its rows, where the caller wants others' columns.

    Stumps stand where they stood; the rows that are left fill the places between them.
    """
    stumps = {stump.start: stump for stump in (seal.stumps.all() if seal.pk else ()) if stump.kind == kind.name}
    found = (kind.held_by(seal, former) if rows is None else rows).iterator(CHUNK)
    at = 0
    for row in found:
        for part in _removed(stumps, at):
            at = part.end
            yield Place(part)
        yield Place(Part(at, 0, leaf_hash(bytes(row.content_hash))), row)
        at += 1
    yield from (Place(part) for part in _removed(stumps, at))


def _removed(stumps: dict[int, Any], at: int) -> Iterator[Part]:
    """The removed parts that begin at this place, one after another."""
    while (stump := stumps.get(at)) is not None:
        part = Part(stump.start, stump.height, bytes.fromhex(stump.digest))
        yield part
        at = part.end


def tree_over(found: Iterator[Place] | list[Place], watched: int | None = None) -> GrowingTree:
    """The tree of these places."""
    tree = GrowingTree(watched)
    for place in found:
        tree.add(place.part.digest, place.part.height)
    return tree


def with_former() -> Iterator[tuple[Seal, Seal | None]]:
    """Every seal in order, with the one before it."""
    former = None
    for seal in Seal.objects.order_by("number").prefetch_related("stumps").iterator(CHUNK):
        yield seal, former
        former = seal
