"""What the directory's search knows of a clinic, kept by the database itself whenever something public changes."""

from typing import Final

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

WRITE: Final = "PERFORM clinics_write_documents(ARRAY({}));\nRETURN NULL;"


class SearchDocument(models.Model):
    """One row for each clinic that was ever listed; empty while it is not listed.

    Written by the function `clinics_write_documents`, which the triggers below call in the transaction of each change.
    """

    clinic_id = models.BigIntegerField(primary_key=True, help_text="No foreign key: it outlives a deleted clinic.")
    is_listed = models.BooleanField()
    name = models.TextField(help_text="Without case, accents and signs, to sort by.")
    facts = models.JSONField(
        help_text=(
            "Rows whose facts hold together: places, treatments, claims, checks, actions, people; and languages. "
            "In each, the columns in the order of `published.shelves`."
        )
    )
    heads = SearchVectorField(help_text="Words of the name (weight A), other names, places and people (B).")
    text = SearchVectorField(
        help_text=(
            "All words: these, those of treatments and look-ups (C), of quotes and official documents (D); "
            "and as terms vocabularies, states and categories of statements."
        )
    )
    said = models.TextField(
        help_text="The same texts, each a line without case, accents and signs, for words that must stand together."
    )
    changed_at = models.DateTimeField(
        null=True,
        help_text="When a statement, reply, look-up or official document was last published, changed or withdrawn.",
    )
    stale_on = models.DateField(null=True, help_text="The first day on which other people are with the clinic.")
    written_in = models.BigIntegerField(help_text="The number of the transaction that wrote it.")

    class Meta:
        indexes = [
            GinIndex(fields=["text"], name="document_by_words"),
            models.Index(fields=["written_in"], name="document_by_transaction"),
            models.Index(fields=["stale_on"], condition=models.Q(stale_on__isnull=False), name="document_by_stale_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.clinic_id})"


def kept_in_documents(
    rows: str, *compared: str, clinic: str = "r.clinic_id", where: str = "true"
) -> list[pgtrigger.Trigger]:
    """Triggers by which every insert, update and delete on a table brings the documents of its clinics up to date.

    `clinic` is the clinic's id in a row `r`, `rows` what to join to it, `where` which rows matter, and `compared` the
    columns without whose change an update says nothing (none named: every update counts).
    """
    chosen = f"SELECT DISTINCT {clinic} FROM {{}} r {rows} WHERE {where}"  # noqa: S608 - our own tables alone
    both = f"{chosen.format('old_rows')} UNION {chosen.format('new_rows')}"
    if compared:
        columns = ", ".join(f'{{0}}."{column}"' for column in compared)
        same = (
            f"JOIN {{}} s ON s.id = r.id {rows} WHERE ({columns.format('r')}) IS DISTINCT FROM ({columns.format('s')})"
        )
        halves = [
            f"SELECT DISTINCT {clinic} FROM {one} r {same.format(other)} AND {where}"  # noqa: S608 - see above
            for one, other in (("old_rows", "new_rows"), ("new_rows", "old_rows"))
        ]
        both = " UNION ".join(halves)
    return [
        _after(pgtrigger.Insert, "insert", chosen.format("new_rows"), pgtrigger.Referencing(new="new_rows")),
        _after(pgtrigger.Update, "update", both, pgtrigger.Referencing(old="old_rows", new="new_rows")),
        _after(pgtrigger.Delete, "delete", chosen.format("old_rows"), pgtrigger.Referencing(old="old_rows")),
    ]


def kept_with_published_claims(*conditions: str) -> list[pgtrigger.Trigger]:
    """The same for a table whose rows belong to claims: those that meet the conditions, of claims that are public."""
    where = " AND ".join((*conditions, "c.state = 'published'"))
    return kept_in_documents("JOIN clinics_claim c ON c.id = r.claim_id", clinic="c.clinic_id", where=where)


def _after(operation: pgtrigger.Operation, name: str, ids: str, rows: pgtrigger.Referencing) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"document_after_{name}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=rows,
        func=WRITE.format(ids),
    )
