"""How a sentence puts the words that a rule found. The words stand in square brackets."""

import pytest

from clinics.domain.block import Sentence, Surface
from clinics.domain.rule import Stance
from clinics.domain.stance import Cue, Cues, shipped_cues, stance_of


def stance(marked: str, *headings: str, after: str = "", cues: Cues | None = None) -> Stance:
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    sentence = Sentence(text, 0, len(text), 0, Surface.BODY, headings, None, "", after)
    return stance_of(sentence, start, end, cues)[0]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("Our cells [cure arthritis].", "claimed"),
        ("Our cells do not [cure arthritis].", "denied"),
        ("Our cells not only soothe, they [cure arthritis].", "claimed"),
        ("This is not a cure; it [cures arthritis].", "claimed"),
        ("We make no promises, but our cells [cure arthritis].", "claimed"),
        ("No doubt about it, they [cure arthritis].", "claimed"),
        ("They never fail to [cure arthritis].", "claimed"),
        ("Do they [cure arthritis]?", "asked"),
        ("Ask whether they [cure arthritis].", "asked"),
        ("Beware of clinics that say they [cure arthritis].", "warned"),
        ("[Guaranteed results] are a red flag.", "warned"),
        ("The court found that they do not [cure arthritis].", "reported"),
        ("They [cure arthritis], the complaint alleges.", "reported"),
        ('On your website you state: "Our [cells cure arthritis]."', "reported"),
        ("In your letter you claim that they [cure arthritis].", "reported"),
        ('Your brochures include the words "we [cure arthritis]".', "reported"),
        ("You state your goals, and our cells [cure arthritis].", "claimed"),
        ("On your first visit, our cells [cure arthritis].", "claimed"),
        ("See our page: “We [cure arthritis].”", "claimed"),
        ("They may [cure arthritis].", "hedged"),
        ("They may [ease arthritis], but studies disagree.", "denied"),
        ("Nuestras células [curan la artritis].", "claimed"),
        ("Nuestras células nunca [curan la artritis].", "denied"),
        ("¿Las células [curan la artritis]?", "asked"),
        ("Desconfíe de quien [cura la artritis].", "warned"),
        ("No solo alivian, [curan la artritis].", "claimed"),
        ("Podrían [curar la artritis].", "hedged"),
    ],
)
def test_a_claim_is_told_from_the_words_that_resemble_it(marked: str, expected: str) -> None:
    assert stance(marked) == expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Why choose us", "claimed"),
        ("Red flags", "warned"),
        ("Myth 1", "warned"),
        ("What the FDA says", "reported"),
        ("Ask your doctor", "asked"),
        ("What we don't offer", "denied"),
        ("Señales de alerta", "warned"),
    ],
)
def test_a_heading_governs_what_stands_under_it(heading: str, expected: str) -> None:
    assert stance("[FDA-approved stem cells]", heading) == expected


def test_the_nearest_heading_that_tells_a_stance_decides() -> None:
    assert stance("[FDA-approved stem cells]", "Red flags", "Why choose us") == "claimed"


def test_a_question_that_the_speaker_answers_with_yes_is_a_claim() -> None:
    assert stance("Do they [cure arthritis]?", after="Absolutely.") == "claimed"
    assert stance("Do they [cure arthritis]?", after="No.") == "asked"


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("We can help.", "claimed"),
        ("Call us today!", "claimed"),
        ("We can help you find a support group.", "asked"),
        ("Call us before your visit.", "asked"),
        ("Call your doctor.", "asked"),
    ],
)
def test_a_question_that_names_diseases_is_answered_by_an_offer_of_help_alone(after: str, expected: str) -> None:
    assert stance("[ALS, MS or Parkinson's]?", after=after) == expected


@pytest.mark.parametrize("cue", shipped_cues().all, ids=lambda cue: f"{cue.group}: {cue.example}")
def test_each_cue_decides_its_example(cue: Cue) -> None:
    headings = (cue.heading,) if cue.heading else ()
    with_it = stance(cue.example, *headings, after=cue.after)
    assert with_it != stance(cue.example, *headings, after=cue.after, cues=shipped_cues().without(cue))
