"""Short pages that explain what patients meet, in English and Spanish, as dated and sourced data.

One file a page in `data/understanding/`; which page explains which word stands in `data/understanding_links.json`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

REVIEW_HOLDS: Final = timedelta(days=180)  # rules and approvals of this field change several times a year
_DATA: Final = Path(__file__).with_name("data")

Text = Mapping[str, str]
"""A text by its language: en, es."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was taken from. `as_of`: the day on which it held; `read`: whether we had its words before us."""

    key: str
    title: str
    url: str
    dated: date | None
    as_of: date
    read: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A few sentences on one thing. One without sources is advice of ours, or says what we do."""

    text: Text
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Points under a heading, wording that we made up as an example, and rows of the database by their name."""

    heading: Text
    points: tuple[Point, ...]
    examples: tuple[Text, ...]
    rows: str


@dataclass(frozen=True, slots=True)
class Page:
    """One subject, and the day on which a person last held the whole page against its sources."""

    slug: str
    title: Text
    short: Text
    sections: tuple[Section, ...]
    sources: Mapping[str, Source]
    reviewed_on: date

    def shows(self, rows: str) -> bool:
        """Whether the rows of that name stand on it."""
        return any(section.rows == rows for section in self.sections)

    def is_overdue(self, today: date) -> bool:
        """Whether its last review is older than a review holds."""
        return today - self.reviewed_on > REVIEW_HOLDS


@cache
def pages() -> Mapping[str, Page]:
    """Every page by its slug, in the order in which they are offered."""
    return {slug: _page(slug) for slug in _links()["order"]}


def explaining(kind: str, key: str) -> Page | None:
    """The page that explains a word of a vocabulary, or a public category of statements; None where none does."""
    words: Mapping[str, str] = _links()["values"].get(kind, {})
    slug = words.get(key) or words.get("*")
    return pages()[slug] if slug and key else None


def explaining_facet(facet: str) -> Page | None:
    """The page that explains a facet as a whole; None where none does."""
    slug = _links()["facets"].get(facet)
    return pages()[slug] if slug else None


def in_spanish(english: str) -> str:
    """The Spanish of a text of our reference data; "" where it is not one that we shipped."""
    return _spanish().get(english, "")


@cache
def _spanish() -> Mapping[str, str]:
    texts: dict[str, str] = _read(_DATA / "reference_spanish.json")["texts"]
    return texts


@cache
def _links() -> Mapping[str, Any]:
    return _read(_DATA / "understanding_links.json")


def _read(file: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return told


def _page(slug: str) -> Page:
    told = _read(_DATA / "understanding" / f"{slug}.json")
    return Page(
        slug,
        told["title"],
        told["short"],
        tuple(_section(each) for each in told["sections"]),
        {key: _source(key, facts) for key, facts in told["sources"].items()},
        date.fromisoformat(told["reviewed_on"]),
    )


def _section(told: Mapping[str, Any]) -> Section:
    points = tuple(Point(each, tuple(each.get("sources", ()))) for each in told["points"])
    return Section(told["heading"], points, tuple(told.get("examples", ())), told.get("rows", ""))


def _source(key: str, told: Mapping[str, Any]) -> Source:
    dated = date.fromisoformat(told["dated"]) if told["dated"] else None
    return Source(key, told["title"], told["url"], dated, date.fromisoformat(told["as_of"]), told["read"])
