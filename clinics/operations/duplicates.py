"""Records that look like one clinic: found before another is made, and over all that are recorded."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any, Final

from django.contrib.auth.models import User
from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Q

from clinics.domain.no_page import is_platform, platforms
from clinics.domain.page_identity import identity_key, site_of
from clinics.domain.resemblance import Facts, Place, Reason, likeness
from clinics.models import Clinic, Location, ToldApart
from clinics.operations.refusal import Refusal

MOST_CANDIDATES: Final = 200  # of one kind, that are looked at more closely
MOST_SHOWN: Final = 10
MOST_PAIRS: Final = 100


@dataclass(frozen=True, slots=True)
class Likely:
    """A record that may be the same clinic, and why."""

    clinic: Clinic
    reasons: tuple[Reason, ...]

    @property
    def weight(self) -> int:
        return sum(reason.weight for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two records that may be one clinic, the older first, and why."""

    first: Clinic
    second: Clinic
    reasons: tuple[Reason, ...]


def site_key(url: str) -> str:
    """What a clinic's site is known by: its registered domain; on a platform of many, the page itself."""
    return identity_key(url) if is_platform(url) else site_of(url)


def likely_duplicates(facts: Facts, *, but: int | None = None) -> list[Likely]:
    """Records that look like a clinic of these facts, the likeliest first; those that a person told apart left out."""
    found = _candidates(facts)
    if but is not None:
        found -= {but, *_told_apart_from(but)}
    known = facts_of(found)
    likely = [Likely(clinic, likeness(facts, known[clinic.pk])) for clinic in _living(found)]
    return sorted((each for each in likely if each.reasons), key=lambda each: -each.weight)[:MOST_SHOWN]


def facts_of(clinic_ids: Collection[int]) -> dict[int, Facts]:
    """What these clinics are told from others by, in two queries."""
    phones: dict[int, set[str]] = defaultdict(set)
    places: dict[int, set[Place]] = defaultdict(set)
    rows = Location.objects.filter(clinic__in=clinic_ids).order_by()
    for clinic, phone, code, street in rows.values_list("clinic_id", "phone", "zip", "street"):
        phones[clinic] |= {phone} if phone else set()
        places[clinic].add(Place.of(code, street))
    clinics = Clinic.objects.filter(pk__in=clinic_ids).values_list("pk", "name", "other_names", "website__url")
    return {
        pk: Facts(
            (name, *(each.strip() for each in others.split(",") if each.strip())),
            frozenset(phones[pk]),
            frozenset(places[pk]),
            site_key(url) if url else "",
        )
        for pk, name, others, url in clinics.order_by()
    }


def _living(clinic_ids: Collection[int]) -> Iterable[Clinic]:
    return Clinic.objects.living().filter(pk__in=clinic_ids).select_related("website").order_by("pk")


def _candidates(facts: Facts) -> set[int]:
    """Records that share something with these facts, by the indexes, and not yet weighed."""
    found: set[int] = set()
    living = Clinic.objects.living().order_by()
    for name in facts.names[:1]:
        alike = living.filter(name__trigram_similar=name).annotate(likeness=TrigramSimilarity("name", name))
        found |= set(alike.order_by("-likeness").values_list("pk", flat=True)[:MOST_CANDIDATES])
    wanted = Q(phone__in=facts.phones) if facts.phones else Q(pk__in=[])
    for place in facts.places:
        if place.zip and place.street:
            wanted |= Q(zip=place.zip) | Q(zip__startswith=f"{place.zip}-")
    found |= set(Location.objects.filter(wanted).order_by().values_list("clinic", flat=True)[: 5 * MOST_CANDIDATES])
    if facts.site:
        host = facts.site.partition("/")[0]
        same = Q(website__host__name__in=[host, f"www.{host}"]) | Q(website__host__name__endswith=f".{host}")
        found |= set(living.filter(same).values_list("pk", flat=True)[:MOST_CANDIDATES])
    return found


def _told_apart_from(clinic_id: int) -> set[int]:
    pairs = ToldApart.objects.filter(Q(first=clinic_id) | Q(second=clinic_id)).values_list("first", "second")
    return {pk for pair in pairs for pk in pair} - {clinic_id}


class LooksLikeAnother(Refusal):
    """A new record may be one that is there already; `likely` says which and why."""

    def __init__(self, likely: list[Likely]) -> None:
        self.likely = likely
        super().__init__(
            "This may be a clinic that is recorded already. Look at those that are shown, and say which it is not."
        )


@transaction.atomic
def refuse_likely(clinic: Clinic, *, apart: Collection[str], by: User, now: datetime) -> None:
    """Keep that the new clinic is none of those in `apart` (their keys).

    Raises LooksLikeAnother where other records look like it.
    """
    for likely in likely_duplicates(facts_of([clinic.pk])[clinic.pk], but=clinic.pk):
        if str(likely.clinic.pk) in apart:
            tell_apart(clinic, likely.clinic, by=by, now=now)
    left = likely_duplicates(facts_of([clinic.pk])[clinic.pk], but=clinic.pk)
    if left:
        raise LooksLikeAnother(left)


@transaction.atomic
def tell_apart(one: Clinic, other: Clinic, *, by: User, now: datetime) -> ToldApart:
    """Keep a person's word that these are two clinics, so that nobody is asked again. Raises Refusal."""
    if one.pk == other.pk:
        raise Refusal("This is one record. Choose another clinic.")
    first, second = sorted((one, other), key=lambda clinic: clinic.pk)
    pair, _ = ToldApart.objects.get_or_create(first=first, second=second, defaults={"by": by, "at": now})
    return pair


_HOST: Final = "regexp_replace(h.name, '^www[.]', '')"
_LOCATED: Final = "clinics_clinic c JOIN clinics_location l ON l.clinic_id = c.id"
_GROUPS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "clinics_clinic c JOIN clinics_page p ON p.id = c.website_id JOIN clinics_host h ON h.id = p.host_id",
        "true",
        f"CASE WHEN {_HOST} = ANY(%(platforms)s) THEN p.identity ELSE {_HOST} END",
    ),
    (_LOCATED, "l.phone <> ''", "l.phone"),
    (_LOCATED, "l.zip <> '' AND l.street ~ '[0-9]'", "left(l.zip, 5), substring(l.street from '[0-9]+')"),
    (_LOCATED, "l.zip <> ''", "left(l.zip, 5), left(lower(c.name), 4)"),
    ("clinics_clinic c", "true", "regexp_replace(lower(c.name), '[^[:alnum:]]', '', 'g')"),
)
"""Tables, which rows, and what the records of a group have in common. One pass each, whatever the planner thinks."""
_GROUPED: Final = """
    SELECT (array_agg(DISTINCT c.id))[1:{largest}] FROM {tables} WHERE c.merged_into_id IS NULL AND {rows}
    GROUP BY {common} HAVING count(DISTINCT c.id) > 1 LIMIT {most}
"""
_LARGEST: Final = 8  # records of a group that are compared with one another


def likely_pairs() -> list[LikelyPair]:
    """Records over the whole directory that look like one clinic, the likeliest first; at most `MOST_PAIRS`.

    Names alone are compared where a ZIP and the first letters are shared, or where they differ by signs and case;
    likelier spellings are looked for when a clinic is recorded.
    """
    found: set[tuple[int, int]] = set()
    with connection.cursor() as cursor:
        for tables, rows, common in _GROUPS:
            names = {"tables": tables, "rows": rows, "common": common, "largest": _LARGEST, "most": 5 * MOST_PAIRS}
            cursor.execute(_GROUPED.format(**names), {"platforms": sorted(platforms())})
            found |= {pair for (group,) in cursor.fetchall() for pair in combinations(sorted(group), 2)}
    ids = {pk for pair in found for pk in pair}
    found -= set(ToldApart.objects.filter(first__in=ids).values_list("first", "second"))
    known, clinics = facts_of(ids), {clinic.pk: clinic for clinic in _living(ids)}
    weighed = [(likeness(known[one], known[other]), one, other) for one, other in sorted(found)]
    weighed = sorted((each for each in weighed if each[0]), key=_weight, reverse=True)[:MOST_PAIRS]
    return [LikelyPair(clinics[one], clinics[other], reasons) for reasons, one, other in weighed]


def _weight(weighed: tuple[Any, ...]) -> int:
    return sum(reason.weight for reason in weighed[0])
