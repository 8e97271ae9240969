"""What stands around a sentence on its page, in numbers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.block import Sentence, Surface
from clinics.domain.surroundings import FEWEST, NAMES, Bearing, Unit, around

CALM = Unit(0.02, 8, 0, 0, Surface.BODY, is_hushed=False, asks=False)


def page(*shares: float) -> list[Unit]:
    """Sentences of eight words, one a block."""
    return [replace(CALM, share=share, block=number) for number, share in enumerate(shares)]


def numbers_of(units: list[Unit], place: int) -> dict[str, float]:
    return dict(zip(NAMES, list(around(units))[place], strict=True))


def test_a_sentence_is_told_by_its_length_its_headings_and_its_place() -> None:
    sentence = Sentence("Is it safe?", 0, 11, 3, Surface.FOOTER, ("Home", "Questions"))
    unit = Unit.of(sentence, 0.5, is_hushed=True, asks=True)
    assert unit == Unit(0.5, 3, 3, 2, Surface.FOOTER, is_hushed=True, asks=True)
    told = numbers_of([unit], 0)
    assert (told["under headings"], told["depth of headings"]) == (1, 2)
    assert (told["under a heading that hushes"], told["question"], told["footer"], told["title"]) == (1, 1, 1, 0)
    assert told["own words"] == 0


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("own words where others claim", page(0.6, *[0.9] * FEWEST)),
        ("loudest others", page(0.6, 0.9, *[0.02] * FEWEST)),
        ("the page's first words", page(0.9, *[0.02] * FEWEST)),
        ("the next sentence", page(0.02, 0.6, 0.9, *[0.02] * FEWEST)),
    ],
)
def test_what_the_others_claim_moves_the_numbers_of_a_sentence(name: str, change: list[Unit]) -> None:
    place = next((number for number, unit in enumerate(change) if unit.share == 0.6), 3)
    calm = [replace(unit, share=0.02 if number != place else unit.share) for number, unit in enumerate(change)]
    assert numbers_of(change, place)[name] > numbers_of(calm, place)[name]


def test_a_sentence_is_not_one_of_the_others_around_it() -> None:
    quiet, loud = page(*[0.02] * FEWEST), page(0.99, *[0.02] * (FEWEST - 1))
    assert numbers_of(loud, 0)["loudest others"] == pytest.approx(numbers_of(quiet, 0)["loudest others"])
    assert numbers_of(loud, 1)["loudest others"] > numbers_of(quiet, 1)["loudest others"]


def test_only_a_fragment_looks_at_its_neighbours_and_only_at_near_ones() -> None:
    fragment = replace(CALM, words=2)
    near = [replace(unit, share=0.9) if number == 2 else unit for number, unit in enumerate(page(*[0.02] * 9))]
    far = [replace(unit, share=0.9) if number == 8 else unit for number, unit in enumerate(page(*[0.02] * 9))]
    near[4], far[4] = (replace(fragment, block=4), replace(fragment, block=4))
    assert numbers_of(near, 4)["fragment among claims"] > numbers_of(far, 4)["fragment among claims"]
    assert numbers_of([*near[:4], replace(CALM, block=4), *near[5:]], 4)["fragment among claims"] == 0


def test_each_sentence_hears_its_own_words_its_heading_and_its_neighbours() -> None:
    calm = page(*[0.02] * 3)
    bearings = [Bearing(in_place=number, to_the_next=10 + number, to_the_one_before=20 + number) for number in range(3)]
    units = [replace(unit, bearing=bearing) for unit, bearing in zip(calm, bearings, strict=True)]
    units[1] = replace(units[1], heading=7.0)
    names = ("words in place", "words of the heading", "words before", "words behind")
    heard = [tuple(numbers_of(units, place)[name] for name in names) for place in range(3)]
    assert heard == [(0, 0, 0, 21), (1, 7, 10, 22), (2, 0, 11, 0)]


def test_how_the_others_sound_is_told_without_the_sentence_itself() -> None:
    units = [
        replace(unit, bearing=Bearing(voice=4.0 if not place else 1.0)) for place, unit in enumerate(page(*[0.5] * 4))
    ]
    told = [numbers_of(units, place) for place in range(4)]
    assert [one["voice of the others"] for one in told] == [1, 2, 2, 2]
    assert [one["voice"] for one in told] == [4, 1, 1, 1]


UNSEEN = (Surface.HIDDEN, Surface.META, Surface.STRUCTURED)
LOUD = [
    replace(unit, bearing=Bearing(voice=2.0, to_the_next=1.0, to_the_one_before=1.0)) for unit in page(*[0.9] * FEWEST)
]


@pytest.mark.parametrize("surface", UNSEEN)
@pytest.mark.parametrize("at", [0, 5, FEWEST])
def test_what_no_visitor_sees_says_nothing_of_the_others(surface: Surface, at: int) -> None:
    quiet = replace(CALM, surface=surface, block=at, bearing=Bearing(voice=-3.0, to_the_next=-9.0))
    whole = [*LOUD[:at], *[quiet] * 60, *LOUD[at:]]
    numbers = list(around(whole))
    assert [*numbers[:at], *numbers[at + 60 :]] == list(around(LOUD))


def test_words_that_no_visitor_sees_are_weighed_with_all_that_visitors_do() -> None:
    hidden = replace(CALM, share=0.8, surface=Surface.HIDDEN)
    told = numbers_of([*LOUD, hidden], FEWEST)
    assert (told["voice of the others"], told["words before"]) == (2.0, 1.0)
    assert (
        told["loudest others"] == numbers_of([*LOUD, replace(hidden, surface=Surface.BODY)], FEWEST)["loudest others"]
    )


def test_harmless_lines_without_end_hush_a_page_no_more_than_ninety_do() -> None:
    quiet = replace(CALM, block=99, bearing=Bearing(voice=-3.0))
    longest = numbers_of([*LOUD, *[quiet] * (91 - FEWEST)], 0)
    for more in (1, 10, 1_000):
        endless = numbers_of([*LOUD, *[quiet] * (91 - FEWEST + more)], 0)
        assert endless == pytest.approx(longest)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_any_page_has_a_finite_number_of_each_name_for_each_sentence(shares: list[float]) -> None:
    rows = list(around(page(*shares)))
    assert len(rows) == len(shares)
    assert all(len(row) == len(NAMES) and all(abs(number) < 100 for number in row) for row in rows)
