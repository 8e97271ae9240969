"""An evidence pack for a claim: its words, captures and rows, with their way to the seals."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import Q, QuerySet

from clinics.domain.content import canonical
from clinics.evidence.pack import build_pack
from clinics.evidence.store import EvidenceFault, Store
from clinics.models import Check, Claim, CredentialCheck, Decision, Seal, Sealed, SealStamp, Sighting, Snapshot
from clinics.operations.keeping import evidence_store
from clinics.operations.refusal import Refusal
from clinics.operations.sealed_rows import KINDS, Kind, places, tree_over

ENDINGS: Final = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
BY_MODEL: Final = {kind.model: kind for kind in KINDS}


def pack_name(claim: Claim, now: datetime) -> str:
    """What the downloaded file is called."""
    return f"evidence-{claim.public_id}-{now:%Y%m%d}.zip"


def evidence_pack(claim: Claim, now: datetime) -> bytes:
    """The pack as a ZIP file. Raises Refusal where a capture is missing or was altered."""
    snapshots = _snapshots(claim)
    rows = list(_rows(claim, snapshots))
    told = [_told(row) for row in rows]
    try:
        files = dict(_captures(snapshots, evidence_store()))
    except EvidenceFault as fault:
        raise Refusal(f"{fault} Run manage.py verify_evidence before anything is handed on.") from None
    first = min((row["seal"] for row in told if row["seal"] is not None), default=None)
    seals = Seal.objects.none() if first is None else Seal.objects.filter(number__gte=first).order_by("number")
    return build_pack(
        {"quotes.txt": _quotes(claim, snapshots).encode(), **files, **_stamps(seals)},
        told,
        [_told_seal(seal) for seal in seals],
        title=f"Statement {claim.public_id}, {claim.get_state_display()}",
        publisher=settings.PUBLIC_URL,
        about={"statement": claim.public_id, "clinic": claim.clinic.public_id, "state": claim.state},
        made_at=now,
    )


def _snapshots(claim: Claim) -> list[Snapshot]:
    """What the words were taken from, and where the flag's wording was first and last seen, oldest first."""
    wanted = Q(pk=claim.snapshot_id)
    for sighting in Sighting.objects.filter(flag__in=claim.flag.joined_keys) if claim.flag else ():
        wanted |= Q(pk=sighting.snapshot_id)
        if sighting.page_id is not None:
            wanted |= Q(page=sighting.page_id, taken_at=sighting.first_seen_at)
    return list(Snapshot.objects.filter(wanted).select_related("page", "leans_on").order_by("taken_at", "pk"))


def _rows(claim: Claim, snapshots: Iterable[Snapshot]) -> Iterator[Sealed]:
    yield from snapshots
    exchanges = [snapshot.exchange for snapshot in snapshots if snapshot.exchange]
    yield from Check.objects.filter(evidence__in=exchanges).order_by("started_at")
    if claim.flag is not None:
        yield from Decision.objects.filter(flag__in=claim.flag.joined_keys).order_by("at", "pk")
    yield from claim.versions.order_by("number")
    yield from claim.credential_checks.filter(state=CredentialCheck.State.PUBLISHED).order_by("pk")


def _told(row: Sealed) -> dict[str, Any]:
    """A row as the pack's verifier reads it."""
    kind = BY_MODEL[type(row)]
    seal, former = _seal_of(kind, row)
    proof = [] if seal is None else _proof(kind, row, seal, former)
    return {
        "kind": kind.name,
        "name": str(getattr(row, "id", "")),
        "content": json.loads(canonical(row.sealed_content)),
        "hash": bytes(row.content_hash).hex(),
        "seal": None if seal is None else seal.number,
        "proof": proof,
    }


def _seal_of(kind: Kind, row: Sealed) -> tuple[Seal | None, Seal | None]:
    """The seal that holds the row, and the one before it; None where no seal does yet."""
    former = None
    for seal in Seal.objects.filter(day__gte=getattr(row, kind.model.DATED).date()).order_by("number"):
        if row.sealing_number <= seal.last_number(kind.name):
            former = Seal.objects.filter(number=seal.number - 1).first()
            return seal, former
    return None, None


def _proof(kind: Kind, row: Sealed, seal: Seal, former: Seal | None) -> list[dict[str, str]]:
    found = list(places(kind, seal, former))
    at = next((place.part.start for place in found if place.row is not None and place.row.pk == row.pk), None)
    if at is None:
        raise Refusal(f"{row} is not in its seal. Run manage.py verify_evidence before anything is handed on.")
    steps = tree_over(found, at).proof()
    return [{"side": "left" if step.is_left else "right", "hash": step.digest.hex()} for step in steps]


def _stamps(seals: QuerySet[Seal]) -> dict[str, bytes]:
    """What authorities signed of these seals, by name of file."""
    stamps = SealStamp.objects.filter(seal__in=seals).select_related("seal").order_by("seal__number")
    return {f"stamps/seal-{stamp.seal.number}.tsr": bytes(stamp.answer) for stamp in stamps}


def _told_seal(seal: Seal) -> dict[str, Any]:
    said = {"number": seal.number, "day": seal.day, "sealed_at": seal.sealed_at, "root": seal.root}
    return {**json.loads(canonical(said)), "former": seal.former, "hash": seal.digest, "trees": seal.trees}


def _captures(snapshots: Iterable[Snapshot], store: Store) -> Iterator[tuple[str, bytes]]:
    for snapshot in snapshots:
        if snapshot.pruned_at is not None:
            continue
        name = f"captures/{snapshot.taken_at:%Y%m%dT%H%M%S}-{snapshot.pk}"
        yield f"{name}.blocks.json", snapshot.words
        if snapshot.body:
            yield f"{name}.{ENDINGS.get(snapshot.content_type, 'document')}", store.get(snapshot.body)
        if snapshot.exchange:
            yield f"{name}.warc", store.get(snapshot.exchange)
        if snapshot.picture:
            yield f"{name}.png", store.get(snapshot.picture)


def _quotes(claim: Claim, snapshots: Iterable[Snapshot]) -> str:
    """The words, in plain text."""
    place = claim.page.url if claim.page else (claim.snapshot.described_as if claim.snapshot else "")
    lines = [
        f"Clinic: {claim.clinic.name}",
        f"Page: {place}",
        f"First seen by us: {claim.first_seen_on}",
        f"State of the statement: {claim.get_state_display()}",
        "",
        "Quote:",
        claim.quote,
        "",
        "In its context:",
        claim.context,
        "",
        "Captures:",
    ]
    for snapshot in snapshots:
        gone = "; words and documents were removed by retention" if snapshot.pruned_at else ""
        lines.append(f"  {snapshot.taken_at:%Y-%m-%d %H:%M:%S} UTC, {snapshot}{gone}")
    return "\n".join(lines) + "\n"
