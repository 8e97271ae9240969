"""A quote that a person pasted: where it stands, what the rules say of it, and what might be stated beside it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from rapidfuzz import fuzz, process

from clinics.domain.block import Block, Surface
from clinics.domain.languages import language_of
from clinics.models import Assessment, Claim, Clinic, Rule, Snapshot
from clinics.operations.claims import LONGEST_QUOTE, add_assessment
from clinics.operations.quotes import NEAR
from clinics.operations.refusal import Refusal
from clinics.operations.rules import current_ruleset
from clinics.operations.statements import Statement, Text, statements
from clinics.operations.stored_texts import texts_of

MOST_TEXTS: Final = 300  # of a clinic, that are looked through, the newest first
LONGEST_PASTE: Final = 20_000  # characters


@dataclass(frozen=True, slots=True)
class ClaimProposal:
    """What a draft may be filled with. Without a snapshot the words stand in no text that was read or captured."""

    quote: str
    snapshot: Snapshot | None = None
    block: str = ""
    exact: bool = False  # whether the words stand there as they were pasted
    rule: Rule | None = None  # the gravest that flags them, in their place where that was found
    why: str = ""
    others: tuple[str, ...] = field(default_factory=tuple)  # further sentences of the paste that rules flag

    @property
    def facts(self) -> dict[str, Any]:
        """The proposed columns of a claim."""
        facts: dict[str, Any] = {"quote": self.quote, "language": language_of(self.quote) or "en"}
        if self.snapshot is not None:
            facts["snapshot"] = self.snapshot.pk
        if self.rule is not None:
            facts |= {"category": self.rule.category, "severity": self.rule.severity}
        return facts


def propose_claim(clinic: Clinic, pasted: str) -> ClaimProposal:
    """Run the rules over a pasted quote, and look for it in the clinic's texts. Raises Refusal where nothing is pasted.

    Of more than two sentences the one is proposed that the gravest rule flags.
    """
    words = " ".join(pasted[:LONGEST_PASTE].split())
    if not words:
        raise Refusal("Paste the clinic's words first.")
    alone = Text.of([Block(words, Surface.BODY)])
    found = sorted(statements(alone, current_ruleset()), key=lambda statement: -statement.severity)
    is_short = len(alone.sentences) <= LONGEST_QUOTE
    wanted = words if is_short else found[0].sentence.text if found else alone.sentences[0].text
    others = tuple(each.sentence.text for each in found if each.sentence.text not in wanted)
    place = _place_of(wanted, texts_of(clinic).order_by("-taken_at")[:MOST_TEXTS])
    if place is None:
        return ClaimProposal(wanted, others=others, **_told_by(found[:1]))
    snapshot, text, quote, block = place
    there = [each for each in statements(text, current_ruleset()) if _is_in(each.sentence.text, quote)]
    there.sort(key=lambda statement: -statement.severity)
    return ClaimProposal(quote, snapshot, block, quote == wanted, others=others, **_told_by(there[:1]))


def _told_by(found: Iterable[Statement]) -> dict[str, Any]:
    for statement in found:
        match = statement.gravest
        return {"rule": Rule.objects.filter(key=match.rule.key).first(), "why": match.reason}
    return {}


def _is_in(one: str, other: str) -> bool:
    one, other = " ".join(one.split()), " ".join(other.split())
    return one in other or other in one


def _place_of(words: str, snapshots: Iterable[Snapshot]) -> tuple[Snapshot, Text, str, str] | None:
    """The newest text that holds the words exactly, else the one with the sentence most like them."""
    nearest: tuple[float, Snapshot, Text, str, str] | None = None
    for snapshot in snapshots:
        blocks = snapshot.blocks
        block = next((b for b in blocks if words in " ".join(b.text.split())), None)
        if block is not None:
            return snapshot, Text.of(blocks), words, block.text
        text = Text.of(blocks)
        sentences = [sentence.text for sentence in text.sentences]
        like = process.extractOne(words, sentences, scorer=fuzz.ratio, score_cutoff=NEAR)
        if like is not None and (nearest is None or like[1] > nearest[0]):
            sentence = text.sentences[like[2]]
            nearest = like[1], snapshot, text, sentence.text, text.blocks[sentence.block].text
    return nearest[1:] if nearest else None


def guidance_of(rule: Rule) -> dict[str, Any]:
    """The assessment that a rule's own citation allows: what an agency says of statements of this kind."""
    return {
        "key": Assessment.Key.AGENCY_GUIDANCE,
        "source_name": rule.citation_title,
        "source_url": rule.citation_url,
        "source_date": rule.citation_date,
        "detail": rule.explanation,
    }


def add_guidance(claim: Claim, rule: Rule, *, by: User, now: datetime) -> Assessment:
    """Record that assessment beside a claim, dated today. Raises Refusal."""
    return add_assessment(claim, assessed_on=now.date(), by=by, now=now, **guidance_of(rule))
