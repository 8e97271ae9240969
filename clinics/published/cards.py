"""What a list of results shows of each clinic: read from the search documents, by one query a page."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.utils.translation import ngettext

from clinics.published import freshness
from clinics.published.places import Point, miles_between
from clinics.published.search import Search
from clinics.published.shelves import key_of
from clinics.published.vocabulary import Vocabulary

ROWS: Final = """
SELECT c.id, c.public_id, c.name, d.facts::text, (
    SELECT max(s.last_read_at) FROM clinics_pageuse u JOIN clinics_pagestate s ON s.page_id = u.page_id
    WHERE u.clinic_id = c.id AND u.purpose = 'clinic_page'
)
FROM clinics_clinic c JOIN clinics_searchdocument d ON d.clinic_id = c.id
WHERE c.id = ANY (%s) AND c.status = 'listed' AND d.is_listed
"""


@dataclass(frozen=True, slots=True)
class Card:
    """A clinic among the results.

    `statements`, `checks` and `documents` say in words how many are published; of no official document nothing is said.
    """

    public_id: str
    name: str
    places: tuple[str, ...]
    conditions: tuple[str, ...]
    cells: tuple[str, ...]
    statements: str
    checks: str
    documents: str
    miles: int | None
    read: freshness.Said


def cards(ids: Sequence[int], search: Search, vocabulary: Vocabulary) -> list[Card]:
    """The cards of these clinics, in this order; without those that are not listed any more."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [[int(clinic) for clinic in ids]])
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    return [_card(rows[clinic], search.points, vocabulary) for clinic in ids if clinic in rows]


def _card(row: tuple[str, str, str, datetime | None], points: tuple[Point, ...], vocabulary: Vocabulary) -> Card:
    public_id, name, written, last_read = row
    facts: dict[str, Any] = json.loads(written)
    places, treatments = facts["places"], facts["treatments"]
    statements, checks, documents = len(facts["claims"]), len(facts["checks"]), len(facts["actions"])
    official = ngettext("%(n)s official document", "%(n)s official documents", documents) % {"n": documents}
    return Card(
        public_id,
        name,
        _distinct(", ".join(filter(None, (city, state or country))) for state, country, city, *_ in places),
        _distinct(vocabulary.label("condition", key_of(condition)) for condition, *_ in treatments),
        _distinct(vocabulary.label("cell_source", key_of(source)) for _, _, source, *_ in treatments),
        ngettext("%(n)s published statement", "%(n)s published statements", statements) % {"n": statements},
        ngettext("%(n)s credential look-up", "%(n)s credential look-ups", checks) % {"n": checks},
        official if documents else "",
        _miles([(place[4], place[5]) for place in places if place[4] is not None], points),
        freshness.last_reading(last_read),
    )


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _miles(places: Sequence[tuple[float, float]], points: tuple[Point, ...]) -> int | None:
    distances = [miles_between(point, Point(*place)) for place in places for point in points]
    return round(min(distances)) if distances else None
