"""Patients' names in a claim's words: proposed by patterns, judged by a person, taken out of what the public reads."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.page_rules import MISSING_NOTICE
from clinics.domain.patient_names import LikelyName, likely_names, missing_from
from clinics.models import Claim
from clinics.operations.claim_versions import freeze
from clinics.operations.claims import LIVING, hand_back, locked_claim, refuse_if_on_its_way
from clinics.operations.refusal import Refusal

State = Claim.State
LONGEST_NAME = 100  # characters


def names_proposed(claim: Claim) -> tuple[LikelyName, ...]:
    """What looks like a patient's name in the quote and the piece of text around it."""
    if claim.category == MISSING_NOTICE:
        return ()  # nothing of its words is public
    found = {likely.name: likely for likely in (*likely_names(claim.quote), *likely_names(claim.context))}
    return tuple(found.values())


def names_to_judge(claim: Claim) -> tuple[LikelyName, ...]:
    """The same, where nobody has said yet which of these words, as they stand now, are names."""
    return () if claim.names_judged_for == claim.words_hash else names_proposed(claim)


@transaction.atomic
def judge_names(claim: Claim, names: Collection[str], *, by: User, now: datetime) -> Claim:
    """Keep a person's word on which names the public is not to read; none of them says that there are none.

    The words themselves stay, so that their exact presence on the page can be told. Once it was public, further names
    may be taken out and none put back. Raises Refusal.
    """
    locked = locked_claim(claim, *LIVING)
    refuse_if_on_its_way(locked)
    given = list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    for name in given:
        if len(name) > LONGEST_NAME or not any(letter.isalpha() for letter in name):
            raise Refusal(f"“{name[:LONGEST_NAME]}” is no name.")
    if absent := missing_from(f"{locked.quote}\n{locked.context}", given):
        raise Refusal(f"These words hold no “{absent[0]}”. Write each name as it stands there.")
    if locked.published_at is not None and (lost := set(locked.redacted_names) - set(given)):
        raise Refusal(f"“{min(lost)}” was taken out of what was public, and stays out.")
    locked.redacted_names, locked.names_judged_for, locked.names_judged_by = given, locked.words_hash, by
    locked.save(update_fields=["redacted_names", "names_judged_for", "names_judged_by"])
    if locked.state == State.PUBLISHED:
        freeze(locked, now, by, None)
    return hand_back(claim, locked)
