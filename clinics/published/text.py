"""Free text: every word that a visitor types must be found somewhere in what is public about a clinic.

A phone number or web address finds the clinics for which it stands; where there are none, its words are looked for.
What patients call a condition counts as its term, and a state's name as the state. Words within quotation marks are
found where one text of the clinic has them together. Where nothing has the words, names and cities that are written
much like them are found instead, and that is told. The text is answered once for a question, by one query to the index
of the search documents; its clinics are handed on as ids.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import compress

import phonenumbers
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from clinics.domain.category import PUBLIC_SLUGS
from clinics.domain.lay_words import Part, folded, lay_words, parts_of
from clinics.published.clinics import clinic_pages, listed
from clinics.published.index import Index
from clinics.published.sentences import labels_in_all
from clinics.published.spelling import written_like

MOST_WORDS = 8
SHORTEST_NUMBER = 3  # digits by which a longer number may begin
PHONE = re.compile(r"^[+(\d][\d\s().+-]*(?:[A-Za-z]{3,}[\d-]*)?(?:\s*(?:x|ext\.?)\s*\d{1,6})?$")
WEB_ADDRESS = re.compile(r"^(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?::\d+)?(?:[/?#].*)?$", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")

FOUND = "SELECT clinic_id, rank FROM clinics_found({query}, %(in_heads)s::tsquery, %(name)s, %(together)s::text[])"
HAD = "EXISTS (SELECT FROM clinics_found({query}, ''::tsquery, '', '{{}}') WHERE clinic_id = ANY (%(ids)s))"


@dataclass(frozen=True, slots=True)
class Answer:
    """The listed clinics for a text, each with how well it answers (0 the best).

    Where nothing has its words, `instead` are the words of these clinics that are written much like them.
    """

    clinics: Mapping[int, int] = field(default_factory=dict)
    instead: tuple[str, ...] = ()


def clinics_with(text: str, today: date, index: Index) -> Answer:
    """The listed clinics for which a phone number or web address stands, or else on which all words are found.

    Where no clinic has the words, those with names and cities that are written much like them.
    """
    exact = clinics_with_exactly(text, index)
    parts = _parts_of(text)
    if exact or not parts:
        return Answer(exact)
    spellings = index.spellings(today)
    asked = [[part, *_like(part, spellings)] for part in parts]
    close = _found(text, asked)
    return Answer(close, _had_by(close, [part for likes in asked for part in likes[1:]], _ending(text)))


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
    """The words and phrases of a text, but for those without a letter or digit; the first words, and all quoted.

    What looks like a number or address is parted at its signs.
    """
    parts: list[Part] = []
    words = 0
    for part in parts_of(" ".join(WORD.findall(text)) if _may_be_number_or_address(text) else text, _known()):
        words += 0 if part.is_quoted else len(part.words)
        if words <= MOST_WORDS and _words_of(part):
            parts.append(part)
    return parts


def without_a_part(text: str) -> list[tuple[str, str]]:
    """Each word or phrase of the text, with the text that remains without it; none where it is but one."""
    parts = _parts_of(text)
    if len(parts) < 2:
        return []
    texts = [part.text for part in parts]
    return [(" ".join(part.words), " ".join(texts[:at] + texts[at + 1 :])) for at, part in enumerate(parts)]


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    """Phrases with their meaning: lay words, and the names of states and of categories in every language."""
    states = {folded(name): (f"state:{code}",) for code, name in labels_in_all("state")}
    keys = {slug: key for key, slug in PUBLIC_SLUGS.items()}
    categories = {folded(name): (f"claim_category:{keys[slug]}",) for slug, name in labels_in_all("claim_category")}
    return {**categories, **states, **lay_words()}


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
    """What is written much like a single word, to stand in its place; nothing for what is quoted."""
    if len(part.words) > 1 or part.is_quoted:
        return []
    likest = (word for word in written_like(part.words[0], spellings) if folded(word) != folded(part.words[0]))
    return [other for word in likest for other in parts_of(word, _known())]


class _Named(dict[str, str]):
    """Parameters of a query, named as they come."""

    def __call__(self, value: str) -> str:
        name = f"p{len(self)}"
        self[name] = value
        return f"%({name})s"


def _found(text: str, asked: list[list[Part]]) -> dict[int, int]:
    """The clinics whose documents have one of the parts of each list, with how well they answer."""
    named, ending = _Named(), _ending(text)
    query = " && ".join("(" + " || ".join(_of_part(part, ending, named) for part in parts) + ")" for parts in asked)
    words = [word for parts in asked for word in _words_of(parts[0])]
    heads = " & ".join(f"{_quoted(word)}{ending}" for word in words)
    together = [_as_said(part) for parts in asked for part in parts if part.is_quoted]
    given = {**named, "in_heads": heads, "name": folded(text)}
    with connection.cursor() as cursor:
        cursor.execute(FOUND.format(query=query), {**given, "together": together})
        return dict(cursor.fetchall())


def _ending(text: str) -> str:
    """What may follow the words of a text, as a query writes it: whatever does, or nothing.

    Those of what looks like an address or number count only whole: many texts have “combined”, but nobody who asks for
    a “.com” means them.
    """
    return "" if _may_be_number_or_address(text) else ":*"


def _had_by(clinics: Collection[int], parts: list[Part], ending: str) -> tuple[str, ...]:
    """The parts that any of the clinics has, as they are written; of those that mean the same the first."""
    if not clinics or not parts:
        return ()
    named = _Named()
    each = ", ".join(HAD.format(query=_of_part(part, ending, named)) for part in parts)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}", {**named, "ids": list(clinics)})
        had = cursor.fetchone()
    words: dict[tuple[str, ...], str] = {}
    for part in compress(parts, had):
        words.setdefault(part.meanings or part.words, part.text)
    return tuple(words.values())


def _as_said(part: Part) -> str:
    """The words together, as a document's texts have them: a space before and behind each."""
    return f" {' '.join(_words_of(part))} "


def _of_part(part: Part, ending: str, named: Callable[[str], str]) -> str:
    """All of its words, with what may follow them or by their stem in either language; or one of its meanings.

    Of what is quoted the words as they are: where they stand together is looked for among the clinics that have them.
    """
    if part.is_quoted:
        return named(" & ".join(_quoted(word) for word in dict.fromkeys(_words_of(part)))) + "::tsquery"
    words = " && ".join(_of_word(word, ending, named) for word in _words_of(part))
    meanings = "".join(f" || {named(_quoted(meaning))}::tsquery" for meaning in part.meanings)
    return f"(({words}){meanings})"


def _of_word(word: str, ending: str, named: Callable[[str], str]) -> str:
    """With what may follow it or by its stem; a short number only whole: “type 1” begins no register's number."""
    begins = "" if word.isdigit() and len(word) < SHORTEST_NUMBER else ending
    begun, whole = named(f"{_quoted(word)}{begins}"), named(_quoted(word))
    return f"({begun}::tsquery || to_tsquery('english', {whole}) || to_tsquery('spanish', {whole}))"


def _quoted(lexeme: str) -> str:
    """A lexeme as a query writes it. Folded words and terms hold no quotes or backslashes."""
    return f"'{lexeme}'"
