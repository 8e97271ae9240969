"""Which addresses can prove whose they are: a registered domain that is nobody else's. Those that many share cannot."""

import json
from collections.abc import Iterator
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from clinics.domain.no_page import is_platform
from clinics.domain.page_identity import host_of, is_bare_suffix, is_room_of_another, site_of

META_NAME: Final = "clinic-directory-proof"
FILE_PATH: Final = "/.well-known/clinic-directory-proof.txt"
LONGEST_FILE: Final = 4000  # characters that are looked at
MOST_WORDS: Final = 50


@cache
def shared_sites() -> frozenset[str]:
    """Registered domains at which anybody can have an address or a page."""
    data = json.loads(Path(__file__).with_name("data").joinpath("shared_sites.json").read_text(encoding="utf-8"))
    return frozenset([*data["mail"], *data["room"]])


def own_site(url: str) -> str:
    """The site on which a token proves who owns this address; "" where strangers share it, or one number names it."""
    site = site_of(url)
    shared = is_platform(url) or site in shared_sites() or is_bare_suffix(site) or _is_number(site)
    return "" if shared or "." not in site or "/~" in urlsplit(url).path else site


def mail_site(url: str) -> str:
    """The domain at which mail proves who owns this address; "" also for room that a provider names and rents out."""
    site = own_site(url)
    return "" if is_room_of_another(host_of(url)) else site


def _is_number(site: str) -> bool:
    try:
        ip_address(site)
    except ValueError:
        return False
    return True


def tokens_in_file(text: str) -> list[str]:
    """What may be a token in the file: its first words."""
    return text[:LONGEST_FILE].split()[:MOST_WORDS]


def tokens_in_page(markup: str) -> Iterator[str]:
    """What may be a token on a page: in its head alone, since visitors' comments can stand in its body."""
    tree = LexborHTMLParser(markup)
    for node in tree.css("head > meta[name]")[:200]:
        if (node.attributes.get("name") or "").strip().lower() == META_NAME:
            yield (node.attributes.get("content") or "").strip()


def token_addresses(url: str) -> tuple[str, str]:
    """The file and the front page of the host that an address names, where a token may stand."""
    parts = urlsplit(url)
    start = f"{parts.scheme}://{parts.netloc}"
    return start + FILE_PATH, start + "/"


def is_same_host(recorded: str, other: str) -> bool:
    """Whether an address is on the recorded one's host, with or without “www.”, and not at another's port there."""
    hosts = {host_of(url).removeprefix("www.") for url in (recorded, other)}
    return len(hosts) == 1 and urlsplit(other).port in (None, 80, 443, urlsplit(recorded).port)
