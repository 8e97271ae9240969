"""The search as plain queries over the rows themselves: what the search documents are held against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinics.domain.category import PUBLIC_SLUGS
from clinics.models import Clinic, Location, OfficialAction, Treatment
from clinics.published import clinics
from clinics.published.places import City, within
from clinics.published.search import Search
from clinics.published.text import among
from clinics.published.vocabulary import GROUPS, TERM_FACETS

CATEGORY_OF_SLUG = {slug: key for key, slug in PUBLIC_SLUGS.items()}


@dataclass(frozen=True, slots=True)
class Column:
    """Where a facet's value stands in a row, and how it is written there."""

    path: str
    stored: Callable[[str], str] = str
    public: Callable[[Any], str] = str
    every: str = ""
    """The option that every row has."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A kind of row that belongs to a clinic, with the facets that it answers."""

    queryset: Callable[[Search], QuerySet[Any]]
    columns: Mapping[str, Column]

    def matching(self, search: Search) -> QuerySet[Any]:
        """The rows on which all chosen options of these facets hold together."""
        stored = {
            f"{column.path}__in": [column.stored(value) for value in search.chosen[facet]]
            for facet, column in self.columns.items()
            if facet in search.chosen and column.every not in search.chosen[facet]
        }
        return self.queryset(search).filter(**stored)

    def condition(self, search: Search) -> Q:
        """That a clinic has such a row; no condition where nothing of it was asked."""
        asked = any(facet in search.chosen for facet in self.columns) or (self is PLACES and _asks_place(search))
        return Q(Exists(self.matching(search).filter(clinic=OuterRef("pk")))) if asked else Q()


def _term(facet: str, path: str) -> Column:
    kind = TERM_FACETS[facet]
    return Column(f"{path}_id", lambda value: f"{kind}:{value}", lambda stored: str(stored).partition(":")[2])


def _asks_place(search: Search) -> bool:
    return bool(search.cities or search.zips)


def _places(search: Search) -> QuerySet[Location]:
    places = Location.objects.all()
    if search.zips:
        places = places.filter(within(search.zip_points, search.miles) if search.miles else _in_zips(search.zips))
    if search.cities:
        places = places.filter(within(search.city_points, search.miles) if search.miles else _in_cities(search.cities))
    return places


def _in_zips(zips: tuple[str, ...]) -> Q:
    return Q(zip__in=zips) | Q(zip__regex=f"^({'|'.join(zips)})-")


def _in_cities(cities: tuple[City, ...]) -> Q:
    places = Q(pk__in=[])
    for city in cities:
        places |= Q(city__iexact=city.name, **({"state__iexact": city.state} if city.state else {}))
    return places


PLACES = Rows(_places, {"state": Column("state"), "country": Column("country")})
TREATMENTS = Rows(
    lambda search: Treatment.objects.all(),
    {
        GROUPS: Column("condition__group"),
        **{name: _term(name, name) for name in ("condition", "cell_source", "origin", "route", "posture", "evidence")},
    },
)
CLAIMS = Rows(
    lambda search: clinics.published_claims(),
    {
        "claim_category": Column("category", CATEGORY_OF_SLUG.__getitem__, PUBLIC_SLUGS.__getitem__),
        "assessment": Column("assessments__key"),
    },
)
CHECKS = Rows(
    lambda search: clinics.published_checks(),
    {"credential": _term("credential", "kind"), "credential_outcome": Column("outcome")},
)
ACTIONS = Rows(
    lambda search: OfficialAction.objects.published(),
    {"official_action": Column("kind", every="any")},
)
PEOPLE = Rows(
    lambda search: clinics.present_affiliations(search.now.date()),
    {"provider": _term("provider", "practitioner__provider")},
)
ALL_ROWS = (PLACES, TREATMENTS, CLAIMS, CHECKS, ACTIONS, PEOPLE)


def spoken(search: Search) -> Q:
    """That a clinic speaks one of the chosen languages."""
    return Q(languages__overlap=list(search.chosen["language"])) if "language" in search.chosen else Q()


def read_since(search: Search) -> Q:
    """That one of the clinic's own pages was read within the chosen number of days (the longest, where several)."""
    if "seen_within" not in search.chosen:
        return Q()
    days = max(int(value) for value in search.chosen["seen_within"])
    since = search.now - timedelta(days=days)
    return Q(Exists(clinics.clinic_pages().filter(clinic=OuterRef("pk"), page__state__last_read_at__gte=since)))


def condition(search: Search, but: Rows | None = None) -> Q:
    """What a clinic must meet to answer, leaving out the facets of one kind of row where that is named."""
    wanted = spoken(search) & read_since(search)
    if search.text:
        wanted &= among(search.with_text)
    for rows in ALL_ROWS:
        if rows is not but:
            wanted &= rows.condition(search)
    return wanted


def found(search: Search, but: Rows | None = None) -> QuerySet[Clinic]:
    """The listed clinics that answer."""
    return clinics.listed().filter(condition(search, but))
