"""The one FilterSet: page, API and facet counts all read the visitor's parameters through it."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, Filter, FilterSet, MultipleChoiceFilter
from drf_spectacular.utils import extend_schema_field

from clinics.models import Clinic, Location
from clinics.published.clinics import listed
from clinics.published.fields import CONTROL, RepeatedField, RepeatedText
from clinics.published.index import current
from clinics.published.order import in_order
from clinics.published.places import Place, city_of, is_us_zip, measured_from, place_of_zip
from clinics.published.saved import expanded, parameters_of
from clinics.published.search import Search, found
from clinics.published.sentences import labels
from clinics.published.text import Answer, among, clinics_with
from clinics.published.vocabulary import FIXED_FACETS, GROUPS, TERM_FACETS, Vocabulary, load_vocabulary

MOST_DAYS = 3650
MOST_MILES = 500
LONGEST_TEXT = 200
ORDERS = ["relevance", "name", "distance", "recent"]
SEVERAL = {"type": "array", "items": {"type": "string"}}
FACETS = ("state", "country", GROUPS, *TERM_FACETS, *FIXED_FACETS, "seen_within")
MILES = ("5", "10", "25", "50", "100", "250")
UNKNOWN = {
    "zip": _("We do not know where “%(value)s” lies, so we cannot measure from it."),
    "city": _("We do not know where “%(value)s” lies. Write the state behind it (“Springfield, IL”), or a ZIP code."),
}


@extend_schema_field(SEVERAL)
class Facet(MultipleChoiceFilter):
    """A facet with a list of options."""

    field_class = RepeatedField


@extend_schema_field(SEVERAL)
class Values(Filter):
    """A parameter that may be repeated and has no list."""

    field_class = RepeatedText


@extend_schema_field({"type": "string", "enum": ["", *ORDERS]})
class Order(ChoiceFilter):
    """How the answers are to be sorted."""


def _read_zip(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 -]{2,10}", value):
        raise ValidationError(_("“%(value)s” is not a ZIP or postal code."), params={"value": value[:40]})
    code = value.upper()
    if not is_us_zip(code) and not Location.objects.filter(clinic__in=listed()).filter(_has_code(code)).exists():
        message = _("“%(value)s” is no US ZIP code (five digits), and no listed clinic has it as its postal code.")
        raise ValidationError(message, params={"value": value[:40]})
    return code


def _has_code(code: str) -> Q:
    return Q(zip=code) | Q(zip__startswith=f"{code}-")


def _read_city(value: str) -> str:
    if len(value) > 100:
        raise ValidationError(_("“%(value)s” is not the name of a city."), params={"value": value[:40]})
    return " ".join(value.split())


def _read_days(value: str) -> str:
    if not re.fullmatch(r"[0-9]{1,4}", value) or not 1 <= int(value) <= MOST_DAYS:
        message = _("“%(value)s” is not a number of days from 1 to %(most)d.")
        raise ValidationError(message, params={"value": value[:40], "most": MOST_DAYS})
    return str(int(value))


def _read_miles(value: str) -> str:
    if not re.fullmatch(r"[0-9]{1,3}", value) or not 1 <= int(value) <= MOST_MILES:
        message = _("“%(value)s” is not a number of miles from 1 to %(most)d.")
        raise ValidationError(message, params={"value": value[:40], "most": MOST_MILES})
    return str(int(value))


def _read_country(value: str) -> str:
    if value.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise ValidationError(_("“%(value)s” is not a country's two letters."), params={"value": value[:40]})
    return value.upper()


def _read_state(value: str) -> str:
    states = labels("state")
    if value.upper() in states:
        return value.upper()
    for code, name in states.items():
        if name.casefold() == value.casefold():
            return code
    abroad = listed().filter(locations__state__iexact=value[:60]).values_list("locations__state", flat=True)
    known = [state for state in abroad if state.casefold() == value.casefold()]
    if not known:
        raise ValidationError(_("“%(value)s” is not a state that we know."), params={"value": value[:40]})
    return known[0]


class SearchForm(forms.Form):
    """What must hold between parameters."""

    def clean_saved(self) -> str:
        """Refuses a name under which nobody shares any filters."""
        name: str = self.cleaned_data["saved"]
        if name and parameters_of(name) is None:
            message = _("Nobody shares filters under the name “%(value)s”.")
            raise ValidationError(message, params={"value": name})
        return name

    def clean(self) -> dict[str, Any]:
        """Refuses a distance from nowhere and from places that we cannot find."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        asks_place = cleaned.get("zip") or cleaned.get("city")
        if cleaned.get("within") and not asks_place:
            self.add_error("within", _("Give a ZIP code or a city to measure the distance from."))
        if cleaned.get("sort") == "distance" and not asks_place:
            self.add_error("sort", _("Give a ZIP code or a city to sort by distance."))
        if cleaned.get("within") or cleaned.get("sort") == "distance":
            self._find_places(cleaned)
        return cleaned

    def _find_places(self, cleaned: dict[str, Any]) -> None:
        states = tuple(cleaned["state"])
        zips = {code: tuple(filter(None, [place_of_zip(code)])) for code in cleaned["zip"]}
        cities = {text: measured_from(city_of(text), states).places for text in cleaned["city"]}
        cleaned["zip_places"] = self._known("zip", zips)
        cleaned["city_places"] = self._known("city", cities)

    def _known(self, name: str, places: Mapping[str, tuple[Place, ...]]) -> tuple[Place, ...]:
        for value in (value for value, lies in places.items() if not lies):
            self.add_error(name, ValidationError(UNKNOWN[name], params={"value": value}))
        return tuple(place for lies in places.values() for place in lies)


MOST_FORMS = 8
_FORMS: dict[tuple[Vocabulary, str | None], type[SearchForm]] = {}


class ClinicFilter(FilterSet):
    """Listed clinics by the visitor's parameters. Unknown parameters are ignored; wrong values find nothing."""

    q = CharFilter(label=_("Words, name, phone or web address"), max_length=LONGEST_TEXT)
    state = Values(label=_("State"), read=_read_state)
    city = Values(label=_("City"), read=_read_city)
    country = Values(label=_("Country"), read=_read_country)
    zip = Values(label=_("ZIP or postal code"), read=_read_zip)
    within = Values(label=_("Miles from the ZIP code or city"), read=_read_miles)
    condition_group = Facet(label=_("Group of conditions"))
    condition = Facet(label=_("Condition"))
    cell_source = Facet(label=_("Where the cells come from"))
    origin = Facet(label=_("Own cells or a donor's"))
    route = Facet(label=_("How it is given"))
    posture = Facet(label=_("Regulatory footing that the clinic states"))
    evidence = Facet(label=_("Evidence that the clinic cites"))
    provider = Facet(label=_("Who treats"))
    claim_category = Facet(label=_("What its statements are about"))
    assessment = Facet(label=_("What is known about a statement"))
    credential = Facet(label=_("Credential looked up"))
    credential_outcome = Facet(label=_("Result of the look-up"))
    official_action = Facet(label=_("Official documents"))
    language = Facet(label=_("Language spoken"))
    seen_within = Values(label=_("Read by us within (days)"), read=_read_days)
    sort = Order(label=_("Sort by"))
    saved = CharFilter(label=_("Name of filters that we share"), max_length=20)

    class Meta:
        model = Clinic
        fields: list[str] = []
        form = SearchForm

    def __init__(
        self,
        data: Any = None,
        queryset: QuerySet[Clinic] | None = None,
        *,
        vocabulary: Vocabulary | None = None,
        **more: Any,
    ) -> None:
        super().__init__(expanded(data), listed() if queryset is None else queryset, **more)
        self.vocabulary = vocabulary or load_vocabulary()
        self.now = timezone.now()

    def get_form_class(self) -> type[SearchForm]:
        """The form with the options of this vocabulary, made once for each language."""
        key = (self.vocabulary, get_language())
        if key not in _FORMS:
            if len(_FORMS) >= MOST_FORMS:
                _FORMS.clear()
            for name in (GROUPS, *TERM_FACETS, *FIXED_FACETS):
                self.filters[name].extra["choices"] = list(self.vocabulary.options(name))
            self.filters["sort"].extra["choices"] = [(order, labels("sort")[order]) for order in ORDERS]
            plain = RegexValidator(CONTROL, _("Write plain text."), inverse_match=True)
            self.filters["q"].extra["validators"] = [plain]
            _FORMS[key] = super().get_form_class()
        return _FORMS[key]

    @cached_property
    def search(self) -> Search:
        """The visitor's question, its text answered. Only after `is_valid()`."""
        given = self.form.cleaned_data
        miles = [float(value) for value in given["within"]]
        view = current()
        answer = clinics_with(given["q"], self.now.date(), view.index) if given["q"] else Answer()
        return Search(
            now=self.now,
            view=view,
            text=given["q"],
            with_text=answer.clinics,
            instead=answer.instead,
            chosen={name: tuple(given[name]) for name in FACETS if given[name]},
            cities=tuple(city_of(value) for value in given["city"]),
            zips=tuple(given["zip"]),
            miles=max(miles, default=None),
            city_places=given.get("city_places", ()),
            zip_places=given.get("zip_places", ()),
            sort=given["sort"],
        )

    def filter_queryset(self, queryset: QuerySet[Clinic]) -> QuerySet[Clinic]:
        """The clinics that answer, in the order asked for."""
        places = np.zeros(self.search.view.index.size, dtype=np.int64)
        places[self.answers] = np.arange(1, len(self.answers) + 1)
        # A subscript of PostgreSQL's begins at 1, as our ids do: the array without the place of id 0.
        place = RawSQL('(%s::int[])["clinics_clinic"."id"]', [places[1:].tolist()])
        return queryset.filter(among(self.answers.tolist())).order_by(place)

    @cached_property
    def answers(self) -> np.ndarray:
        """The ids of the clinics that answer, in the order asked for. Only after `is_valid()`."""
        return in_order(found(self.search), self.search)
