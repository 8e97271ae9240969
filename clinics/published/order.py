"""In which order answers stand."""

from django.db.models import Case, F, FloatField, IntegerField, Min, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Least, Lower

from clinics.models import Clinic, Location
from clinics.published.clinics import with_last_change
from clinics.published.places import Point, miles_from
from clinics.published.search import Search


def in_order(clinics: QuerySet[Clinic], search: Search) -> QuerySet[Clinic]:
    """By the order asked for; without one, best match for words, nearest for a distance, else by name."""
    sort = search.sort or ("relevance" if search.text else "distance" if search.points else "name")
    if sort == "distance":
        return with_miles(clinics, search.points).order_by(F("miles").asc(nulls_last=True), Lower("name"), "pk")
    if sort == "recent":
        return with_last_change(clinics).order_by(F("changed_at").desc(nulls_last=True), Lower("name"), "pk")
    if sort == "relevance" and search.text:
        return clinics.annotate(rank=_nearness(search.text)).order_by("rank", Lower("name"), "pk")
    return clinics.order_by(Lower("name"), "pk")


def _nearness(text: str) -> Case:
    """The text as the name, at its start, in it, in another name, elsewhere: 0 to 4."""
    return Case(
        When(name__iexact=text, then=Value(0)),
        When(name__istartswith=text, then=Value(1)),
        When(name__icontains=text, then=Value(2)),
        When(other_names__icontains=text, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )


def with_miles(clinics: QuerySet[Clinic], points: tuple[Point, ...]) -> QuerySet[Clinic]:
    """Clinics with `miles`: how far their nearest location lies from the nearest of the points."""
    distances = [miles_from(point) for point in points]
    nearest = Least(*distances) if len(distances) > 1 else distances[0]
    places = Location.objects.filter(clinic=OuterRef("pk")).order_by().values("clinic")
    return clinics.annotate(miles=Subquery(places.annotate(m=Min(nearest)).values("m"), output_field=FloatField()))
