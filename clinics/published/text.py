"""Free text: every word that a visitor types must be found somewhere in what is public about a clinic.

The text is answered once for a question, and its clinics handed on as ids: counting a dozen facets costs one search.
"""

import re
from datetime import date

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Contains

from clinics.models import Location, Term, Treatment
from clinics.published.clinics import listed, present_affiliations, published_claims

MOST_WORDS = 8
PHONE = re.compile(r"^[\d\s().+-]{7,}$")
WEB_ADDRESS = re.compile(r"^(?:https?://)?(?:www\.)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/?#].*)?$", re.IGNORECASE)
ENGLISH = SearchVector("english", config="english")
SPANISH = SearchVector("spanish", config="spanish")


def clinics_with(text: str, today: date) -> tuple[int, ...]:
    """The listed clinics for which a phone number or web address stands, or on which all words are found."""
    if PHONE.match(text):
        condition = _has_phone(re.sub(r"\D", "", text))
    elif address := WEB_ADDRESS.match(text):
        condition = Q(website__host__name__in=[address[1].lower(), f"www.{address[1].lower()}"])
    else:
        condition = Q()
        for word in text.split()[:MOST_WORDS]:
            condition &= _has_word(word, today)
    return tuple(listed().filter(condition).order_by().values_list("pk", flat=True))


def among(ids: tuple[int, ...]) -> Q:
    """The condition of being one of the clinics, however many, as one parameter."""
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [list(ids)]))


def _has_phone(digits: str) -> Q:
    bare = Func(F("phone"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=TextField())
    wanted = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
    return Q(pk__in=Location.objects.filter(Contains(bare, Value(wanted))).order_by().values("clinic"))


def _has_word(word: str, today: date) -> Q:
    places = Location.objects.filter(Q(city__icontains=word) | Q(state__iexact=word) | Q(zip__startswith=word))
    people = present_affiliations(today).filter(practitioner__name__icontains=word)
    # Where a name was taken out, the words behind it find nothing: an answer would give the name away.
    claims = published_claims().filter(quote__icontains=word, redacted_names=[])
    condition = Q(name__icontains=word) | Q(other_names__icontains=word)
    for rows in (places, people, claims, Treatment.objects.filter(_treats(word))):
        condition |= Q(pk__in=rows.order_by().values("clinic"))
    return condition


def _treats(word: str) -> Q:
    """In a treatment's own words, or in a term of it by its stem, in either language."""
    terms = list(
        Term.objects.annotate(in_english=ENGLISH, in_spanish=SPANISH)
        .filter(
            Q(in_english=SearchQuery(word, config="english")) | Q(in_spanish=SearchQuery(word, config="spanish")),
            kind__in=[Term.Kind.CONDITION, Term.Kind.CELL_SOURCE, Term.Kind.ROUTE],
        )
        .values_list("pk", flat=True)
    )
    in_terms = Q(condition__in=terms) | Q(cell_source__in=terms) | Q(route__in=terms)
    return Q(name__icontains=word) | Q(product__icontains=word) | in_terms
