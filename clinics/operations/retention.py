"""Removing what need not be kept any longer: its hashes stay, and a tombstone says when and why."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import pgtrigger
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from psycopg import sql

from clinics.evidence.sealing import Part, joined
from clinics.evidence.store import Store
from clinics.models import (
    Check,
    Claim,
    Clinic,
    CredentialCheck,
    Flag,
    LegalHold,
    Page,
    PageState,
    PageUse,
    Question,
    RegisterFile,
    RegisterLookUp,
    Screenshot,
    Seal,
    Sighting,
    Snapshot,
    Stump,
    Tombstone,
)
from clinics.operations.keeping import evidence_store
from clinics.operations.months import month_after, partition_name, partitions
from clinics.operations.sealed_rows import KINDS, Kind, places, with_former
from clinics.operations.sealing import hold_seals

TOGETHER: Final = 500  # snapshots in one transaction
UNTOUCHED: Final = timedelta(days=2)  # a record that no row names may be on its way into one
AGED: Final = "Older than the {days} days for which it is kept."
UNNAMED: Final = "No row that is kept names it any more."
CHECKS: Final = next(kind for kind in KINDS if kind.model is Check)


def prune(now: datetime) -> dict[str, int]:
    """Remove what is older than RETENTION_DAYS and on which nothing rests; nothing at all where that is 0.

    How many texts, checks and records were removed. Safe to run twice and at once.
    """
    if not settings.RETENTION_DAYS:
        return {"texts": 0, "checks": 0, "records": 0}
    limit = now - timedelta(days=settings.RETENTION_DAYS)
    texts, checks = prune_texts(limit, now), prune_checks(limit, now)
    return {"texts": texts, "checks": checks, "records": sweep(evidence_store(), now)}


def held_pages() -> QuerySet[Page]:
    """All pages that are or ever were recorded for a clinic under a legal hold, or for one that was merged into it.

    Who takes a page off a clinic, or moves it, leaves it in the history, which nobody alters; so it stays held.
    """
    held = LegalHold.objects.in_force().values("clinic")
    clinics = Clinic.objects.filter(Q(pk__in=held) | Q(merged_into__in=held)).values("pk")
    former = PageUse.pgh_event_model.objects.filter(clinic__in=clinics)  # type: ignore[attr-defined]
    uses = PageUse.objects.filter(clinic__in=clinics)
    return Page.objects.filter(Q(pk__in=uses.values("page")) | Q(pk__in=former.values("page")))


def texts_to_keep() -> Q:
    """Snapshots on which something rests, whatever their age.

    Captures by hand, the newest text of each page, what a claim, credential check or answer was taken from, where
    wording of a flag that nobody dismissed was first and last seen, and everything of clinics under a legal hold.
    """
    living = Sighting.objects.exclude(flag__state=Flag.State.DISMISSED)
    first = living.filter(page=OuterRef("page"), first_seen_at=OuterRef("taken_at"))
    return (
        Q(origin=Snapshot.Origin.HAND)
        | Q(pk__in=PageState.objects.filter(snapshot__isnull=False).values("snapshot"))
        | Q(pk__in=Claim.objects.filter(snapshot__isnull=False).values("snapshot"))
        | Q(pk__in=CredentialCheck.objects.filter(capture__isnull=False).values("capture"))
        | Q(pk__in=Question.objects.filter(snapshot__isnull=False).values("snapshot"))
        | Q(pk__in=living.values("snapshot"))
        | Q(Exists(first))
        | Q(page__in=held_pages())
    )


def prune_texts(limit: datetime, now: datetime) -> int:
    """Take the words out of snapshots from before `limit` on which nothing rests; how many there were."""
    done = 0
    while True:
        with transaction.atomic():
            hold_seals()
            old = Snapshot.objects.filter(taken_at__lt=limit, pruned_at=None).exclude(texts_to_keep())
            rows = old.select_for_update(of=("self",)).only("pk").order_by("pk")[:TOGETHER]
            locked = [each.pk for each in rows]
            if not locked:
                return done
            # Asked once more behind the lock: whoever held one of them may rest on it by now.
            found = list(Snapshot.objects.filter(pk__in=locked).exclude(texts_to_keep()).order_by("pk"))
            for snapshot in found:
                text = Tombstone.Kind.TEXT
                _bury(text, snapshot.blocks_digest, AGED.format(days=(now - limit).days), now, _dates(snapshot))
            with pgtrigger.ignore("clinics.Snapshot:snapshot_append_only"):
                _let_stand(found)
                Snapshot.objects.filter(pk__in=[each.pk for each in found]).update(
                    packed_blocks=b"", leans_on=None, pruned_at=now
                )
        done += len(found)


def _let_stand(going: Sequence[Snapshot]) -> None:
    """Pack anew the texts that lean on these, and stay: the first of each becomes the base of the others."""
    heirs: dict[int | None, Snapshot] = {}
    numbers = [snapshot.pk for snapshot in going]
    leaning = Snapshot.objects.filter(leans_on__in=numbers).exclude(pk__in=numbers).select_related("leans_on")
    for snapshot in leaning.order_by("pk").select_for_update(of=("self",)):
        base = snapshot.leans_on_id
        snapshot.keeping(snapshot.blocks, heirs.get(base)).save(update_fields=["packed_blocks", "leans_on"])
        heirs.setdefault(base, snapshot)


def _dates(snapshot: Snapshot) -> tuple[datetime, datetime]:
    return snapshot.taken_at, snapshot.taken_at


def _bury(
    kind: Tombstone.Kind,
    subject: str,
    reason: str,
    now: datetime,
    dates: tuple[datetime | None, datetime | None] = (None, None),
    rows: int = 1,
) -> None:
    stone = Tombstone(kind=kind, subject=subject, rows=rows, first_at=dates[0], last_at=dates[1], reason=reason, at=now)
    stone.hashed().save(force_insert=True)


def checks_to_keep(last: Seal) -> Q:
    """Checks that stay, whatever their age.

    Those of pages from which a published claim or answer was quoted or that are under a legal hold, those that name the
    exchange of a text that is kept, and those that no seal holds yet.
    """
    quoted = Claim.objects.filter(published_at__isnull=False, page__isnull=False).values("page")
    answered = Question.objects.filter(published_at__isnull=False, page__isnull=False).values("page")
    exchanges = Snapshot.objects.filter(pruned_at=None).exclude(exchange="").values("exchange")
    quoted_from = Q(page__in=quoted) | Q(page__in=answered)
    return quoted_from | Q(page__in=held_pages()) | Q(evidence__in=exchanges) | ~CHECKS.before(last)


def prune_checks(limit: datetime, now: datetime) -> int:
    """Remove the checks of months that ended before `limit`, but for those on which something rests; how many."""
    return sum(_prune_month(month, limit, now) for month in partitions() if month_after(month) <= limit.date())


@transaction.atomic
def _prune_month(month: date, limit: datetime, now: datetime) -> int:
    hold_seals()
    last = Seal.objects.order_by("-number").first()
    if last is None:
        return 0
    rows = Check.objects.filter(started_at__gte=_start(month), started_at__lt=_start(month_after(month)))
    going = rows.exclude(checks_to_keep(last))
    facts = going.aggregate(rows=Count("started_at"), first=Min("started_at"), last=Max("started_at"))
    if facts["rows"]:
        _leave_stumps(going, month)
        subject, reason = f"{month:%Y-%m}", AGED.format(days=(now - limit).days)
        _bury(Tombstone.Kind.CHECKS, subject, reason, now, (facts["first"], facts["last"]), facts["rows"])
        with pgtrigger.ignore("clinics.Check:append_only"):
            going._raw_delete(going.db)
    if not rows.exists():
        _drop(month)
    return int(facts["rows"])


def _start(month: date) -> datetime:
    return datetime.fromisoformat(f"{month}T00:00:00+00:00")


def _leave_stumps(going: QuerySet[Check], month: date) -> None:
    """In the tree of every seal that holds some of these checks, put the hashes of whole parts in their place."""
    for seal, former in with_former():
        mine = CHECKS.held_by(seal, former) & going.order_by("sealing_number") if seal.day >= month else None
        numbers = set() if mine is None else set(mine.values_list("sealing_number", flat=True))
        if numbers:
            _replace_stumps(CHECKS, seal, former, numbers)


def _replace_stumps(kind: Kind, seal: Seal, former: Seal | None, numbers: set[int]) -> None:
    columns = kind.held_by(seal, former).only("pk", "sealing_number", "content_hash")
    gone: Iterable[Part] = (
        place.part
        for place in places(kind, seal, former, columns)
        if place.row is None or place.row.sealing_number in numbers
    )
    stumps = [
        Stump(seal=seal, kind=kind.name, start=part.start, height=part.height, digest=part.digest.hex())
        for part in joined(gone)
    ]
    seal.stumps.filter(kind=kind.name).delete()
    Stump.objects.bulk_create(stumps)


def _drop(month: date) -> None:
    """Remove the empty partition of a month."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(partition_name(month))))


def sweep(store: Store, now: datetime) -> int:
    """Remove records that no row names and nobody has put for two days, each with its tombstone; how many."""
    unnamed = set(store.digests()) - _named()
    going = store.free(unnamed) & store.untouched(UNTOUCHED)
    buried = set(Tombstone.objects.filter(kind=Tombstone.Kind.RECORD).values_list("subject", flat=True))
    removed = 0
    for digest in sorted(going):
        if digest not in buried:
            _bury(Tombstone.Kind.RECORD, digest, UNNAMED, now)
        removed += store.remove(digest, UNTOUCHED)
    return removed


def _named() -> set[str]:
    """The records that rows name whose proof is kept."""
    living = Snapshot.objects.filter(pruned_at=None)
    return {
        *living.exclude(body="").values_list("body", flat=True),
        *living.exclude(exchange="").values_list("exchange", flat=True),
        *living.exclude(picture="").values_list("picture", flat=True),
        *CredentialCheck.objects.exclude(answer="").values_list("answer", flat=True),
        *RegisterLookUp.objects.exclude(answer="").values_list("answer", flat=True),
        *RegisterFile.objects.values_list("body", flat=True),
        *RegisterFile.objects.values_list("exchange", flat=True),
        *Screenshot.objects.exclude(image="").values_list("image", flat=True),
        *Check.objects.exclude(evidence="").values_list("evidence", flat=True),
    }
