"""Pages of the same site that a page links to, each once, with the words of its link."""

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from clinics.domain.address import judge_url
from clinics.domain.no_page import is_no_page
from clinics.domain.page_identity import identity_key, site_of
from clinics.domain.page_likelihood import likelihood

MOST_LOOKED_AT: Final = 2_000  # links of one page; more are a trap or an index of everything
MOST_VARIANTS: Final = 5  # addresses that differ only behind the question mark
LONGEST_URL: Final = 2_000  # characters
LONGEST_ANCHOR: Final = 200
_LINKS: Final = "a[href],area[href],link[rel~=alternate i][hreflang][href]"
_SCHEME: Final = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page that may be worth recording. `anchor`: the words of the link that leads there."""

    url: str
    identity: str
    anchor: str

    @property
    def likelihood(self) -> int:
        """How likely it speaks of treatments: see `page_likelihood`."""
        return likelihood(self.url, self.anchor)


Judge = Callable[[str], str]


def links(markup: str, url: str, sites: Collection[str], judge: Judge = judge_url) -> tuple[Candidate, ...]:
    """The pages of these sites (registered domains) that an HTML document links to, as far as they are pages to read.

    `url` is the address at which the document was read, `judge` the address policy: it answers the URL to fetch or
    raises RefusedAddress. In the order of the page. Never raises on any markup.
    """
    tree = LexborHTMLParser(markup)
    base = _base(tree, url)
    found: dict[str, str] = {}
    for node in tree.css(_LINKS)[:MOST_LOOKED_AT]:
        target = _joined(base, (node.attributes.get("href") or "").strip())
        if target and not found.get(target):
            found[target] = _anchor(node)
    return candidates(found.items(), sites, judge)


def candidates(
    found: Collection[tuple[str, str]], sites: Collection[str], judge: Judge = judge_url
) -> tuple[Candidate, ...]:
    """Of addresses with the words of their links, those that are pages of these sites, each identity once."""
    kept: dict[str, Candidate] = {}
    variants: Counter[str] = Counter()
    for target, anchor in found:
        fetched = _page_of(target, sites, judge)
        identity = identity_key(fetched) if fetched else ""
        known = kept.get(identity)
        if known is not None and not known.anchor:
            kept[identity] = Candidate(known.url, identity, anchor)
        elif known is None and 0 < len(identity) <= LONGEST_URL:
            variants[_without_query(identity)] += 1
            if variants[_without_query(identity)] <= MOST_VARIANTS:
                kept[identity] = Candidate(fetched, identity, anchor)
    return tuple(kept.values())


def _without_query(identity: str) -> str:
    return identity.partition("?")[0]


def _page_of(target: str, sites: Collection[str], judge: Judge) -> str:
    """The URL to fetch, where the address is a page of one of the sites and may be visited; else ""."""
    try:
        if len(target) <= LONGEST_URL and site_of(target) in sites and not is_no_page(target):
            fetched = judge(target)
            return fetched if len(fetched) <= LONGEST_URL else ""
    except ValueError:  # a RefusedAddress is one, too
        return ""
    return ""


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return (_joined(url, (node.attributes.get("href") or "").strip()) if node is not None else "") or url


def _joined(base: str, href: str) -> str:
    """The whole address without its fragment; "" for what is no web address, or a place on the same page."""
    scheme = _SCHEME.match(href)
    if not href or href.startswith("#") or (scheme and scheme[1].lower() not in ("http", "https")):
        return ""
    try:
        return urljoin(base, href.replace(" ", "%20")).partition("#")[0]
    except ValueError:
        return ""


def _anchor(node: LexborNode) -> str:
    """The words of a link: its text, else its label, title or picture's description."""
    attributes = node.attributes
    words = node.text(separator=" ") or attributes.get("aria-label") or attributes.get("title") or ""
    if not words.strip():
        picture = node.css_first("img[alt]")
        words = (picture.attributes.get("alt") or "") if picture is not None else attributes.get("alt") or ""
    return " ".join(words.split())[:LONGEST_ANCHOR]
