"""Judging what came back from a page, before anything is written."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import xxhash

from clinics.domain.answer import Answer
from clinics.domain.change import compare
from clinics.domain.extraction import EXTRACTOR_VERSION
from clinics.domain.ignoring import NOTHING, Ignoring
from clinics.domain.inspection import Inspection, Known, inspect
from clinics.domain.masks import masked_digest
from clinics.domain.outcome import Outcome
from clinics.domain.page_identity import site_of
from clinics.domain.presence import Presence
from clinics.domain.takeover import speaks_for
from clinics.models import Clinic, Page, PageState
from clinics.models.snapshot import AlteredWords
from clinics.operations.flagging import open_traces
from clinics.operations.lost_pages import LOST, is_lost
from clinics.operations.quotes import stand_as_before
from clinics.operations.statements import Text
from clinics.web.documents import DocumentFault, pdf_pages

SUSPICIOUS_LOSS = 0.6  # a reading that lost more of its sentences is suspended …
LEAST_SENTENCES = 10  # … where there were enough of them to tell …
SUSPENDED_FOR = timedelta(days=7)  # … until it is repeated after a week
FEWEST_TO_TELL = 5  # different sentences of a page that may be told to be another's
ACCEPTED_FOR = timedelta(days=7)  # a person's word that a text is the clinic's holds for its readings so long
TAKEN_OVER = (
    "Nothing that the page said stands there any more, nor the clinic's name or telephone number: the address may "
    "belong to others now. Look at it; if it is the clinic's, say so on this page."
)
BY_ITSELF = "Only dates, counters, codes or the order of its sentences differ from the last reading."
SHRUNK = "Most of the page's text is missing; it may be an error. Taken as true if it is still so after a week."

_MARK = 16  # digits of a document's mark; its outline's stand behind them
_AROUND = ("content-type", "content-length", "content-encoding")


@dataclass(frozen=True, slots=True)
class Judged:
    """One attempt on one page, judged: ready to be written by whoever still holds the host's lease."""

    page: Page
    token: UUID
    at: datetime
    answer: Answer
    outcome: Outcome
    reason: str
    text: Text | None  # for `ok` only: the new text
    text_digest: str
    shrunk: bool = False
    extractor: str = EXTRACTOR_VERSION  # with what was left out by choice
    document: str = ""  # what tells the document, and its outline, the next time
    by_browser: bool = False  # whether it was to be opened in a browser
    is_ours: bool = False  # an error of our own store, and none of the host's
    masked_digest: str = ""  # for `ok` only: of the new text's sentences, without what changes by itself

    @property
    def is_host_trouble(self) -> bool:
        """Whether it is the host that has trouble, not the page."""
        return not self.is_ours and (self.outcome is Outcome.ERROR or self.answer.status == 429)

    def failing(self, reason: str) -> "Judged":
        """The same attempt, of which nothing can be made because our own store failed."""
        return replace(self, outcome=Outcome.ERROR, reason=reason, text=None, text_digest="", is_ours=True)


def judge(
    page: Page,
    answer: Answer,
    token: UUID,
    at: datetime,
    ignoring: Ignoring = NOTHING,
    *,
    by_browser: bool = False,
) -> Judged:
    """Say what an answer is: an observation with its text, or one of the outcomes that are none.

    `ignoring` is what staff chose to leave out of the page.
    """
    extractor = EXTRACTOR_VERSION + ignoring.version
    try:
        judged = _judge(page, answer, token, at, ignoring, extractor, by_browser)
    except AlteredWords as altered:
        judged = Judged(page, token, at, answer, Outcome.ERROR, "", None, "").failing(what_to_do(altered))
    return replace(judged, extractor=extractor, by_browser=by_browser)


def what_to_do(altered: AlteredWords) -> str:
    """What to tell staff where a page's last text is not what it was: nothing can be compared with it."""
    return f"{altered} Run manage.py verify_evidence."


def _judge(
    page: Page,
    answer: Answer,
    token: UUID,
    at: datetime,
    ignoring: Ignoring,
    extractor: str,
    by_browser: bool,
) -> Judged:
    state: PageState = page.state
    is_stale = state.extractor_version != extractor  # so that equal digests prove nothing
    text = "" if state.snapshot_id is None or is_stale else state.text_digest
    known = Known(text, state.body_digest[_MARK:])
    mark = document_mark(answer)
    if text and mark and state.body_digest[:_MARK] == mark:
        return Judged(page, token, at, answer, Outcome.UNCHANGED, "", None, text, document=state.body_digest)
    try:
        found = _inspect(answer, page, known, ignoring)
    except DocumentFault as fault:
        return Judged(page, token, at, answer, Outcome.NOT_TEXT, str(fault), None, "")
    judged = _judge_found(page, answer, token, at, found, text, by_browser)
    return replace(judged, document=mark + found.outline) if mark else judged


def _judge_found(
    page: Page, answer: Answer, token: UUID, at: datetime, found: Inspection, known: str, by_browser: bool
) -> Judged:
    """Say what an inspected answer is, where the last text's digest is `known`."""
    state: PageState = page.state
    if found.outcome is not Outcome.OK:
        return Judged(page, token, at, answer, found.outcome, found.reason, None, "")
    if known and found.text_digest == known:
        return Judged(page, token, at, answer, Outcome.UNCHANGED, "", None, found.text_digest)
    if is_lost(page, found):
        return Judged(page, token, at, answer, Outcome.SOFT_404, LOST, None, "")
    text = Text(found.blocks, found.sentences, found.digests)
    masked = masked_digest(text.sentences)
    if known and masked == state.masked_digest and _stands_to_the_letter(page, text):
        return Judged(page, token, at, answer, Outcome.UNCHANGED, BY_ITSELF, None, known)
    if known and not _is_accepted(page, at):
        if state.by_browser == by_browser and _is_suspended(state, text, at):  # read otherwise, less is no loss
            return Judged(page, token, at, answer, Outcome.PARTIAL, SHRUNK, None, "", shrunk=True)
        if _is_taken_over(page, state, text):
            return Judged(page, token, at, answer, Outcome.PARKED, TAKEN_OVER, None, "")
    return Judged(page, token, at, answer, Outcome.OK, found.reason, text, found.text_digest, masked_digest=masked)


def _stands_to_the_letter(page: Page, text: Text) -> bool:
    """Whether every wording that a flag or a quote stands on is there as it was: an edited number shows on them."""
    carried = open_traces(page, Outcome.OK).exclude(presence=Presence.ABSENT).values_list("digest", flat=True)
    return set(carried) <= set(text.digests) and stand_as_before(page, text)


def document_mark(answer: Answer) -> str:
    """16 hexadecimal digits that are the same for the same document from the same address; "" where none came whole.

    All that bears on what `inspect` makes of an answer is in it, so that it need not be made again.
    """
    if answer.trouble is not None or answer.status != 200:
        return ""
    around = "\n".join((answer.final_url, *(answer.headers.get(name, "") for name in _AROUND)))
    return xxhash.xxh3_64_hexdigest(around.encode("utf-8", "surrogatepass") + b"\0" + answer.body)


def _inspect(answer: Answer, page: Page, known: Known, ignoring: Ignoring) -> Inspection:
    is_pdf = answer.trouble is None and answer.body.startswith(b"%PDF-")
    pages = pdf_pages(answer.body) if is_pdf else None
    return inspect(answer, site_of(page.url), pages, known, ignoring)


def _is_accepted(page: Page, at: datetime) -> bool:
    """Whether a person has just looked and said that the page's present text is the clinic's."""
    return page.text_accepted_at is not None and at - page.text_accepted_at < ACCEPTED_FOR


def _is_taken_over(page: Page, state: PageState, text: Text) -> bool:
    """Whether all that the page said is gone, and with it the name and telephone number of its clinics.

    A page that never named its clinic tells nothing by not naming it.
    """
    if state.snapshot is None:
        return False
    before = Text.of(state.snapshot.blocks)
    if len(set(before.digests)) < FEWEST_TO_TELL or not set(before.digests).isdisjoint(text.digests):
        return False
    clinics = Clinic.objects.using_as_clinic_page(page)
    names = list(clinics.values_list("name", flat=True))
    phones = list(clinics.exclude(locations__phone="").values_list("locations__phone", flat=True))
    known = [phone for phone in phones if phone]
    return speaks_for(before.blocks, names, known) and not speaks_for(text.blocks, names, known)


def _is_suspended(state: PageState, text: Text, at: datetime) -> bool:
    """Whether a reading lost too much, and has not been repeated for a week."""
    repeated = state.shrunk_since is not None and at - state.shrunk_since >= SUSPENDED_FOR
    return not repeated and _lost_too_much(state, text)


def _lost_too_much(state: PageState, text: Text) -> bool:
    """Whether the page shrank so much that an error is likelier than an edit. A rewritten page did not shrink."""
    if state.snapshot is None:
        return False
    before = Text.of(state.snapshot.blocks).digests
    if len(before) < LEAST_SENTENCES or len(text.digests) > len(before) / 2:
        return False
    return compare((), before, text.sentences).share_lost > SUSPICIOUS_LOSS
