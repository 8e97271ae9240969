"""Rules speak about sentences through one compiled set."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.domain import stance
from clinics.domain.block import Block, Sentence, Surface
from clinics.domain.rule import Severity
from clinics.domain.rule_files import shipped_rules
from clinics.domain.ruleset import _LONGEST, _SHARED, RuleSet, _pieces
from clinics.domain.sentences import split

RULES = RuleSet(shipped_rules())
RISKY = ["Our stem cells cure arthritis.", "We guarantee results.", "Células madre aprobadas por la FDA."]
QUIET = ["Please bring your insurance card.", "Our cells do not cure arthritis.", "Is it FDA approved?"]
HARMLESS = ["Please park behind the building.", "We open at nine.", "Gracias por su visita."]


def flagged(text: str) -> set[str]:
    sentences = split([Block(text, Surface.BODY)])
    return {match.rule.key for sentence in sentences for match in RULES.find(sentence) if match.flagged}


def alone(text: str) -> Sentence:
    return Sentence(text, 0, len(text), 0, Surface.BODY)


@pytest.mark.parametrize("text", RISKY)
def test_a_claim_is_flagged(text: str) -> None:
    assert flagged(text)


@pytest.mark.parametrize("text", QUIET)
def test_harmless_wording_is_not_flagged(text: str) -> None:
    assert not flagged(text)


def test_offsets_are_code_points_of_the_block() -> None:
    text = "Hola 🙂. Our cells cu\u200bre arthritis."
    (sentence,) = [each for each in split([Block(text, Surface.BODY)]) if "arthritis" in each.text]
    match = next(each for each in RULES.find(sentence) if each.rule.key == "cure_reversal_cure")
    assert text[match.start : match.end] == "cu\u200bre"


def test_a_dropped_heading_is_seen() -> None:
    sentence = alone("Our stem cells cure arthritis.")
    assert any(match.flagged for match in RULES.find(sentence))
    assert not any(match.flagged for match in RULES.find(replace(sentence, governors=("Myth 1",))))


def test_no_rules_find_nothing() -> None:
    assert RuleSet([]).find(alone("We cure everything.")) == ()


def test_the_version_changes_with_what_bears_on_matching_only() -> None:
    rule = shipped_rules()[0]
    version = RuleSet([rule]).version
    assert len(version) == 16
    assert RuleSet([replace(rule, explanation="Other words.")]).version == version
    assert RuleSet([replace(rule, severity=Severity.NOTE)]).version != version
    assert RuleSet([replace(rule, patterns=("other",))]).version != version


def test_shipped_rules_compile_quickly() -> None:
    began = perf_counter()
    RuleSet(shipped_rules())
    assert perf_counter() - began < 2  # 0.05 s on a quiet machine


@given(st.text(max_size=40), st.sampled_from(RISKY), st.text(max_size=40))
def test_spans_stand_in_the_original(before: str, claim: str, after: str) -> None:
    text = f"{before} {claim} {after}"
    for sentence in split([Block(text, Surface.BODY)]):
        for match in RULES.find(sentence):
            assert sentence.start <= match.start < match.end <= sentence.end


@settings(max_examples=40)
@given(st.lists(st.sampled_from(HARMLESS), max_size=3), st.sampled_from(RISKY + QUIET), st.sampled_from(HARMLESS))
def test_harmless_sentences_around_it_never_change_a_verdict(before: list[str], text: str, after: str) -> None:
    assert flagged(" ".join([*before, text, after])) == flagged(text)


@pytest.mark.parametrize(
    ("heading", "item", "expected"),
    [
        ("Conditions we treat with stem cells", "Multiple sclerosis", True),
        ("Programs", "ALS", True),
        ("Conditions we do not treat", "Multiple sclerosis", False),
        ("Support groups", "Multiple sclerosis", False),
        ("Stem cells reverse multiple sclerosis.", "Accept all", False),
        ("Stem cells reverse multiple sclerosis.", "Sunny morning in Harrow", False),
        ("Las células madre revierten la esclerosis múltiple.", "Aceptar todo", False),
        ("Stem cells reverse", "Multiple sclerosis", True),
    ],
)
def test_a_fragment_completes_the_heading_over_it(heading: str, item: str, expected: bool) -> None:
    sentence = replace(alone(item), governors=(heading,))
    assert any(match.flagged for match in RULES.find(sentence)) is expected


def test_a_denial_does_not_hide_the_claim_beside_it() -> None:
    assert flagged("Our product is not a cure for pain; it cures arthritis with your own cells.")


def test_words_of_many_rules_stand_behind_several_gates() -> None:
    chance = Random(1)  # noqa: S311 - made-up words
    words = ["".join(chance.choices("abcdefghiklmnoprstuvwxyz", k=9)) for _ in range(15_000)]
    patterns = tuple("|".join(words[first : first + 50]) for first in range(0, len(words), 50))
    rules = RuleSet([replace(shipped_rules()[0], patterns=patterns, exemptions=(), ideas=())])
    for word in (words[0], words[7_777], words[-1]):
        text = f"We see {word} here."
        assert [text[match.start : match.end] for match in rules.find(alone(text))] == [word]


def test_an_endless_sentence_is_read_to_its_end() -> None:
    filler = "and the waiting room has a window over the garden where the birds come in the morning, " * 30
    text = f"{filler}our stem cells cure arthritis {filler}we guarantee results {filler}"
    found = [match for match in RULES.find(alone(text)) if match.flagged]
    assert {"cure", "guarantee"} <= {text[match.start : match.end].split()[-1] for match in found} | {
        text[match.start : match.end].split()[0] for match in found
    }


@given(st.lists(st.sampled_from(["word", "w" * 300, "w" * 1500, "."]), max_size=30))
def test_pieces_of_an_endless_sentence_cover_it_and_overlap(words: list[str]) -> None:
    text = " ".join(words)
    pieces = list(_pieces(text))
    assert pieces[0][0] == 0
    assert pieces[-1][1] == len(text)
    assert all(0 < last - first <= _LONGEST for first, last in pieces if text)
    assert all(final > last >= first + _SHARED - 1 for (_, last), (first, final) in pairwise(pieces))


def test_a_rule_of_words_too_short_to_be_looked_for_is_still_found() -> None:
    rule = replace(shipped_rules()[0], patterns=("us|my|[a-z]s",), exemptions=(), ideas=())
    assert RuleSet([rule]).find(alone("It is my car."))


@pytest.mark.parametrize(
    ("text", "over", "severity"),
    [
        ("Exosomes repair worn joints.", (), Severity.HIGH),
        ("Nebulised exosomes repair worn lungs.", (), Severity.CRITICAL),
        ("Exosomes repair worn lungs.", ("Inhaled treatment",), Severity.CRITICAL),
        ("Exosomes repair worn joints.", ("Inhaled treatment", "Knees"), Severity.HIGH),
        ("Los exosomas intravenosos reparan el hígado.", (), Severity.CRITICAL),
    ],
)
def test_a_route_of_higher_risk_makes_a_match_one_step_graver(
    text: str, over: tuple[str, ...], severity: Severity
) -> None:
    matches = [match for match in RULES.find(replace(alone(text), governors=over)) if match.rule.category == "exosome"]
    assert max(match.rule.severity for match in matches if match.flagged) == severity
    assert all(("route" in match.reason) == (severity is Severity.CRITICAL) for match in matches if match.flagged)


def of_ideas(*ideas: str) -> RuleSet:
    return RuleSet([replace(shipped_rules()[0], patterns=(r"\bapproved\b",), exemptions=(), ideas=ideas)])


@pytest.mark.parametrize(
    ("text", "over", "found"),
    [
        ("Approved by the agency: our exosomes.", (), True),
        ("Our exosomes are what the agency approved.", (), True),
        ("Approved by the agency.", ("Our exosomes",), True),
        ("Approved by the agency.", ("Our exosomes", "News"), False),
        ("Approved by the agency: our car park.", (), False),
        ("Our exosomes are approved.", (), False),
    ],
)
def test_a_rule_of_several_ideas_asks_for_all_of_them_in_any_order(
    text: str, over: tuple[str, ...], found: bool
) -> None:
    matches = of_ideas(r"\bagency\b", r"\bexosomes\b").find(replace(alone(text), governors=over))
    assert bool(matches) == found


def test_ideas_are_part_of_the_version() -> None:
    assert of_ideas(r"\bagency\b").version != of_ideas().version


def test_the_cues_of_stances_are_part_of_the_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rule = shipped_rules()[0]
    version = RuleSet([rule]).version
    other = tmp_path / "cues.json"
    other.write_text(stance._FILE.read_text(encoding="utf-8").replace("beware", "be aware"), encoding="utf-8")
    monkeypatch.setattr(stance, "_FILE", other)
    stance.cues_version.cache_clear()
    assert RuleSet([rule]).version != version
    monkeypatch.undo()
    stance.cues_version.cache_clear()
    assert RuleSet([rule]).version == version
