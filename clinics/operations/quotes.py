"""What the machine may say of a published quote: whether it stands on the page exactly, and when it was read."""

from collections.abc import Sequence
from datetime import datetime

from rapidfuzz import fuzz, process

from clinics.domain.outcome import Outcome
from clinics.domain.page_rules import MISSING_NOTICE
from clinics.domain.presence import MISSES_NEEDED, Presence
from clinics.models import Claim, Flag, Page, QuotePresence, Sighting
from clinics.operations.statements import Text

NEAR = 75  # of 100: a sentence so like the quote is an edit of it, for a person to compare


def claims_on(page: Page) -> Sequence[QuotePresence]:
    """The presence rows of the claims whose quote was taken from the page and which are or were public.

    A missing notice quotes nothing in public: whether it is still missing is told by its flag, not by those words.
    """
    shown = QuotePresence.objects.filter(claim__page=page).exclude(claim__state=Claim.State.WITHDRAWN)
    shown = shown.exclude(claim__category=MISSING_NOTICE)
    return list(shown.select_related("claim"))


def stand_as_before(page: Page, text: Text) -> bool:
    """Whether every quote that was taken from the page stands, or is missing, there as it was last read."""
    return all(_found_in(presence.claim.quote, text) == presence.state for presence in claims_on(page))


def follow_quotes(page: Page, outcome: Outcome, text: Text | None, at: datetime) -> None:
    """Keep the reading dates and the exact presence of the page's quotes after an attempt to read it.

    `text` is what the page says now; for an unchanged page, what it said last. A near match is never called absent;
    a quote is absent, since the first of them, after two good readings without it. Where the page is gone, a quote is
    as unavailable as its flag is on that page.
    """
    if outcome is Outcome.GONE:
        _follow_loss(page)
    if text is None or not outcome.is_observation:
        return
    for presence in claims_on(page):
        _read(presence, text, at)
        presence.save()


def _follow_loss(page: Page) -> None:
    lost = Sighting.objects.filter(page=page, presence=Presence.UNAVAILABLE)
    since = dict(lost.values_list("flag_id", "presence_since"))
    living = dict(Flag.objects.filter(joined_into__in=since).values_list("pk", "joined_into"))
    for presence in claims_on(page):
        flag = presence.claim.flag_id and (living.get(presence.claim.flag_id) or presence.claim.flag_id)
        if flag in since and presence.state != QuotePresence.State.UNAVAILABLE:
            presence.state, presence.since = QuotePresence.State.UNAVAILABLE, since[flag]
            presence.save()


def _read(presence: QuotePresence, text: Text, at: datetime) -> None:
    found = _found_in(presence.claim.quote, text)
    if found is None:
        _miss(presence, at)
        return
    if found != presence.state:
        presence.state, presence.since = found, at
    presence.misses, presence.missed_since = 0, None
    if found == QuotePresence.State.EXACT:
        presence.last_exact_at = at


def _found_in(words: str, text: Text) -> str | None:
    """Whether the quote stands in the text exactly, or edited; None where it does not."""
    quote = " ".join(words.split())
    if any(quote in " ".join(block.text.split()) for block in text.blocks):
        return QuotePresence.State.EXACT
    sentences = [sentence.text for sentence in text.sentences]
    edited = process.extractOne(quote, sentences, scorer=fuzz.ratio, score_cutoff=NEAR)
    return QuotePresence.State.CHANGED if edited else None


def _miss(presence: QuotePresence, at: datetime) -> None:
    presence.misses += 1
    presence.missed_since = presence.missed_since or at
    if presence.misses >= MISSES_NEEDED and presence.state != QuotePresence.State.ABSENT:
        presence.state, presence.since = QuotePresence.State.ABSENT, presence.missed_since
