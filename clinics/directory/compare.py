"""Up to four clinics side by side: what is published of each, in the same rows, without a rank."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinics.directory.answer import show
from clinics.directory.clinic_page import ClinicPage, StatementView
from clinics.published import freshness
from clinics.published.clinics import listed, places_of
from clinics.published.compare import MOST, Chosen, choose
from clinics.published.filters import ClinicFilter
from clinics.published.freshness import Said
from clinics.published.offers import stated

_FOUND: Final = 10  # clinics offered for a name
_QUOTED: Final = 3  # statements of a category whose words stand in a cell


@dataclass(frozen=True, slots=True)
class Quote:
    """A clinic's exact words, and their language."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a cell, with its date or other small print, the address of more, and exact words."""

    text: str
    when: tuple[Said | str, ...] = ()
    link: str = ""
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One subject for every clinic. `empty` is told where nothing of it is recorded."""

    label: str
    empty: str
    cells: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A clinic at the head of its column, and the address of the comparison without it."""

    clinic: Any
    places: tuple[str, ...]
    status: Said | None
    without: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A clinic that may be added, and the address of the comparison with it."""

    name: str
    places: tuple[str, ...]
    address: str


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The clinics of the address. What cannot be shown is said; more than four are to be chosen from."""
    now = datetime.now(UTC)
    chosen = choose(request.GET.getlist("clinic"), now.date())
    sought = request.GET.get("find", "").strip()
    plain = urlencode([("clinic", public_id) for public_id in chosen.ids])
    if not (chosen.unknown or chosen.removed or sought) and request.META.get("QUERY_STRING", "") != plain:
        return HttpResponseRedirect(f"?{plain}" if plain else request.path)
    context: dict[str, Any] = {"chosen": chosen, "most": MOST, "sought": sought[:200]}
    if sought and len(chosen.clinics) < MOST:
        context["offered"] = list(_offered(chosen, sought))
    if chosen.clinics and not chosen.too_many:
        pages = [ClinicPage.of(clinic, now) for clinic in chosen.clinics]
        context |= {"columns": [_column(page, chosen) for page in pages], "rows": list(_rows(pages))}
    return show(request, "compare", context)


def _address(ids: Iterable[str]) -> str:
    asked = urlencode([("clinic", public_id) for public_id in ids])
    return f"{reverse('directory:compare')}?{asked}" if asked else reverse("directory:compare")


def _column(page: ClinicPage, chosen: Chosen) -> Column:
    rest = [public_id for public_id in chosen.ids if public_id != page.clinic.public_id]
    return Column(page.clinic, places_of(page.clinic), page.status, _address(rest))


def _offered(chosen: Chosen, sought: str) -> Iterator[Offered]:
    """Listed clinics that answer to a name, and are not chosen yet."""
    filters = ClinicFilter({"q": sought}, listed().prefetch_related("locations"))
    if not filters.is_valid():
        return
    for clinic in filters.qs.exclude(public_id__in=chosen.ids)[:_FOUND]:
        places = tuple(dict.fromkeys(filter(None, (place.city for place in clinic.locations.all()))))
        yield Offered(clinic.name, places, _address([*chosen.ids, clinic.public_id]))


def _rows(pages: Sequence[ClinicPage]) -> Iterator[Row]:
    unknown, none = _("not recorded"), _("None published. That says nothing about the clinic.")
    subjects: tuple[tuple[str, str, Callable[[ClinicPage], Iterable[Line]]], ...] = (
        (_("What it offers"), unknown, _offers),
        (_("Cells"), unknown, _cells),
        (_("Regulatory footing that the clinic states"), unknown, _footing),
        (_("Laboratory"), unknown, _laboratories),
        (_("Who treats there"), unknown, _people),
        (_("Published statements, by category"), none, _statements),
        (_("What we looked up"), none, _checks),
        (_("Official documents"), none, _actions),
        (_("Not looked up by us"), _("nothing"), _not_checked),
        (_("Its pages"), unknown, _read),
        (_("Questions to ask"), unknown, _questions),
    )
    for label, empty, lines in subjects:
        yield Row(label, empty, tuple(tuple(lines(page)) for page in pages))


def _distinct(texts: Iterable[object]) -> Iterator[Line]:
    yield from (Line(text) for text in dict.fromkeys(str(text) for text in texts if text))


def _offers(page: ClinicPage) -> Iterator[Line]:
    for offer in page.clinic.public_treatments:
        yield Line(offer.name, tuple(str(part) for part in (offer.condition, offer.price_stated) if part))


def _cells(page: ClinicPage) -> Iterator[Line]:
    offers = page.clinic.public_treatments
    told = (", ".join(str(part) for part in (o.cell_source, o.origin, o.route) if part) for o in offers)
    return _distinct(told)


def _footing(page: ClinicPage) -> Iterator[Line]:
    return _distinct(offer.posture for offer in page.clinic.public_treatments)


def _laboratories(page: ClinicPage) -> Iterator[Line]:
    offers = page.clinic.public_treatments
    named = [stated(offer, "laboratory") for offer in offers if offer.laboratory]
    linked = [link.organisation.name for link in page.laboratories]
    return _distinct([*named, *linked, *(stated(offer, "laboratory") for offer in offers if not offer.laboratory)])


def _people(page: ClinicPage) -> Iterator[Line]:
    for link in page.clinic.public_affiliations:
        yield Line(link.practitioner.name, tuple(str(part) for part in (link.practitioner.provider, link.role) if part))


def _statements(page: ClinicPage) -> Iterator[Line]:
    """Each category with how many statements, the first of their words, and the days on which we first saw them."""
    by_category: dict[str, list[StatementView]] = {}
    for statement in page.statements:
        by_category.setdefault(statement.category, []).append(statement)
    here = reverse("directory:clinic", args=[page.clinic.public_id])
    for category, told in by_category.items():
        days = sorted(statement.claim.first_seen_on for statement in told)
        seen = _("first seen by us %(d)s") % {"d": _span(days[0], days[-1])}
        quotes = [Quote(statement.quote, statement.claim.language) for statement in told if statement.quote]
        more = _("%(n)s more") % {"n": len(quotes) - _QUOTED} if len(quotes) > _QUOTED else ""
        small = tuple(filter(None, (more, seen)))
        yield Line(f"{category}: {len(told)}", small, f"{here}#statements", tuple(quotes[:_QUOTED]))


def _span(first: Any, last: Any) -> str:
    one, other = date_format(first, "DATE_FORMAT"), date_format(last, "DATE_FORMAT")
    return one if first == last else f"{one} – {other}"


def _checks(page: ClinicPage) -> Iterator[Line]:
    for view in page.checks:
        looked = _("Looked up %(d)s") % {"d": date_format(view.check.checked_on, "DATE_FORMAT")}
        small = tuple(each for each in (looked, view.age, view.attempt) if each)
        yield Line(f"{view.check.kind}, {view.check.subject}: {view.sentence}", small)


def _actions(page: ClinicPage) -> Iterator[Line]:
    for view in page.actions:
        address = reverse("directory:official_action", args=[page.clinic.public_id, view.action.public_id])
        yield Line(view.sentence, tuple(outcome.text for outcome in view.outcomes), address)


def _not_checked(page: ClinicPage) -> Iterator[Line]:
    yield from (Line(label) for label in page.not_checked)


def _read(page: ClinicPage) -> Iterator[Line]:
    read = freshness.last_reading(page.clinic.last_read_at)
    yield Line(page.website or _("no link"), (read,), page.website)


def _questions(page: ClinicPage) -> Iterator[Line]:
    address = reverse("directory:clinic_questions", args=[page.clinic.public_id])
    yield Line(_("Questions to ask, with its answers"), (), address)
