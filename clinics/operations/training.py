"""Training the second reader from labelled wording, with scikit-learn's logistic regression."""

import hashlib
import json
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from clinics.domain.approved import shipped_products
from clinics.domain.reader_features import GROUPS, SIZE, Groups, features, small_letters
from clinics.domain.review import asks, is_hushed
from clinics.domain.rule_files import shipped_rules
from clinics.domain.ruleset import RuleSet
from clinics.domain.second_reader import (
    CATEGORY_SIZE,
    Bars,
    Card,
    Model,
    Numbers,
    SecondReader,
    Seen,
    context,
    heading_kinds,
    packed,
)
from clinics.domain.unmasking import unmasked
from clinics.domain.wording import plain
from clinics.operations.labelled import EXAMPLES, Labelled, corpus, rule_examples
from clinics.operations.refusal import Refusal

STRENGTH: Final = 15.0  # scikit-learn's C: how far the model may go to please single sentences
LEANING: Final = 0.5  # how far a feature's scale hangs on which side it is commoner on, 0 to 1; by measure
SMOOTHING: Final = 0.05  # added to what is counted of a feature on either side
BARS: Final = Bars(  # by measure; see DECISIONS.md
    suggest=0.45,
    uphold=0.35,
    overrule=0.65,
    under_heading=0.55,
    suggest_in_place=0.45,
    uphold_in_place=0.4,
    sure=0.95,
    sure_with_rule=0.6,
    least_in_place=0.15,
)
_WHOLE: Final = 32_000  # the largest whole number that a weight becomes
TAUGHT: Final = 5.0  # how much a rule's own example weighs, beside a sentence of the corpus
PRECISE: Final = 0.97  # of a rule's labelled flags, for the rule to stand alone
_TRIED: Final = 8  # labelled flags of a rule before its precision is believed
_FOLDS: Final = 5
_FEWEST: Final = 2
_LEAST: Final = 15  # labelled sentences of a category before the model may name it


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled sentence as the model sees it. `flagged_by` are the rules that flag it by themselves."""

    groups: Groups
    risky: bool
    categories: tuple[str, ...]
    flagged_by: tuple[str, ...]
    weight: float = 1.0
    is_hushed: bool = False
    asks: bool = False
    heading: Collection[int] = ()  # kinds of words in the heading right over it


def lessons(folder: Path) -> list[Labelled]:
    """All that the shipped reader learns from: the corpus in a folder, and the shipped rules' own examples.

    Raises Refusal where there is no corpus.
    """
    return [*corpus(folder), *rule_examples(shipped_rules())]


def examples(labelled: Iterable[Labelled], rules: RuleSet | None = None) -> list[Example]:
    """What the model sees of labelled sentences, with what the rules (the shipped ones) find in them."""
    known = rules or RuleSet(shipped_rules(), shipped_products())
    return [_example(each, known) for each in labelled]


def _example(labelled: Labelled, rules: RuleSet) -> Example:
    found = rules.find(labelled.sentence)
    seen = [Seen(match.rule.key, match.rule.category, match.stance, match.flagged) for match in found]
    words, governors = plain(unmasked(labelled.sentence.text).text), labelled.sentence.governors
    return Example(
        features(small_letters(words), context(seen)),
        labelled.risky,
        labelled.categories,
        tuple(each.rule for each in seen if each.flagged),
        TAUGHT if labelled.batch == EXAMPLES else 1.0,
        is_hushed(words, governors),
        asks(words),
        heading_kinds(governors[-1]) if governors else (),
    )


def trained(given: Sequence[Example]) -> Model:
    """The model that scikit-learn makes of examples. Takes a minute or two; the same examples make the same model."""
    rows = rows_of((each.groups for each in given), SIZE)
    weights, bias = _learned(rows, given)
    step, numbers = table(weights)
    return Model(numbers, step, bias, *_categories(given))


def _learned(rows: Any, given: Sequence[Example]) -> tuple[Any, float]:
    """The weights of features and the bias, learned from examples and their rows."""
    import numpy as np
    from scipy.sparse import diags
    from sklearn.linear_model import LogisticRegression  # only here: readers need no library

    risky = np.array([each.risky for each in given])
    scales = _scales(rows, risky)
    learner = LogisticRegression(C=STRENGTH, solver="liblinear", dual=True, tol=0.01, max_iter=400, random_state=0)
    learner.fit(rows @ diags(scales), risky, sample_weight=[each.weight for each in given])
    return learner.coef_[0] * scales, float(learner.intercept_[0])


def _scales(rows: Any, risky: Any) -> Any:
    """How large each feature is made before learning: larger where it leans to one side (Wang and Manning 2012)."""
    import numpy as np

    counts = [np.asarray(rows[side].sum(axis=0)).ravel() + SMOOTHING for side in (risky, ~risky)]
    harm, other = (count / count.sum() for count in counts)
    return LEANING * abs(np.log(harm / other)) + 1 - LEANING


def _categories(given: Sequence[Example]) -> tuple[dict[str, tuple[float, Numbers]], float]:
    """One row of weights for each category, from the risky examples, and what a whole number in them is worth.

    Raises Refusal where no category has examples enough beside the others.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    risky = [each for each in given if each.risky and each.categories]
    counts = Counter(each.categories[0] for each in risky)
    kept = [each for each in risky if counts[each.categories[0]] >= _LEAST]
    names = sorted({each.categories[0] for each in kept})
    if len(names) < _FEWEST:
        raise Refusal(f"The labelled wording has too few categories with at least {_LEAST} risky sentences each.")
    matrix, firsts = rows_of(map(_kinds, kept), CATEGORY_SIZE), np.array([each.categories[0] for each in kept])
    learners = {
        name: LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0).fit(matrix, firsts == name)
        for name in names
    }
    step = max(_largest(one.coef_) for one in learners.values()) / _WHOLE
    return {name: (float(one.intercept_[0]), _whole(one.coef_[0], step)) for name, one in learners.items()}, step


def _largest(weights: Any) -> float:
    return float(abs(weights).max())


def table(weights: Any) -> tuple[float, Numbers]:
    """Weights as whole numbers, with what one is worth."""
    step = _largest(weights) / _WHOLE or 1.0
    return step, _whole(weights, step)


def _whole(weights: Any, step: float) -> Numbers:
    """Weights as whole numbers, each worth `step`."""
    return array("h", (weights / step).round().astype("int16").tolist())


def _kinds(one: Example) -> Groups:
    """What the category is told by: the kinds of words, folded into a smaller table."""
    mask = CATEGORY_SIZE - 1
    return ([number & mask for number in one.groups[GROUPS.index("kinds")]],)


def rows_of(sentences: Iterable[Groups], size: int) -> Any:
    """A sparse matrix with a row for each sentence, each of its groups of length one."""
    import numpy as np
    from scipy.sparse import csr_matrix

    numbers, values, ends = array("i"), array("d"), array("i", [0])
    for groups in sentences:
        for group in filter(None, groups):
            numbers.extend(group)
            values.extend([1 / len(group) ** 0.5] * len(group))
        ends.append(len(numbers))
    return csr_matrix(
        (np.frombuffer(values), np.frombuffer(numbers, dtype=np.int32), np.frombuffer(ends, dtype=np.int32)),
        shape=(len(ends) - 1, size),
    )


def seconded(given: Iterable[Example]) -> frozenset[str]:
    """The rules that flag too much by themselves: those whose labelled flags are less precise than the bar."""
    hits: Counter[str] = Counter()
    flags: Counter[str] = Counter()
    for each in given:
        flags.update(each.flagged_by)
        hits.update(each.flagged_by if each.risky else ())
    return frozenset(rule for rule, count in flags.items() if count < _TRIED or hits[rule] / count < PRECISE)


def reader_of(given: Sequence[Example], number: int, data_hash: str, on: date) -> SecondReader:
    """A reader trained from examples, which knows nothing of pages."""
    return SecondReader(trained(given), Card(number, data_hash, on.isoformat(), BARS, seconded(given)))


def held_out(seen: Sequence[Example], given: Sequence[Labelled]) -> list[float]:
    """How sure a model is of each sentence whose batch it had not seen; `seen` are the examples made of `given`."""
    import numpy as np

    rows, shares = rows_of((each.groups for each in seen), SIZE), np.zeros(len(given))
    for is_out in left_out([each.batch for each in given]):
        rest = [one for one, out in zip(seen, is_out, strict=True) if not out]
        weights, bias = _learned(rows[~is_out], rest)
        shares[is_out] = 1 / (1 + np.exp(-(rows[is_out] @ weights) - bias))
    return list(map(float, shares))


def left_out(batches: Sequence[str]) -> Iterator[Any]:
    """For each fifth of the batches, which places are theirs."""
    import numpy as np

    names = sorted(set(batches) - {EXAMPLES})
    for first in range(min(_FOLDS, len(names))):
        yield np.isin(np.array(batches), names[first::_FOLDS])


def measured(given: Sequence[Labelled], shares: Sequence[float]) -> dict[str, Any]:
    """Precision and recall of the model of words alone, by source, from what `held_out` gives; n is of sentences."""
    tallies: dict[str, Counter[tuple[bool, bool]]] = {}
    for each, share in zip(given, shares, strict=True):
        if each.batch != EXAMPLES:
            bar = BARS.for_suggesting(under_heading=bool(each.sentence.governors), words_found=False)
            tallies.setdefault(each.source, Counter())[each.risky, share >= bar] += 1
    return {source: _figures(tally) for source, tally in sorted(tallies.items())}


def _figures(tally: Counter[tuple[bool, bool]]) -> dict[str, float]:
    hits, misses, false = tally[True, True], tally[True, False], tally[False, True]
    return {
        "n": sum(tally.values()),
        "precision": round(hits / max(1, hits + false), 3),
        "recall": round(hits / max(1, hits + misses), 3),
    }


def data_hash(given: Iterable[Labelled]) -> str:
    """SHA-256 of the labelled wording itself: texts, what stands over them, and labels."""
    told = (
        json.dumps([each.sentence.text, each.sentence.governors, each.risky, each.categories], ensure_ascii=False)
        for each in given
    )
    return hashlib.sha256("\n".join(told).encode("utf-8", "surrogatepass")).hexdigest()


def next_number(folder: Path) -> int:
    """The number of the next reader in a folder."""
    file = folder / "second_reader.json"
    return json.loads(file.read_text(encoding="utf-8"))["number"] + 1 if file.exists() else 1


def write(reader: SecondReader, folder: Path, **facts: Any) -> None:
    """Write a reader's model and its card, with further facts for people, into a folder."""
    card = reader.card
    told = {
        "source": "The project's labelled corpus (benchmarks/corpus), read by `manage.py train_reader`.",
        "number": card.number,
        "data_hash": card.data_hash,
        "date": card.date,
        "bars": asdict(card.bars),
        "seconded": sorted(card.seconded),
        "place": dict(card.place),
        **facts,
    }
    (folder / "second_reader.bin").write_bytes(packed(reader.model))
    (folder / "second_reader.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
