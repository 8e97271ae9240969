"""The generator of the simulated year is frozen, and what it plants is what the shipped rules flag."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from benchmarks.simulated_year import sites, words
from clinics.domain.block import Block, Surface
from clinics.domain.rule_files import shipped_rules
from clinics.domain.ruleset import RuleSet
from clinics.domain.sentences import split

FROZEN: Final = "e4e0051c4a2f5ac30dc63852027917160dced3fe031426ab7267de0dbca4e171"
EDITS: Final = (*words.DENIALS_LOST, *words.HEDGES_LOST)
PLANTED: Final = (
    *(words.CLAIMS + words.SPANISH + words.NUMBERED),
    *(after for _, after in EDITS),
    *(sentence for _, sentence in words.HEADINGS_LOST),
)


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return RuleSet(shipped_rules())


def flagged(rules: RuleSet, text: str, governors: tuple[str, ...] = ()) -> bool:
    block = Block(text.format(part="knee", number=60), Surface.BODY, governors=governors)
    return any(match.flagged for sentence in split([block]) for match in rules.find(sentence))


def test_the_generator_is_the_one_that_was_frozen_before_any_mask_was_written() -> None:
    folder = Path(sites.__file__).parent
    told = hashlib.sha256(b"".join((folder / name).read_bytes() for name in ("sites.py", "words.py"))).hexdigest()
    assert told == FROZEN, "the simulated year measures masks only as long as it was not changed with them in view"


@pytest.mark.parametrize("statement", PLANTED)
def test_a_planted_statement_is_flagged_where_it_stands_alone(rules: RuleSet, statement: str) -> None:
    assert flagged(rules, statement)


@pytest.mark.parametrize("before", [before for before, _ in EDITS])
def test_what_stands_before_a_planted_edit_is_not_flagged(rules: RuleSet, before: str) -> None:
    assert not flagged(rules, before)


@pytest.mark.parametrize(("heading", "sentence"), words.HEADINGS_LOST)
def test_a_statement_under_its_heading_is_not_flagged(rules: RuleSet, heading: str, sentence: str) -> None:
    assert not flagged(rules, sentence, (heading,))


def test_a_year_is_the_same_at_every_run() -> None:
    at = sites.BEGIN + timedelta(days=200, hours=7)
    first, second = sites.sites(7, 40), sites.sites(7, 40)
    assert [[site.answer(path, at) for path in site.paths] for site in first] == [
        [site.answer(path, at) for path in site.paths] for site in second
    ]
    assert first[0].answer("/", at) != sites.sites(8, 1)[0].answer("/", at)


def test_a_planted_statement_is_on_the_page_while_the_truth_says_so() -> None:
    for site in sites.sites(3, 60):
        for planted in site.planted:
            for day in (planted.first + 0.5, min(planted.last, sites.DAYS) + 0.5):
                at = sites.BEGIN + timedelta(days=day)
                if site.answer(planted.path, at).status != 200 or planted.kind == "heading_lost" or site.away:
                    continue
                shown = site.answer(planted.path, at).body.replace("&nbsp;", " ").replace("’", "'")
                mirrored = planted.kind == "there_from_the_start"
                if planted.stands(day):
                    assert planted.sentence.replace("'", "&#x27;") in shown or planted.sentence in shown
                elif not mirrored:
                    assert planted.sentence not in shown
