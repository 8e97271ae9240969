"""Blocks are cut into the units that a reader takes for one statement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.block import Block, Surface
from clinics.domain.sentences import split


def sentences(text: str, surface: Surface = Surface.BODY) -> list[str]:
    return [sentence.text for sentence in split([Block(text, surface)])]


@pytest.mark.parametrize(
    "expected",
    [
        ["The F.D.A. has not approved it.", "Dr. Smith said so."],
        ["It works 90% of the time!", "Really?!", "Yes… perhaps."],
        ["See Dr. A. Smith today.", "It costs $5,000.50 a visit."],
        ["We were No. 1 in 2024.", "The answer is no.", "We treat everyone."],
        ["Cells (e.g. from fat) are used vs. placebo.", "That is all."],
        ["¿Funciona?", "¡Sí!", "El Dr. Pérez dice que la Sra. López mejoró."],
        ["En EE. UU. es nuevo.", "Llame hoy."],
        ["“It cured me.”", "She said so."],
        ["(Results may vary.)", "Next."],
        ["Visit www.clinic.example today.", "Ask for Ms. Vale."],
        ["Guaranteed results"],
        ["Book now!"],
        ["1. One product for everything"],
        ["B. Who pays? ".strip(), "You do."],
        ["Jan. 5 is the day.", "Come along."],
        ["SEE CLINICALTRIALS.GOV; IT IS FREE.", "Come along."],
        ["Evite la c.i.r.u.g.í.a de rodilla.", "Llame hoy."],
        ["Not approved by the U.S. Food and Drug Administration.", "Call us."],
        ["Ours is U.S. FDA approved.", "It is a U.S. Department of Health matter."],
        ["The D.C. Circuit held so.", "U.K. National Health Service."],
        ["APPROVED BY THE U.S. FOOD AND DRUG ADMINISTRATION.", "CALL US."],
        ["Made in the U.S.", "Our laboratory is here."],
        ["We came to the U.S.", "It was cold.", "We left the U.K.", "Food was better there."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No surgery\nNo pain", ["No surgery", "No pain"]),
        ("Stem cells\ncure arthritis", ["Stem cells\ncure arthritis"]),
    ],
)
def test_a_line_break_ends_a_sentence_unless_the_next_line_goes_on(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_headline_over_two_lines_is_one_unit() -> None:
    assert sentences("Stem Cells\nCure Arthritis", Surface.HEADING) == ["Stem Cells\nCure Arthritis"]


def test_a_sentence_knows_its_place_and_its_neighbours() -> None:
    block = Block("One is here. Two is 😀 here. Three is here.", Surface.FOOTER, ("Over it",), 4)
    second = split([Block("First block", Surface.BODY), block])[2]
    assert (second.block, second.surface, second.governors, second.page) == (1, Surface.FOOTER, ("Over it",), 4)
    assert (second.before, second.after) == ("One is here.", "Three is here.")
    assert block.text[second.start : second.end] == second.text == "Two is 😀 here."


@pytest.mark.parametrize(
    ("answer", "governors", "expected"),
    [
        ("Absolutely.", ("Is it approved?",), "Absolutely."),
        ("Yes, it is. Call us to hear more.", ("Is it approved?",), "Yes, it is."),
        ("Yes, and here is what our patients tell us.", ("Is it approved?",), ""),
        ("Absolutely.", (), ""),
        ("", ("Is it approved?",), ""),
    ],
)
def test_a_question_knows_the_few_words_that_answer_it_under_it(
    answer: str, governors: tuple[str, ...], expected: str
) -> None:
    blocks = [Block("Is it approved?", Surface.HEADING), Block(answer, Surface.BODY, governors)]
    assert split(blocks)[0].after == expected


@given(st.lists(st.text(st.one_of(st.characters(), st.sampled_from(".!?…\n “”()DrA 1¿"))), max_size=4))
def test_offsets_are_exact_and_no_word_is_lost(texts: list[str]) -> None:
    blocks = [Block(text, Surface.BODY) for text in texts]
    found = split(blocks)
    for sentence in found:
        assert blocks[sentence.block].text[sentence.start : sentence.end] == sentence.text
        assert sentence.text.strip() == sentence.text != ""
    for index, text in enumerate(texts):
        joined = "".join(sentence.text for sentence in found if sentence.block == index)
        assert "".join(joined.split()) == "".join(text.split())
