"""Products that a regulator has licensed, approved or cleared, and sentences that say so and nothing else.

A clinic that writes "Ryoncil is FDA approved for children with steroid-refractory acute GVHD" states a fact. The same
words about knees, about "Ryoncil-type" cells, or with half a sentence about the clinic's own cells behind them, do
not. So a sentence is taken as true only where *all* of it is one of the known shapes of such a statement
(`data/true_statements.json`), filled with the names, uses and people of one approved product. Whatever else it says
makes it an ordinary sentence again. The products are dated, sourced data (`data/approved_products.json`).
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import re2

from clinics.domain.normal import normalise
from clinics.domain.rule import Citation
from clinics.domain.wording import compiled, plain, word_groups

_DATA: Final = Path(__file__).with_name("data")
_NO_WORD: Final = re.compile(r"[^\w«»]+")
_GROUP: Final = re.compile(r"<([a-z]+)>")
_NAMES_IN_A_ROW: Final = re.compile(r"(?:«n» ){2,}")  # a brand name and, in brackets, the substance
_NAME, _USE, _PEOPLE = "«n»", "«u»", "«p»"
_LONGEST: Final = 600  # characters of a sentence that may be a plain statement


class Kind(StrEnum):
    """What a product is to its regulator."""

    CELL_OR_GENE_THERAPY = "cell_or_gene_therapy"
    CORD_BLOOD = "cord_blood"
    DRUG_CLASS = "drug_class"
    CLEARED_DEVICE = "cleared_device"
    OTHER_MEDICINE = "other_medicine"


class ProductFault(ValueError):
    """A product can't be used; the message says for staff what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class ApprovedProduct:
    """An approved product. `names`, `uses` and `people` are RE2 patterns for whole words, in any language."""

    key: str
    title: str
    kind: Kind
    names: tuple[str, ...]
    uses: tuple[str, ...]  # the approved use, as sentences put it
    people: tuple[str, ...]  # for whom it is approved, as sentences put it
    indication: str  # the approved use in words, for staff
    source: Citation
    alone: bool = False  # whether its approval may be stated without its use: for brand names
    must: tuple[str, ...] = ()  # true statements about it
    must_not: tuple[str, ...] = ()  # sentences that resemble them and say something else

    @property
    def matching(self) -> tuple[object, ...]:
        """All that bears on which sentences are true of it."""
        return self.verb, self.alone, self.names, self.uses, self.people

    @property
    def verb(self) -> str:
        """What its regulator did: a device is cleared, which is less than licensed."""
        return "cleared" if self.kind is Kind.CLEARED_DEVICE else "licensed"

    @property
    def reason(self) -> str:
        """Why a true statement about it is not flagged."""
        return f"{self.title} is {self.verb} for {self.indication}; source {self.source.title}, {self.source.date}."


@cache
def shipped_products() -> tuple[ApprovedProduct, ...]:
    """The products of `data/approved_products.json`, in the order of their keys."""
    content = json.loads((_DATA / "approved_products.json").read_text(encoding="utf-8"))
    return tuple(sorted((_product(facts) for facts in content["products"]), key=lambda product: product.key))


def shipped_product_facts() -> dict[str, dict[str, Any]]:
    """What the data file says of each product beyond what matching needs, by key: its date and remarks."""
    content = json.loads((_DATA / "approved_products.json").read_text(encoding="utf-8"))
    return {facts["key"]: facts for facts in content["products"]}


@cache
def unread_sources() -> frozenset[tuple[str, str, str]]:
    """Product's key, address and day of each source that the data file names without anybody having read it."""
    return frozenset(
        (key, facts["source"]["url"], facts["source"]["date"])
        for key, facts in shipped_product_facts().items()
        if not facts["source_read"]
    )


def _product(facts: dict[str, Any]) -> ApprovedProduct:
    return ApprovedProduct(
        key=facts["key"],
        title=facts["title"],
        kind=Kind(facts["kind"]),
        names=_of_all_languages(facts["names"]),
        uses=_of_all_languages(facts["uses"]),
        people=_of_all_languages(facts["people"]),
        indication=facts["indication"],
        source=Citation(**facts["source"]),
        alone=facts["alone"],
        must=tuple(facts["must"]),
        must_not=tuple(facts["must_not"]),
    )


def _of_all_languages(patterns: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(pattern for language in patterns.values() for pattern in language)


def true_statement(text: str, products: Iterable[ApprovedProduct]) -> str:
    """The reason why a sentence is a true statement about an approved product; "" where it is not, or says more.

    Where it names several products, what it says has to be true of each.
    """
    words = plain(normalise(text).text)
    if len(words) > _LONGEST or "?" in words or "«" in words or "»" in words:
        return ""
    named = [product for product in products if _spans(product.names, words)]
    for product in named:
        if _is_stated(words, product, product.names):
            return product.reason
    together = tuple(name for product in named for name in product.names)
    if len(named) > 1 and all(_is_stated(words, product, together) for product in named):
        return " ".join(product.reason for product in named)
    return ""


def any_name(products: Iterable[ApprovedProduct]) -> Any:
    """A pattern that finds the name of any of the products in a plain text: without one, nothing is true of them."""
    return compiled("|".join(_whole_words(name) for product in products for name in product.names))


def _is_stated(words: str, product: ApprovedProduct, names: Sequence[str]) -> bool:
    filled = _replaced(words, ((_NAME, names), (_USE, product.uses), (_PEOPLE, product.people)))
    if _NAME not in filled or (_USE not in filled and not product.alone):
        return False
    said = _NAMES_IN_A_ROW.sub("«n» ", _NO_WORD.sub(" ", filled).strip() + " ")
    return any(frame.fullmatch(said) is not None for frame in _frames(product.verb))


def _replaced(words: str, kinds: Iterable[tuple[str, Sequence[str]]]) -> str:
    """The text with each kind's words replaced by its mark; what an earlier kind took is not taken again."""
    taken: list[tuple[int, int, str]] = []
    for mark, patterns in kinds:
        for start, end in _spans(patterns, words):
            if all(end <= first or last <= start for first, last, _ in taken):
                taken.append((start, end, mark))
    for start, end, mark in sorted(taken, reverse=True):
        words = f"{words[:start]} {mark} {words[end:]}"
    return words


def _spans(patterns: Sequence[str], words: str) -> list[tuple[int, int]]:
    """Where the patterns' words stand: the first, and of those that begin together the longest."""
    spans = {found.span() for pattern in patterns for found in compiled(_whole_words(pattern)).finditer(words)}
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _whole_words(pattern: str) -> str:
    return rf"\b(?:{pattern})\b"


@lru_cache(maxsize=2)
def _frames(verb: str) -> tuple[Any, ...]:
    """The shapes of a statement about a licensed, or about a cleared, product."""
    languages = json.loads((_DATA / "true_statements.json").read_text(encoding="utf-8"))["languages"]
    return tuple(frame for shapes in languages.values() for frame in _frames_of(shapes, verb))


def _frames_of(shapes: dict[str, Any], verb: str) -> Iterable[Any]:
    groups: dict[str, str] = {}
    for name, pattern in shapes["groups"].items():
        groups[name] = _filled(pattern, groups)
    groups["given"] = _filled(shapes[verb], groups)
    groups["gives"] = _filled(shapes["clears" if verb == "cleared" else "licenses"], groups)
    return [compiled(_filled(frame, groups)) for frame in shapes["frames"]]


def _filled(pattern: str, groups: dict[str, str]) -> str:
    return _GROUP.sub(lambda place: groups[place[1]], pattern)


def check_product(product: ApprovedProduct) -> None:
    """Refuse a product that can't be used as it stands. Raises ProductFault, naming the pattern or the example."""
    if not product.names or not product.uses:
        raise ProductFault(f"“{product.title}” lacks a name or an approved use to know its statements by; add it.")
    for pattern in (*product.names, *product.uses, *product.people):
        _check_pattern(product, pattern)
    for example in product.must:
        if not true_statement(example, [product]):
            raise ProductFault(
                f"“{example}” is to be a true statement about {product.title}, and is not taken as one. "
                "Mend the example, or add the words that it uses to the names, uses or people."
            )
    for example in product.must_not:
        if true_statement(example, [product]):
            raise ProductFault(
                f"“{example}” is taken as a true statement about {product.title} and must not be. Narrow the patterns."
            )


def _check_pattern(product: ApprovedProduct, pattern: str) -> None:
    where = f"The pattern “{pattern[:200]}” of {product.title}"
    try:
        made = compiled(_whole_words(pattern))
    except KeyError as unknown:
        names = ", ".join(sorted(word_groups()))
        raise ProductFault(
            f"{where} names the word group {unknown}, which does not exist; the groups are {names}."
        ) from None
    except re2.error as error:
        reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise ProductFault(f"{where} can't be read by RE2 ({reason}); mend its syntax.") from None
    if any(made.fullmatch(harmless) for harmless in ("", "x", "our cells")) or ".*" in pattern or ".+" in pattern:
        raise ProductFault(f"{where} matches any words; write the words themselves.")
