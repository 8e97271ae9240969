"""What the search page shows: options with their counts, chips to remove, and advice where nothing was found."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.paginator import Page
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinics.published.cards import Card
from clinics.published.compare import TICKED
from clinics.published.filters import FACETS, MILES, ClinicFilter
from clinics.published.places import Place, city_of, measured_from
from clinics.published.search import Search
from clinics.published.sentences import labels
from clinics.published.suggestions import Suggestion, Wider
from clinics.published.vocabulary import SEEN_WITHIN_DAYS

OPEN_AT_FIRST = ("state", "condition")
FIELD_NAMES: Final = {
    "zip": gettext_lazy("ZIP code"),
    "city": gettext_lazy("City, state"),
    "within": gettext_lazy("Within"),
    "sort": gettext_lazy("Sort by"),
}
PLACE_FIELDS: Final = frozenset({"zip", "city"})
TYPED = ("q", "zip", "city", "within")
MOST_OTHERS: Final = 8  # places of one name to choose from


@dataclass(frozen=True, slots=True)
class Asked:
    """A visitor's parameters as they can be answered: `params` less what stands in `refused`, with what is wrong."""

    filters: ClinicFilter
    params: QueryDict
    refused: Mapping[str, str]

    @property
    def left_out(self) -> str:
        """The fields that were left out, by their names on the page; "" for none."""
        fields = "; ".join(str(name) for field, name in FIELD_NAMES.items() if field in self.refused)
        return _("Left out: %(fields)s.") % {"fields": fields} if fields else ""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a facet."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetBox:
    """A facet with the options that would find something, and those chosen."""

    name: str
    label: str | Promise
    options: tuple[Option, ...]

    @property
    def chosen(self) -> int:
        """How many of its options the visitor has chosen."""
        return sum(option.chosen for option in self.options)

    @property
    def is_open(self) -> bool:
        """Whether its options show at once: those most asked for, and where the visitor has chosen."""
        return self.name in OPEN_AT_FIRST or self.chosen > 0

    @property
    def as_boxes(self) -> SafeString:
        """The options as boxes to tick: a template's loop over a few hundred took longer than the search."""
        boxes = (
            f'<label><input type="checkbox" name="{self.name}" value="{escape(option.value)}"'
            f"{' checked' if option.chosen else ''}><span>{escape(option.label)}</span> "
            f'<span class="count">{option.count}</span></label>'
            for option in self.options
        )
        return mark_safe("\n".join(boxes))  # noqa: S308 - every text is escaped above


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen option, with the address of the same search without it."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Advice:
    """A filter to drop, or a distance to take instead, how many clinics that finds, and the address of it.

    For a distance also from where.
    """

    label: str
    n: int
    address: str
    places: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Something to choose, and the address of the search with it."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Origin:
    """From where distances are measured, and other places that the visitor may have meant."""

    places: str
    others: tuple[Link, ...]


def as_can_be_answered(params: QueryDict) -> Asked:
    """The question without what is wrong in the fields that can be done without: places, distance and order.

    What else is wrong stays, and makes the filters invalid.
    """
    refused: dict[str, str] = {}
    filters = ClinicFilter(params)
    for _round in FIELD_NAMES:  # a place that is left out may leave a distance without one
        wrong = {} if filters.is_valid() else filters.errors.as_data()
        if not wrong or not wrong.keys() <= FIELD_NAMES.keys():
            break
        for name, errors in wrong.items():
            params = _without_wrong(params, name, errors)
            if name in PLACE_FIELDS or not refused.keys() & PLACE_FIELDS:
                refused.setdefault(name, " ".join(filters.errors[name]))
        filters = ClinicFilter(params)
    return Asked(filters, params, refused)


def _without_wrong(params: QueryDict, name: str, errors: Iterable[ValidationError]) -> QueryDict:
    """Without the values that the errors name; without the whole parameter where they name none."""
    wrong = {_compared(error.params["value"]) for error in errors if error.params and "value" in error.params}
    kept = [value for value in params.getlist(name) if _compared(value) not in wrong] if wrong else []
    rest = params.copy()
    rest.setlist(name, kept) if kept else rest.pop(name, None)
    return rest


def _compared(value: str) -> str:
    return " ".join(value.split())[:40].casefold()


def option_label(filters: ClinicFilter, name: str, value: str) -> str:
    """An option's label; a number of miles or days in words; a typed value as it is."""
    if name == "within":
        return _("1 mile") if value == "1" else _("%(n)s miles") % {"n": value}
    if name == "seen_within":
        days = _("1 day") if value == "1" else _("%(n)s days") % {"n": value}
        return labels("seen_within").get(value, days)
    return filters.vocabulary.label(name, value)


def facet_boxes(filters: ClinicFilter, counts: Mapping[str, Mapping[str, int]]) -> list[FacetBox]:
    """The facets that have anything to choose, in the order of the form."""
    boxes = [
        FacetBox(name, filters.filters[name].label, tuple(_options(filters, name, counts.get(name, {}))))
        for name in FACETS
    ]
    return [box for box in boxes if box.options]


def _options(filters: ClinicFilter, name: str, counts: Mapping[str, int]) -> Iterator[Option]:
    chosen = filters.form.cleaned_data.get(name) or []
    for value in _values(filters, name, [*counts, *chosen]):
        yield Option(value, option_label(filters, name, value), counts.get(value, 0), value in chosen)


def _values(filters: ClinicFilter, name: str, wanted: list[str]) -> list[str]:
    """The wanted values once each, in the order of their list; those of no list last."""
    known = [*SEEN_WITHIN_DAYS] if name == "seen_within" else dict(filters.vocabulary.options(name))
    present = set(wanted)
    return [value for value in known if value in present] + sorted(present.difference(known))


def address(params: QueryDict) -> str:
    """The address of a search."""
    return f"?{params.urlencode()}" if params else "?"


def without(params: QueryDict, name: str, value: str | None = None) -> QueryDict:
    """The parameters less one value of one name, or less all of its values, starting on the first page."""
    rest = params.copy()
    rest.pop("page", None)
    kept = [other for other in rest.getlist(name) if value is not None and other.strip() != value]
    rest.setlist(name, kept) if kept else rest.pop(name, None)
    return rest


def with_ticks(params: QueryDict, names: Mapping[str, str]) -> QueryDict:
    """The parameters with those clinics alone as ticked for a comparison, whatever the address says."""
    if TICKED not in params:
        return params
    rest = params.copy()
    rest.setlist(TICKED, [*names])
    return rest


def only_ticks(names: Mapping[str, str]) -> str:
    """The address of a search without filters, with the same clinics ticked."""
    params = QueryDict(mutable=True)
    params.setlist(TICKED, [*names])
    return address(params)


def elsewhere(names: Mapping[str, str], shown: Iterable[Card]) -> dict[str, str]:
    """The ticked clinics that are not among the results shown."""
    there = {card.public_id for card in shown}
    return {public_id: name for public_id, name in names.items() if public_id not in there}


def chips(filters: ClinicFilter, params: QueryDict) -> list[Chip]:
    """A chip for everything chosen or typed."""
    found = []
    for name in (*TYPED, *FACETS):
        for given in dict.fromkeys(params.getlist(name)):
            if given.strip():
                label = _chip_label(filters, name, given.strip())
                found.append(Chip(label, address(_rest(params, name, given.strip()))))
    return found


def _chip_label(filters: ClinicFilter, name: str, value: str) -> str:
    label = option_label(filters, name, value)
    return label if name in ("q", "within") else f"{filters.filters[name].label}: {label}"


def _rest(params: QueryDict, name: str, value: str) -> QueryDict:
    """Without the value; without a distance too, where nothing is left to measure it from."""
    rest = without(params, name, value)
    if name in ("zip", "city") and not (any(rest.getlist("zip")) or any(rest.getlist("city"))):
        rest.pop("within", None)
        if rest.get("sort") == "distance":
            rest.pop("sort", None)
    return rest


def written_like(search: Search) -> str:
    """What the clinics have instead of words that none has; "" where they have the words."""
    if not search.instead:
        return ""
    words = ", ".join(f"“{word}”" for word in search.instead)
    return " ".join(
        (
            _("No clinic has exactly these words."),
            _("These have words that are written much like them: %(words)s.") % {"words": words},
        )
    )


def told(asked: Asked, number: int, close: str) -> str:
    """What a screen reader says of new results: how many, and all that is to be known of them."""
    notes = [close] if close and number else []
    if not number:
        notes.append(_("No listed clinic answers all of this."))
    notes += [asked.left_out, *asked.refused.values()] if asked.refused else []
    head = ngettext("%(n)s clinic", "%(n)s clinics", number) % {"n": number}
    return f"{head}. {' '.join(notes)}" if notes else head


def told_of_errors(errors: Iterable[tuple[str, str]]) -> str:
    """The same where nothing could be answered."""
    return " ".join([_("We could not search") + ".", *(f"{label}: {message}" for label, message in errors)])


def origin(params: QueryDict, search: Search) -> Origin | None:
    """From where the page's distances are measured; None where it has none."""
    if not search.places:
        return None
    return Origin(_in_words(search.places), tuple(_others(params, search))[:MOST_OTHERS])


def _in_words(places: Iterable[Place]) -> str:
    return " · ".join(dict.fromkeys(place.label for place in places))


def _others(params: QueryDict, search: Search) -> Iterator[Link]:
    """Other places that bear a city's name, each with the address of the same search from there."""
    states = search.chosen.get("state", ())
    for text in params.getlist("city"):
        city = city_of(text.strip())
        for place in measured_from(city, states).others:
            there = without(params, "city", text.strip())
            there.appendlist("city", f"{city.name}, {place.state}")
            yield Link(place.label, address(there))


def nearest(filters: ClinicFilter, params: QueryDict, one: Wider | None) -> Advice | None:
    """The next distance that finds something, in words and with its address."""
    if one is None:
        return None
    there = params.copy()
    there["within"] = str(one.miles)
    there.pop("page", None)
    return Advice(option_label(filters, "within", str(one.miles)), one.n, address(there), _in_words(one.places))


def advice(filters: ClinicFilter, params: QueryDict, suggestions: list[Suggestion]) -> list[Advice]:
    """The suggestions in words, with their addresses."""
    return [_advice(filters, params, one) for one in suggestions]


def _advice(filters: ClinicFilter, params: QueryDict, one: Suggestion) -> Advice:
    if one.part:
        rest = params.copy()
        rest["q"] = one.text
        return Advice(one.part, one.n, address(rest))
    return Advice(str(filters.filters[one.parameters[0]].label), one.n, address(_without_all(params, one.parameters)))


def _without_all(params: QueryDict, names: tuple[str, ...]) -> QueryDict:
    rest = params
    for name in names:
        rest = without(rest, name)
    if "within" in names and rest.get("sort") == "distance":
        rest.pop("sort")
    return rest


def miles_options(filters: ClinicFilter, params: QueryDict) -> list[Option]:
    """The distances to choose from, with any other one that the visitor gave."""
    given = params.get("within", "")
    values = [*MILES] if given in MILES or not given.isdigit() else [*MILES, given]
    return [Option(value, option_label(filters, "within", value), 0, value == given) for value in values]


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Where the pages before and after are, "" at the ends."""

    previous: str
    next: str


def page_links(page: Page[Any], params: QueryDict) -> PageLinks:
    """The addresses of the neighbouring pages of results."""
    return PageLinks(
        _on_page(params, page.previous_page_number()) if page.has_previous() else "",
        _on_page(params, page.next_page_number()) if page.has_next() else "",
    )


def _on_page(params: QueryDict, number: int) -> str:
    there = params.copy()
    there["page"] = str(number)
    return address(there)
