"""All search documents in memory, so that most of a search costs no question to the database.

Each process keeps one index. At every search it asks which documents were written since, by transactions that were not
finished then; those alone are read anew. Nothing that a transaction of its own has not finished is ever kept.
"""

import json
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
from django.db import connection
from pyroaring import BitMap

from clinics.domain.category import PUBLIC_SLUGS
from clinics.published.shelves import People, Places, Shelf, key_of
from clinics.published.spelling import known_spellings
from clinics.published.vocabulary import ANY_ACTION

READS_KEPT: Final = 60.0  # seconds; a reading counts in days
READS_SHARE: Final = 0.02  # of the time, at most, for asking when clinics were last read
MOST_CHANGED: Final = 2000  # documents; after more, all are read anew
CHUNK: Final = 2000
CHANGED: Final = """
SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned() IS NULL,
    current_database() || ':' || pg_relation_filenode('clinics_searchdocument'),
    ARRAY(
        SELECT clinic_id FROM clinics_searchdocument
        WHERE written_in >= %(oldest)s AND written_in < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
        AND NOT pg_visible_in_snapshot(written_in::text::xid8, %(known)s::pg_snapshot)
    )
"""
DOCUMENTS: Final = """
SELECT clinic_id, is_listed, name, facts::text, extract(epoch FROM changed_at) FROM clinics_searchdocument
"""
LAST_READS: Final = """
SELECT u.clinic_id, extract(epoch FROM max(s.last_read_at))::float
FROM clinics_pageuse u JOIN clinics_pagestate s ON s.page_id = u.page_id
WHERE u.purpose = 'clinic_page' AND s.last_read_at IS NOT NULL GROUP BY u.clinic_id
"""


class Index:
    """What the search documents say."""

    def __init__(self) -> None:
        self.listed = BitMap()
        self.names: dict[int, str] = {}
        self.changed: dict[int, float] = {}
        self.places = Places()
        self.treatments = Shelf(*TREATMENT_FACETS)
        self.claims = Shelf("claim_category", "assessment")
        self.checks = Shelf("credential", "credential_outcome")
        self.actions = Shelf("official_action")
        self.people = People()
        self.tongues = Shelf("language")

    @property
    def shelves(self) -> Mapping[str, Shelf]:
        """The kinds of rows by name."""
        return {name: getattr(self, name) for name in KINDS}

    def put(self, clinic: int, name: str, facts: Mapping[str, Any], changed: float | None) -> None:
        """A listed clinic."""
        self.listed.add(clinic)
        self.names[clinic] = name
        if changed is not None:
            self.changed[clinic] = float(changed)
        for place in facts["places"]:
            self.places.put_place(clinic, place)
        for condition, group, *others in facts["treatments"]:
            terms = {name: [key_of(term)] for name, term in zip(TREATMENT_FACETS[2:], others, strict=True)}
            self.treatments.put(clinic, {"condition_group": [group], "condition": [key_of(condition)], **terms})
        for category, assessments in facts["claims"]:
            self.claims.put(clinic, {"claim_category": [PUBLIC_SLUGS[category]], "assessment": assessments})
        for kind, outcome in facts["checks"]:
            self.checks.put(clinic, {"credential": [key_of(kind)], "credential_outcome": [outcome]})
        for kind in facts["actions"]:
            self.actions.put(clinic, {"official_action": [ANY_ACTION, kind]})
        for person in facts["people"]:
            self.people.put_person(clinic, person)
        self.tongues.put(clinic, {"language": facts["languages"]})

    def drop(self, clinic: int) -> None:
        """Forget a clinic."""
        if clinic not in self.listed:
            return
        self.listed.discard(clinic)
        self.names.pop(clinic)
        self.changed.pop(clinic, None)
        for shelf in self.shelves.values():
            shelf.drop(clinic)

    def copied(self) -> "Index":
        """The same, to be changed while others search in this one."""
        other = Index.__new__(Index)
        other.listed, other.names, other.changed = self.listed.copy(), dict(self.names), dict(self.changed)
        for name, shelf in self.shelves.items():
            setattr(other, name, shelf.copied())
        return other

    @cached_property
    def by_name(self) -> np.ndarray:
        """The listed clinics' ids in the order of their names."""
        return np.array(sorted(self.names, key=lambda clinic: (self.names[clinic], clinic)), dtype=np.int64)

    @cached_property
    def place_by_name(self) -> np.ndarray:
        """By a clinic's id: its place in that order."""
        places = np.zeros(self.size, dtype=np.int64)
        places[self.by_name] = np.arange(len(self.by_name))
        return places

    @cached_property
    def last_change(self) -> np.ndarray:
        """By a clinic's id: when something of it was last published, in seconds; minus infinity for never."""
        at = np.full(self.size, -np.inf)
        at[list(self.changed)] = list(self.changed.values())
        return at

    @property
    def size(self) -> int:
        """One more than the highest id."""
        return (self.listed.max() if self.listed else 0) + 1

    def spellings(self, today: date) -> Mapping[str, str]:
        """Every word of what is public, collected when it is first asked for."""
        if self._spellings is None or self._spellings[0] != today:
            self._spellings = (today, known_spellings(today))
        return self._spellings[1]

    _spellings: tuple[date, Mapping[str, str]] | None = None


TREATMENT_FACETS: Final = ("condition_group", "condition", "cell_source", "origin", "route", "posture", "evidence")
KINDS: Final = ("places", "treatments", "claims", "checks", "actions", "people", "tongues")


@dataclass(frozen=True, slots=True)
class LastReads:
    """When clinics were last read, in seconds by id, and until when that is good enough."""

    at: np.ndarray
    until: float

    def of(self, clinics: np.ndarray) -> np.ndarray:
        """Of these clinics; minus infinity for never."""
        known = np.full(len(clinics), -np.inf)
        there = clinics < len(self.at)
        known[there] = self.at[clinics[there]]
        return known


@dataclass(frozen=True, slots=True)
class View:
    """The index as it stands for one search, with the last readings."""

    index: Index
    reads: LastReads


@dataclass(frozen=True, slots=True)
class _Kept:
    snapshot: str
    table: str  # a table that was emptied is stored in another file
    index: Index


class _Holder:
    """The one index of this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: _Kept | None = None
        self.reads: tuple[str, LastReads] | None = None

    def view(self) -> View:
        """The index and last readings as the database has them now."""
        with self.lock:
            known = self.kept.snapshot if self.kept else "1:1:"
            with connection.cursor() as cursor:
                cursor.execute(
                    CHANGED, {"known": known, "oldest": int(known.partition(":")[0]) if self.kept else 2**62}
                )
                snapshot, is_lasting, table, changed = cursor.fetchone()
            if not is_lasting:
                return View(_read_all(), _last_reads())
            if self.kept is None or self.kept.table != table or len(changed) > MOST_CHANGED:
                self.kept = _Kept(snapshot, table, _read_all())
            else:
                index = _with_changes(self.kept.index, changed) if changed else self.kept.index
                self.kept = _Kept(snapshot, table, index)
            if self.reads is None or self.reads[0] != table or self.reads[1].until < time.monotonic():
                self.reads = (table, _last_reads())
            return View(self.kept.index, self.reads[1])


_HOLDER: Final = _Holder()


def current() -> View:
    """The index as it stands, without what other transactions have not finished."""
    return _HOLDER.view()


def _read_all() -> Index:
    index = Index()
    for clinic, is_listed, name, facts, changed in _documents("WHERE is_listed ORDER BY clinic_id", []):
        if is_listed:
            index.put(clinic, name, json.loads(facts), changed)
    return index


def _with_changes(index: Index, changed: list[int]) -> Index:
    other = index.copied()
    for clinic, is_listed, name, facts, at in _documents("WHERE clinic_id = ANY(%s)", [changed]):
        other.drop(clinic)
        if is_listed:
            other.put(clinic, name, json.loads(facts), at)
    return other


def _documents(where: str, params: list[Any]) -> Iterable[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"{DOCUMENTS} {where}", params)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def _last_reads() -> LastReads:
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(LAST_READS)
        rows = np.array(cursor.fetchall(), dtype=float).reshape(-1, 2)
    at = np.full(int(rows[:, 0].max(initial=0)) + 1, -np.inf)
    at[rows[:, 0].astype(np.int64)] = rows[:, 1]
    took = time.monotonic() - began
    return LastReads(at, time.monotonic() + max(READS_KEPT, took / READS_SHARE))
