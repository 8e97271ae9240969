"""The same directory in SQLite: words by FTS5, facets in a table by its indexes, all in memory."""

import sqlite3
from typing import Any, Final

from django.db import connection
from django.http import QueryDict

from clinics.domain.lay_words import folded

FACETS: Final = ("state", "condition", "cell_source", "origin", "route", "language")
TEXTS: Final = """
SELECT c.id, c.name, concat_ws(' ', c.other_names,
    (SELECT string_agg(l.city, ' ') FROM clinics_location l WHERE l.clinic_id = c.id),
    (SELECT string_agg(concat_ws(' ', t.name, k.english, k.spanish), ' ') FROM clinics_treatment t
        LEFT JOIN clinics_term k ON k.id = t.condition_id WHERE t.clinic_id = c.id),
    (SELECT string_agg(m.quote, ' ') FROM clinics_claim m WHERE m.clinic_id = c.id AND m.state = 'published'))
FROM clinics_clinic c WHERE c.status = 'listed'
"""
VALUES: Final = """
SELECT clinic_id, 'state', state FROM clinics_location WHERE state <> ''
UNION SELECT id, 'language', unnest(languages) FROM clinics_clinic
UNION SELECT clinic_id, split_part(term, ':', 1), split_part(term, ':', 2) FROM clinics_treatment,
    LATERAL (VALUES (condition_id), (cell_source_id), (origin_id), (route_id)) AS terms(term) WHERE term IS NOT NULL
"""


class Directory:
    """All listed clinics, copied from the database as it stands."""

    def __init__(self) -> None:
        self.lite = sqlite3.connect(":memory:")
        self.lite.execute("CREATE VIRTUAL TABLE words USING fts5(name, rest, tokenize='porter unicode61')")
        self.lite.execute(
            "CREATE TABLE facts (clinic INT, facet TEXT, value TEXT, PRIMARY KEY (facet, value, clinic)) WITHOUT ROWID"
        )
        with connection.cursor() as cursor:
            cursor.execute(TEXTS)
            self.lite.executemany("INSERT INTO words (rowid, name, rest) VALUES (?, ?, ?)", cursor.fetchall())
            cursor.execute(VALUES)
            self.lite.executemany("INSERT INTO facts VALUES (?, ?, ?)", cursor.fetchall())
        self.lite.execute("CREATE INDEX of_clinic ON facts (clinic, facet, value)")
        self.lite.execute("ANALYZE")

    def page(self, query: str) -> int:
        """Count, 25 names and six facets, each without its own choice; how many clinics there are."""
        data = QueryDict(query)
        where, params = self._where(data, "")
        (n,) = self.lite.execute(f"SELECT count(*) FROM words w WHERE {where}", params).fetchone()  # noqa: S608
        self.lite.execute(f"SELECT rowid, name FROM words w WHERE {where} ORDER BY rank LIMIT 25", params).fetchall()  # noqa: S608
        for facet in FACETS:
            where, params = self._where(data, facet)
            joined = f"words w CROSS JOIN facts f ON f.clinic = w.rowid AND f.facet = ? WHERE {where}"
            counted = f"SELECT f.value, count(*) FROM {joined} GROUP BY 1"  # noqa: S608 - our own words, values as ?
            self.lite.execute(counted, [facet, *params]).fetchall()
        return int(n)

    @staticmethod
    def _where(data: QueryDict, but: str) -> tuple[str, list[Any]]:
        clauses, params = ["words MATCH ?"], [" ".join(f'"{word}"*' for word in folded(data["q"]).split())]
        for facet in FACETS:
            if facet in data and facet != but:
                marks = ", ".join("?" * len(data.getlist(facet)))
                exists = f"SELECT 1 FROM facts g WHERE g.clinic = w.rowid AND g.facet = ? AND g.value IN ({marks})"  # noqa: S608
                clauses.append(f"EXISTS ({exists})")
                params += [facet, *data.getlist(facet)]
        return " AND ".join(clauses), params
