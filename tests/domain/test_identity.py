"""The same wording has the same key, and other wording another."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.block import Block, Sentence, Surface
from clinics.domain.identity import digest, subject_key, text_digest


def sentence(text: str, *governors: str) -> Sentence:
    return Sentence(text, 0, len(text), 0, Surface.BODY, governors)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Guaranteed results!", "guaranteed  RESULTS."),
        ("We don’t cure “pain”", "we don't cure 'pain'"),
        ("F.D.A. approved", "FDA approved"),
        ("FDA-approved", "FDA approved"),
        ("Safe—proven", "Safe - proven"),
        ("$5,000 off", "$5000 off"),
        ("10 million cells", "10\u00a0million ce\u00adlls"),
        ("STRASSE", "Straße"),
    ],
)
def test_case_punctuation_and_spacing_do_not_matter(one: str, other: str) -> None:
    assert subject_key(one) == subject_key(other)
    assert digest(sentence(one)) == digest(sentence(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We cure it", "We do not cure it"),
        ("1.5 million cells", "15 million cells"),
        ("3-5 days", "35 days"),
        ("90% of patients", "90 of patients"),
        ("It cures arthritis?", "It cures arthritis."),
        ("now here", "nowhere"),
        ("cura", "cará"),
    ],
)
def test_other_words_numbers_and_questions_are_other_wording(one: str, other: str) -> None:
    assert subject_key(one) != subject_key(other)


def test_a_key_is_32_hexadecimal_digits() -> None:
    assert len(subject_key("anything")) == 32
    int(subject_key(""), 16)


def test_a_mark_changes_with_what_governs_the_sentence() -> None:
    assert digest(sentence("Stem cells cure", "Myth 1:")) != digest(sentence("Stem cells cure"))
    assert digest(sentence("Stem cells cure", "Myth 1:")) == digest(sentence("stem cells cure!", "MYTH 1"))


def test_a_question_with_another_answer_is_another_statement() -> None:
    question = sentence("Is it FDA approved?")
    assert digest(replace(question, after="Yes!")) != digest(replace(question, after="No."))
    assert digest(replace(question, after="Yes!")) == digest(replace(question, after="yes"))
    assert digest(replace(sentence("We are open."), after="Yes!")) == digest(sentence("We are open."))


@given(st.text(), st.lists(st.text(), max_size=3))
def test_a_mark_fits_a_signed_big_integer(text: str, governors: list[str]) -> None:
    assert -(2**63) <= digest(sentence(text, *governors)) < 2**63


def test_a_page_s_mark_tells_words_and_their_order() -> None:
    one, two = Block("One", Surface.BODY), Block("Two", Surface.BODY)
    assert text_digest([one, two]) == text_digest((one, two))
    assert len({text_digest(each) for each in ([one, two], [two, one], [one], [])}) == 4
    assert text_digest([Block("OneTwo", Surface.BODY)]) != text_digest([one, two])
