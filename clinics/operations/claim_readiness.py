"""What keeps a claim from being signed, so that the desk shows it before somebody tries."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from clinics.models import Claim
from clinics.operations.claim_counsel import counsel_gap
from clinics.operations.claim_names import names_to_judge
from clinics.operations.claims import may_publish_from, quotable
from clinics.operations.refusal import Refusal


def missing(claim: Claim, now: datetime) -> list[str]:
    """What is to be done before this claim can be signed, a sentence each; empty where nothing is."""
    return list(_gaps(claim, now))


def _gaps(claim: Claim, now: datetime) -> Iterator[str]:
    day = may_publish_from(claim)
    if day is None:
        yield "Invite the clinic to comment first, or record why it is not invited."
    elif now.date() < day:
        yield f"The clinic may comment until {day - timedelta(days=1):%d %B %Y}; or record why not to wait."
    if claim.snapshot is not None:
        try:
            quotable(claim.quote, claim.snapshot)
        except Refusal as refusal:
            yield str(refusal)
    if likely := names_to_judge(claim):
        names = ", ".join(f"“{each.name}”" for each in likely[:5])
        yield f"These words may hold a patient's name ({names}): say which are names, or that there are none."
    if gap := counsel_gap(claim):
        yield gap
