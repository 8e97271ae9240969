"""Free text: every word that a visitor types must be found somewhere in what is public about a clinic."""

import re
from datetime import date

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Exists, F, Func, OuterRef, Q, TextField, Value
from django.db.models.lookups import Contains

from clinics.models import Location, Treatment
from clinics.published.clinics import present_affiliations, published_claims

MOST_WORDS = 8
PHONE = re.compile(r"^[\d\s().+-]{7,}$")
WEB_ADDRESS = re.compile(r"^(?:https?://)?(?:www\.)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/?#].*)?$", re.IGNORECASE)
TREATMENT_WORDS = SearchVector(
    "name",
    "product",
    "condition__english",
    "condition__spanish",
    "cell_source__english",
    "cell_source__spanish",
    "route__english",
    "route__spanish",
    config="english",
)


def matches_text(text: str, today: date) -> Q:
    """The condition on clinics: a phone number, a web address, or words that must all be found."""
    if PHONE.match(text):
        return _has_phone(re.sub(r"\D", "", text))
    if address := WEB_ADDRESS.match(text):
        return Q(website__host__name__in=[address[1].lower(), f"www.{address[1].lower()}"])
    condition = Q()
    for word in text.split()[:MOST_WORDS]:
        condition &= _has_word(word, today)
    return condition


def _has_phone(digits: str) -> Q:
    bare = Func(F("phone"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=TextField())
    wanted = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
    return Q(Exists(Location.objects.filter(Contains(bare, Value(wanted)), clinic=OuterRef("pk"))))


def _has_word(word: str, today: date) -> Q:
    query = SearchQuery(word, config="english", search_type="plain")
    treatments = Treatment.objects.annotate(words=TREATMENT_WORDS).filter(words=query, clinic=OuterRef("pk"))
    claims = published_claims().annotate(words=SearchVector("quote", config="english"))
    people = present_affiliations(today).filter(practitioner__name__icontains=word, clinic=OuterRef("pk"))
    places = Location.objects.filter(Q(city__icontains=word) | Q(state__iexact=word) | Q(zip__startswith=word))
    return (
        Q(name__icontains=word)
        | Q(other_names__icontains=word)
        | Q(Exists(places.filter(clinic=OuterRef("pk"))))
        | Q(Exists(treatments))
        | Q(Exists(claims.filter(words=query, clinic=OuterRef("pk"))))
        | Q(Exists(people))
    )
