"""Pages are ordered by how likely they speak of treatments; nothing is left out by it."""

from itertools import pairwise

import pytest

from clinics.domain.page_likelihood import likelihood, proposal_data

ORDERED = [
    ("/treatments/stem-cell-therapy-for-knee-pain", ""),
    ("/conditions/arthritis", ""),
    ("/pricing", ""),
    ("/blog/", ""),
    ("/privacy-policy", ""),
]
EN_ESPANOL = [
    ("/tratamientos/celulas-madre-para-rodilla", ""),
    ("/enfermedades/artritis", ""),
    ("/precios", ""),
    ("/noticias", ""),
    ("/aviso-de-privacidad", ""),
]


def points(path: str, anchor: str = "") -> int:
    return likelihood(f"https://clinic.example{path}", anchor)


@pytest.mark.parametrize("paths", [ORDERED, EN_ESPANOL])
def test_pages_that_speak_of_treatments_come_first(paths: list[tuple[str, str]]) -> None:
    ranked = [points(*place) for place in paths]
    assert all(more > less for more, less in pairwise(ranked))


@pytest.mark.parametrize(
    ("path", "anchor"),
    [
        ("/p-17", "Exosome therapy"),
        ("/p-17", "CÉLULAS MADRE"),
        ("/c%C3%A9lulas-madre", ""),
        ("/Stem_Cells.aspx", ""),
        ("/?topic=stem-cells", ""),
    ],
)
def test_wording_counts_in_the_path_and_in_the_link_however_it_is_typed(path: str, anchor: str) -> None:
    assert points(path, anchor) > points("/p-17")


@pytest.mark.parametrize(
    ("short", "longer"), [("/als", "/also"), ("/prp", "/prparation"), ("/hip", "/hippo"), ("/ela", "/elaine")]
)
def test_a_short_word_counts_only_as_a_whole(short: str, longer: str) -> None:
    assert points(short) > points(longer)


def test_a_word_counts_where_it_begins_and_not_in_the_middle_of_another() -> None:
    assert points("/hair-loss") > points("/chair-loss") == points("/x")


def test_the_same_matter_counts_once() -> None:
    assert points("/stem-cell", "Stem cell exosomes and umbilical cord") == points("/stem-cell")


def test_an_address_without_words_is_neither_likely_nor_unlikely() -> None:
    assert points("/") == points("/x7") == 0


def test_the_data_say_where_they_come_from_and_speak_both_languages() -> None:
    data = proposal_data()
    assert data["source"] and data["date"]
    for group in data["words"]:
        assert group["english"] and group["spanish"], group["what"]
    for phrase in (phrase for group in data["words"] for phrase in (*group["english"], *group["spanish"])):
        assert phrase == phrase.lower() and phrase.isascii(), phrase
