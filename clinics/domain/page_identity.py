"""When two addresses mean the same page, the same host, the same site."""

import json
from functools import cache, lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import tldextract

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_KEPT: Final = ":@!$&'()*+,;=~"


@cache
def _tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    """Names, and beginnings of names, of query parameters that say where a visitor came from."""
    file = Path(__file__).with_name("data") / "tracking.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    return frozenset(data["names"]), tuple(data["prefixes"])


@cache
def _suffixes() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def identity_key(url: str) -> str:
    """The key under which a page is recorded once, however its address was typed.

    Scheme, "www.", default port, fragment, tracking parameters, a closing slash, the case of the host and the
    order of the query do not matter. Raises ValueError where the address has no host.
    """
    parts = urlsplit(url.strip())
    host = host_of(url).removeprefix("www.")
    port = "" if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme.lower())) else f":{parts.port}"
    path = "/".join(map(_segment, parts.path.split("/"))).rstrip("/")
    query = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(pair[0]))
    return f"{host}{port}{path or '/'}" + (f"?{urlencode(query)}" if query else "")


def _segment(text: str) -> str:
    """A part of a path in its one escaped form; an escaped slash stays apart from a real one."""
    return quote(unquote(text, errors="surrogateescape"), safe=_KEPT, errors="surrogateescape")


def _is_tracking(name: str) -> bool:
    names, prefixes = _tracking()
    lowered = name.lower()
    return lowered in names or lowered.startswith(prefixes)


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """The host of an address in lower case, international names in their ASCII form, without a closing dot.

    Raises ValueError where there is none.
    """
    host = (urlsplit(url.strip()).hostname or "").rstrip(".")
    if not host:
        raise ValueError(f"No host in the address {url!r}.")
    return _ascii(host)


@lru_cache(maxsize=4096)
def _ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError as fault:
        raise ValueError(f"The host name {host!r} cannot be written in ASCII.") from fault


def site_of(url: str) -> str:
    """The registered domain that an address belongs to ("a.clinic.co.uk" → "clinic.co.uk").

    Endings that no public list knows (".test", ".example") count their last label; an IP address is its own site.
    """
    return _site(host_of(url))


@lru_cache(maxsize=4096)
def _site(host: str) -> str:
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    found = _suffixes()(host)
    if found.suffix:
        return found.top_domain_under_public_suffix or host
    return ".".join(host.split(".")[-2:])


def is_room_of_another(host: str) -> bool:
    """Whether the name lies under a provider's that rents it out ("clinic.wixsite.com"), as the public list says."""
    return bool(_suffixes()(host).is_private)


def is_bare_suffix(host: str) -> bool:
    """Whether the name is an ending below which others register theirs ("co.uk", "wixsite.com")."""
    found = _suffixes()(host)
    return bool(found.suffix) and not found.domain
