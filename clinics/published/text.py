"""Free text: every word that a visitor types must be found somewhere in what is public about a clinic.

A phone number or web address finds the clinics for which it stands; where there are none, its words are looked for.
What patients call a condition counts as its term, and a state's name as the state. Where nothing has the words, names
and cities that are written much like them are found instead, and that is told. The text is answered once for a
question, by one query to the index of the search documents; its clinics are handed on as ids.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import phonenumbers
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from clinics.domain.lay_words import Part, folded, lay_words, parts_of
from clinics.published.clinics import clinic_pages, listed
from clinics.published.index import Index
from clinics.published.sentences import labels_in_all
from clinics.published.spelling import written_like

MOST_WORDS = 8
PHONE = re.compile(r"^[+(\d][\d\s().+-]*(?:[A-Za-z]{3,}[\d-]*)?(?:\s*(?:x|ext\.?)\s*\d{1,6})?$")
WEB_ADDRESS = re.compile(r"^(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?::\d+)?(?:[/?#].*)?$", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")

FOUND = "SELECT clinic_id, rank FROM clinics_found({query}, %(in_heads)s::tsquery, %(name)s)"


@dataclass(frozen=True, slots=True)
class Answer:
    """The listed clinics for a text, each with how well it answers (0 the best); `is_close` where nothing has its
    words, and these are written much like it."""

    clinics: Mapping[int, int] = field(default_factory=dict)
    is_close: bool = False


@dataclass(frozen=True, slots=True)
class _Query:
    """A condition on a document's text, with its parameters."""

    sql: str
    params: Mapping[str, str]


def clinics_with(text: str, today: date, index: Index) -> Answer:
    """The listed clinics for which a phone number or web address stands, or else on which all words are found.

    Where no clinic has the words, those with names and cities that are written much like them.
    """
    exact = clinics_with_exactly(text, index)
    parts = _parts_of(text)
    if exact or not parts:
        return Answer(exact)
    spellings = index.spellings(today)
    close = _found(text, [[part, *_like(part, spellings)] for part in parts])
    return Answer(close, is_close=bool(close))


def clinics_with_exactly(text: str, index: Index) -> Mapping[int, int]:
    """The same, without those that are only written much like them."""
    if standing := _clinics_at(text, index):
        return dict.fromkeys(standing, 0)
    parts = _parts_of(text)
    return _found(text, [[part] for part in parts]) if parts else {}


def _clinics_at(text: str, index: Index) -> Iterable[int]:
    """The listed clinics for which a phone number or web address stands; none where the text is neither."""
    if number := _phone_in(text):
        return index.places.with_phone(number) & index.listed
    if address := WEB_ADDRESS.match(text):
        return listed().filter(_has_address(address[1].lower())).order_by().values_list("pk", flat=True)
    return ()


def _may_be_number_or_address(text: str) -> bool:
    """Whether it looks like a phone number or web address. “St.Louis” and “33130-1234” look so, too."""
    return bool(_phone_in(text) or WEB_ADDRESS.match(text))


def _parts_of(text: str) -> list[Part]:
    """The words and phrases of a text, but for those without a letter or digit.

    What looks like a number or address is parted at its signs.
    """
    words = WORD.findall(text) if _may_be_number_or_address(text) else text.split()
    return [part for part in parts_of(" ".join(words[:MOST_WORDS]), _known()) if _words_of(part)]


def without_a_part(text: str) -> list[tuple[str, str]]:
    """Each word or phrase of the text, with the text that remains without it; none where it is but one."""
    parts = [" ".join(part.words) for part in _parts_of(text)]
    if len(parts) < 2:
        return []
    return [(part, " ".join([*parts[:place], *parts[place + 1 :]])) for place, part in enumerate(parts)]


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    """Phrases with their meaning: lay words, and the names of states in every language."""
    states = {folded(name): (f"state:{code}",) for code, name in labels_in_all("state")}
    return {**states, **lay_words()}


def among(ids: Iterable[int]) -> Q:
    """The condition of being one of the clinics, however many, as one parameter."""
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [list(ids)]))


def _phone_in(text: str) -> str:
    """The digits of a telephone number within its country; "" where the text is none."""
    if not PHONE.match(text) or sum(sign.isalnum() for sign in text) < 7:
        return ""
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return ""
    return str(number.national_number)


def _has_address(host: str) -> Q:
    """That one of the clinic's own pages, or its site, lies at the host or at one that the host's name ends in."""
    labels = host.removeprefix("www.").split(".")
    names = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    hosts = [*names, *(f"www.{name}" for name in names)]
    pages = clinic_pages().filter(page__host__name__in=hosts).order_by().values("clinic")
    return Q(website__host__name__in=hosts) | Q(pk__in=pages)


def _words_of(part: Part) -> list[str]:
    return folded(" ".join(part.words)).split()


def _like(part: Part, spellings: Mapping[str, str]) -> list[Part]:
    """What is written much like a single word, to stand in its place."""
    if len(part.words) > 1:
        return []
    return [other for word in written_like(part.words[0], spellings) for other in parts_of(word, _known())]


def _found(text: str, asked: list[list[Part]]) -> dict[int, int]:
    """The clinics whose documents have one of the parts of each list, with how well they answer.

    Words count as they begin; those of what looks like an address or number only whole: many texts have “combined”, but
    nobody who asks for a “.com” means them.
    """
    ending = "" if _may_be_number_or_address(text) else ":*"
    params: dict[str, str] = {}

    def named(value: str) -> str:
        params[f"p{len(params)}"] = value
        return f"%(p{len(params) - 1})s"

    query = " && ".join("(" + " || ".join(_of_part(part, ending, named) for part in parts) + ")" for parts in asked)
    words = [word for parts in asked for word in _words_of(parts[0])]
    heads = " & ".join(f"{_quoted(word)}{ending}" for word in words)
    with connection.cursor() as cursor:
        cursor.execute(FOUND.format(query=query), {**params, "in_heads": heads, "name": folded(text)})
        return dict(cursor.fetchall())


def _of_part(part: Part, ending: str, named: Callable[[str], str]) -> str:
    """All of its words, with what may follow them or by their stem in either language; or one of its meanings."""
    words = " && ".join(_of_word(word, ending, named) for word in _words_of(part))
    meanings = "".join(f" || {named(_quoted(meaning))}::tsquery" for meaning in part.meanings)
    return f"(({words}){meanings})"


def _of_word(word: str, ending: str, named: Callable[[str], str]) -> str:
    begun, whole = named(f"{_quoted(word)}{ending}"), named(_quoted(word))
    return f"({begun}::tsquery || to_tsquery('english', {whole}) || to_tsquery('spanish', {whole}))"


def _quoted(lexeme: str) -> str:
    """A lexeme as a query writes it. Folded words and terms hold no quotes or backslashes."""
    return f"'{lexeme}'"
