"""Where a host's sitemaps stand, and their bytes without a gzip file around them."""

from itertools import islice
from typing import Final

from protego import Protego

from clinics.web.documents import DocumentFault
from clinics.web.inflate import inflate
from clinics.web.limits import Limits
from clinics.web.trouble import Trouble

MOST_NAMED: Final = 20  # lines of a robots.txt that are listened to
_GZIP: Final = b"\x1f\x8b"


def sitemaps_named(robots_text: str) -> tuple[str, ...]:
    """The addresses behind the Sitemap lines of a robots.txt, as they stand there; they may lead anywhere."""
    return tuple(islice(Protego.parse(_only_sitemaps(robots_text)).sitemaps, MOST_NAMED))


def _only_sitemaps(text: str) -> str:
    """The file without its rules: thousands of agents' names times thousands of rules is a bomb."""
    return "\n".join(line for line in text.splitlines() if line.lstrip().lower().startswith("sitemap"))


def plain_sitemap(body: bytes, limits: Limits) -> bytes:
    """The body, unpacked where it is a gzip file ("sitemap.xml.gz").

    Raises DocumentFault for a damaged file, and for one that unpacks to more than a page may have.
    """
    if not body.startswith(_GZIP):
        return body
    try:
        return inflate(body, "gzip", max_bytes=limits.max_bytes, max_ratio=limits.max_ratio)
    except Trouble as trouble:
        raise DocumentFault(trouble.reason) from trouble
