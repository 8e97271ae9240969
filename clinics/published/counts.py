"""How many clinics each option would find."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Func, Q, QuerySet, TextField

from clinics.models import Clinic
from clinics.published.clinics import with_last_read
from clinics.published.filters import ClinicFilter
from clinics.published.search import ALL_ROWS, Column, Rows, Search, found
from clinics.published.vocabulary import SEEN_WITHIN_DAYS

Counts = Mapping[str, Mapping[str, int]]


def facet_counts(params: Any) -> Counts:
    """For each facet and option: the results if it alone were chosen in its facet, the other facets as they stand.

    Options that would find nothing are left out. Wrong parameters count nothing: `{}`.
    """
    filters = ClinicFilter(params)
    return counts_for(filters.search) if filters.is_valid() else {}


def counts_for(search: Search) -> Counts:
    """The same for a valid question."""
    counts = {
        facet: _count_rows(search.choosing(facet), rows, column)
        for rows in ALL_ROWS
        for facet, column in rows.columns.items()
    }
    counts["language"] = _count_languages(found(search.choosing("language")))
    counts["seen_within"] = _count_seen(search)
    return counts


def _count_rows(search: Search, rows: Rows, column: Column) -> dict[str, int]:
    matching = rows.matching(search).filter(clinic__in=found(search, but=rows)).exclude(**{f"{column.path}": None})
    counted = matching.order_by().values_list(column.path).annotate(n=Count("clinic", distinct=True))
    return {column.public(stored): n for stored, n in counted if stored != ""}


def _count_languages(clinics: QuerySet[Clinic]) -> dict[str, int]:
    spoken = Func(F("languages"), function="unnest", output_field=TextField(), set_returning=True)
    return dict(clinics.order_by().annotate(tongue=spoken).values_list("tongue").annotate(n=Count("pk", distinct=True)))


def _count_seen(search: Search) -> dict[str, int]:
    clinics = with_last_read(found(search.choosing("seen_within")))
    since = {days: search.now - timedelta(days=int(days)) for days in SEEN_WITHIN_DAYS}
    counts = clinics.aggregate(
        **{f"d{days}": Count("pk", filter=Q(last_read_at__gte=moment)) for days, moment in since.items()}
    )
    return {days: counts[f"d{days}"] for days in SEEN_WITHIN_DAYS if counts[f"d{days}"]}
