"""Every page that explains has dated sources, both languages, plain sentences and the day of its review."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

import clinics.domain.understanding as understanding
from clinics.domain.category import PUBLIC_SLUGS
from clinics.domain.questions import FACTS, patient_questions
from clinics.domain.understanding import REVIEW_HOLDS, Page, explaining, explaining_facet, in_spanish, pages
from clinics.domain.vocabulary import load_vocabulary
from tests.verdicts import OF_A_CLINIC

PAGES = list(pages().values())
LANGUAGES = ("en", "es")
LONGEST = {"en": 22, "es": 26}  # words of one sentence
USUAL = {"en": 13, "es": 14}  # words of a page's sentences, on average
INNER = re.compile(r"\b(risky|flag\w*|severity|compliance)\b", re.IGNORECASE)
SENTENCE = re.compile(r"(?<=[.!?:])\s+")
TELEPHONES = {"1-800-332-1088", "800-835-4709", "1-877-382-4357"}

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
each_language = pytest.mark.parametrize("tongue", LANGUAGES)


def texts_of(page: Page, tongue: str) -> list[str]:
    """What the page says in our own words: its title, points and headings, without invented examples."""
    points = [point.text[tongue] for section in page.sections for point in section.points]
    return [page.title[tongue], page.short[tongue], *(section.heading[tongue] for section in page.sections), *points]


def sentences_of(page: Page, tongue: str) -> list[str]:
    points = [point.text[tongue] for section in page.sections for point in section.points]
    return [sentence for text in (page.short[tongue], *points) for sentence in SENTENCE.split(text)]


def judges(text: str) -> bool:
    """Whether a text that may discuss products judges a clinic, or speaks in our inner words."""
    return bool(OF_A_CLINIC.search(text) or INNER.search(text))


def words_in(sentence: str) -> int:
    return len(sentence.split())


def test_the_pages_are_those_that_the_files_hold() -> None:
    folder = Path(understanding.__file__).with_name("data") / "understanding"
    assert {path.stem for path in folder.glob("*.json")} == set(pages())
    assert len(pages()) == 10


@each_page
def test_every_page_says_when_it_was_reviewed_and_where_its_facts_are_from(page: Page) -> None:
    assert date(2026, 1, 1) < page.reviewed_on < date(2030, 1, 1)
    assert page.sources
    for source in page.sources.values():
        assert source.url.startswith(("https://", "http://www.fda.gov/", "http://www.closerlookatstemcells.org/"))
        assert source.title.strip() == source.title != ""
        assert source.as_of <= page.reviewed_on
        assert source.dated is None or source.dated <= source.as_of


@each_page
def test_every_fact_names_a_source_that_stands_below_and_every_source_is_used(page: Page) -> None:
    named = [key for section in page.sections for point in section.points for key in point.sources]
    assert set(named) == set(page.sources)


def test_what_has_no_source_is_marked_as_our_own() -> None:
    """Else a fact whose source was forgotten would pass for advice."""
    folder = Path(understanding.__file__).with_name("data") / "understanding"
    for path in folder.glob("*.json"):
        for section in json.loads(path.read_text(encoding="utf-8"))["sections"]:
            for point in section["points"]:
                assert bool(point.get("sources")) != bool(point.get("ours")), (path.name, point["en"])


@each_page
@each_language
def test_every_text_is_there_in_both_languages(page: Page, tongue: str) -> None:
    assert all(text.strip() == text != "" for text in texts_of(page, tongue))
    other = texts_of(page, "es" if tongue == "en" else "en")
    assert not set(texts_of(page, tongue)) & set(other)
    for section in page.sections:
        assert all(example[tongue] for example in section.examples)


@each_page
@each_language
def test_sentences_are_short(page: Page, tongue: str) -> None:
    lengths = [words_in(sentence) for sentence in sentences_of(page, tongue)]
    too_long = [sentence for sentence in sentences_of(page, tongue) if words_in(sentence) > LONGEST[tongue]]
    assert too_long == []
    assert sum(lengths) / len(lengths) <= USUAL[tongue]


def test_a_long_sentence_would_be_noticed() -> None:
    assert words_in("word " * 30) > LONGEST["es"]


@each_page
@each_language
def test_no_page_gives_a_verdict(page: Page, tongue: str) -> None:
    assert [text for text in texts_of(page, tongue) if judges(text)] == []


@pytest.mark.parametrize("verdict", ["This is a safe clinic.", "Es una estafa.", "Flagged by us."])
def test_a_verdict_would_be_noticed(verdict: str) -> None:
    assert judges(verdict)


WARNS = re.compile(
    r"warning signs?|red flags?|beware|too good to|hard to find|señal(?:es)? de alerta|cuidado con|difícil de encontrar"
    r"|apariencia de",
    re.IGNORECASE,
)


@each_page
@each_language
def test_no_page_to_which_a_clinics_words_lead_warns_of_them(page: Page, tongue: str) -> None:
    """The foot of every page says that no entry is a warning."""
    assert [text for text in texts_of(page, tongue) if WARNS.search(text)] == []


def test_a_warning_would_be_noticed() -> None:
    assert WARNS.search("Warning signs: wording that regulators have objected to")
    assert not WARNS.search("Collected FDA warning letters")


@each_page
def test_numbers_agree_in_both_languages(page: Page) -> None:
    """A date, a docket or a telephone number that was mistyped in one of them is found by the other."""
    for section in page.sections:
        for point in section.points:
            english, spanish = (sorted(re.findall(r"\d{3,}|\d+-\d+", point.text[tongue])) for tongue in LANGUAGES)
            assert english == spanish, point.text["en"]


def test_harm_is_reported_and_questions_asked_at_the_known_numbers() -> None:
    said = " ".join(texts_of(pages()["report-and-ask"], "en"))
    assert set(re.findall(r"\b(?:1-)?\d{3}-\d{3}-\d{4}\b", said)) == TELEPHONES
    assert "www.fda.gov/medwatch" in said


def test_the_court_cases_are_dated() -> None:
    said = " ".join(texts_of(pages()["your-own-cells"], "en"))
    assert "September 27, 2024" in said
    assert "October 14, 2025" in said


def test_ways_into_the_body_that_are_looked_at_first_are_told_as_those_of_more_risk() -> None:
    ways = [text for text in texts_of(pages()["where-cells-come-from"], "en") if "vein" in text]
    assert len(ways) == 1
    assert "carry more risk: into a vein, the lungs, the eye or the nervous system" in ways[0]
    assert "more weight" not in ways[0]
    assert "llevan más riesgo: una vena" in " ".join(texts_of(pages()["where-cells-come-from"], "es"))


@pytest.mark.parametrize(("days", "overdue"), [(0, False), (REVIEW_HOLDS.days, False), (REVIEW_HOLDS.days + 1, True)])
def test_a_review_holds_for_half_a_year(days: int, overdue: bool) -> None:
    page = PAGES[0]
    assert page.is_overdue(page.reviewed_on + timedelta(days=days)) is overdue


def test_every_public_category_is_explained() -> None:
    assert [slug for slug in PUBLIC_SLUGS.values() if explaining("claim_category", slug) is None] == []


@pytest.mark.parametrize("kind", ["posture", "cell_source", "origin", "route", "evidence", "condition"])
def test_every_word_of_these_vocabularies_is_explained(kind: str) -> None:
    words = [term.key for term in load_vocabulary() if term.kind == kind]
    assert [key for key in words if explaining(kind, key) is None] == []


def test_the_links_name_words_that_there_are() -> None:
    known = {(term.kind, term.key) for term in load_vocabulary()} | {
        ("claim_category", s) for s in PUBLIC_SLUGS.values()
    }
    told = json.loads(Path(understanding.__file__).with_name("data").joinpath("understanding_links.json").read_text())
    named = {(kind, key) for kind, words in told["values"].items() for key in words if key != "*"}
    assert named - known == set()


@pytest.mark.parametrize(
    ("kind", "key"), [("posture", ""), ("provider", "md"), ("", ""), ("claim_category", "unknown")]
)
def test_what_nothing_explains_has_no_page(kind: str, key: str) -> None:
    assert explaining(kind, key) is None


def test_facets_are_explained_where_a_page_is_about_them() -> None:
    condition = explaining_facet("condition")
    assert condition is not None
    assert condition.slug == "other-options"
    assert explaining_facet("language") is None


def test_spanish_of_reference_data_is_given_only_for_words_as_we_shipped_them() -> None:
    assert in_spanish("multiple myeloma") == "mieloma múltiple"
    assert in_spanish("multiple myeloma in adults") == ""


def test_every_question_is_asked_in_both_languages_and_explained() -> None:
    questions = patient_questions()
    assert len(questions) == 14
    for question in questions.values():
        for tongue in LANGUAGES:
            assert question.text[tongue].endswith(("?", "."))
            assert question.why[tongue]
            sentences = [*SENTENCE.split(question.text[tongue]), *SENTENCE.split(question.why[tongue])]
            assert max(map(words_in, sentences)) <= LONGEST[tongue]
            assert not judges(f"{question.text[tongue]} {question.why[tongue]}")
        assert question.page in pages()


def test_questions_name_facts_categories_and_kinds_that_there_are() -> None:
    kinds = {term.key for term in load_vocabulary() if term.kind == "credential_kind"}
    for question in patient_questions().values():
        assert set(question.facts) <= set(FACTS)
        assert set(question.statements) <= set(PUBLIC_SLUGS.values())
        assert set(question.checks) <= kinds
