"""What the search page shows: options with their counts, chips to remove, and advice where nothing was found."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from clinics.published.cards import Card
from clinics.published.compare import TICKED
from clinics.published.filters import FACETS, MILES, ClinicFilter
from clinics.published.sentences import labels
from clinics.published.suggestions import Suggestion, Wider
from clinics.published.vocabulary import SEEN_WITHIN_DAYS

OPEN_AT_FIRST = ("state", "condition")
TYPED = ("q", "zip", "city", "within")


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
    """A filter to drop, or a distance to take instead, how many clinics that finds, and the address of it."""

    label: str
    n: int
    address: str


def option_label(filters: ClinicFilter, name: str, value: str) -> str:
    """An option's label; a number of miles or days in words; a typed value as it is."""
    if name == "within":
        return _("%(n)s miles") % {"n": value}
    if name == "seen_within":
        return labels("seen_within").get(value, _("%(n)s days") % {"n": value})
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


def nearest(filters: ClinicFilter, params: QueryDict, one: Wider | None) -> Advice | None:
    """The next distance that finds something, in words and with its address."""
    if one is None:
        return None
    there = params.copy()
    there["within"] = str(one.miles)
    there.pop("page", None)
    return Advice(option_label(filters, "within", str(one.miles)), one.n, address(there))


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
