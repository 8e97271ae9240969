"""A list of addresses, pasted: each judged before any is recorded, and each told what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.page_identity import identity_key
from clinics.domain.pasted import addresses
from clinics.models import Clinic, PageUse
from clinics.operations.recording import judged, record_page
from clinics.operations.refusal import Refusal

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a pasted list: the addresses newly recorded for the clinic, and those it had already."""

    new: tuple[str, ...]
    known: tuple[str, ...]


def faults_of(text: str) -> Iterator[str]:
    """A sentence for each address of a pasted list that would not be read, with its line."""
    found = addresses(text)
    if len(found) > MOST_AT_ONCE:
        yield f"These are {len(found)} addresses. Paste at most {MOST_AT_ONCE} at a time."
        return
    for number, line in enumerate(text.splitlines(), start=1):
        for url in addresses(line):
            try:
                judged(url)
            except Refusal as refusal:
                yield f"Line {number}, “{url[:100]}”: {refusal}"


@transaction.atomic
def record_addresses(
    clinic: Clinic, text: str, *, by: User | None, now: datetime, purpose: str = PageUse.Purpose.CLINIC_PAGE
) -> Recorded:
    """Record each address of a pasted list as a page of the clinic, once. Raises Refusal with every fault."""
    faults = list(faults_of(text))
    if faults:
        raise Refusal(" ".join(faults))
    by_page = {identity_key(judged(url)): url for url in reversed(addresses(text))}
    uses = PageUse.objects.filter(clinic=clinic, purpose=purpose, page__identity__in=by_page)
    known = set(uses.values_list("page__identity", flat=True))
    wanted = list(reversed(by_page.items()))
    for identity, url in wanted:
        if identity not in known:
            record_page(url, by=by, now=now, clinic=clinic, purpose=purpose)
    return Recorded(
        tuple(url for identity, url in wanted if identity not in known),
        tuple(url for identity, url in wanted if identity in known),
    )
