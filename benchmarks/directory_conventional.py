"""The directory as it is commonly made: django-filter, the ORM and a template; and the bare SQL beside it."""

from functools import cache, reduce
from operator import and_
from typing import Any, Final

import django_filters
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import QueryDict
from django.template import engines

from clinics.domain.lay_words import folded
from clinics.models import Claim, Clinic, CredentialCheck, Location, Term, Treatment

TREATS: Final = ("condition", "cell_source", "origin", "route")
BARE: Final = """
SELECT c.id, c.public_id, c.name, d.facts FROM clinics_searchdocument d JOIN clinics_clinic c ON c.id = d.clinic_id
WHERE d.is_listed AND d.text @@ %(text)s::tsquery AND c.languages && %(language)s::varchar[]
AND EXISTS (SELECT FROM clinics_location l WHERE l.clinic_id = c.id AND l.state = ANY (%(state)s))
AND EXISTS (SELECT FROM clinics_treatment t WHERE t.clinic_id = c.id AND t.{column} = ANY (%(terms)s))
ORDER BY d.name, c.id LIMIT 25
"""
TEMPLATE: Final = """{% load i18n %}<!doctype html><title>Clinics</title><form>
{% for name, options in facets %}<fieldset><legend>{{ name }}</legend>
{% for value, label, n, chosen in options %}<label><input type="checkbox" name="{{ name }}" value="{{ value }}"
{% if chosen %} checked{% endif %}> {{ label }} <span>{{ n }}</span></label>{% endfor %}</fieldset>{% endfor %}</form>
<h2>{% blocktranslate count n=page.paginator.count %}{{ n }} clinic{% plural %}{{ n }} clinics
{% endblocktranslate %}</h2>
<ol>{% for clinic in page %}<li><h3><a href="{% url 'directory:clinic' clinic.public_id %}">{{ clinic.name }}</a></h3>
<p>{% for place in clinic.locations.all %}{{ place.city }}, {{ place.state }} · {% endfor %}</p>
<p>{% for one in clinic.treatments.all %}{{ one.condition }}, {{ one.cell_source }}; {% endfor %}</p>
<p>{% blocktranslate count n=clinic.published|length %}{{ n }} published statement{% plural %}
{{ n }} published statements{% endblocktranslate %}</p>
<p>{% blocktranslate count n=clinic.looked_up|length %}{{ n }} credential look-up{% plural %}
{{ n }} credential look-ups{% endblocktranslate %}</p>
</li>{% endfor %}</ol>"""


class Clinics(django_filters.FilterSet):
    """As a tutorial would write it."""

    q = django_filters.CharFilter(method="with_words")
    state = django_filters.AllValuesMultipleFilter(field_name="locations__state")
    language = django_filters.MultipleChoiceFilter(choices=[("en", "English"), ("es", "Spanish")], method="speaking")
    condition, cell_source, origin, route = (
        django_filters.ModelMultipleChoiceFilter(
            field_name=f"treatments__{kind}", to_field_name="key", queryset=Term.objects.filter(kind=kind)
        )
        for kind in TREATS
    )

    class Meta:
        model = Clinic
        fields: list[str] = []

    def with_words(self, clinics: QuerySet[Clinic], name: str, text: str) -> QuerySet[Clinic]:
        """Every word in one of the columns."""
        columns = ("name", "other_names", "locations__city", "treatments__name", "treatments__condition__english")
        words = [
            reduce(Q.__or__, (Q(**{f"{column}__icontains": word}) for column in columns)) | _in_quotes(word)
            for word in text.split()
        ]
        return clinics.filter(reduce(and_, words))

    def speaking(self, clinics: QuerySet[Clinic], name: str, values: list[str]) -> QuerySet[Clinic]:
        """Any of the languages."""
        return clinics.filter(languages__overlap=values)


def _in_quotes(word: str) -> Q:
    return Q(claims__state="published", claims__quote__icontains=word)


def page(query: str) -> int:
    """The page, from its parameters to its bytes; how long it is."""
    data = QueryDict(query)
    found = _found(data)
    published = Prefetch("claims", Claim.objects.published(), to_attr="published")
    looked_up = Prefetch("credential_checks", CredentialCheck.objects.published(), to_attr="looked_up")
    treatments = Prefetch("treatments", Treatment.objects.select_related(*TREATS))
    shown = found.prefetch_related("locations", treatments, published, looked_up).order_by("name")
    context = {"page": Paginator(shown, 25).page(1), "facets": list(_facets(data))}
    return len(engines["django"].from_string(TEMPLATE).render(context).encode())


def _found(data: QueryDict) -> QuerySet[Clinic]:
    return Clinics(data, Clinic.objects.listed()).qs.distinct()


def _facets(data: QueryDict) -> Any:
    """Six facets with their counts, each without its own choice."""
    for name in (*TREATS, "state", "language"):
        others = data.copy()
        others.pop(name, None)
        ids = _found(others).order_by().values("pk")
        if name == "language":
            counted = [(tongue, tongue, ids.filter(languages__contains=[tongue]).count()) for tongue in ("en", "es")]
        elif name == "state":
            rows = (
                Location.objects.filter(clinic__in=ids).values_list("state").annotate(n=Count("clinic", distinct=True))
            )
            counted = [(state, state, n) for state, n in rows]
        else:
            terms = Treatment.objects.filter(clinic__in=ids).exclude(**{name: None}).order_by()
            rows = terms.values_list(f"{name}__key", f"{name}__english").annotate(n=Count("clinic", distinct=True))
            counted = list(rows)
        chosen = data.getlist(name)
        yield name, [(value, label, n, value in chosen) for value, label, n in counted]


def bare_sql(query: str) -> int:
    """One statement for the same rows, each by its id, name and facts; how many there are."""
    data = QueryDict(query)
    column = next(name for name in TREATS if name in data)
    params = {
        "text": " & ".join(f"'{word}':*" for word in folded(data["q"]).split()),
        "language": data.getlist("language"),
        "state": data.getlist("state"),
        "terms": [f"{column}:{value}" for value in data.getlist(column)],
    }
    with _by_index().cursor() as cursor:
        cursor.execute(BARE.format(column=f"{column}_id"), params)
        return len(cursor.fetchall())


@cache
def _by_index() -> Any:
    """A connection whose planner uses the words' index; left to itself it reads all documents of a small directory."""
    own = connection.copy()
    with own.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
    return own
