"""What whole labelled pages teach the second reader: how much of a claim lies in what stands around a sentence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from clinics.domain.review import says_anything
from clinics.domain.second_reader import PLACE_SIZE, TABLES, Numbers, SecondReader, place_kinds
from clinics.domain.surroundings import FEWEST, NUMBERS, WORDS, Bearing, Unit, around
from clinics.domain.unmasking import unmasked
from clinics.domain.wording import plain
from clinics.operations.labelled import Labelled
from clinics.operations.training import Example, left_out, rows_of, table

_VOICE_STRENGTH: Final = 2.0  # C, of what tells pages that claim something from those that don't
_PLACE_STRENGTH: Final = 1.5  # C, of what stands around a sentence …
_NUMBERED: Final = 0.3  # … where its numbers are made so large, beside its words; by measure
_BOTH: Final = 2  # sides that a thing is told by: without either nothing is learned


@dataclass(frozen=True, slots=True)
class Place:
    """What labelled pages taught: weights of what stands around a sentence, by name, and what words add beside it."""

    weights: Mapping[str, float] = field(default_factory=dict)
    tables: Mapping[str, tuple[float, Numbers]] = field(default_factory=dict)


def place_of(seen: Sequence[Example], given: Sequence[Labelled], shares: Sequence[float]) -> Place:
    """What stands around a sentence, learned from whole labelled pages with the shares that `held_out` gives.

    First how sentences of pages that claim anything sound; then, in one regression, what the numbers of `around` weigh
    beside the words of the sentence in its place, of its heading and of its neighbours. Nothing where there are no
    pages long enough, or all or none of their sentences are risky.
    """
    import numpy as np
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    found = pages(given)
    order = [place for places in found for place in places]
    risky = np.array([given[place].risky for place in order])
    if len(set(risky)) < _BOTH:
        return Place()
    words = rows_of(((place_kinds(seen[place].groups),) for place in order), PLACE_SIZE)
    headings = rows_of(((seen[place].heading,) for place in order), PLACE_SIZE)
    voices, voice = _voices(words, found, given)
    numbers = np.array(list(_numbers(found, seen, given, shares, voices)))
    scaler = StandardScaler().fit(numbers)
    scaled = csr_matrix(scaler.transform(numbers) * _NUMBERED)
    learner = LogisticRegression(
        C=_PLACE_STRENGTH, solver="liblinear", dual=True, tol=0.01, max_iter=400, random_state=0
    )
    learner.fit(hstack([scaled, words, headings, *_neighbours(words, found)]).tocsr(), risky)
    weights = learner.coef_[0][: numbers.shape[1]] * _NUMBERED / scaler.scale_
    bias = float(learner.intercept_[0] - weights @ scaler.mean_)
    rest = learner.coef_[0][numbers.shape[1] :].reshape(len(TABLES) - 1, PLACE_SIZE)
    told = {"bias": bias, **dict(zip(NUMBERS, map(float, weights), strict=True)), **dict.fromkeys(WORDS, 1.0)}
    return Place(
        {name: round(weight, 4) for name, weight in told.items()},
        dict(zip(TABLES, map(table, (voice, *rest)), strict=True)),
    )


def _numbers(
    found: Iterable[Sequence[int]],
    seen: Sequence[Example],
    given: Sequence[Labelled],
    shares: Sequence[float],
    voices: Sequence[float],
) -> Iterator[tuple[float, ...]]:
    """What `around` tells of each sentence of the pages, but for what their words add, which is still to be learned."""
    heard = iter(voices)
    for places in found:
        units = [unit_of(given[place], seen[place], shares[place], Bearing(next(heard))) for place in places]
        yield from (each[: len(NUMBERS)] for each in around(units))


def _voices(words: Any, found: Sequence[Sequence[int]], given: Sequence[Labelled]) -> tuple[list[float], Any]:
    """How much each sentence sounds like a page that claims something, told without its batch; and the weights."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    claims = np.repeat([any(given[place].risky for place in places) for places in found], list(map(len, found)))
    batches = [given[place].batch for places in found for place in places]
    learner = LogisticRegression(C=_VOICE_STRENGTH, solver="liblinear", dual=True, tol=0.02, random_state=0)
    voices = np.zeros(len(claims))
    if claims.all():
        return list(voices), np.zeros(PLACE_SIZE)
    for is_out in left_out(batches):
        if len(set(claims[~is_out])) == _BOTH:
            voices[is_out] = words[is_out] @ learner.fit(words[~is_out], claims[~is_out]).coef_[0]
    return list(map(float, voices)), learner.fit(words, claims).coef_[0]


def _neighbours(words: Any, found: Iterable[Sequence[int]]) -> tuple[Any, Any]:
    """The rows of the sentences before and of those behind, on the same page; empty at its ends."""
    import numpy as np
    from scipy.sparse import csr_matrix, vstack

    ends = np.cumsum(list(map(len, found)))
    nothing = words.shape[0]
    before, behind = np.arange(nothing) - 1, np.arange(nothing) + 1
    before[[0, *ends[:-1]]] = behind[ends - 1] = nothing
    padded = vstack([words, csr_matrix((1, PLACE_SIZE))]).tocsr()
    return padded[before], padded[behind]


def pages(given: Sequence[Labelled]) -> list[list[int]]:
    """The places of the sentences of each labelled page that is long enough for what stands around them to say much.

    Lines of signs alone are left out: the reader does not read them.
    """
    found: dict[str, list[int]] = {}
    for place, each in enumerate(given):
        if each.page and each.source == "pages" and says_anything(plain(unmasked(each.sentence.text).text)):
            found.setdefault(each.page, []).append(place)
    return [places for places in found.values() if len(places) >= FEWEST]


def unit_of(labelled: Labelled, seen: Example, share: float, bearing: Bearing) -> Unit:
    """A labelled sentence as the sentences around it hear it."""
    return Unit.of(labelled.sentence, share, is_hushed=seen.is_hushed, asks=seen.asks, bearing=bearing)


def with_place(reader: SecondReader, place: Place) -> SecondReader:
    """The same reader of words with another view of pages."""
    return SecondReader(replace(reader.model, place=place.tables), replace(reader.card, place=place.weights))
