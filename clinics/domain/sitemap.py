"""What a sitemap names (sitemaps.org, protocol 0.9), read as the work of a stranger.

lxml reads it in a stream: no entity is resolved, no file or network touched, and libxml2's own limits on depth and size
stay on. A document with a DOCTYPE is refused as a whole, because no sitemap needs one and every bomb does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlsplit

from lxml import etree

from clinics.domain.page_likelihood import proposal_data

MOST_NAMED: Final = 5_000  # addresses read of one file; what stands behind them is left
_LONGEST: Final = 2_000  # characters of an address
_MOST_EVENTS: Final = 200_000  # beginnings and ends of elements: what an honest file of so many addresses has


class NotASitemap(ValueError):
    """The document is no sitemap that is read; the message is for staff."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Addresses of pages, and of further sitemaps, in the order in which they stand."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_sitemap(body: bytes) -> Sitemap:
    """The addresses that a sitemap, an index of sitemaps or a plain list of URLs names, at most `MOST_NAMED`.

    A document that breaks off counts as far as it goes. Raises NotASitemap.
    """
    if _is_list(body):
        return Sitemap(tuple(_listed(body)))
    if b"<!DOCTYPE" in body.replace(b"\x00", b""):
        raise NotASitemap("It declares a document type, which no sitemap needs: it is not read.")
    named: dict[str, list[str]] = {"url": [], "sitemap": []}
    try:
        for kind, address in _locations(body):
            named[kind].append(address)
            if len(named["url"]) + len(named["sitemap"]) >= MOST_NAMED:
                break
    except etree.XMLSyntaxError as fault:
        if not any(named.values()):
            raise NotASitemap("It is not well-formed XML.") from fault
    return Sitemap(tuple(named["url"]), tuple(named["sitemap"]))


def _is_list(body: bytes) -> bool:
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:8].lower().startswith((b"http://", b"https://"))


def _listed(body: bytes) -> Iterator[str]:
    """The addresses of a plain list, one a line."""
    lines = body.decode("utf-8-sig", "replace").splitlines()[:MOST_NAMED]
    return (line.strip() for line in lines if line.strip() and len(line) <= _LONGEST)


def _locations(body: bytes) -> Iterator[tuple[str, str]]:
    """("url" or "sitemap", its address), as they come; elements are let go as soon as they end."""
    reading = etree.iterparse(
        BytesIO(body),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: Any = None
    for number, (event, element) in enumerate(reading):
        if root is None:
            root = _checked_root(element)
        if event == "start":
            continue
        parent = element.getparent()
        kind = _local_name(parent) if parent is not None else ""
        if _local_name(element) == "loc" and kind in ("url", "sitemap") and parent.getparent() is root:
            address = (element.text or "").strip()
            if address and len(address) <= _LONGEST:
                yield kind, address
        if parent is root:
            _let_go(element, root)
        if number > _MOST_EVENTS:
            return


def _let_go(element: Any, root: Any) -> None:
    """Forget an element of the root that has ended, and those before it; those behind it are being read already."""
    element.clear()
    while element.getprevious() is not None:
        del root[0]


def _checked_root(element: Any) -> Any:
    if element.getroottree().docinfo.internalDTD is not None:
        raise NotASitemap("It declares a document type, which no sitemap needs: it is not read.")
    if _local_name(element) not in ("urlset", "sitemapindex"):
        raise NotASitemap("It is a document of another kind, not a sitemap.")
    return element


def _local_name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def is_of_little_use(url: str) -> bool:
    """Whether a sitemap's name says that it lists archives, pictures or goods, so that others are read before it."""
    name = urlsplit(url).path.rsplit("/", 1)[-1].lower()
    return any(word in name for word in proposal_data()["sitemaps_last"])
