"""What the machine may say of a published quote: whether it stands on the page exactly, and when it was read."""

from collections.abc import Sequence
from datetime import datetime

from rapidfuzz import fuzz, process

from clinics.domain.outcome import Outcome
from clinics.domain.presence import MISSES_NEEDED
from clinics.models import Claim, Page, QuotePresence
from clinics.operations.statements import Text

NEAR = 75  # of 100: a sentence so like the quote is an edit of it, for a person to compare


def claims_on(page: Page) -> Sequence[QuotePresence]:
    """The presence rows of the claims whose quote was taken from the page and which are or were public."""
    shown = QuotePresence.objects.filter(claim__page=page).exclude(claim__state=Claim.State.WITHDRAWN)
    return list(shown.select_related("claim"))


def follow_quotes(page: Page, outcome: Outcome, text: Text | None, at: datetime) -> None:
    """Keep the reading dates and the exact presence of the page's quotes after a good reading.

    `text` is what the page says now; for an unchanged page, what it said last. A near match is never called absent;
    a quote is absent after two good readings without it.
    """
    if text is None or not outcome.is_observation:
        return
    for presence in claims_on(page):
        state = _state_in(presence, text)
        if state != presence.state:
            presence.state, presence.since = state, at
        if state == QuotePresence.State.EXACT and not presence.misses:
            presence.last_exact_at = at
        presence.save()


def _state_in(presence: QuotePresence, text: Text) -> str:
    quote = " ".join(presence.claim.quote.split())
    if any(quote in " ".join(block.text.split()) for block in text.blocks):
        presence.misses = 0
        return QuotePresence.State.EXACT
    sentences = [sentence.text for sentence in text.sentences]
    if process.extractOne(quote, sentences, scorer=fuzz.ratio, score_cutoff=NEAR):
        presence.misses = 0
        return QuotePresence.State.CHANGED
    return _missed(presence)


def _missed(presence: QuotePresence) -> str:
    presence.misses += 1
    return QuotePresence.State.ABSENT if presence.misses >= MISSES_NEEDED else presence.state
