"""What patients type is known by the words they use, and words that mean nothing of the kind stay words."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain import lay_words as module
from clinics.domain.category import NAMES
from clinics.domain.lay_words import Part, folded, lay_words, parts_of
from clinics.domain.vocabulary import load_vocabulary


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        ("bad back", ("condition:back_pain",)),
        ("Bad  BACK", ("condition:back_pain",)),
        ("rodilla", ("condition:knee_arthritis",)),
        ("ciatica", ("condition:back_pain",)),
        ("Lou Gehrig’s disease", ("condition:als",)),
        ("bone on bone", ("condition:knee_arthritis",)),
        ("médula ósea", ("cell_source:bone_marrow_concentrate",)),
        ("my own cells", ("origin:autologous",)),
        ("suero", ("route:intravenous",)),
        ("nervios", ("condition:neuropathy",)),
        ("sin cirugía", ("claim_category:avoid_surgery",)),
    ],
)
def test_a_phrase_is_known_by_its_meaning(text: str, meanings: tuple[str, ...]) -> None:
    (part,) = parts_of(text, lay_words())
    assert part.meanings == meanings


@pytest.mark.parametrize("text", ["backing", "kneeling", "Palm Court", "backyard", "headache", "iver"])
def test_other_words_stay_words(text: str) -> None:
    assert parts_of(text, lay_words()) == tuple(Part((word,)) for word in text.split())


def test_a_phrase_is_found_between_other_words_and_little_words_are_left_out() -> None:
    parts = parts_of("clinic for a bad back near Miami", lay_words())
    assert parts == (Part(("bad", "back"), ("condition:back_pain",)), Part(("Miami",)))
    assert parts_of("the clinic", lay_words()) == (Part(("the",)), Part(("clinic",)))


def test_a_title_before_a_name_is_left_out_and_alone_stays() -> None:
    assert parts_of("doctor Achebe", lay_words()) == parts_of("Dra. Achebe", lay_words()) == (Part(("Achebe",)),)
    assert parts_of("doctor", lay_words()) == (Part(("doctor",)),)


def test_every_meaning_is_a_term_or_category_and_every_phrase_stands_once_with_it() -> None:
    terms = {f"{term.kind}:{term.key}" for term in load_vocabulary()} | {f"claim_category:{key}" for key in NAMES}
    facts = json.loads((Path(module.__file__).with_name("data") / "lay_words.json").read_text(encoding="utf-8"))
    assert facts["source"]
    assert facts["date"]
    for entry in facts["entries"]:
        assert set(entry["terms"]) <= terms
        assert len({folded(phrase) for phrase in entry["words"]}) == len(entry["words"])
        assert all(len(folded(phrase).split()) <= module.LONGEST_PHRASE for phrase in entry["words"]), entry


@pytest.mark.parametrize(
    "text",
    [
        '"bad back" Miami',
        "“bad back” Miami",
        "«bad back» Miami",
        "„bad back“ Miami",
        'Miami "bad back"',
        'in "bad back" Miami',
    ],
)
def test_what_stands_within_quotation_marks_is_one_part_and_means_itself(text: str) -> None:
    assert set(parts_of(text, lay_words())) == {Part(("bad", "back"), is_quoted=True), Part(("Miami",))}


@pytest.mark.parametrize("text", ['"bad back', 'bad back"', '"" bad back', 'bad "!" back"'])
def test_a_mark_that_is_not_closed_or_holds_nothing_is_none(text: str) -> None:
    assert not any(part.is_quoted for part in parts_of(text, lay_words()))
    assert {folded(word) for part in parts_of(text, lay_words()) for word in part.words} >= {"bad", "back"}


def test_a_quoted_part_is_typed_with_its_marks() -> None:
    assert [part.text for part in parts_of("“of the back” knee", {})] == ['"of the back"', "knee"]


@given(st.text())
def test_whatever_is_typed_none_of_its_words_is_made_up(text: str) -> None:
    words = [word for part in parts_of(text, lay_words()) for word in part.words]
    rest = iter(unmarked(text))
    assert all(word in rest for word in (plain for word in words for plain in unmarked(word)))
    assert bool(unmarked(" ".join(words))) == bool(unmarked(text))


def unmarked(text: str) -> list[str]:
    """The text's words without quotation marks."""
    return re.sub('["“”„«»]', " ", text).split()
