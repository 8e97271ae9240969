"""What looks like a patient's name is proposed; what only looks like it at first sight is not."""

import pytest

from clinics.domain.patient_names import in_small_letters, likely_names, missing_from, redact


def proposed(text):
    return [likely.name for likely in likely_names(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("“I walk again.” Maria G., Tampa", ["Maria G."]),
        ("I walk again. — John D.", ["John D."]),
        ("My knee is new! – Carol Example", ["Carol Example"]),
        ("My name is Ana and I can dance again.", ["Ana"]),
        ("Me llamo Lucía Ejemplo y camino otra vez.", ["Lucía Ejemplo"]),
        ("Mrs. Example was told to use a wheelchair.", ["Example"]),
        ("Meet Robert Sample, 54, who plays tennis.", ["Robert Sample"]),
        ("Our patient Emma Sample walks without a stick.", ["Emma Sample"]),
        ("It changed my life. J.D.", ["J.D."]),
        ("I feel young.\nTom Sample, Cape Coral, FL", ["Tom Sample"]),
        ("Maria G. and Maria G. again.", ["Maria G."]),
    ],
)
def test_a_likely_name_is_proposed(text, names):
    assert proposed(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "We guarantee lasting relief for every knee.",
        "Dr. Ana Example treats every knee herself.",
        "Ana Example, M.D., treats every knee herself.",
        "Treatments are offered since January 2019.",
        "Stem Cell Therapy – Call Today",
        "Our U.S. laboratory is registered.",
        "Vitamin D. is not a cure.",
        "Stage 4 patients have come to us.",
        "95% of our patients are pain-free.",
        "Alzheimer's, Parkinson's and MS are treated here.",
    ],
)
def test_what_is_no_name_is_not(text):
    assert proposed(text) == []


@pytest.mark.parametrize(
    ("text", "names", "shown"),
    [
        ("I walk again, says Maria G., Tampa.", ["Maria G."], "I walk again, says [name], Tampa."),
        ("Ann met Annabel. Ann left.", ["Ann"], "[name] met Annabel. [name] left."),
        ("Ana Example came. Ana left.", ["Ana", "Ana Example"], "[name] came. [name] left."),
        ("Ana\nExample came.", ["Ana Example"], "[name] came."),
        ("Nobody came.", [], "Nobody came."),
        ("A (B) C.", ["(B)"], "A [name] C."),
    ],
)
def test_names_are_taken_out_as_whole_words(text, names, shown):
    assert redact(text, names) == shown


def test_a_name_that_does_not_stand_there_is_told():
    assert missing_from("Annabel came.", ["Ann", "Annabel"]) == ["Ann"]


@pytest.mark.parametrize("name", ["not", "do not", "maria g.", "ñandú"])
def test_words_without_a_capital_stand_in_small_letters(name):
    assert in_small_letters(name)


@pytest.mark.parametrize("name", ["Zelda", "de la Cruz", "Óscar", "J.D.", "王芳"])
def test_a_name_with_a_capital_or_of_a_script_without_them_does_not(name):
    assert not in_small_letters(name)
