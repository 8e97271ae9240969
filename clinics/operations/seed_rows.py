"""The rows of synthetic clinics by table, and synthetic attempts to read their pages."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import models

from clinics.domain.outcome import Outcome
from clinics.models import (
    Affiliation,
    Assessment,
    Check,
    CheckDue,
    Claim,
    ClaimVersion,
    Clinic,
    CredentialCheck,
    Decision,
    Finding,
    Flag,
    Host,
    Location,
    Page,
    PageState,
    PageUse,
    Practitioner,
    QuotePresence,
    Sighting,
    Snapshot,
    Treatment,
)
from clinics.operations.seed_words import Choices

ORDER: Final[tuple[type[models.Model], ...]] = (
    Host,
    Page,
    Clinic,
    PageUse,
    Snapshot,
    PageState,
    Location,
    Treatment,
    Practitioner,
    Affiliation,
    CredentialCheck,
    CheckDue,
    Claim,
    Assessment,
    ClaimVersion,
    QuotePresence,
    Flag,
    Finding,
    Sighting,
    Decision,
)
"""What refers to others comes after them."""


@dataclass(slots=True)
class Batch:
    """The rows of some clinics, by table."""

    choices: Choices
    people: tuple[User, User]
    now: datetime
    rows: dict[type[models.Model], list[Any]] = field(default_factory=lambda: {model: [] for model in ORDER})

    def add(self, row: Any) -> Any:
        """Keep a row, and answer it."""
        self.rows[type(row)].append(row)
        return row

    def in_order(self) -> Iterator[list[Any]]:
        """The rows of each table, those that others refer to first."""
        return (self.rows[model] for model in ORDER)


def checks_of(
    pages: Sequence[int], numbers: Iterable[int], since: datetime, until: datetime, all_of_them: int
) -> list[Check]:
    """Attempts to read these pages, evenly over the time, in the order of their numbers."""
    span = (until - since) / max(1, all_of_them)
    found = []
    for number in numbers:
        draw = Random(f"check {number}")  # noqa: S311 - no secret
        outcome = draw.choices((Outcome.UNCHANGED, Outcome.OK, Outcome.BLOCKED, Outcome.ERROR), (90, 6, 2, 2))[0]
        row = Check(
            id=UUID(int=draw.getrandbits(128), version=4),
            started_at=since + number * span,
            page_id=pages[number % len(pages)],
            outcome=outcome,
            status=200 if outcome.is_observation else 503,
            robots="allowed",
            milliseconds=draw.randrange(30, 3000),
            size=draw.randrange(20_000, 200_000),
            ruleset_version="seed",
            extractor_version="seed",
        )
        found.append(row.hashed())
    return found
