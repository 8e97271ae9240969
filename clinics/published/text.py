"""Free text: every word that a visitor types must be found somewhere in what is public about a clinic.

What patients call a condition counts as its term, and a state's name as the state. Where nothing has the words, names
and cities that are written much like them are found instead, and that is told. The text is answered once for a
question, and its clinics handed on as ids: counting a dozen facets costs one search.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import phonenumbers
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Contains

from clinics.domain.lay_words import Part, folded, lay_words, parts_of
from clinics.models import Location, Term, Treatment
from clinics.published.clinics import clinic_pages, listed, present_affiliations, published_claims
from clinics.published.sentences import labels_in_all
from clinics.published.spelling import known_spellings, written_like

MOST_WORDS = 8
PHONE = re.compile(r"^[+(\d][\d\s().+-]*(?:[A-Za-z]{3,}[\d-]*)?(?:\s*(?:x|ext\.?)\s*\d{1,6})?$")
WEB_ADDRESS = re.compile(r"^(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?::\d+)?(?:[/?#].*)?$", re.IGNORECASE)
ENGLISH = SearchVector("english", config="english")
SPANISH = SearchVector("spanish", config="spanish")


@dataclass(frozen=True, slots=True)
class Answer:
    """The listed clinics for a text; `is_close` where nothing has its words, and these are written much like it."""

    clinics: tuple[int, ...] = ()
    is_close: bool = False


def clinics_with(text: str, today: date) -> Answer:
    """The listed clinics for which a phone number or web address stands, or on which all words are found.

    Where no clinic has the words, those with names and cities that are written much like them.
    """
    exact = clinics_with_exactly(text, today)
    if exact or _phone_in(text) or WEB_ADDRESS.match(text):
        return Answer(exact)
    spellings = known_spellings(today)
    close = _ids(_all_of([_has_part_or_like(part, spellings, today) for part in _parts_of(text)]))
    return Answer(close, is_close=bool(close))


def clinics_with_exactly(text: str, today: date) -> tuple[int, ...]:
    """The same, without those that are only written much like it."""
    if number := _phone_in(text):
        return _ids(_has_phone(number))
    if address := WEB_ADDRESS.match(text):
        return _ids(_has_address(address[1].lower()))
    return _ids(_all_of([_has_part(part, today) for part in _parts_of(text)]))


def _parts_of(text: str) -> tuple[Part, ...]:
    return parts_of(" ".join(text.split()[:MOST_WORDS]), _known())


def without_a_part(text: str) -> list[tuple[str, str]]:
    """Each word or phrase of the text, with the text that remains without it; none where it is but one."""
    parts = [" ".join(part.words) for part in _parts_of(text)]
    if len(parts) < 2 or _phone_in(text) or WEB_ADDRESS.match(text):
        return []
    return [(part, " ".join([*parts[:place], *parts[place + 1 :]])) for place, part in enumerate(parts)]


def _ids(condition: Q) -> tuple[int, ...]:
    return tuple(listed().filter(condition).order_by().values_list("pk", flat=True))


def _all_of(conditions: list[Q]) -> Q:
    whole = Q()
    for condition in conditions:
        whole &= condition
    return whole


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    """Phrases with their meaning: lay words, and the names of states in every language."""
    states = {folded(name): (f"state:{code}",) for code, name in labels_in_all("state")}
    return {**states, **lay_words()}


def among(ids: tuple[int, ...]) -> Q:
    """The condition of being one of the clinics, however many, as one parameter."""
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [list(ids)]))


def _phone_in(text: str) -> str:
    """The digits of a telephone number within its country; "" where the text is none."""
    if not PHONE.match(text) or sum(sign.isalnum() for sign in text) < 7:
        return ""
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return ""
    return str(number.national_number)


def _has_phone(digits: str) -> Q:
    bare = Func(F("phone"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=TextField())
    return Q(pk__in=Location.objects.filter(Contains(bare, Value(digits))).order_by().values("clinic"))


def _has_address(host: str) -> Q:
    """That one of the clinic's own pages, or its site, lies at the host or at one that the host's name ends in."""
    labels = host.removeprefix("www.").split(".")
    names = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    hosts = [*names, *(f"www.{name}" for name in names)]
    pages = clinic_pages().filter(page__host__name__in=hosts).order_by().values("clinic")
    return Q(website__host__name__in=hosts) | Q(pk__in=pages)


def _has_part(part: Part, today: date) -> Q:
    """That all of its words are found, or that the clinic offers what it means, or is where it says."""
    words = _all_of([_has_word(word, today) for word in part.words])
    states = [meaning.removeprefix("state:") for meaning in part.meanings if meaning.startswith("state:")]
    terms = [meaning for meaning in part.meanings if not meaning.startswith("state:")]
    if states:
        words |= Q(pk__in=Location.objects.filter(state__in=states).order_by().values("clinic"))
    if terms:
        offers = Q(condition__in=terms) | Q(cell_source__in=terms) | Q(route__in=terms) | Q(origin__in=terms)
        words |= Q(pk__in=Treatment.objects.filter(offers).order_by().values("clinic"))
    return words


def _has_part_or_like(part: Part, spellings: Mapping[str, str], today: date) -> Q:
    """The same, or with a word that is written much like it in its place."""
    condition = _has_part(part, today)
    if len(part.words) == 1:
        for word in written_like(part.words[0], spellings):
            for other in parts_of(word, _known()):
                condition |= _has_part(other, today)
    return condition


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
