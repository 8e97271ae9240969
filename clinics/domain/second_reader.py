"""A second reader of sentences: a linear model, trained from labelled wording, beside the rules.

It ranks what the rules flagged, holds back what broad rules flag and it does not take as a claim, and suggests
sentences that no rule matched, naming the words that moved it. It is shipped as a file of whole numbers with a card
that says from which data it was made; reading needs no library for learning.
"""

import hashlib
import json
import re
import zlib
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import exp, sqrt
from operator import mul
from pathlib import Path
from typing import Final

from clinics.domain.reader_features import GROUPS, SIZE, Groups, features, kinds_of, small_letters
from clinics.domain.rule import Citation, Rule, Severity, Stance
from clinics.domain.surroundings import NAMES, Bearing
from clinics.domain.unmasking import unmasked
from clinics.domain.wording import plain

Numbers = Sequence[int]  # of 16 bits, in an array
KEY: Final = "second_reader"
CATEGORY_SIZE: Final = 1 << 15  # features by which a suggestion's category is told
PLACE_SIZE: Final = 1 << 17  # features by which a sentence bears on what stands beside it
VOICE, IN_PLACE, HEADING, TO_THE_NEXT, TO_THE_ONE_BEFORE = TABLES = (
    "voice",
    "in place",
    "heading",
    "to the next",
    "to the one before",
)
_DATA: Final = Path(__file__).with_name("data")
_WORD: Final = re.compile(r"\w\S*\w|\w")
_HEADING: Final = 1_000  # characters of a heading that are read, from its end
_KINDS: Final = GROUPS.index("kinds")
_NAMED: Final = 4  # words that a suggestion names at most
_COUNTED: Final = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """A rule's match as the second reader looks at it."""

    rule: str
    category: str
    stance: Stance
    flagged: bool


@dataclass(frozen=True, slots=True)
class Model:
    """Weights as whole numbers, each worth `step`; for each category weights of its own.

    `place` holds what the kinds of words add to what stands beside them, by the names in TABLES, with what a whole
    number in each is worth; nothing where no labelled pages taught it.
    """

    weights: Numbers
    step: float
    bias: float
    categories: Mapping[str, tuple[float, Numbers]]
    category_step: float
    place: Mapping[str, tuple[float, Numbers]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bars:
    """Shares, 0 to 1, from which the second reader's word counts.

    On a page most sentences are harmless, while one that stands alone was picked by somebody: under a heading more is
    asked of it.
    """

    suggest: float  # a sentence in which no rule found words
    uphold: float  # a sentence that a rule in need of consent flags
    overrule: float  # a sentence in which rules found words and took none for a claim
    under_heading: float  # at least, of any sentence that stands under a heading
    suggest_in_place: float  # a sentence of a page that no rule flags, weighed with what stands around it
    uphold_in_place: float  # a sentence of a page that a rule in need of consent flags, weighed likewise
    sure: float  # by its own words, from which what stands around a sentence does not count …
    sure_with_rule: float  # … and where a rule flags it besides
    least_in_place: float = 0.0  # by its own words, of what is suggested for what stands around it

    def for_suggesting(self, *, under_heading: bool, words_found: bool) -> float:
        """From which share a sentence that no rule flags is suggested."""
        return max(self.overrule if words_found else self.suggest, self.under_heading if under_heading else 0.0)

    def for_upholding(self, *, under_heading: bool) -> float:
        """From which share a flag that needs consent has it."""
        return self.under_heading if under_heading else self.uphold


@dataclass(frozen=True, slots=True)
class Card:
    """What a model says of itself.

    `number` grows with each training, `date` is ISO. Only the rules in `seconded` need its consent. `place` are the
    weights of what stands around a sentence, by the names of `surroundings`, with "bias"; none where no labelled pages
    taught them.
    """

    number: int
    data_hash: str
    date: str
    bars: Bars
    seconded: frozenset[str]
    place: Mapping[str, float] = field(default_factory=dict)


class SecondReader:
    """Reads one sentence at a time: the same one always gets the same share, which its page then weighs anew."""

    def __init__(self, model: Model, card: Card) -> None:
        self.card: Final = card
        self.model: Final = model
        self.version: Final = _version(model, card)
        self._weigh = model.weights.__getitem__
        self._place = [card.place.get(name, 0.0) for name in NAMES] if card.place else []

    def share_of(self, groups: Groups) -> float:
        """How sure it is, 0 to 1, that a sentence with these features makes a risky claim."""
        return 1 / (1 + exp(-self._sum(groups)))

    def knows_pages(self) -> bool:
        """Whether it learned what stands around sentences."""
        return bool(self._place)

    def bearing(self, groups: Groups) -> Bearing:
        """What a sentence with these features says of what stands beside it."""
        if not self.model.place:
            return Bearing()
        kinds = place_kinds(groups)
        return Bearing(*(self._adds(name, kinds) for name in (VOICE, IN_PLACE, TO_THE_NEXT, TO_THE_ONE_BEFORE)))

    def heading(self, text: str) -> float:
        """What a heading, as it stands, adds to the sentences right under it."""
        if not self.model.place:
            return 0.0
        return self._adds(HEADING, heading_kinds(text))

    def _adds(self, table: str, kinds: Collection[int]) -> float:
        step, weights = self.model.place[table]
        return step * sum(map(weights.__getitem__, kinds)) / sqrt(len(kinds))

    def share_in_place(self, numbers: Iterable[float]) -> float:
        """How sure it is, 0 to 1, of a claim where the sentence stands, from the numbers of `around`."""
        return 1 / (1 + exp(-self.card.place["bias"] - sum(map(mul, self._place, numbers))))

    def moved_by(self, words: str, matches: Iterable[Seen] = ()) -> list[tuple[int, int]]:
        """The places of the words without which it would be least sure, in the order of the sentence; at least one."""
        marks = context(matches)
        places = [found.span() for found in _WORD.finditer(words)]
        whole = self._score(words, marks)
        losses = [(whole - self._score(words[:start] + words[end:], marks), start, end) for start, end in places]
        usual = sum(loss for loss, _, _ in losses) / max(1, len(losses))  # a shorter sentence always weighs otherwise
        moving = [(start, end) for loss, start, end in sorted(losses, reverse=True)[:_NAMED] if loss > usual]
        return sorted(moving or places[:1])

    def category(self, words: str) -> str:
        """The category that a sentence most resembles."""
        seen = [each & (CATEGORY_SIZE - 1) for each in features(words)[_KINDS]]
        scores = {
            name: bias + self.model.category_step * sum(map(weights.__getitem__, seen)) / sqrt(len(seen))
            for name, (bias, weights) in self.model.categories.items()
        }
        return max(scores, key=lambda name: scores[name])

    def _score(self, words: str, marks: tuple[str, ...]) -> float:
        return self._sum(features(words, marks))

    def _sum(self, groups: Groups) -> float:
        return self.model.bias + self.model.step * sum(
            sum(map(self._weigh, group)) / sqrt(len(group)) for group in groups if group
        )


def context(matches: Iterable[Seen]) -> tuple[str, ...]:
    """Marks of what the rules found in a sentence."""
    marks: list[str] = []
    flagged = found = 0
    for seen in matches:
        found += 1
        flagged += seen.flagged
        marks += (f"rule {seen.rule} {seen.stance}", f"category {seen.category} {seen.stance} {seen.flagged}")
    marks.append(f"flagged {min(flagged, _COUNTED)}" if flagged or not found else "found, not flagged")
    return tuple(marks)


def place_kinds(groups: Groups) -> Collection[int]:
    """The kinds of words by which a sentence bears on what stands beside it."""
    return _folded(groups[_KINDS])


def heading_kinds(text: str) -> Collection[int]:
    """The same of a heading, as it stands on the page."""
    return _folded(kinds_of(small_letters(plain(unmasked(text[-_HEADING:]).text))))


def _folded(kinds: Collection[int]) -> Collection[int]:
    return {kind & (PLACE_SIZE - 1) for kind in kinds}


def _version(model: Model, card: Card) -> str:
    """Changes with anything that bears on what a reader says."""
    told = hashlib.sha256(repr((card.bars, sorted(card.seconded), sorted(card.place.items()))).encode())
    told.update(repr((model.step, model.bias, model.category_step)).encode())
    told.update(array("h", model.weights).tobytes())
    for name, (number, table) in sorted({**model.categories, **model.place}.items()):
        told.update(f"{name} {number}".encode() + array("h", table).tobytes())
    return told.hexdigest()


def packed(model: Model) -> bytes:
    """The model as the content of a file."""
    head = {
        "step": model.step,
        "bias": model.bias,
        "category_step": model.category_step,
        "categories": {name: bias for name, (bias, _) in model.categories.items()},
        "place": {name: step for name, (step, _) in model.place.items()},
    }
    tables = [row for _, row in (*model.categories.values(), *model.place.values())]
    body = b"".join(array("h", each).tobytes() for each in (model.weights, *tables))
    line = json.dumps(head).encode()
    return zlib.compress(len(line).to_bytes(4, "big") + line + body, 9)


def unpacked(content: bytes) -> Model:
    """The model in a file. Raises ValueError where the file is none, or is cut short."""
    try:
        raw = zlib.decompress(content)
        end = 4 + int.from_bytes(raw[:4], "big")
        head = json.loads(raw[4:end])
        biases, steps = head["categories"], head.get("place", {})
        tables: list[Numbers] = []
        for length in [SIZE] + [CATEGORY_SIZE] * len(biases) + [PLACE_SIZE] * len(steps):
            table = array("h")
            table.frombytes(raw[end : end + length * table.itemsize])
            end += length * table.itemsize
            if len(table) != length:
                raise ValueError("cut short")
            tables.append(table)
    except (zlib.error, KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"This is not a second reader's model: {fault}") from fault
    weights, by_category, by_place = tables[0], tables[1 : 1 + len(biases)], tables[1 + len(biases) :]
    categories = {name: (bias, table) for (name, bias), table in zip(biases.items(), by_category, strict=True)}
    place = {name: (step, table) for (name, step), table in zip(steps.items(), by_place, strict=True)}
    return Model(weights, head["step"], head["bias"], categories, head["category_step"], place)


def loaded(folder: Path) -> SecondReader:
    """The reader whose `second_reader.bin` and `second_reader.json` stand in a folder."""
    facts = json.loads((folder / "second_reader.json").read_text(encoding="utf-8"))
    card = Card(
        facts["number"],
        facts["data_hash"],
        facts["date"],
        Bars(**facts["bars"]),
        frozenset(facts["seconded"]),
        facts.get("place", {}),
    )
    return SecondReader(unpacked((folder / "second_reader.bin").read_bytes()), card)


@cache
def shipped_reader() -> SecondReader:
    """The reader that the product ships."""
    return loaded(_DATA)


def as_rule(card: Card) -> Rule:
    """The second reader in the form in which its suggestions are kept.

    Category and severity are set sentence by sentence: those of the rules which the sentence most resembles.
    """
    return Rule(
        key=KEY,
        version=card.number,
        category="efficacy_disease",
        severity=Severity.MEDIUM,
        languages=("en", "es"),
        patterns=(),
        explanation=(
            "No rule knows these words. A model that was trained on labelled wording takes the sentence as a risky "
            "claim; it names the words that moved it. It gives no reasons and ordinary wording misleads it: look twice."
        ),
        citation=Citation("The labelled corpus that comes with this product (benchmarks/corpus)", "", card.date),
        must=(),
        must_not=(),
    )
