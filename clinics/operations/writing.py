"""Writing readings: the quiet ones together, those that move a flag each alone, and none without the lease."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from clinics.domain.extraction import EXTRACTOR_VERSION
from clinics.domain.identity import subject_key
from clinics.domain.ignoring import NOTHING, Ignoring
from clinics.domain.inspection import reread
from clinics.domain.outcome import Outcome
from clinics.domain.page_rules import PageRules
from clinics.domain.presence import Presence
from clinics.domain.ruleset import RuleSet
from clinics.evidence.exchange import warc_record
from clinics.evidence.store import EvidenceFault, Store
from clinics.models import Cause, Check, Claim, Clinic, Host, Page, PageState, PageUse, Sighting, Snapshot
from clinics.models.many_rows import add_rows, write_columns
from clinics.models.snapshot import AlteredWords
from clinics.operations.attempts import bring_up_to_date
from clinics.operations.digests import pack, unpack
from clinics.operations.flagging import (
    SETTLED,
    Effects,
    Reading,
    follow_presence,
    lock_clinic,
    move_digests,
    open_traces,
    record_statements,
)
from clinics.operations.page_flags import Look, follow_page_rules, pages_to_look_at
from clinics.operations.quotes import follow_quotes
from clinics.operations.readings import Judged, what_to_do
from clinics.operations.screenshots import want_at_first_sighting
from clinics.operations.standing_dismissals import dismiss_what_stands
from clinics.operations.statements import Text, statements
from clinics.operations.turns import still_holds

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Written:
    """What was recorded for one page: its outcome, and what that did to each clinic that uses it as its own page."""

    page: Page
    outcome: Outcome
    reason: str
    effects: dict[str, Effects] = field(default_factory=dict)  # by the clinic's public id


@dataclass(frozen=True, slots=True)
class Desk:
    """What every reading of a batch is written with."""

    ruleset: RuleSet
    store: Store
    page_rules: PageRules = field(default_factory=PageRules)
    ignoring: Mapping[int, Ignoring] = field(default_factory=dict)  # what is left out, by the page's id
    pictures: bool = False  # whether a browser is there to take them

    @property
    def version(self) -> str:
        """Changes with anything that bears on what is flagged."""
        return self.ruleset.version + self.page_rules.version

    def left_out(self, page: Page) -> Ignoring:
        """What staff chose not to read of the page."""
        return self.ignoring.get(page.pk, NOTHING)

    def extractor(self, page: Page) -> str:
        """Changes with anything that bears on which words of the page are read."""
        return EXTRACTOR_VERSION + self.left_out(page).version


@dataclass(frozen=True, slots=True)
class Kept:
    """Digests of the proof in the store: the document, the whole exchange, the picture; "" for what is not kept."""

    body: str = ""
    exchange: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """Pages of a batch on which an attempt may move something, by their ids."""

    quoted: frozenset[int]  # a claim's quote was taken from there
    carrying: frozenset[int]  # wording of a flag stands there, or may
    unsettled: frozenset[int]  # of those: missed or not found lately
    sites: frozenset[int]  # a flag of their clinic's whole site may move

    @classmethod
    def among(cls, page_ids: Collection[int], page_rules: PageRules, now: datetime) -> "Watched":
        """What has to be watched on these pages."""
        claims = Claim.objects.filter(page__in=page_ids).exclude(state=Claim.State.WITHDRAWN)
        carrying = Sighting.objects.filter(page__in=page_ids).exclude(presence=Presence.ABSENT)
        settled = {"presence__in": SETTLED, "misses": 0, "gones": 0}
        return cls(
            frozenset(claims.values_list("page_id", flat=True)),
            frozenset(carrying.values_list("page_id", flat=True)),
            frozenset(carrying.exclude(**settled).values_list("page_id", flat=True)),
            pages_to_look_at(page_ids, page_rules, now),
        )


def is_quiet(judged: Judged, desk: Desk, watched: Watched) -> bool:
    """Whether writing it can touch no flag, no snapshot and no quote, so that it may be written with others."""
    page, state = judged.page.pk, judged.page.state
    moves_site = judged.outcome.is_observation or judged.outcome is Outcome.GONE or state.last_tried_at is None
    if page in watched.sites and moves_site:
        return False
    if judged.outcome is Outcome.UNCHANGED:
        return _is_current(state, desk, judged.page) and page not in watched.quoted and page not in watched.unsettled
    if judged.outcome is Outcome.GONE:
        return page not in watched.carrying
    return judged.outcome is not Outcome.OK


@transaction.atomic
def write_together(group: Sequence[Judged], desk: Desk) -> list[Written]:
    """Write quiet readings in one transaction; those whose host has passed to another worker are dropped."""
    leases = {(judged.page.host_id, judged.token) for judged in group}
    hosts = Host.objects.select_for_update(no_key=True).filter(pk__in={host for host, _ in leases}).order_by("pk")
    held = set(hosts.values_list("pk", "lease_token"))
    mine = [judged for judged in group if (judged.page.host_id, judged.token) in held]
    due = dict(PageState.objects.filter(page__in=[each.page.pk for each in mine]).values_list("page_id", "due_at"))
    for judged in mine:
        bring_up_to_date(judged, judged.page.state, due[judged.page.pk])
    write_columns([judged.page.state for judged in mine], _KEPT)
    add_rows([_check_of(judged, desk) for judged in mine])
    users = _users_of([judged.page.pk for judged in mine])
    return [_written(judged, users.get(judged.page.pk, ())) for judged in mine]


def _users_of(page_ids: Collection[int]) -> dict[int, list[str]]:
    """The public ids of the clinics whose own pages these are, by page."""
    uses = PageUse.objects.own_pages().filter(page__in=page_ids)
    found: dict[int, list[str]] = {}
    for page, clinic in uses.order_by("clinic_id").values_list("page_id", "clinic__public_id"):
        found.setdefault(page, []).append(clinic)
    return found


_KEPT = (
    "due_at",
    "last_tried_at",
    "last_read_at",
    "outcome",
    "reason",
    "outcome_since",
    "by_browser",
    "failures",
    "failing_since",
    "shrunk_since",
    "steadiness",
    "etag",
    "last_modified",
    "validated_url",
    "body_digest",
)


def write_alone(judged: Judged, desk: Desk, watched: Watched) -> Written | None:
    """Write a reading that may move flags, in its own transaction; None if the lease has passed to another worker.

    The proof goes into the evidence store first: it is named by its content, so a second try writes the same. Where it
    cannot be kept, or the text before was altered, nothing is observed: the attempt is an error of ours, and the page
    is soon due again.
    """
    try:
        kept = _keep_evidence(judged, desk.store)
    except EvidenceFault as fault:
        judged, kept = judged.failing(str(fault)), Kept()
    try:
        with transaction.atomic():
            if not still_holds(judged.page.host_id, judged.token):
                return None
            return _write(judged, desk, kept, watched)
    except AlteredWords as altered:
        log.error("%s", altered)
        return next(iter(write_together([judged.failing(what_to_do(altered))], desk)), None)


def _write(judged: Judged, desk: Desk, kept: Kept, watched: Watched) -> Written:
    page = judged.page
    clinics = _locked_users(page)
    state = PageState.objects.select_for_update(of=("self",)).select_related("snapshot").get(page=page)
    written = _written(judged, [clinic.public_id for clinic in clinics])
    ours = Look(_our_cause(state, desk, page), judged.at)
    first = state.snapshot_id is None or state.last_tried_at is None
    moved = page.pk in watched.sites or (state.snapshot_id is not None and not _is_current(state, desk, page))
    last = _last_text(page, state, clinics, desk, judged.at, written)
    if moved:
        _follow_sites(clinics, desk, ours, written)
    new = 0
    if judged.text is not None:
        new = _write_text(judged, judged.text, last, state, clinics, desk, kept, written)
    else:
        carried = frozenset(last.digests) if last and judged.outcome is Outcome.UNCHANGED else frozenset()
        for clinic in clinics:
            follow_presence(clinic, page, judged.outcome, carried, judged.at, written.effects[clinic.public_id])
    follow_quotes(page, judged.outcome, judged.text or last, judged.at)
    read = page.pk if judged.outcome.is_observation else None
    theirs = Look(Cause.FIRST_READING if first else _cause_of_change(judged, state), judged.at, read)
    bring_up_to_date(judged, state, state.due_at)
    state.save()
    _follow_sites(clinics, desk, theirs, written)
    if desk.pictures:
        for effects in written.effects.values():
            want_at_first_sighting(effects, page, judged.at, kept.picture)
    add_rows([_check_of(judged, desk, new_sentences=new, evidence=kept.exchange)])
    return written


def _is_current(state: PageState, desk: Desk, page: Page) -> bool:
    return (state.ruleset_version, state.extractor_version) == (desk.version, desk.extractor(page))


def _our_cause(state: PageState, desk: Desk, page: Page) -> Cause:
    return Cause.RULE_CHANGED if state.extractor_version == desk.extractor(page) else Cause.EXTRACTOR_CHANGED


def _follow_sites(clinics: Iterable[Clinic], desk: Desk, look: Look, written: Written) -> None:
    """What the page rules say of each clinic's whole site, as it is kept at this moment."""
    for clinic in clinics:
        follow_page_rules(clinic, desk.page_rules, look, written.effects[clinic.public_id])


def _locked_users(page: Page) -> list[Clinic]:
    """The clinics whose own page it is, locked in ascending id as every writer of flags does."""
    ids = Clinic.objects.using_as_clinic_page(page).order_by("pk").values_list("pk", flat=True)
    return [lock_clinic(pk) for pk in list(ids)]


def _last_text(
    page: Page, state: PageState, clinics: Iterable[Clinic], desk: Desk, at: datetime, written: Written
) -> Text | None:
    """What the page said when it was last read, met by our present rules and extractor.

    A change of our own meets the stored text first, so that it is never told as a change of theirs.
    """
    snapshot = state.snapshot
    if snapshot is None:
        return None
    extractor_changed = state.extractor_version != desk.extractor(page)
    text = _reread(snapshot, desk.store, desk.left_out(page)) if extractor_changed else Text.of(snapshot.blocks)
    if not extractor_changed and state.ruleset_version == desk.version:
        return text
    cause = _our_cause(state, desk, page)
    found = statements(text, desk.ruleset)
    reading = Reading(page, snapshot, cause, at, state.last_read_at or snapshot.taken_at, stored=True)
    for clinic in clinics:
        effects = written.effects[clinic.public_id]
        if extractor_changed:
            move_digests(clinic, page, _by_subject(text), at, effects)
        record_statements(clinic, found, reading, effects)
        dismiss_what_stands(effects, at)
    state.said = pack(unpack(state.said) | set(text.digests))
    state.ruleset_version, state.extractor_version = desk.version, desk.extractor(page)
    state.marks = desk.page_rules.marks(text.blocks, text.sentences).as_json()
    state.save(update_fields=["marks"])
    return text


def _by_subject(text: Text) -> dict[str, int]:
    pairs = zip(text.sentences, text.digests, strict=True)
    return {subject_key(sentence.text): mark for sentence, mark in pairs}


def _reread(snapshot: Snapshot, store: Store, ignoring: Ignoring) -> Text:
    """The stored document, extracted anew; its stored text where the document is not kept or no longer whole."""
    try:
        body = store.get(snapshot.body) if snapshot.body else b""
    except EvidenceFault as fault:
        log.error("%s Its stored text is read instead.", fault)
        body = b""
    if not body:
        return Text.of(ignoring.kept(snapshot.blocks))
    return Text.of(reread(body, snapshot.content_type, ignoring=ignoring).blocks)


def _write_text(
    judged: Judged,
    text: Text,
    last: Text | None,
    state: PageState,
    clinics: Iterable[Clinic],
    desk: Desk,
    kept: Kept,
    written: Written,
) -> int:
    """Record a new text of the page and what it says; the number of sentences that it never said before."""
    first = state.snapshot_id is None
    snapshot = _snapshot_of(judged, text, kept, state.snapshot)
    said, judged_before = unpack(state.said), frozenset(last.digests) if last else frozenset()
    cause = Cause.FIRST_READING if first else _cause_of_change(judged, state)
    reading = Reading(judged.page, snapshot, cause, judged.at, judged.at)
    for clinic in clinics:
        effects = written.effects[clinic.public_id]
        if cause is Cause.EXTRACTOR_CHANGED:
            move_digests(clinic, judged.page, _by_subject(text), judged.at, effects)
        follow_presence(clinic, judged.page, Outcome.OK, frozenset(text.digests), judged.at, effects)
        # Of all that was ever said, only the last text has surely met the present rules.
        known = judged_before if _all_carried(clinic, judged.page, text) else frozenset()
        record_statements(clinic, statements(text, desk.ruleset, but=known), reading, effects)
        dismiss_what_stands(effects, judged.at)
    state.snapshot, state.text_digest = snapshot, judged.text_digest
    state.masked_digest = judged.masked_digest
    state.said = pack(said | set(text.digests))
    state.marks = desk.page_rules.marks(text.blocks, text.sentences).as_json()
    state.ruleset_version, state.extractor_version = desk.version, judged.extractor
    return len(set(text.digests) - said)


def _cause_of_change(judged: Judged, state: PageState) -> Cause:
    """Whose change a new text is: ours, where the text before was read the other way, by a browser or without one."""
    return Cause.PAGE_CHANGED if judged.by_browser == state.by_browser else Cause.EXTRACTOR_CHANGED


def _all_carried(clinic: Clinic, page: Page, text: Text) -> bool:
    """Whether every known flag of the page stands there as it stood, so that only new sentences need judging."""
    marks = open_traces(page, Outcome.OK).filter(flag__clinic=clinic).values_list("digest", flat=True)
    return set(marks) <= set(text.digests)


def _snapshot_of(judged: Judged, text: Text, kept: Kept, former: Snapshot | None) -> Snapshot:
    """The page's snapshot of this text. One whose words retention has removed does not count.

    Of the text before, `former`, only what differs is packed.
    """
    read = {"page": judged.page, "text_digest": judged.text_digest, "origin": Snapshot.Origin.READ}
    # Locked against retention, which may be about to take an old text away, until this transaction ends.
    known = Snapshot.objects.select_for_update(no_key=True).filter(**read, pruned_at=None).first()
    if known is not None:
        return known
    snapshot = Snapshot(
        **read,
        body=kept.body,
        exchange=kept.exchange,
        picture=kept.picture,
        content_type=judged.answer.headers.get("content-type", "")[:200],
        extractor_version=judged.extractor,
        taken_at=judged.at,
    )
    snapshot.keeping(text.blocks, _held(former)).hashed().save(force_insert=True)
    return snapshot


def _held(former: Snapshot | None) -> Snapshot | None:
    """The text with the one on which it leans, locked against retention until this transaction ends."""
    if former is None:
        return None
    both = [former.leans_on_id, former.pk] if former.leans_on_id else [former.pk]
    list(Snapshot.objects.filter(pk__in=both).order_by("pk").select_for_update(no_key=True).values("pk"))
    return Snapshot.objects.select_related("leans_on").get(pk=former.pk)


def _keep_evidence(judged: Judged, store: Store) -> Kept:
    """The proof of a new text, kept; none where there is no new text.

    The document leans on the page's document before, the exchange on the document.
    """
    if judged.text is None:
        return Kept()
    answer, former = judged.answer, judged.page.state.snapshot
    body = store.put(answer.body, like=former.body if former is not None else "")
    picture = store.put(answer.picture) if answer.picture else ""
    return Kept(body, store.put(warc_record(answer, judged.at), like=body), picture)


def _check_of(judged: Judged, desk: Desk, *, new_sentences: int = 0, evidence: str = "") -> Check:
    answer = judged.answer
    return Check(
        id=uuid4(),
        started_at=judged.at,
        page=judged.page,
        outcome=judged.outcome,
        reason=judged.reason[:300],
        status=answer.status,
        final_url=answer.final_url[:2000],
        peer=answer.hops[-1].peer[:60] if answer.hops else "",
        robots=answer.robots[:20],
        milliseconds=answer.milliseconds,
        size=len(answer.body),
        new_sentences=new_sentences,
        text_digest=judged.text_digest,
        evidence=evidence,
        ruleset_version=desk.version,
        extractor_version=judged.extractor,
    ).hashed()


def _written(judged: Judged, clinics: Iterable[str]) -> Written:
    return Written(judged.page, judged.outcome, judged.reason, {clinic: Effects() for clinic in clinics})
