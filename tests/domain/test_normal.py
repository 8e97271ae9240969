"""Typography never hides wording, and every place in a normal text leads back to the page's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.normal import normalise

TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from("aábcе́о ſﬃ½™⁶²\u200b\u00ad\u00a0\u2028\u0301\u0345\u1160\u1161ㄱ각ａ–“’´\x00\n\tСсpр"),
    )
)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("plain words", "plain words"),
        ("  two\u00a0 spaces\n", "two spaces"),
        ("F‑D‑A “approved”", 'F-D-A "approved"'),
        ("don’t", "don't"),
        ("cu\u200bre", "cure"),
        ("gua\u00adrantee", "guarantee"),
        ("сure", "cure"),  # the first letter is Cyrillic
        ("СURE ALL ОЕ PAIN", "CURE ALL OE PAIN"),
        ("ｃｕｒｅ 𝐜𝐮𝐫𝐞 ﬁx ſtem", "cure cure fix stem"),
        ("niños e\u0301xito", "niños éxito"),
        ("half \ud83d a sign", "half \ufffd a sign"),
        ("10⁶ cells", "10^6 cells"),
        ("we cure¹ it", "we cure it"),
        ("Lipogems™ care", "Lipogems care"),
        ("½ dose", "1/2 dose"),
        ("a\u200b\u0301", "á"),
        ("", ""),
        ("\u200b \n", ""),
    ],
)
def test_one_wording_has_one_form(text: str, normal: str) -> None:
    assert normalise(text).text == normal


@pytest.mark.parametrize("text", ["Лечение рака", "Η θεραπεία", "간세포 치료", "细胞治疗", "علاج", "CURE cure"])
def test_other_alphabets_and_cases_stay_as_they_are(text: str) -> None:
    assert normalise(text).text == text


@pytest.mark.parametrize(
    ("text", "words", "original"),
    [
        ("We\u00a0 offer “a cu\u200bre”.", "a cure", "a cu\u200bre"),
        ("The oﬃce is open", "office", "oﬃce"),
        ("  guaranteed  ", "guaranteed", "guaranteed"),
        ("It is F‑D‑A–approved", "F-D-A-approved", "F‑D‑A–approved"),
    ],
)
def test_a_match_leads_back_to_the_words_as_they_stand(text: str, words: str, original: str) -> None:
    normal = normalise(text)
    start = normal.text.index(words)
    first, last = normal.origin(start, start + len(words))
    assert text[first:last] == original


@pytest.mark.parametrize("span", [(-1, 2), (2, 1), (0, 4)])
def test_a_span_outside_the_text_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="does not lie within"):
        normalise("abc").origin(*span)


@given(TEXTS)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


@given(TEXTS, st.data())
def test_every_span_leads_to_a_span_of_the_original(text: str, data: st.DataObject) -> None:
    normal = normalise(text)
    start = data.draw(st.integers(0, len(normal.text)))
    end = data.draw(st.integers(start, len(normal.text)))
    first, last = normal.origin(start, end)
    assert 0 <= first <= last <= len(text)
    assert (first < last) or start == end


@given(TEXTS)
def test_places_never_run_backwards(text: str) -> None:
    normal = normalise(text)
    places = [normal.origin(index, index + 1) for index in range(len(normal.text))]
    assert places == sorted(places)


@given(TEXTS)
def test_the_original_of_the_whole_text_has_the_same_normal_form(text: str) -> None:
    normal = normalise(text)
    first, last = normal.origin(0, len(normal.text))
    assert normalise(text[first:last]).text == normal.text


@given(TEXTS)
def test_a_normal_text_has_no_white_space_but_single_spaces(text: str) -> None:
    normal = normalise(text).text
    assert normal == " ".join(normal.split())
