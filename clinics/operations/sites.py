"""Clinics' sites as the rules about whole sites see them: pages with what was found on each, places and checks."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from clinics.domain.outcome import Outcome
from clinics.domain.page_rules import BOARD_CERTIFIED, Marks, PageRules
from clinics.domain.presence import GONE_NEEDED, GONE_SPAN, Presence
from clinics.models import CredentialCheck, Flag, Location, PageUse, Sighting

BOARD_CERTIFICATION = "credential_kind:board_certification"


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page of a site: what the rules found in its newest text, and whether it can still be counted on."""

    pk: int
    snapshot: int | None
    marks: Marks
    read_at: datetime | None  # when it was last read well
    tried: bool  # somebody has tried to read it
    missing: bool  # the last attempt found no page
    lost: bool  # so often and so long that its words count no more


@dataclass(slots=True)
class Site:
    """A clinic as page rules see it."""

    states: set[str] = field(default_factory=set)  # of its locations, where a notice is prescribed
    certified: bool = False  # a published check found a board certification
    pages: dict[int, OwnPage] = field(default_factory=dict)
    flags: dict[str, Flag] = field(default_factory=dict)  # by the rule's key
    sightings: dict[str, dict[int, Sighting]] = field(default_factory=dict)  # by the rule's key, by page

    def kept(self, key: str) -> set[int]:
        """The pages on which the rule's flag is not absent."""
        return {page for page, seen in self.sightings.get(key, {}).items() if seen.presence != Presence.ABSENT}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of a site. `lifted`: it does not apply, whatever the pages say."""

    carriers: frozenset[int] = frozenset()
    may_rise: bool = True
    lifted: bool = False


def sites_of(clinics: Collection[int], rules: PageRules, now: datetime) -> dict[int, Site]:
    """These clinics' sites, in a fixed number of queries."""
    sites = {clinic: Site() for clinic in clinics}
    for clinic, page in _own_pages(clinics, now):
        sites[clinic].pages[page.pk] = page
    for clinic, state in _prescribing_places(clinics, rules):
        sites[clinic].states.add(state)
    if BOARD_CERTIFIED in rules.rules:
        for clinic in _certified(clinics):
            sites[clinic].certified = True
    flags = Flag.objects.filter(clinic__in=clinics, subject__in=rules.active).select_related("rule")
    keys = {flag.pk: (flag.clinic_id, flag.subject) for flag in flags}
    for flag in flags:
        sites[flag.clinic_id].flags[flag.subject] = flag
    for sighting in Sighting.objects.filter(flag__in=keys) if keys else ():
        clinic, key = keys[sighting.flag_id]
        if sighting.page_id is not None:
            sites[clinic].sightings.setdefault(key, {})[sighting.page_id] = sighting
    return sites


_STATE = ("snapshot_id", "marks", "last_read_at", "last_tried_at", "outcome", "failures", "failing_since")


def _own_pages(clinics: Collection[int], now: datetime) -> Iterator[tuple[int, OwnPage]]:
    uses = PageUse.objects.own_pages().filter(clinic__in=clinics)
    columns = ("clinic_id", "page_id", *(f"page__state__{name}" for name in _STATE))
    for clinic, page, snapshot, marks, read, tried, outcome, failures, since in uses.values_list(*columns):
        missing = outcome == Outcome.GONE
        lost = missing and failures >= GONE_NEEDED and since is not None and now - since >= GONE_SPAN
        yield clinic, OwnPage(page, snapshot, Marks.of_json(marks or {}), read, tried is not None, missing, lost)


def _prescribing_places(clinics: Collection[int], rules: PageRules) -> Iterable[tuple[int, str]]:
    if not rules.regimes:
        return ()
    states = {regime.state for regime in rules.regimes.values()}
    places = Location.objects.filter(clinic__in=clinics, country="US", state__in=states)
    return places.order_by().distinct().values_list("clinic_id", "state")


def _certified(clinics: Collection[int]) -> Iterable[int]:
    found = CredentialCheck.objects.published().filter(clinic__in=clinics, kind=BOARD_CERTIFICATION)
    return found.filter(outcome=CredentialCheck.Outcome.VERIFIED).values_list("clinic_id", flat=True)


def verdict(site: Site, rules: PageRules, key: str) -> Verdict:
    """What a rule says of a site.

    A missing notice is told only once each page was tried, since any of them may carry it.
    """
    if key not in rules.rules:
        return Verdict(lifted=True)  # no law prescribes this notice on this day
    pages = [page for page in site.pages.values() if not page.lost]
    carriers = frozenset(page.pk for page in pages if key in page.marks.said)
    regime = rules.regimes.get(key)
    if regime is None:
        return Verdict(carriers, may_rise=key != BOARD_CERTIFIED or not site.certified)
    if regime.state not in site.states or any(key in page.marks.notices for page in pages):
        return Verdict(lifted=True)
    return Verdict(carriers, may_rise=all(page.tried for page in site.pages.values()))
