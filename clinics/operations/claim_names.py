"""Patients' names in a claim's words: proposed by patterns, judged by a person, taken out of what the public reads."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from clinics.domain.page_rules import MISSING_NOTICE
from clinics.domain.patient_names import LikelyName, in_small_letters, likely_names, missing_from
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

    The words themselves stay, so that their exact presence on the page can be told. Raises Refusal; also where somebody
    has signed, and for what was public once.
    """
    locked = locked_claim(claim, *LIVING)
    refuse_if_on_its_way(locked)
    if locked.published_at is not None:
        raise Refusal("This claim was public once: which names are taken out now is for those who may publish.")
    _keep(locked, _given(locked, names), by)
    return hand_back(claim, locked)


@transaction.atomic
def judge_public_names(claim: Claim, names: Collection[str], *, by: User, now: datetime) -> Claim:
    """The same for a claim that was public once, by somebody who may publish: what is public is frozen anew.

    Further names are taken out and none put back; and since nobody else signs that, nothing that is written in small
    letters, where names have capitals. Raises Refusal.
    """
    locked = locked_claim(claim, *LIVING)
    refuse_if_on_its_way(locked)
    if locked.published_at is None:
        raise Refusal("This claim has not been public: look for names as in any draft.")
    given, before = _given(locked, names), set(locked.redacted_names)
    if lost := before - set(given):
        raise Refusal(f"“{min(lost)}” was taken out of what was public, and stays out.")
    if small := [name for name in given if name not in before and in_small_letters(name)]:
        raise Refusal(
            f"“{small[0]}” stands there in small letters, as names do not. If it is one, withdraw the claim and draft"
            " another without that name."
        )
    _keep(locked, given, by)
    if locked.state == State.PUBLISHED:
        freeze(locked, now, by, None)
    return hand_back(claim, locked)


def _given(claim: Claim, names: Collection[str]) -> list[str]:
    """The names, each once. Raises Refusal for what is none, or does not stand in the words."""
    given = list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    for name in given:
        if len(name) > LONGEST_NAME or not any(letter.isalpha() for letter in name):
            raise Refusal(f"“{name[:LONGEST_NAME]}” is no name.")
    if absent := missing_from(f"{claim.quote}\n{claim.context}", given):
        raise Refusal(f"These words hold no “{absent[0]}”. Write each name as it stands there.")
    return given


def _keep(claim: Claim, names: list[str], by: User) -> None:
    claim.redacted_names, claim.names_judged_for, claim.names_judged_by = names, claim.words_hash, by
    claim.save(update_fields=["redacted_names", "names_judged_for", "names_judged_by"])
