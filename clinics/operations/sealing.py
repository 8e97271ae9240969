"""Sealing a day: its rows of proof become one hash, chained to the day before."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from clinics.domain.content import canonical
from clinics.domain.seals import seal_digest, tree_facts
from clinics.evidence.sealing import leaf_hash, root_of
from clinics.models import Seal
from clinics.models.sealed import NUMBERS
from clinics.operations.advisory_locks import AdvisoryLock, hold
from clinics.operations.sealed_rows import KINDS, Kind, places, tree_over

log = logging.getLogger(__name__)

LONGEST_WAIT = "5s"  # for writers that are in the middle of a transaction


def seal_days(now: datetime) -> list[Seal]:
    """Seal every day that has ended and is not sealed; the new seals. Safe to run anywhere, twice, and at once.

    The first seal holds whatever is dated before its end. Raises OperationalError where a writer holds its table for
    longer than five seconds; the next run begins where this one stopped.
    """
    made: list[Seal] = []
    while (day := _next_day(now)) is not None:
        numbers = {kind.name: _settled_number(kind) for kind in KINDS}
        seal = _seal(day, numbers, now)
        if seal is not None:
            made.append(seal)
            log.info("%s: %s", seal, seal.digest)
    return made


def _next_day(now: datetime) -> date | None:
    yesterday = now.date() - timedelta(days=1)
    last = Seal.objects.order_by("-number").first()
    if last is None:
        return yesterday
    return last.day + timedelta(days=1) if last.day < yesterday else None


def _settled_number(kind: Kind) -> int:
    """A number up to which every row of this kind is written, or never will be.

    Numbers are drawn by writers that hold their table's lock until they commit. Whoever gets a share of that lock
    alone knows that none of them is still under way. One table at a time, so that nobody waits in a circle.
    """
    table = sql.Identifier(kind.model._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(LONGEST_WAIT)))
        cursor.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(table))
        drawn = sql.SQL("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {}")
        cursor.execute(drawn.format(sql.Identifier(NUMBERS)))
        (number,) = cursor.fetchone()
        cursor.execute("SET LOCAL lock_timeout = 0")
    return int(number)


@transaction.atomic
def _seal(day: date, numbers: dict[str, int], now: datetime) -> Seal | None:
    """The seal of this day; None where somebody else has just made it."""
    hold_seals()
    if Seal.objects.filter(day__gte=day).exists():
        return None
    former = Seal.objects.order_by("-number").first()
    seal = Seal(
        number=former.number + 1 if former else 1,
        day=day,
        sealed_at=now,
        former=former.digest if former else "",
        trees=[{"kind": kind.name, "last_number": numbers[kind.name]} for kind in KINDS],
    )
    seal.trees = [_tree(kind, seal, former) for kind in KINDS]
    seal.root = root_of_trees(seal.trees).hex()
    seal.digest = seal_digest(seal.number, seal.day, seal.sealed_at, seal.former, seal.root)
    seal.save(force_insert=True)
    return seal


def hold_seals() -> None:
    """Let nobody else seal or remove rows of proof until this transaction ends."""
    hold(AdvisoryLock.SEALS)


def _tree(kind: Kind, seal: Seal, former: Seal | None) -> dict[str, Any]:
    tree = tree_over(places(kind, seal, former))
    return tree_facts(kind.name, tree.size, seal.last_number(kind.name), tree.root())


def root_of_trees(trees: Sequence[dict[str, Any]]) -> bytes:
    """The Merkle root over what a seal says of each kind of row."""
    return root_of(leaf_hash(canonical(tree)) for tree in trees)
