"""What is left out of pages by choice: recorded with person and reason, tried before, shown with each page."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Final, cast

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from clinics.domain.block import Block, Sentence, Surface
from clinics.domain.identity import subject_key
from clinics.domain.ignoring import Ignoring, IgnoringFault, check_pattern, check_selector
from clinics.domain.inspection import reread
from clinics.domain.sentences import split
from clinics.evidence.store import EvidenceFault, Store
from clinics.models import Claim, Flag, IgnoreRule, Page, PageState, PageUse, Question, Snapshot
from clinics.operations.refusal import Refusal, check, required

TRIED_ON: Final = 200  # pages on which a new choice is tried before it holds, where no more have published quotes
TOGETHER: Final = 20  # texts in memory at a time


@dataclass(frozen=True, slots=True)
class Tried:
    """What a choice would leave out of the newest texts: of how many pages, how many pieces, how many open flags."""

    pages: int
    pieces: int
    flags: int

    def __str__(self) -> str:
        return (
            f"Tried on the newest text of {self.pages} pages: it leaves out {self.pieces} pieces, "
            f"with {self.flags} flags on them."
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """An ignore rule that is in force for a page's host, clinics or itself; `why_not` is "" where it holds there."""

    rule: IgnoreRule
    why_not: str = ""


def rules_for(page: Page) -> list[Placed]:
    """Every rule in force that bears on a page, those that do not hold there with the reason."""
    speakers = _speakers([page.pk])[page.pk]
    rules = IgnoreRule.objects.in_force().select_related("host", "clinic", "page", "created_by")
    return [Placed(rule, _why_not(rule, speakers)) for rule in rules if _bears_on(rule, page, speakers)]


def _bears_on(rule: IgnoreRule, page: Page, speakers: Collection[int]) -> bool:
    return rule.page_id == page.pk or rule.host_id == page.host_id or rule.clinic_id in speakers


def _why_not(rule: IgnoreRule, speakers: Collection[int]) -> str:
    """A clinic's choice must not hide what a page says for another clinic."""
    if rule.clinic_id is None or len(speakers) == 1:
        return ""
    return "Other clinics use this page as their own, too."


def ignoring_of(pages: Collection[Page]) -> Mapping[int, Ignoring]:
    """What is left out of each page, by its id; pages without any such choice are not in it."""
    rules = list(IgnoreRule.objects.in_force())
    if not rules:
        return {}
    speakers = _speakers([page.pk for page in pages])
    found = {}
    for page in pages:
        mine = [rule for rule in rules if _holds(rule, page, speakers[page.pk])]
        if mine:
            found[page.pk] = _joined(mine)
    return found


def _holds(rule: IgnoreRule, page: Page, speakers: Collection[int]) -> bool:
    return _bears_on(rule, page, speakers) and not _why_not(rule, speakers)


def _joined(rules: Iterable[IgnoreRule]) -> Ignoring:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for rule in rules:
        by_kind[rule.kind].append(rule.what)
    kinds = IgnoreRule.Kind
    return Ignoring(tuple(sorted(set(by_kind[kinds.SELECTOR]))), tuple(sorted(set(by_kind[kinds.PATTERN]))))


def _speakers(page_ids: Collection[int]) -> dict[int, set[int]]:
    """The ids of the clinics that use each page as their own."""
    uses = PageUse.objects.own_pages().filter(page__in=page_ids)
    found: dict[int, set[int]] = defaultdict(set)
    for page, clinic in uses.values_list("page_id", "clinic_id"):
        found[page].add(clinic)
    return found


@transaction.atomic
def add_ignore_rule(
    kind: str, what: str, reason: str, *, store: Store, by: User, now: datetime, **place: Any
) -> tuple[IgnoreRule, Tried]:
    """Leave something out of the pages of `place` (one of host, clinic, page) from their next reading on.

    The pages are due now. Raises Refusal where the choice can't be read, takes a whole page, or hides a quote that is
    published from one of these pages.
    """
    what = required(what, "What is to be left out")
    rule = IgnoreRule(
        kind=kind,
        what=what,
        reason=required(reason, "The reason"),
        created_by=by,
        created_at=now,
        **place,
    )
    check(rule)
    try:
        (check_selector if kind == IgnoreRule.Kind.SELECTOR else check_pattern)(what)
    except IgnoringFault as fault:
        raise Refusal(str(fault)) from None
    tried = _try(rule, store)
    rule.save()
    PageState.objects.filter(page__in=_pages_of(rule)).update(due_at=now)
    return rule, tried


@transaction.atomic
def end_ignore_rule(rule: IgnoreRule, *, by: User, now: datetime) -> None:
    """Read these parts again, from the next reading on; the pages are due now. Raises Refusal where it is ended."""
    held = IgnoreRule.objects.select_for_update().get(pk=rule.pk)
    if held.ended_at is not None:
        raise Refusal("This was ended already.")
    rule.ended_at, rule.ended_by = now, by
    rule.save(update_fields=["ended_at", "ended_by"])
    PageState.objects.filter(page__in=_pages_of(rule)).update(due_at=now)


def _pages_of(rule: IgnoreRule) -> QuerySet[Page]:
    if rule.page_id is not None:
        return Page.objects.filter(pk=rule.page_id)
    if rule.host_id is not None:
        return Page.objects.filter(host=rule.host_id)
    return Page.objects.filter(uses__clinic=rule.clinic_id, uses__purpose=PageUse.Purpose.CLINIC_PAGE)


def _try(rule: IgnoreRule, store: Store) -> Tried:
    """Try a choice on the newest stored documents. Raises Refusal where it hides a published quote."""
    alone = _joined([rule])
    pages, pieces, hidden = 0, 0, set()
    for state in _to_try(rule):
        gone = _left_out(state, alone, store)
        pages, pieces = pages + 1, pieces + len(gone)
        words = "\n".join(gone)
        quote = _published_quote(state.page, words)
        if quote:
            raise Refusal(f"“{quote}” is published from {state.page} and would not be read any more.")
        hidden |= _flags_on(state.page, words)
    return Tried(pages, pieces, len(hidden))


def _to_try(rule: IgnoreRule) -> Iterator[PageState]:
    """All pages from which a quote is published, then as many others as make TRIED_ON together; all with a text."""
    texts = PageState.objects.filter(page__in=_pages_of(rule), snapshot__isnull=False)
    texts = texts.select_related("page", "snapshot__leans_on").order_by("page_id")
    claims, answers = _published(OuterRef("page"))
    is_quoted = Exists(claims) | Exists(answers)
    quoted = texts.filter(is_quoted)
    others = texts.exclude(is_quoted)[: max(TRIED_ON - quoted.count(), 0)]
    return chain(quoted.iterator(chunk_size=TOGETHER), others.iterator(chunk_size=TOGETHER))


def _left_out(state: PageState, ignoring: Ignoring, store: Store) -> list[str]:
    """The pieces of the newest text that would not be read. Raises Refusal where that matters and can't be told."""
    page, snapshot = state.page, cast(Snapshot, state.snapshot)
    try:
        body = store.get(snapshot.body)
    except EvidenceFault:
        if ignoring.selectors and any(published.exists() for published in _published(page)):
            raise Refusal(
                f"A quote is published from {page}, and its document is not kept, so this can't be tried on it. "
                "Have the page read again first."
            ) from None
        kept = set(ignoring.kept(snapshot.blocks))
        return [block.text for block in snapshot.blocks if block not in kept]
    before = reread(body, snapshot.content_type).blocks
    after = set(reread(body, snapshot.content_type, ignoring=ignoring).blocks)
    return [block.text for block in before if block not in after]


def _published(page: Page | OuterRef) -> tuple[QuerySet[Claim], QuerySet[Question]]:
    """The claims and the answers to patients' questions whose words everybody reads as quoted from a page."""
    return Claim.objects.published().filter(page=page), Question.objects.published().filter(page=page).exclude(quote="")


def _published_quote(page: Page, words: str) -> str:
    claims, answers = (rows.values_list("quote", flat=True) for rows in _published(page))
    return next((quote for quote in chain(claims, answers) if quote in words), "")


def _flags_on(page: Page, words: str) -> set[int]:
    subjects = {subject_key(sentence.text) for line in words.split("\n") for sentence in _sentences(line)}
    flags = Flag.objects.filter(sightings__page=page, subject__in=subjects)
    return set(flags.values_list("pk", flat=True))


def _sentences(line: str) -> tuple[Sentence, ...]:
    return split([Block(line, Surface.BODY)])
