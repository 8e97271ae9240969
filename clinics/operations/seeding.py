"""Synthetic clinics by the thousand, to see how the product bears them: listed, searchable, the same every time.

The rows are written by COPY, past the operations: no page is read, no history is kept of them, and nobody is asked.
What is proof carries its hash all the same, so that evidence verifies. For a database of its own.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

import pgtrigger
from django.contrib.auth.models import User
from django.db import connection, models, transaction

from clinics.models import Check, Clinic, Host, Page, Rule, SearchDocument, Term
from clinics.models.bulk_copy import copy_rows
from clinics.operations import search_documents
from clinics.operations.months import prepare_months
from clinics.operations.refusal import Refusal
from clinics.operations.seed_clinics import clinics_of
from clinics.operations.seed_rows import ORDER, Batch, checks_of
from clinics.operations.seed_words import Choices

TOGETHER: Final = 500  # clinics in one transaction
CHECKS_TOGETHER: Final = 20_000
HALF_A_YEAR: Final = timedelta(days=180)
DOMAIN: Final = ".seed.example"

Told = Callable[[str], None]


def seed(clinics: int, flags: int, checks: int, now: datetime, told: Told) -> dict[str, int]:
    """Add so many synthetic clinics, and flags and checks spread over them; `told` hears how far it is.

    A second call adds others. Raises Refusal where the database is not prepared or has none to spread over.
    """
    if not Term.objects.exists() or not Rule.objects.active().exists():
        raise Refusal("There are no rules or vocabularies yet: run manage.py prepare first.")
    first = Host.objects.filter(name__endswith=DOMAIN).count()
    _write_clinics(range(first, first + clinics), flags, now, told)
    pages = list(Page.objects.filter(host__name__endswith=DOMAIN).order_by("pk").values_list("pk", flat=True))
    if checks and not pages:
        raise Refusal("Checks are of pages: seed clinics first.")
    _write_checks(pages, checks, now, told)
    _gather_statistics()
    return {"clinics": clinics, "flags": flags if clinics else 0, "checks": checks}


def _write_clinics(numbers: range, flags: int, now: datetime, told: Told) -> None:
    people, choices = (_person("seed"), _person("seed-second")), Choices.of()
    done = 0
    for start in range(numbers.start, numbers.stop, TOGETHER):
        mine = range(start, min(start + TOGETHER, numbers.stop))
        batch = Batch(choices, people, now)
        with _unrecorded():
            before, after = (place * flags // len(numbers) for place in (done, done + len(mine)))
            _fill(batch, mine, after - before)
            for rows in batch.in_order():
                copy_rows(rows)
            search_documents.write([clinic.pk for clinic in batch.rows[Clinic]])
        done += len(mine)
        told(f"{done:,} of {len(numbers):,} clinics")


def _fill(batch: Batch, numbers: Sequence[int], flags: int) -> None:
    """Rows of these clinics, with the flags shared out evenly."""
    each, more = divmod(flags, len(numbers))
    clinics_of(batch, numbers[:more], each + 1)
    clinics_of(batch, numbers[more:], each)


def _write_checks(pages: Sequence[int], checks: int, now: datetime, told: Told) -> None:
    since = now - HALF_A_YEAR
    if checks:
        prepare_months(since, ahead=8)
    for start in range(0, checks, CHECKS_TOGETHER):
        end = min(start + CHECKS_TOGETHER, checks)
        with _unrecorded():
            copy_rows(checks_of(pages, range(start, end), since, now, checks))
        told(f"{end:,} of {checks:,} checks")


@contextmanager
def _unrecorded() -> Iterator[None]:
    """A transaction whose rows leave no history, and whose references are checked with each statement."""
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield


def _person(name: str) -> User:
    """Somebody whose name stands under synthetic rows, and who can't sign in."""
    return User.objects.get_or_create(username=name, defaults={"is_active": False})[0]


def _gather_statistics() -> None:
    """Let the planner know the new rows."""
    with connection.cursor() as cursor:
        tables: tuple[type[models.Model], ...] = (*ORDER, Check, SearchDocument)
        for model in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
