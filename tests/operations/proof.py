"""A small directory with every kind of proof, made by operations; and the hands that alter it behind their backs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from clinics.domain.answer import Hop
from clinics.models import Claim, Clinic, Flag, Page
from clinics.operations import capturing, claims, credentials, publication, recording, triage
from clinics.operations.keeping import evidence_store
from clinics.operations.verifying import Fault, Verification, Verified
from tests.build import a_check, a_user
from tests.operations.reading import MONDAY, Clock, Site, a_rule

HOME = "https://knees.example/"
PROMISE = "We guarantee lasting relief for every knee."
CALM = "Our team has worked in this town for years."


def words_of(when: datetime) -> str:
    """A sentence that is another one in every minute, and by more than a date."""
    return f"Our garden has {(when - MONDAY) // timedelta(minutes=1)} roses."


class Proof:
    """A clinic whose page was read twice and changed once; one capture, decision, published claim and credential."""

    def __init__(self, picture: bytes = b"") -> None:
        self.picture = picture
        self.clock = Clock()
        self.site = Site(self.clock)
        a_rule("guarantee", r"\bguarantee\b")
        self.clinic: Clinic = recording.record_clinic("Knee House", HOME, by=None, now=MONDAY)
        self.page: Page = self.clinic.website  # type: ignore[assignment]
        self.says(CALM, PROMISE)
        self.read()
        self.claim: Claim = triage.confirm(Flag.objects.get(), reason="Plain.", by=a_user("ada"), now=self.clock.now)
        claims.waive_comment(self.claim, reason="Public.", by=a_user("ada"), now=self.clock.now)
        publication.sign(self.claim, by=a_user("ada"), now=self.clock.now)
        self.claim.refresh_from_db()
        check = a_check(self.clinic, by=a_user("ada"), now=self.clock.now)
        self.credential = credentials.publish_check(check, by=a_user("bob"), now=self.clock.now)
        self.capture = capturing.capture_text(
            self.clinic,
            "Ask about our knees.",
            described_as="Brochure",
            seen_on=MONDAY.date(),
            by=a_user("ada"),
            now=self.clock.now,
        )
        self.says_something_else()

    def says(self, *paragraphs: str) -> None:
        """The page holds these paragraphs, and is answered over the wire in one hop."""
        self.site.says(HOME, *paragraphs)
        answer = self.site.answers[HOME]
        hop = Hop(HOME, 200, answer.headers, "192.0.2.7:443", {"Host": "knees.example"})
        self.site.answers[HOME] = replace(answer, hops=(hop,), picture=self.picture)

    def read(self) -> None:
        """Read the page now."""
        self.site.read(self.page)

    def says_something_else(self, days: float = 0.1) -> None:
        """The page changes, and is read."""
        self.clock.days(days)
        self.says(CALM, PROMISE, words_of(self.clock.now))
        self.read()

    @property
    def next_morning(self) -> Any:
        """Some minutes after the day has ended."""
        return (self.clock.now + timedelta(days=1)).replace(hour=0, minute=10)


def verified(**options: Any) -> tuple[list[Fault], Verified]:
    """What a verification of everything finds."""
    verification = Verification(evidence_store(), **options)
    return list(verification.faults()), verification.found


def whats() -> list[str]:
    """What is at fault, without where."""
    return [fault.what for fault in verified()[0]]


@contextmanager
def undone() -> Iterator[None]:
    """What is altered inside is as it was afterwards."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


@contextmanager
def triggers_off() -> Iterator[None]:
    """As somebody with the database's own rights: no trigger refuses anything."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def by_sql(statement: str, *parameters: object) -> int:
    """Run it past all triggers; how many rows it touched."""
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def record_files(folder: Path) -> list[Path]:
    """The files of the evidence store."""
    return sorted(folder.glob("??/??/*.zst"))
