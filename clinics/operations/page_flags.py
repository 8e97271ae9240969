"""Flags of the rules about whole sites: one for a clinic and a rule, however many of its pages say it.

Whether a notice is missing depends on all of a clinic's own pages, on where it has locations and on the law of the
day; whether a board certification is unchecked, on what staff have published. So each reading of a page is followed by
a look at the whole site, which is cheap: what the rules found on a page is kept with the page's state. Presence is
kept for each page as for sentences, with one difference: a notice that was read is an observation, so that its lack
ends at once, and not after two readings.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from clinics.domain.outcome import Outcome
from clinics.domain.page_rules import MISSING_NOTICE, Marks, PageRules
from clinics.domain.presence import Presence, Trace, observe, seen_first
from clinics.models import (
    Cause,
    Claim,
    Clinic,
    Finding,
    Flag,
    PageUse,
    Rule,
    Sighting,
    Snapshot,
)
from clinics.operations.flagging import (
    OURS,
    SETTLED,
    Effects,
    Reading,
    follow_trace,
    place_of,
    reopen_if_dismissed,
    settle,
    trace_of,
)
from clinics.operations.sites import OwnPage, Site, Verdict, sites_of, verdict
from clinics.operations.statements import Statement, Text

_REMEMBERED = 2_000  # marks of texts that older rules read, so that a change of rules reads each text once


@dataclass(frozen=True, slots=True)
class Look:
    """Why a site is looked at: whose change it was, when, and which page was read well just now, if any was."""

    cause: Cause
    at: datetime
    read: int | None = None

    @property
    def is_ours(self) -> bool:
        return self.cause in OURS


def pages_to_look_at(page_ids: Collection[int], rules: PageRules, now: datetime) -> frozenset[int]:
    """Those of the pages whose next attempt may move a site's flags although the page itself says the same.

    Something else has changed: a location, a use of a page, a law's date, a published check; or it is the first
    attempt on a page that was waited for, or the page is about to be lost.
    """
    if not rules:
        return frozenset()
    uses = PageUse.objects.own_pages().filter(page__in=page_ids)
    clinics = set(uses.order_by().values_list("clinic_id", flat=True))
    return frozenset(
        page.pk
        for site in sites_of(clinics, rules, now).values()
        for agrees in [_agrees(site, rules)]
        for page in site.pages.values()
        if page.pk in page_ids and (not agrees or page.missing or (site.states and not page.tried))
    )


def _agrees(site: Site, rules: PageRules) -> bool:
    """Whether the flags stand as the rules say. Where rules have changed, the pages' own readings find that out."""
    if any(page.snapshot and page.marks.version != rules.version for page in site.pages.values()):
        return True
    return all(_rule_agrees(site, verdict(site, rules, key), key) for key in rules.active)


def _rule_agrees(site: Site, said: Verdict, key: str) -> bool:
    kept = site.kept(key)
    missing = said.carriers - kept if said.may_rise else set()
    return not (said.lifted and kept) and not missing and kept <= site.pages.keys()


def follow_page_rules(clinic: Clinic, rules: PageRules, look: Look, effects: Effects) -> None:
    """Raise, find again or end the clinic's flags of page rules. Call it with the clinic's row locked."""
    if not rules:
        return
    site = sites_of([clinic.pk], rules, look.at)[clinic.pk]
    for page in list(site.pages.values()):
        if page.snapshot is not None and page.marks.version != rules.version:
            site.pages[page.pk] = replace(page, marks=_marks_anew(page.snapshot, rules))
    for key in sorted(rules.active):
        said = verdict(site, rules, key)
        if key in site.flags:
            _Known(clinic, site, rules, key, look).follow(said, effects)
        elif said.carriers and said.may_rise:
            _raise_flag(clinic, site, rules, key, said, look, effects)


@lru_cache(maxsize=_REMEMBERED)
def _marks_anew(snapshot: int, rules: PageRules) -> Marks:
    text = _text_of(snapshot)
    return rules.marks(text.blocks, text.sentences)


def _text_of(snapshot: int) -> Text:
    return Text.of(Snapshot.objects.get(pk=snapshot).blocks)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words of a rule stand: a statement of the newest text of a page."""

    own: OwnPage
    snapshot: Snapshot
    statement: Statement

    @property
    def words(self) -> str:
        return self.statement.sentence.text

    def columns(self, look: Look) -> dict[str, Any]:
        """The place as a sighting's columns."""
        return place_of(self.statement, Reading(None, self.snapshot, look.cause, look.at, look.at))


def _place_on(own: OwnPage, rules: PageRules, key: str) -> Place | None:
    """Where on a page the rule's words stand; None where they don't stand in the text that was kept of it."""
    if own.snapshot is None:
        return None
    snapshot = Snapshot.objects.get(pk=own.snapshot)
    text = Text.of(snapshot.blocks)
    found = rules.statements(text.blocks, text.sentences).get(key)
    if found is None:
        return None
    sentence, match = found
    mark = text.digests[text.sentences.index(sentence)]
    return Place(own, snapshot, Statement(sentence, text.blocks[sentence.block].text, key, mark, (match,)))


def _raise_flag(
    clinic: Clinic, site: Site, rules: PageRules, key: str, said: Verdict, look: Look, effects: Effects
) -> None:
    """One flag for the clinic, seen on each page that says the rule's words."""
    found = {pk: _place_on(site.pages[pk], rules, key) for pk in sorted(said.carriers)}
    places = {pk: place for pk, place in found.items() if place is not None}
    if not places:
        return
    quoted = places[look.read] if look.read in places else next(iter(places.values()))
    rule = rules.rules[key]
    flag = Flag.objects.create(
        clinic=clinic,
        subject=key,
        sentence=key,
        evidence=quoted.words,
        category=rule.category,
        severity=rule.severity,
        rule=Rule.objects.get(key=key),
        cause=look.cause,
        raised_at=look.at,
        presence_since=look.at,
    )
    _write_finding(flag, quoted.statement, rules, look.at)
    for place in places.values():
        _sight(flag, place, look, Presence.PRESENT)
    (effects.reclassified if look.is_ours else effects.new).append((flag, key))


def _write_finding(flag: Flag, statement: Statement, rules: PageRules, at: datetime) -> None:
    match = statement.gravest
    facts: dict[str, Any] = {
        "rule_version": match.rule.version,
        "stance": match.stance,
        "severity": match.rule.severity,
        "words": statement.block[match.start : match.end],
        "reason": rules.reason(flag.subject, match)[:300],
        "found_at": at,
    }
    Finding.objects.update_or_create(flag=flag, rule=flag.rule, defaults=facts)


def _sight(flag: Flag, place: Place, look: Look, presence: Presence) -> None:
    Sighting.objects.create(
        flag=flag,
        page_id=place.own.pk,
        cause=look.cause,
        first_seen_at=place.snapshot.taken_at,
        last_seen_at=place.own.read_at or place.snapshot.taken_at,
        presence=presence,
        presence_since=look.at,
        **place.columns(look),
    )


def _hold_claims(flag: Flag, at: datetime) -> None:
    """Take “we did not find the notice” out of public sight once it is true no more; a person decides what follows."""
    told = Claim.objects.filter(flag__in=flag.joined_keys, category=MISSING_NOTICE, state=Claim.State.PUBLISHED)
    because = f"Held by the tracker on {at:%Y-%m-%d}: the notice was read, or is no longer looked for here."
    told.update(state=Claim.State.HELD, ended_at=at, ended_because=because)


def _put(sighting: Sighting, place: Place, look: Look) -> None:
    for name, value in place.columns(look).items():
        setattr(sighting, name, value)
    sighting.save()


@dataclass(frozen=True, slots=True)
class _Known:
    """A flag that is known already, and the site it belongs to."""

    clinic: Clinic
    site: Site
    rules: PageRules
    key: str
    look: Look

    def follow(self, said: Verdict, effects: Effects) -> None:
        """Let the flag stand as the rule now says."""
        flag, was = self.site.flags[self.key], self.site.flags[self.key].presence
        kept = self.site.kept(self.key)
        carriers = said.carriers if said.may_rise else said.carriers & kept
        for pk, sighting in self.site.sightings.get(self.key, {}).items():
            self._move(sighting, self._trace_now(trace_of(sighting), pk, carriers, said.lifted))
        self._read_anew(flag, carriers)
        self._quote_anew(flag)
        graver = self._rate(flag)
        now = settle(flag, self.look.at)
        self._tell(flag, was, now, graver, effects)

    def _trace_now(self, trace: Trace, pk: int, carriers: Collection[int], lifted: bool) -> Trace:
        at, read = self.look.at, pk == self.look.read
        if pk in carriers:
            if read:
                return observe(trace, at, Outcome.OK, True)
            if trace.state is not Presence.ABSENT:
                return trace
            return seen_first(at) if self.look.is_ours else Trace(Presence.RETURNED, at)
        own = self.site.pages.get(pk)
        if trace.state is Presence.ABSENT:
            return trace
        if lifted or own is None:
            return Trace(Presence.ABSENT, at)
        if read:
            return observe(trace, at, Outcome.OK, False)
        # The page says what it said when it carried the flag: it is our rule that no longer finds its words.
        ours = self.look.is_ours and not trace.misses and not own.lost
        return Trace(Presence.ABSENT, at) if ours else trace

    def _move(self, sighting: Sighting, trace: Trace) -> None:
        if sighting.page_id == self.look.read and trace.state.is_there and not trace.misses:
            sighting.last_seen_at = self.look.at
        elif trace == trace_of(sighting):
            return
        follow_trace(sighting, trace)
        sighting.save()

    def _read_anew(self, flag: Flag, carriers: Collection[int]) -> None:
        """See the flag on each page that carries it, in the newest text of each."""
        sightings = self.site.sightings.get(self.key, {})
        for pk in sorted(carriers):
            own, sighting = self.site.pages[pk], sightings.get(pk)
            if sighting is not None and sighting.snapshot_id == own.snapshot:
                continue
            place = _place_on(own, self.rules, self.key)
            if place is not None and sighting is not None:
                _put(sighting, place, self.look)
            elif place is not None:
                came_back = flag.presence == Presence.ABSENT and not self.look.is_ours
                _sight(flag, place, self.look, Presence.RETURNED if came_back else Presence.PRESENT)

    def _quote_anew(self, flag: Flag) -> None:
        """Quote other words as evidence where those quoted stand nowhere any more."""
        there = Sighting.objects.filter(flag=flag, presence__in=SETTLED, misses=0, page__in=self.site.pages)
        places = list(there.order_by("first_seen_at", "pk").values_list("page_id", "sentence"))
        if not places or flag.evidence in {sentence for _, sentence in places}:
            return
        place = _place_on(self.site.pages[places[0][0]], self.rules, self.key)
        if place is not None:
            flag.evidence = place.words
            flag.save(update_fields=["evidence"])
            _write_finding(flag, place.statement, self.rules, self.look.at)

    def _rate(self, flag: Flag) -> bool:
        rule = self.rules.rules.get(self.key)
        if rule is None:
            return False
        Finding.objects.filter(flag=flag, rule=flag.rule).exclude(rule_version=rule.version).update(
            rule_version=rule.version, severity=rule.severity, found_at=self.look.at
        )
        if rule.severity <= flag.severity:
            return False
        flag.severity = rule.severity
        flag.save(update_fields=["severity"])
        reopen_if_dismissed(flag)
        return True

    def _tell(self, flag: Flag, was: str, now: Presence, graver: bool, effects: Effects) -> None:
        ended, began = was != Presence.ABSENT and now is Presence.ABSENT, was == Presence.ABSENT != now
        if ended:
            _hold_claims(flag, self.look.at)
        if ended or began:
            theirs = effects.absent if ended else effects.returned
            (effects.reclassified if self.look.is_ours else theirs).append((flag, self.key))
        elif graver:
            effects.reclassified.append((flag, self.key))
