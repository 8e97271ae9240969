"""Wording that was typed to escape a reader of words says what it says; ordinary text stays as it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.known_words import known_words
from clinics.domain.normal import normalise
from clinics.domain.unmasking import _LONGEST, _closely, unmasked

TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("FDA cure.aprob0@d0 -_*#<b>&amp;1\u200b\u00ad"))
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("F D A  a p p r o v e d", "FDA approved"),
        ("F.D.A. approved", "FDA approved"),
        ("Approved by the F.D.A.", "Approved by the FDA."),
        ("F*D*A approved", "FDA approved"),
        ("c.u.r.e for autism", "cure for autism"),
        ("a.v.a.l.a.d.o", "avalado"),
        ("c e r o   p e l i g r o", "cero peligro"),
        ("gu@r@nteed results", "guaranteed results"),
        ("cur3s aut1sm", "cures autism"),
        ("Estudi0 cl!nico", "Estudio clinico"),
        ("C*V*D, P*rkins*n", "CVD, Parkinson"),
        ("Sur-ge-ry free", "Surgery free"),
        ("Guaran- teed", "Guaranteed"),
        ("gua ran teed", "guaranteed"),
        ("r\u00ade\u00adg\u00ade\u00adn\u00ade\u00adr\u00ada", "regenera"),
        ("e\u200bx\u200bo\u200bs\u200bo\u200bm\u200be", "exosome"),
        ("1\ufe0f\u20e35\ufe0f\u20e3 days", "15 days"),
        ("<b>Cu</b>re", "Cure"),
        ("Stem&nbsp;cells", "Stem cells"),
        ("intra&shy;venosos", "intravenosos"),
        ("one<br>two", "one two"),
        ("#NoSurgery", "No Surgery"),
        ("#curesautism", "cures autism"),
        ("#AprobadoPorLaFDA", "Aprobado Por La FDA"),
        ("𝓒𝓾𝓻𝓮 ⓐⓤⓣⓘⓢⓜ", "Cure autism"),
        ("Ｆ.Ｄ.Ａ. approved", "FDA approved"),
        ("\u200b".join("This is not a cure."), "This is not a cure."),
        ("\u200b".join("9 out of 10"), "9 out of 10"),
        ("The +r3m0r is gone", "The tremor is gone"),
        ("ap*roved, e*osomes", "approved, exosomes"),
    ],
)
def test_masked_wording_is_read_as_a_person_reads_it(text: str, meant: str) -> None:
    assert unmasked(text).text == meant


@pytest.mark.parametrize(
    "text",
    [
        "GLP-1 and COVID19",
        "CAR-T cells",
        "Grades A, B, C and D",
        "A B C",
        "A B O",
        "Grade A+ and C++",
        "it fell from 5 a 1.2",
        "option A or B",
        "fat-derived cells",
        "It costs $5,000 (50% off!)",
        "Room 4b, 2nd floor",
        "x < 3 and y > 2",
        "AT&T; R&D",
        "He re-read it",
        "a well-known state-of-the-art lab",
        "",
    ],
)
def test_ordinary_wording_stays_as_it_stands(text: str) -> None:
    assert unmasked(text).text == text


@pytest.mark.parametrize(
    ("text", "words", "original"),
    [
        ("We are F D A  a p p r o v e d!", "approved", "a p p r o v e d"),
        ("Terapia #AprobadoPorLaFDA hoy", "Aprobado Por La FDA", "AprobadoPorLaFDA"),
        ("It <b>cu</b>res you", "cures", "cu</b>res"),
        ("cur3s it", "cures", "cur3s"),
        ("say Guaran- teed!", "Guaranteed", "Guaran- teed"),
    ],
)
def test_what_was_meant_leads_back_to_what_was_typed(text: str, words: str, original: str) -> None:
    found = unmasked(text)
    start = found.text.index(words)
    assert original in text[slice(*found.origin(start, start + len(words)))]


@given(TEXTS)
def test_every_letter_leads_back_into_the_text_in_order(text: str) -> None:
    found = unmasked(text)
    places = [found.origin(at, at + 1) for at in range(len(found.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert [start for start, _ in places] == sorted(start for start, _ in places)


@given(st.lists(st.sampled_from(sorted(word for word in known_words() if len(word) > 2)), min_size=1, max_size=8))
def test_known_words_stay_as_they_stand(words: list[str]) -> None:
    text = " ".join(words)
    assert unmasked(text).text == normalise(text).text == text


def test_no_word_that_we_know_is_longer_than_is_looked_for() -> None:
    assert max(map(len, known_words())) <= _LONGEST


@given(TEXTS)
def test_a_glance_sees_what_a_close_look_sees(text: str) -> None:
    assert_same_reading(text)


@given(
    st.lists(
        st.sampled_from(
            ["we", "cure", "it,", "(knee)", "Helen", "Mattock", "gua", "ran", "teed.", "re-", "place", "2004"]
        )
        | st.sampled_from(
            ["F", "D", "A", "don’t", "“cure”", "cur3", "#NoSurgery", "x-ray", "R&D", "R&amp;D", "a.b.", "y", "–"]
        ),
        max_size=9,
    )
)
def test_a_glance_at_words_sees_what_a_close_look_sees(words: list[str]) -> None:
    assert_same_reading(" ".join(words))


def assert_same_reading(text: str) -> None:
    glance, close = unmasked(text), _closely(text)
    assert glance.text == close.text
    places = range(len(close.text))
    assert [glance.origin(at, at + 1) for at in places] == [close.origin(at, at + 1) for at in places]


@pytest.mark.parametrize(
    "text",
    [
        *("a " * 20_000, "a-" * 20_000, "<b" * 20_000, "#" + "a" * 20_000, "1*" * 20_000),
        *("<!--" * 20_000, "-->" + "<!--" * 20_000, "a" + "!" * 20_000 + "b", "x" + "'s" * 20_000, "c*" + "u" * 20_000),
        *("a. b- " * 8_000, "cur3 " * 8_000, "c\u200bu\u200br\u200be " * 8_000),
    ],
)
def test_a_hostile_text_is_read_to_its_end(text: str) -> None:
    found = unmasked(text)
    assert found.origin(len(found.text) - 1, len(found.text))[1] == len(text.rstrip())
