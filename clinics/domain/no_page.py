"""Addresses that are no pages to read for their wording: files, doors, shops, archives, and traps without an end."""

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from clinics.domain.page_identity import site_of
from clinics.domain.page_likelihood import proposal_data

_DEEPEST: Final = 8  # parts of a path
_REPEATED: Final = 3  # a part of a path that comes so often is a loop of relative links
_PAGE_NUMBER: Final = re.compile(r"(?:page|pagina)-?\d+", re.IGNORECASE)
_LISTS: Final = ("page", "pagina")
_DATE: Final = re.compile(r"(?:19|20)\d\d(?:-\d{1,2}){0,2}")
_NUMBER: Final = re.compile(r"\d{1,2}")
_EXTENSION: Final = re.compile(r"\.([a-z0-9]{1,5})\Z", re.IGNORECASE)


@cache
def _named(kind: str) -> frozenset[str]:
    return frozenset(proposal_data()[kind])


def platforms() -> frozenset[str]:
    """Registered domains of sites that many strangers share."""
    return _named("platforms")


def is_platform(url: str) -> bool:
    """Whether an address belongs to a site that many strangers share, where only its own page is a clinic's."""
    return site_of(url) in platforms()


def is_no_page(url: str) -> bool:
    """Whether nobody would read this address for its wording, or it is only another view of pages that stand apart.

    PDFs are pages. Raises nothing on any address with a host.
    """
    parts = urlsplit(url)
    path = [unquote(part, errors="replace").lower() for part in parts.path.split("/") if part]
    return _is_file(path) or _leads_elsewhere(path) or _is_view(parts.query) or _is_trap(path)


def _is_file(path: list[str]) -> bool:
    found = _EXTENSION.search(path[-1]) if path else None
    return found is not None and found[1] in _named("files")


def _leads_elsewhere(path: list[str]) -> bool:
    """Whether a part of the path is that of a log-in, a shop's basket, a feed, an archive, or a page of its list."""
    if path and path[-1].endswith(".pdf"):
        return False  # uploaded brochures stand below the folders of programs
    parts = [part.rsplit(".", 1)[0] for part in path]
    if any(part in _named("no_pages") or _PAGE_NUMBER.fullmatch(part) for part in parts):
        return True
    return any(part in _LISTS and following.isdecimal() for part, following in pairwise(parts))


def _is_view(query: str) -> bool:
    names = {name.lower().removesuffix("[]") for name, _ in parse_qsl(query, keep_blank_values=True)}
    return bool(names & _named("no_queries")) or any(name.startswith("filter_") for name in names)


def _is_trap(path: list[str]) -> bool:
    """Whether the path is a calendar's or an archive's by date, too deep, or runs in a circle."""
    if len(path) > _DEEPEST or any(number >= _REPEATED for number in Counter(path).values()):
        return True
    return bool(path) and (bool(_DATE.fullmatch(path[-1])) or _ends_in_date(path))


def _ends_in_date(path: list[str]) -> bool:
    """Whether the last parts are a year and its month or day, with nothing named below them."""
    tail = list(path)
    while tail and _NUMBER.fullmatch(tail[-1]):
        tail.pop()
    return tail != path and bool(tail) and bool(_DATE.fullmatch(tail[-1]))
