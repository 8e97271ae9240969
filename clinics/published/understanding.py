"""The pages that explain, in the visitor's language, with the rows of reference data that they show."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from clinics.domain import understanding as domain
from clinics.domain.approved import unread_sources
from clinics.models import ApprovedProduct, Location, StateRegime
from clinics.published.sentences import labels, language

PRODUCTS, STATES = "approved_products", "state_regimes"  # rows that a page may show
SHOWN_KINDS = (
    ApprovedProduct.Kind.CORD_BLOOD,
    ApprovedProduct.Kind.CELL_OR_GENE_THERAPY,
    ApprovedProduct.Kind.DRUG_CLASS,
    ApprovedProduct.Kind.CLEARED_DEVICE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """The way to a page; `heading` is the one on it to which it leads, "" for its top."""

    slug: str
    title: str
    short: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A source with its number on the page."""

    number: int
    source: domain.Source


@dataclass(frozen=True, slots=True)
class Point:
    """A few sentences with the numbers of their sources."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Points under a heading, with invented examples, and the name of the rows to show."""

    heading: str
    points: tuple[Point, ...]
    examples: tuple[str, ...]
    rows: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is shown on a day."""

    link: Link
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    reviewed_on: date
    overdue_after: int | None
    """The days after which a review is too old, where this one is; None where it is not."""


@dataclass(frozen=True, slots=True)
class Told:
    """A text of reference data in the visitor's language, or in English where it has no other."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Product:
    """A product of our list with its approved use; whether the source that it names was read by whoever noted it."""

    title: Told
    use: Told
    row: ApprovedProduct
    is_read: bool


@dataclass(frozen=True, slots=True)
class Regime:
    """A state's law; `permits` and `notice` are None where nobody has read the law itself."""

    name: str
    row: StateRegime
    permits: Told | None
    notice: Told | None


def links() -> list[Link]:
    """Every page, in the order in which they are offered."""
    return [link_to(page) for page in domain.pages().values()]


def link_to(page: domain.Page) -> Link:
    """The way to a page, in the visitor's language."""
    return Link(page.slug, page.title[language()], page.short[language()])


def link_for(kind: str, key: str, state_heading: str = "") -> Link | None:
    """The way to the page that explains a word, on the page of states to that heading; None where no page does."""
    page = domain.explaining(kind, key)
    if page is None:
        return None
    return replace(link_to(page), heading=state_heading) if page.shows(STATES) else link_to(page)


def state_heading(places: Iterable[Location]) -> str:
    """The heading of the state in which a clinic's places lie; "" where we have none of their states, or several."""
    states = {place.state for place in places if place.country == "US"}
    known = StateRegime.objects.filter(state__in=states).values_list("state", flat=True)[:2]
    return f"state-{known[0]}" if len(known) == 1 else ""


def link_for_facet(facet: str) -> Link | None:
    """The way to the page that explains a facet; None where none does."""
    page = domain.explaining_facet(facet)
    return link_to(page) if page else None


def link_of(slug: str) -> Link:
    """The way to the page of that name. Raises KeyError where there is none."""
    return link_to(domain.pages()[slug])


def page_of(slug: str, today: date) -> Page | None:
    """A page as it is shown today; None where there is none of that name."""
    page = domain.pages().get(slug)
    if page is None:
        return None
    numbers = {key: number for number, key in enumerate(page.sources, start=1)}
    return Page(
        link_to(page),
        tuple(_section(section, numbers) for section in page.sections),
        tuple(Source(numbers[key], source) for key, source in page.sources.items()),
        page.reviewed_on,
        domain.REVIEW_HOLDS.days if page.is_overdue(today) else None,
    )


def _section(section: domain.Section, numbers: Mapping[str, int]) -> Section:
    points = tuple(
        Point(point.text[language()], tuple(numbers[key] for key in point.sources)) for point in section.points
    )
    examples = tuple(example[language()] for example in section.examples)
    return Section(section.heading[language()], points, examples, section.rows)


def _told(english: str) -> Told:
    spanish = domain.in_spanish(english) if language() == "es" else ""
    return Told(spanish, "es") if spanish else Told(english, "en")


def approved_products() -> Iterator[tuple[str, list[Product]]]:
    """Products of our list by their kind, without vaccines and ordinary medicines; kinds without any are left out."""
    rows = ApprovedProduct.objects.active().filter(kind__in=SHOWN_KINDS).order_by("title")
    by_kind: dict[str, list[Product]] = {kind: [] for kind in SHOWN_KINDS}
    for row in rows.defer("names", "uses", "people", "must", "must_not", "shipped", "proposal", "note"):
        is_read = (row.key, row.source_url, row.source_date.isoformat()) not in unread_sources()
        by_kind[row.kind].append(Product(_told(row.title), _told(row.indication), row, is_read))
    yield from ((kind, found) for kind, found in by_kind.items() if found)


def state_regimes() -> list[Regime]:
    """The states' laws. What one permits is told only where somebody has read it."""
    rows = StateRegime.objects.order_by("name").defer("notice_parts", "shipped", "proposal", "note")
    return [
        Regime(
            labels("state").get(row.state, row.name),
            row,
            _told(row.permits) if row.verified else None,
            _told(row.notice_where) if row.verified and row.notice_required and row.notice_where else None,
        )
        for row in rows
    ]
