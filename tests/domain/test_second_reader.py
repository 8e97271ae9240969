"""The second reader: a small learned model beside the rules, explainable, the same for the same sentence."""

from dataclasses import replace
from math import exp
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.approved import shipped_products
from clinics.domain.block import Sentence, Surface
from clinics.domain.extraction import extract_html
from clinics.domain.reader_features import features
from clinics.domain.rule import Rule, Severity, Stance
from clinics.domain.rule_files import shipped_rules
from clinics.domain.ruleset import RuleSet
from clinics.domain.second_reader import (
    KEY,
    TABLES,
    SecondReader,
    Seen,
    context,
    loaded,
    packed,
    shipped_reader,
    unpacked,
)
from clinics.domain.sentences import split
from clinics.domain.surroundings import NAMES, NO_BEARING

READER = shipped_reader()
BOTH = RuleSet(shipped_rules(), shipped_products(), READER)
ALONE = RuleSet(shipped_rules(), shipped_products())
SUGGESTED = "The injection took my migraines away in one afternoon, and they never came back."


def alone(text: str, *governors: str) -> Sentence:
    return Sentence(text, 0, len(text), 0, Surface.BODY, governors)


def flagging(text: str, *governors: str) -> list[str]:
    return [match.rule.key for match in BOTH.find(alone(text, *governors)) if match.flagged]


def test_a_sentence_that_no_rule_knows_is_suggested_with_the_words_that_moved_it() -> None:
    assert ALONE.find(alone(SUGGESTED)) == ()
    (match,) = BOTH.find(alone(SUGGESTED))
    assert (match.rule.key, match.stance, match.flagged) == (KEY, Stance.CLAIMED, True)
    assert match.share is not None
    assert match.share > READER.card.bars.suggest
    named = [word for word in SUGGESTED.split() if f"“{word}”" in match.reason]
    assert len(named) >= 2
    assert SUGGESTED[match.start : match.end].startswith(named[0])


def test_a_suggestion_is_at_most_of_high_severity_however_grave_its_categorys_rules_are() -> None:
    grave = [replace(rule, severity=Severity.CRITICAL) for rule in shipped_rules()]
    slight = [replace(rule, severity=Severity.LOW) for rule in shipped_rules()]
    for rules, expected in [(grave, Severity.HIGH), (slight, Severity.LOW)]:
        (match,) = RuleSet(rules, shipped_products(), READER).find(alone(SUGGESTED))
        assert (match.rule.key, match.rule.severity) == (KEY, expected)


@pytest.mark.parametrize(
    "text", ["Parking is free.", "We are open on Mondays.", "Traiga su identificación.", "Home", ""]
)
def test_ordinary_sentences_are_not_suggested(text: str) -> None:
    assert BOTH.find(alone(text)) == ()


@pytest.mark.parametrize("text", ["★★★★★", "✅✅✅✅✅✅", "👉👉👉", "!!!", "— —", "→"])
def test_a_line_without_a_word_says_nothing(text: str) -> None:
    assert BOTH.read(alone(text)) == ((), None)


@given(st.text(st.one_of(st.characters(), st.sampled_from("★✅👉!… our cures")), max_size=30))
def test_any_text_whatever_is_read(text: str) -> None:
    for match in BOTH.find(alone(text)):
        assert 0 <= match.start < match.end <= len(text)


@pytest.mark.parametrize("heading", ["Red flags", "Myth 1", "What the FDA says"])
def test_nothing_is_suggested_under_a_heading_that_warns_or_reports(heading: str) -> None:
    assert flagging(SUGGESTED) == [KEY]
    assert flagging(SUGGESTED, heading) == []
    assert flagging(SUGGESTED, "Welcome", heading) == []


def test_an_article_that_warns_of_others_may_still_promise_something_itself() -> None:
    assert flagging(SUGGESTED, "How to spot a fake clinic", "What we do") == [KEY]


@pytest.mark.parametrize("rule", shipped_rules(), ids=lambda rule: rule.key)
def test_a_rules_own_examples_hold_with_the_second_reader_beside_it(rule: Rule) -> None:
    for example in rule.must:
        assert flagging(example), example
        assert flagging(example, "Welcome"), example
    for example in rule.must_not:
        assert KEY not in flagging(example), example
        assert rule.key not in flagging(example), example


def test_a_broad_rules_flag_needs_its_consent_and_the_reason_is_told() -> None:
    withheld = [
        match
        for example in CORPUS_OF_LOOK_ALIKES
        for match in BOTH.find(alone(example))
        if match.reason.startswith("Not upheld by the second reader")
    ]
    assert withheld
    assert not any(match.flagged for match in withheld)
    assert {match.rule.key for match in withheld} <= READER.card.seconded


CORPUS_OF_LOOK_ALIKES = [
    "Free parking for the first 50 guests of the spring fair!",
    "Only three seats left on the shuttle to the station.",
    "Our scanner is fully accredited and registered with the state.",
    "Patients return to our cafeteria the same day.",
    "We repair torn cartilage in the knee by arthroscopy.",
]


@pytest.mark.parametrize(
    ("question", "answer", "claimed"),
    [
        ("Is it FDA approved?", "Absolutely.", True),
        ("Is it FDA approved?", "No.", False),
        ("¿Están aprobadas por la FDA?", "Claro que sí.", True),
        ("¿Están aprobadas por la FDA?", "Todavía no.", False),
    ],
)
def test_a_question_is_judged_by_its_answer_which_the_second_reader_does_not_see(
    question: str, answer: str, claimed: bool
) -> None:
    asked = replace(alone(question), after=answer)
    assert any(match.flagged for match in BOTH.find(asked)) is claimed
    if claimed:
        assert f"answers “{answer.split()[0].rstrip('.')}" in BOTH.find(asked)[0].reason


def test_a_question_in_a_heading_is_judged_by_the_answer_under_it() -> None:
    def flagged(answer: str) -> list[str]:
        blocks = extract_html(f"<h3>Is it FDA approved?</h3><p>{answer} Call us.</p>")
        return [sentence.text for sentence in split(blocks) if any(match.flagged for match in BOTH.find(sentence))]

    assert flagged("Absolutely.") == ["Is it FDA approved?"]
    assert flagged("Not yet.") == []


def test_what_staff_wrote_is_never_held_back() -> None:
    ours = replace(shipped_rules()[0], key="ours", patterns=(r"\bparking\b",), exemptions=(), ideas=())
    (match,) = RuleSet([ours], (), READER).find(alone("Parking is free."))
    assert (match.rule.key, match.flagged) == ("ours", True)
    assert match.share is not None
    assert match.share < READER.card.bars.uphold


@pytest.mark.parametrize(
    "reader",
    [
        None,
        SecondReader(replace(READER.model, place={}), READER.card),
        SecondReader(replace(READER.model, bias=READER.model.bias + 0.1), READER.card),
        SecondReader(READER.model, replace(READER.card, place={})),
        SecondReader(READER.model, replace(READER.card, bars=replace(READER.card.bars, suggest=0.9))),
        SecondReader(READER.model, replace(READER.card, seconded=frozenset())),
    ],
)
def test_the_version_of_a_rule_set_tells_whether_and_which_reader_reads(reader: SecondReader | None) -> None:
    assert RuleSet(shipped_rules(), shipped_products(), reader).version != BOTH.version
    again = SecondReader(unpacked(packed(READER.model)), READER.card)
    assert RuleSet(shipped_rules(), shipped_products(), again).version == BOTH.version


def test_a_model_comes_back_from_its_file_as_it_went_in() -> None:
    again = unpacked(packed(READER.model))
    assert again.weights == READER.model.weights
    assert again.categories.keys() == READER.model.categories.keys()
    assert again.bias == READER.model.bias
    assert again.place == READER.model.place
    assert set(again.place) == set(TABLES)


def test_a_model_that_knows_nothing_of_pages_comes_back_as_such() -> None:
    again = SecondReader(unpacked(packed(replace(READER.model, place={}))), replace(READER.card, place={}))
    assert not again.knows_pages()
    assert (again.bearing(features("we cure arthritis.")), again.heading("What we treat")) == (NO_BEARING, 0.0)


def test_a_card_of_an_earlier_version_weighs_what_it_knows_of() -> None:
    known = {"bias": 0.5, "own words": 2.0, "footer": -3.0}
    again = SecondReader(READER.model, replace(READER.card, place=known))
    numbers = [float(name == "own words") for name in NAMES]
    assert again.share_in_place(numbers) == pytest.approx(1 / (1 + exp(-2.5)))


@pytest.mark.parametrize(
    ("selling", "telling"),
    [
        ("What we treat with stem cells", "References"),
        ("Why patients choose our clinic", "What the evidence shows"),
        ("Lo que tratamos con células madre", "Contacto de prensa"),
    ],
)
def test_a_sellers_heading_adds_more_to_a_claim_than_one_that_tells(selling: str, telling: str) -> None:
    assert READER.heading(selling) > READER.heading(telling)


def test_a_sellers_sentence_sounds_more_like_a_page_that_claims_something_than_a_hospitals() -> None:
    seller, hospital = (
        READER.bearing(features(text)).voice
        for text in ("book your free consultation and start your journey today.", "your family doctor will refer you.")
    )
    assert seller > hospital


@pytest.mark.parametrize("content", [b"", b"no model", packed(READER.model)[:5000]])
def test_a_damaged_file_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a second reader's model"):
        unpacked(content)


def test_a_folder_without_a_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="second_reader"):
        loaded(tmp_path)


def test_marks_tell_apart_what_rules_found() -> None:
    seen = Seen("a_rule", "guarantee", Stance.DENIED, flagged=False)
    assert context([]) != context([seen]) != context([Seen("a_rule", "guarantee", Stance.CLAIMED, flagged=True)])
