"""Whole labelled pages teach the second reader what stands around a claim."""

from dataclasses import replace
from datetime import date
from itertools import cycle, islice

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from clinics.domain.block import Sentence, Surface
from clinics.domain.second_reader import PLACE_SIZE
from clinics.domain.surroundings import FEWEST, NAMES, Unit, around
from clinics.operations.labelled import Labelled
from clinics.operations.learning_pages import Place, _neighbours, _voices, pages, place_of, with_place
from clinics.operations.training import Example, examples, reader_of

NEVER = date.min
FIRST_OF_HOSPITAL = 16
OFFERED = ("Parkinson", "Stroke", "Autism")
SELLER = ("Our cells heal you.", "Book today.", "We cure knees.", "Call us now.")
HOSPITAL = ("Visits take an hour.", "Bring your card.", "Results come by post.", "The lift is on the left.")


def a_page(name: str, batch: str, *, sells: bool) -> list[Labelled]:
    """Sixteen sentences, twelve of them in the page's own voice, four of them a list of diseases under a heading."""
    heading = "What we treat" if sells else "What we teach"
    lines = [(text, ()) for text in islice(cycle(SELLER if sells else HOSPITAL), 12)]
    lines += [(text, (heading,)) for text in islice(cycle(OFFERED), 4)]
    return [
        Labelled(
            f"{name}-{number}",
            Sentence(text, 0, len(text), number, Surface.BODY, governors),
            sells and (bool(governors) or number % 2 == 0),
            ("disease_serious",) if governors and sells else ("cure_reversal",) if sells and number % 2 == 0 else (),
            batch,
            "pages",
            page=name,
        )
        for number, (text, governors) in enumerate(lines)
    ]


@pytest.fixture(scope="module")
def labelled() -> list[Labelled]:
    return [each for number in range(20) for each in a_page(f"P{number}", f"batch {number % 5}", sells=number % 2 == 0)]


@pytest.fixture(scope="module")
def seen(labelled: list[Labelled]) -> list[Example]:
    return examples(labelled)


def undecided(labelled: list[Labelled]) -> list[float]:
    """How sure a reader is who knows nothing of the words."""
    return [0.5] * len(labelled)


def test_the_same_disease_is_claimed_under_a_sellers_heading_and_not_under_a_hospitals(
    labelled: list[Labelled], seen: list[Example]
) -> None:
    place = place_of(seen, labelled, undecided(labelled))
    reader = with_place(reader_of(seen, 1, "", NEVER), place)
    assert reader.heading("What we treat") > reader.heading("What we teach")
    assert reader.bearing(seen[0].groups).voice > reader.bearing(seen[FIRST_OF_HOSPITAL].groups).voice
    assert set(place.weights) == {"bias", *NAMES}


def test_what_was_learned_is_what_is_read(labelled: list[Labelled], seen: list[Example]) -> None:
    shares = [0.9 if each.risky else 0.1 for each in labelled]
    place = place_of(seen, labelled, shares)
    reader = with_place(reader_of(seen, 1, "", NEVER), place)
    for places in pages(labelled):
        units = [
            Unit.of(
                labelled[at].sentence,
                shares[at],
                is_hushed=seen[at].is_hushed,
                asks=seen[at].asks,
                bearing=reader.bearing(seen[at].groups),
                heading=reader.heading(labelled[at].sentence.governors[-1]) if labelled[at].sentence.governors else 0.0,
            )
            for at in places
        ]
        told = [reader.share_in_place(numbers) > 0.5 for numbers in around(units)]
        assert told == [labelled[at].risky for at in places]


def test_neighbours_are_those_of_the_same_page() -> None:
    rows = csr_matrix(([1.0, 2.0, 3.0, 4.0, 5.0], (range(5), range(5))), shape=(5, PLACE_SIZE))
    before, behind = (each.sum(axis=1).ravel().tolist()[0] for each in _neighbours(rows, [[0, 1], [2, 3, 4]]))
    assert (before, behind) == ([0, 1, 0, 3, 4], [2, 0, 4, 5, 0])


def test_how_a_sentence_sounds_is_told_without_its_own_batch() -> None:
    given = [
        *a_page("P1", "a", sells=True),
        *a_page("P2", "b", sells=False),
        *a_page("P3", "c", sells=True),
        *a_page("P4", "d", sells=False),
    ]
    found = pages(given)
    own = csr_matrix((np.ones(16), (range(16), [7] * 16)), shape=(64, PLACE_SIZE))  # a word of the first page alone
    voices, weights = _voices(own, found, given)
    assert set(voices) == {0.0}
    assert weights[7] > 0


def test_the_same_pages_teach_the_same(labelled: list[Labelled], seen: list[Example]) -> None:
    shares = undecided(labelled)
    assert place_of(seen, labelled, shares) == place_of(seen, labelled, shares)


@pytest.mark.parametrize("which", ["none risky", "all risky", "no pages"])
def test_pages_of_one_kind_teach_nothing(labelled: list[Labelled], seen: list[Example], which: str) -> None:
    if which == "no pages":
        kept = list(range(FEWEST - 1))
    else:
        kept = [place for place, each in enumerate(labelled) if each.risky == (which == "all risky")]
    given = [labelled[place] for place in kept]
    assert place_of([seen[place] for place in kept], given, undecided(given)) == Place()


def test_pages_that_all_claim_something_teach_no_voice_but_the_rest(
    labelled: list[Labelled], seen: list[Example]
) -> None:
    selling = {each.page for each in labelled if each.risky}
    kept = [place for place, each in enumerate(labelled) if each.page in selling]
    place = place_of([seen[each] for each in kept], [labelled[each] for each in kept], undecided(labelled))
    reader = with_place(reader_of(seen, 1, "", NEVER), place)
    assert reader.bearing(seen[0].groups).voice == 0
    assert reader.bearing(seen[0].groups).in_place > reader.bearing(seen[1].groups).in_place


def test_a_page_is_long_enough_from_twelve_sentences(labelled: list[Labelled]) -> None:
    assert [len(places) for places in pages(labelled[: FEWEST - 1])] == []
    assert [len(places) for places in pages(labelled[:FEWEST])] == [FEWEST]


def test_lines_of_signs_are_none_of_a_pages_sentences(labelled: list[Labelled]) -> None:
    stars = replace(labelled[0], sentence=Sentence("★★★★★", 0, 5, 0, Surface.BODY))
    assert [len(places) for places in pages([stars, *labelled[:FEWEST]])] == [FEWEST]
    assert pages([stars, *labelled[: FEWEST - 1]]) == []
