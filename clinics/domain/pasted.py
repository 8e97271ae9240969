"""What a person copied about a clinic – a letterhead, a contact page, an address – taken apart into its fields.

Everything that comes out is a proposal for a form, and nothing of it is more than was pasted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import phonenumbers
import usaddress

from clinics.domain.no_page import is_platform
from clinics.domain.page_identity import site_of

LONGEST: Final = 20_000  # characters that are looked at
_URL: Final = re.compile(r"\bhttps?://[^\s<>\"“”()]+", re.IGNORECASE)
_BARE: Final = re.compile(
    r"(?<![@\w.-])(?:www\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?:/[^\s<>\"“”()]*)?(?![\w@])",
    re.IGNORECASE,
)
_MAIL: Final = re.compile(r"\S+@\S+\.\w+")
_ZIP: Final = re.compile(r"\b\d{5}(?:-\d{4})?(?=\W*(?:(?:US|USA|United States)\W*)?$)", re.IGNORECASE)
_LEADING_WORD: Final = re.compile(
    r"^(?:address|phone|tel|telephone|fax|call|web|website|e-?mail|name|clinic)\b\s*[:.]\s*", re.I
)
_NO_STREET: Final = frozenset(
    ("PlaceName", "StateName", "ZipCode", "ZipPlus4", "CountryName", "Recipient", "NotAddress")
)


@dataclass(frozen=True, slots=True)
class PastedPlace:
    """A US address in its parts, as typed; `state` only where its two letters stood there."""

    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was found. `website` is the site's first page; `pages` are other addresses of it, and of other sites."""

    name: str = ""
    website: str = ""
    pages: tuple[str, ...] = ()
    places: tuple[PastedPlace, ...] = ()
    phones: tuple[str, ...] = ()

    @property
    def suggested_name(self) -> str:
        """A name that the site's address suggests, where none was pasted: for a person to judge."""
        return "" if self.name else name_from_site(self.website)


def take_apart(text: str) -> Pasted:
    """The fields in a pasted text. Raises nothing."""
    text = text[:LONGEST]
    urls, rest = _urls(text)
    phones, rest = _phones(rest)
    places, rest = _places(rest)
    website, pages = _site(urls)
    return Pasted(_name(rest), website, pages, places, phones)


def addresses(text: str) -> list[str]:
    """The addresses of a list, one a line or separated by spaces; “https://” put before those that lack it."""
    return [with_scheme(word) for word in text.split()]


def with_scheme(word: str) -> str:
    """An address as a browser's bar takes it: “https://” put before one that begins with its host."""
    return f"https://{word}" if ":" not in word.partition("/")[0] and _BARE.fullmatch(word) else word


def _urls(text: str) -> tuple[list[str], str]:
    text = _MAIL.sub(" ", text)
    found = [(match.start(), match[0].rstrip(".,;:!?'")) for match in _URL.finditer(text)]
    text = _URL.sub(lambda match: " " * len(match[0]), text)
    found += [(match.start(), f"https://{match[0].rstrip('.,;:!?')}") for match in _BARE.finditer(text)]
    return [url for _, url in sorted(found)], _BARE.sub(" ", text)


def _site(urls: list[str]) -> tuple[str, tuple[str, ...]]:
    """The website that the first address belongs to, and the addresses that are not its first page."""
    if not urls:
        return "", ()
    parts = urlsplit(urls[0])
    website = urls[0] if is_platform(urls[0]) else f"{parts.scheme.lower()}://{parts.netloc.lower()}/"
    pages = (url for url in dict.fromkeys(urls) if url.rstrip("/").lower() != website.rstrip("/"))
    return website, tuple(pages)


def _phones(text: str) -> tuple[tuple[str, ...], str]:
    found = [match.raw_string for match in phonenumbers.PhoneNumberMatcher(text, "US", phonenumbers.Leniency.POSSIBLE)]
    found = [number for number in found if len(re.findall(r"\d", number)) >= 10]
    for number in found:
        text = text.replace(number, " ")
    return tuple(dict.fromkeys(found)), text


def _lines(text: str) -> list[str]:
    tidy = (_LEADING_WORD.sub("", " ".join(line.split())).strip(" ,;|·–-") for line in text.splitlines())
    return [line for line in tidy if line]


def _places(text: str) -> tuple[tuple[PastedPlace, ...], str]:
    """Each line that ends in a ZIP, with the line before it where that holds the street."""
    places: list[PastedPlace] = []
    left: list[str] = []
    for line in _lines(text):
        if not _ZIP.search(line):
            left.append(line)
            continue
        if not re.match(r"\d|#|P\.?\s?O\.?\b", line, re.IGNORECASE) and not _street_in(line):
            while left and re.search(r"\d", left[-1]):
                line = f"{left.pop()}, {line}"
        places.append(_place(line))
    return tuple(places), "\n".join(left)


def _street_in(line: str) -> bool:
    return bool(_place(line).street)


def _place(line: str) -> PastedPlace:
    parts: dict[str, str] = {}
    street: list[str] = []
    for word, label in usaddress.parse(line):
        token = word.strip(" ,;()")
        if label in _NO_STREET:
            parts[label] = f"{parts.get(label, '')} {token}".strip()
        elif token:
            street.append(word.rstrip(";()"))
    state = parts.get("StateName", "").replace(".", "").upper()
    code = _ZIP.search(line)
    return PastedPlace(
        " ".join(street).strip(" ,").replace("# ", "#"),
        parts.get("PlaceName", ""),
        state if re.fullmatch("[A-Z]{2}", state) else "",
        code[0] if code else "",
    )


def _name(text: str) -> str:
    """The first line that is left and has a word, as it was pasted."""
    return next((line[:200] for line in _lines(text) if re.search(r"[^\W\d_]{2}", line)), "")


def name_from_site(url: str) -> str:
    """A name from a site's domain: its words where hyphens part them, each with a capital; "" without a site."""
    if not url or is_platform(url):
        return ""
    return " ".join(_capitals(site_of(url).partition(".")[0]))


def _capitals(label: str) -> Iterator[str]:
    return (word[:1].upper() + word[1:] for word in re.split(r"[-_]+", label) if word)
