"""A sentence of a page is weighed with what stands around it, by the shipped rules and reader."""

from dataclasses import replace

import pytest

from clinics.domain.approved import shipped_products
from clinics.domain.block import Sentence
from clinics.domain.extraction import extract_html
from clinics.domain.rule_files import shipped_rules
from clinics.domain.ruleset import RuleSet
from clinics.domain.second_reader import KEY, SecondReader, shipped_reader
from clinics.domain.sentences import split
from clinics.domain.surroundings import FEWEST

READER = shipped_reader()
RULES = RuleSet(shipped_rules(), shipped_products(), READER)

SELLER = """
<title>Neuro Renewal Cell Clinic – stem cells for brain and nerves</title>
<h1>Give your brain a second chance</h1>
<p>Our umbilical cord stem cells repair damaged nerves. Families fly in from forty countries. Our patients walk again.
We regenerate what medicine has given up on. Nine of ten of our patients improve.</p>
<h2>What we treat with stem cells</h2>
<ul>{items}</ul>
<p>Call us today. The first infusion takes two hours. There are no side effects. Book before the end of the month.</p>
"""
HOSPITAL = """
<title>St. Alban's Hospital – Neurology</title>
<h1>Department of Neurology</h1>
<p>Our clinic is on the third floor. Please bring your referral and a list of your medicines. Visits take forty minutes.
The lift is beside the main entrance. Parking is charged by the hour.</p>
<h2>Illnesses of the nervous system</h2>
<ul>{items}</ul>
<p>Call the desk on weekdays. Results are sent to your family doctor. Interpreters are free. The café closes at 4.</p>
"""
ITEMS = "<li>Parkinson's disease</li><li>Multiple sclerosis</li><li>Stroke</li>"


def page(html: str, items: str = ITEMS) -> tuple[Sentence, ...]:
    return split(extract_html(html.format(items=items)))


def flagged(sentences: tuple[Sentence, ...], rules: RuleSet = RULES) -> list[str]:
    readings = zip(sentences, rules.read_page(sentences), strict=True)
    return [sentence.text for sentence, (matches, _) in readings if any(match.flagged for match in matches)]


def test_the_same_list_is_an_offer_on_a_sellers_page_and_none_on_a_hospitals() -> None:
    assert {"Parkinson's disease", "Multiple sclerosis", "Stroke"} <= set(flagged(page(SELLER)))
    assert flagged(page(HOSPITAL)) == []


@pytest.mark.parametrize(
    ("claim", "rule"),
    [
        ("Our stem cells cure Parkinson's disease, guaranteed.", "cure_reversal_cure"),
        ("Our stem cell therapy is FDA approved.", "fda_approval_approved"),
        ("Stem cell injections cure arthritis.", "cure_reversal_cure"),
        ("Este tratamiento está aprobado por la FDA.", "fda_approval_approved_es"),
        (
            "Because the cells are your own, the FDA does not regulate the procedure.",
            "autologous_exempt_own_cells_exempt",
        ),
    ],
)
def test_a_claim_that_is_sure_by_its_own_words_is_its_rules_flag_on_the_calmest_page(claim: str, rule: str) -> None:
    sentences = page(HOSPITAL, f"<li>{claim}</li>")
    assert flagged(sentences) == [claim]
    [(matches, share)] = RULES.read_page(sentences, [[each.text for each in sentences].index(claim)])
    assert rule in {match.rule.key for match in matches if match.flagged}
    assert share is not None
    assert share >= READER.card.bars.sure_with_rule


def test_the_reason_tells_both_shares() -> None:
    sentences = page(SELLER)
    place = [sentence.text for sentence in sentences].index("Book before the end of the month.")
    [(matches, share)] = RULES.read_page(sentences, [place])
    (suggestion,) = matches
    _, own = RULES.read(sentences[place])
    assert (suggestion.rule.key, suggestion.flagged, suggestion.share) == (KEY, True, share)
    assert f"{own:.0%} sure by its own words and {share:.0%} with what stands around them" in suggestion.reason


def test_some_sentences_of_a_page_are_read_as_they_are_when_all_are() -> None:
    sentences = page(SELLER)
    every = RULES.read_page(sentences)
    assert RULES.read_page(sentences, [7, 3]) == [every[7], every[3]]
    assert RULES.read_page(sentences, []) == []


@pytest.mark.parametrize("without", ["pages", "a reader"])
def test_where_nothing_is_known_of_pages_every_sentence_stands_alone(without: str) -> None:
    reader = SecondReader(READER.model, replace(READER.card, place={})) if without == "pages" else None
    rules, sentences = RuleSet(shipped_rules(), shipped_products(), reader), page(SELLER)
    assert rules.read_page(sentences) == [rules.read(sentence) for sentence in sentences]


def test_a_text_of_few_sentences_says_nothing_of_what_stands_around_one() -> None:
    sentences = page(SELLER)[: FEWEST - 1]
    assert RULES.read_page(sentences) == [RULES.read(sentence) for sentence in sentences]
    assert RULES.read_page(page(SELLER)) != [RULES.read(sentence) for sentence in page(SELLER)]


@pytest.mark.parametrize(
    "quiet",
    [
        "<div style='display:none'>{lines}</div>",
        "<p>" + "| ★ — … " * 50 + "</p>",
    ],
    ids=["hidden words", "signs"],
)
def test_words_that_nobody_reads_do_not_hush_a_sellers_page(quiet: str) -> None:
    lines = "<p>Visits take forty minutes. Your family doctor gets the results. The café closes at four.</p>" * 20
    hushed = page(SELLER + quiet.format(lines=lines))
    assert len(hushed) > len(page(SELLER))
    assert flagged(hushed) == flagged(page(SELLER))


@pytest.mark.parametrize(("least", "suggested"), [(0.0, True), (0.94, False)])
def test_a_page_suggests_nothing_of_which_its_own_words_say_too_little(least: float, suggested: bool) -> None:
    bars = replace(READER.card.bars, least_in_place=least)
    rules = RuleSet(shipped_rules(), shipped_products(), SecondReader(READER.model, replace(READER.card, bars=bars)))
    assert ("Book before the end of the month." in flagged(page(SELLER), rules)) is suggested


def test_what_staff_wrote_is_not_held_back_by_the_page() -> None:
    ours = replace(shipped_rules()[0], key="ours", patterns=(r"\bparking\b",), exemptions=(), ideas=())
    assert flagged(page(HOSPITAL), RuleSet([ours], (), READER)) == ["Parking is charged by the hour."]
