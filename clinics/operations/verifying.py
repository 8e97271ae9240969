"""Whether the proof is what it was: every seal, every row that a seal holds or will hold, every record of the store."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Max, QuerySet

from clinics.domain.content import content_hash
from clinics.domain.seals import seal_digest, trees_by_kind
from clinics.evidence.stamp_fault import StampFault
from clinics.evidence.stamps import stamped_at
from clinics.evidence.store import EvidenceFault, Store
from clinics.models import (
    ActionVersion,
    Claim,
    ClaimVersion,
    OfficialAction,
    RegisterFile,
    RegisterLookUp,
    Screenshot,
    Seal,
    SealStamp,
    Snapshot,
    Tombstone,
)
from clinics.operations.action_facts import facts_signed
from clinics.operations.sealed_rows import CHUNK, KINDS, Kind, Place, places, tree_over, with_former
from clinics.operations.sealing import root_of_trees
from clinics.operations.stamping import content_of, trusted_authorities

RESTORE: Final = "Restore it from a backup that is older than the change, verify again, and find out who made it."
KEEP: Final = "Keep a copy of the database as it stands, then compare it with a backup of that day."


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not what it was."""

    what: str
    where: str
    do: str


@dataclass(slots=True)
class Verified:
    """How much was looked at."""

    seals: int = 0
    stamps: int = 0
    sealed_rows: int = 0
    rows_to_seal: int = 0
    records: int = 0
    unreferenced: int = 0
    faults: int = 0
    last_seal: str = ""
    last_day: str = ""


def _says_what_was_signed(claim: Claim, signed: dict[str, Any]) -> bool:
    """Whether the public words are those of the version, and those behind them, where it tells of them."""
    shown = (claim.quote_in_public, claim.context_in_public) == (signed.get("quote"), signed.get("context"))
    return shown and signed.get("words_hash", claim.words_hash) == claim.words_hash


class Verification:
    """One run over everything. `found` counts as `faults` goes on."""

    def __init__(self, store: Store, *, known_seals: Iterable[str] = ()) -> None:
        self.found = Verified()
        self._store = store
        self._known = set(known_seals)
        self._needed: set[str] = set()  # records that must be there
        self._named: set[str] = set()  # records of pruned rows: there, or under a tombstone
        self._gone = Tombstones.of()

    def faults(self) -> Iterator[Fault]:
        """Every fault, as it is found; none where all is as it was."""
        for part in (
            self._chain,
            self._stamps,
            self._sealed,
            self._unsealed,
            self._claims,
            self._actions,
            self._records,
        ):
            for fault in part():
                self.found.faults += 1
                yield fault

    def _chain(self) -> Iterator[Fault]:
        for seal, former in with_former():
            self.found.seals += 1
            self.found.last_seal, self.found.last_day = seal.digest, seal.day.isoformat()
            yield from _faults_of_seal(seal, former)
            self._known.discard(seal.digest)
        for digest in sorted(self._known):
            yield Fault("A seal that was known is not in the chain.", f"seal {digest}", KEEP)

    def _stamps(self) -> Iterator[Fault]:
        """What authorities signed, by the certificates that this installation trusts; without any, nothing is said."""
        trusted = trusted_authorities()
        for stamp in SealStamp.objects.select_related("seal").order_by("seal__number") if trusted else ():
            self.found.stamps += 1
            try:
                stamped_at(bytes(stamp.answer), content_of(stamp.seal), trusted)
            except StampFault as fault:
                yield Fault(str(fault), f"{stamp}", KEEP)

    def _sealed(self) -> Iterator[Fault]:
        for seal, former in with_former():
            facts = trees_by_kind(seal.trees)
            for kind in KINDS:
                if kind.name in facts:
                    yield from self._tree(kind, seal, former, facts[kind.name])

    def _tree(self, kind: Kind, seal: Seal, former: Seal | None, facts: Any) -> Iterator[Fault]:
        faults: list[Fault] = []
        try:
            rows = _readable(kind, kind.held_by(seal, former))
            tree = tree_over(self._looked_at(kind, places(kind, seal, former, rows), faults))
        except ValueError as misfit:
            yield Fault(f"What retention left does not fit: {misfit}", f"{seal}, {kind.name}", KEEP)
            return
        yield from faults
        if tree.root().hex() != facts["root"]:
            was, here = facts["rows"], tree.size
            many = f"it holds {was}, {here} are here" if was != here else f"one or more of its {was} rows differ"
            yield Fault(f"Rows are missing, added or altered: {many}.", f"{seal}, {kind.name}", KEEP)

    def _looked_at(self, kind: Kind, found: Iterator[Place], faults: list[Fault]) -> Iterator[Place]:
        for place in found:
            if place.row is not None:
                self.found.sealed_rows += 1
                faults.extend(self._faults_of_row(kind, place.row))
            yield place

    def _unsealed(self) -> Iterator[Fault]:
        last = Seal.objects.order_by("-number").first()
        for kind in KINDS:
            rows = kind.rows() if last is None else kind.rows().exclude(kind.before(last))
            for row in _readable(kind, rows).iterator(CHUNK):
                self.found.rows_to_seal += 1
                yield from self._faults_of_row(kind, row)

    def _faults_of_row(self, kind: Kind, row: Any) -> Iterator[Fault]:
        where = f"{kind.name} {row.id}, {getattr(row, row.DATED):%Y-%m-%d %H:%M:%S} UTC"
        if not row.content_hash:
            yield Fault("A row of proof has no hash.", where, "Find out what wrote it: an operation of ours hashes.")
        elif bytes(row.content_hash) != content_hash(row.sealed_content):
            yield Fault("A row was altered: its content does not have its hash any more.", where, RESTORE)
        if kind.model is Snapshot:
            yield from self._faults_of_text(row, where)
        if kind.name == "check":
            self._needed.update(filter(None, (row.evidence,)))
        if kind.name == "credential_check":
            self._needed.update(filter(None, (row.answer,)))

    def _faults_of_text(self, snapshot: Snapshot, where: str) -> Iterator[Fault]:
        records = self._needed if snapshot.pruned_at is None else self._named
        records.update(filter(None, (snapshot.body, snapshot.exchange, snapshot.picture)))
        if snapshot.pruned_at is None:
            if not snapshot.is_whole:
                yield Fault("The words of a snapshot were altered.", where, RESTORE)
        elif snapshot.blocks_digest not in self._gone.texts:
            yield Fault("The words of a snapshot are gone, and no tombstone says why.", where, RESTORE)

    def _claims(self) -> Iterator[Fault]:
        """What the public reads is what was signed."""
        newest = ClaimVersion.objects.values("claim").annotate(newest=Max("pk")).values("newest")
        for version in ClaimVersion.objects.filter(pk__in=newest).select_related("claim").iterator(CHUNK):
            claim = version.claim
            if not _says_what_was_signed(claim, version.content):
                yield Fault("A published claim does not say what was signed.", f"claim {claim.public_id}", RESTORE)
        unsigned = Claim.objects.filter(published_at__isnull=False, versions__isnull=True)
        for public_id in unsigned.values_list("public_id", flat=True):
            yield Fault("A published claim has no signed version.", f"claim {public_id}", RESTORE)

    def _actions(self) -> Iterator[Fault]:
        """What the public reads of an official act is what two people signed."""
        newest = ActionVersion.objects.values("action").annotate(newest=Max("pk")).values("newest")
        for version in ActionVersion.objects.filter(pk__in=newest).select_related("action__link").iterator(CHUNK):
            action = version.action
            if any(version.content.get(name) != value for name, value in facts_signed(action).items()):
                where = f"official action {action.public_id}"
                yield Fault("A published official action does not say what was signed.", where, RESTORE)
        unsigned = OfficialAction.objects.filter(published_at__isnull=False, versions__isnull=True)
        for public_id in unsigned.values_list("public_id", flat=True):
            yield Fault("A published official action has no signed version.", f"official action {public_id}", RESTORE)

    def _records(self) -> Iterator[Fault]:
        kept: set[str] = set()
        self._needed.update(Screenshot.objects.exclude(image="").values_list("image", flat=True))
        self._needed.update(RegisterLookUp.objects.exclude(answer="").values_list("answer", flat=True))
        for column in ("body", "exchange"):
            self._needed.update(RegisterFile.objects.values_list(column, flat=True))
        for digest in self._store.digests():
            self.found.records += 1
            kept.add(digest)
            try:
                self._store.get(digest)
            except EvidenceFault as fault:
                yield Fault(str(fault), f"record {digest}", RESTORE)
        self.found.unreferenced = len(kept - self._needed - self._named)
        for digest in sorted(self._needed - kept):
            yield Fault("A record is missing.", f"record {digest}", RESTORE)
        for digest in sorted(self._named - self._needed - kept - self._gone.records):
            yield Fault("A record is missing, and no tombstone says why.", f"record {digest}", RESTORE)


def _readable(kind: Kind, rows: QuerySet[Any]) -> QuerySet[Any]:
    """These rows with what their words are read by."""
    return rows.select_related("leans_on") if kind.model is Snapshot else rows


@dataclass(frozen=True, slots=True)
class Tombstones:
    """What retention removed, by hash."""

    records: frozenset[str]
    texts: frozenset[str]

    @classmethod
    def of(cls) -> "Tombstones":
        """All that stand now."""
        subjects = Tombstone.objects.values_list("subject", flat=True)
        records, texts = (subjects.filter(kind=kind) for kind in (Tombstone.Kind.RECORD, Tombstone.Kind.TEXT))
        return cls(frozenset(records), frozenset(texts))


def _faults_of_seal(seal: Seal, former: Seal | None) -> Iterator[Fault]:
    where = f"{seal}"
    if seal.number != (former.number + 1 if former else 1) or seal.former != (former.digest if former else ""):
        yield Fault("The chain is broken: this seal does not follow the one before it.", where, KEEP)
    if former is not None and seal.day <= former.day:
        yield Fault("The chain is broken: this day does not follow the day before it.", where, KEEP)
    if seal.root != root_of_trees(seal.trees).hex():
        yield Fault("A seal was altered: its trees do not lead to its root.", where, KEEP)
    if seal.digest != seal_digest(seal.number, seal.day, seal.sealed_at, seal.former, seal.root):
        yield Fault("A seal was altered: it does not have its hash any more.", where, KEEP)
