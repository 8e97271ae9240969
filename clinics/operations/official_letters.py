"""The work on a list of letters: those that may name a recorded clinic are drafted, for a person to match."""

from collections.abc import Generator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Self

from django.contrib.auth.models import User
from django.db import transaction

from clinics.models import Job, OfficialAction
from clinics.operations.job_lease import Clock, hold_to_the_end
from clinics.operations.official_actions import draft_action
from clinics.operations.official_matching import like_any_clinic
from clinics.operations.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Letter:
    """One row of the list."""

    number: int
    acted_on: date
    addressee: str
    office: str = ""
    subject: str = ""
    kind: str = OfficialAction.Kind.WARNING_LETTER.value
    state: str = ""
    case: str = ""
    url: str = ""

    @property
    def key(self) -> str:
        """By which the row is known again, whatever else is added to the list."""
        told = (self.acted_on.isoformat(), self.addressee.casefold(), self.subject.casefold(), self.kind, self.case)
        return sha256("\n".join(told).encode()).hexdigest()

    @property
    def told(self) -> dict[str, Any]:
        """As a job's parameters hold it."""
        return {**asdict(self), "acted_on": self.acted_on.isoformat()}

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """The letter that a job's parameters hold."""
        return cls(**{**told, "acted_on": date.fromisoformat(told["acted_on"])})


def draft_letters(job: Job, clock: Clock) -> Generator[None, None, None]:
    """Draft each letter whose addressee is like a recorded clinic, company or practitioner. Nothing is matched by this.

    All or nothing; doing it again changes nothing, and finds what clinics recorded since are named in. Raises Refusal
    where a row cannot be drafted.
    """
    by, letters = job.requested_by, [Letter.of(told) for told in job.parameters["letters"]]
    if by is None:
        raise Refusal("Nobody asked for this; hand the list in again.")
    job.total, job.message = len(letters), "The names are compared with those of recorded clinics."
    yield
    unique = {letter.key: letter for letter in letters}
    known = set(OfficialAction.objects.filter(import_key__in=unique).values_list("import_key", flat=True))
    new = [letter for key, letter in unique.items() if key not in known]
    like = like_any_clinic([letter.addressee for letter in new])
    with transaction.atomic():
        for place in sorted(like):
            _draft(new[place], by, clock())
        hold_to_the_end(job)
    job.done = job.total
    job.result = {"rows": len(letters), "known": len(known), "unlike": len(new) - len(like), "drafted": len(like)}
    job.message = _told(job.result)
    yield


def _told(numbers: dict[str, int]) -> str:
    return (
        f"{numbers['rows']:,} rows read: {numbers['drafted']:,} drafted for somebody to match, {numbers['known']:,} "
        f"known from before, {numbers['unlike']:,} left out, since they name nobody who is like a recorded clinic."
    )


def _draft(letter: Letter, by: User, now: datetime) -> None:
    try:
        draft_action(
            by=by,
            now=now,
            url=letter.url,
            agency=f"FDA, {letter.office}" if letter.office else "FDA",
            kind=letter.kind,
            acted_on=letter.acted_on,
            title=letter.subject or OfficialAction.Kind(letter.kind).label.capitalize(),
            addressee=letter.addressee,
            addressee_state=letter.state,
            notes=f"Case {letter.case}" if letter.case else "",
            import_key=letter.key,
        )
    except Refusal as refusal:
        raise Refusal(f"Row {letter.number}: {refusal} Nothing was imported.") from None
