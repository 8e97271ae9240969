"""What must hold for every rule that we ship: how a sentence is typed, and what stands beside it, decides nothing."""

import html
import re
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clinics.domain.approved import shipped_products
from clinics.domain.block import Block, Surface
from clinics.domain.extraction import extract_html
from clinics.domain.rule import Rule
from clinics.domain.rule_files import shipped_rules
from clinics.domain.ruleset import RuleSet
from clinics.domain.second_reader import shipped_reader
from clinics.domain.sentences import split

ALONE: Final = RuleSet(shipped_rules(), shipped_products())
BOTH: Final = RuleSet(shipped_rules(), shipped_products(), shipped_reader())
EXAMPLES: Final = [text for rule in shipped_rules() for text in (*rule.must, *rule.must_not)]
NEIGHBOURS: Final = [
    "Please park behind the building.",
    "We open at nine.",
    "The entrance is on Mill Street.",
    "Gracias por su visita.",
    "Our front desk answers the phone until five.",
]
Change = Callable[[str], str]


def flagging(rules: RuleSet, *blocks: Block) -> set[str]:
    return {match.rule.key for sentence in split(blocks) for match in rules.find(sentence) if match.flagged}


def written(text: str) -> Block:
    return Block(text, Surface.BODY)


def is_flagged(text: str) -> bool:
    return bool(flagging(BOTH, written(text)))


def in_the_middle_of_a_word(text: str, before: str, after: str) -> str:
    words = text.split(" ")
    place = len(words) // 2
    cut = max(1, len(words[place]) // 2)
    word, rest = html.escape(words[place][:cut]), html.escape(words[place][cut:])
    return " ".join(
        [*map(html.escape, words[:place]), f"{word}{before}{rest}{after}", *map(html.escape, words[place + 1 :])]
    )


TYPING: Final[dict[str, Change]] = {
    "in capitals": str.upper,
    "in small letters": str.lower,
    "with spaces that do not break": lambda text: text.replace(" ", "\u00a0"),
    "with wide gaps": lambda text: text.replace(" ", "   "),
    "with curly quotation marks and other hyphens": lambda text: text.replace("'", "’").replace("-", "‑"),
    "with an invisible character behind every letter": "\u200b".join,
    "with soft hyphens": lambda text: re.sub(r"([^\W\d_]{3})(?=[^\W\d_])", "\\1\u00ad", text),
    "in full-width letters": lambda text: re.sub("[A-Za-z]", lambda each: chr(ord(each[0]) + 0xFEE0), text),
}
MARKUP: Final[dict[str, Change]] = {
    "a bold half": lambda text: in_the_middle_of_a_word(text, "<b>", "</b>"),
    "an empty element": lambda text: in_the_middle_of_a_word(text, "<i></i>", ""),
    "a comment": lambda text: in_the_middle_of_a_word(text, "<!-- x -->", ""),
    "a place for a break": lambda text: in_the_middle_of_a_word(text, "<wbr>", ""),
    "lines of the source": lambda text: html.escape(text).replace(" ", "\n   "),
}


def on_the_longest_word(mask: Change) -> Change:
    def masked(text: str) -> str:
        words = re.findall(r"(?<![\w'’-])[^\W\d_]{4,}(?![\w'’-])", text)
        longest = max(words, key=len, default="")
        return text.replace(longest, mask(longest), 1) if longest else text

    return masked


MASKS: Final[dict[str, Change]] = {
    "spaced out": on_the_longest_word(" ".join),
    "dotted": on_the_longest_word(".".join),
    "starred": on_the_longest_word("*".join),
    "dashed": on_the_longest_word("-".join),
    "underscored": on_the_longest_word("_".join),
    "in figures": on_the_longest_word(lambda word: word.translate(str.maketrans("eioEIO", "310310"))),
    "in figures and signs": on_the_longest_word(
        lambda word: word.translate(str.maketrans("aeiostAEIOST", "@3105+@3105+"))
    ),
    "in entities": on_the_longest_word(lambda word: "".join(f"&#{ord(letter)};" for letter in word)),
    "in Cyrillic look-alikes": on_the_longest_word(lambda word: word.translate(str.maketrans("aceopxy", "асеорху"))),
    "in circles": on_the_longest_word(lambda word: re.sub("[a-z]", lambda each: chr(ord(each[0]) + 0x246F), word)),
    "with a tag in it": on_the_longest_word(lambda word: f"{word[:2]}<b>{word[2:]}</b>"),
}


@pytest.mark.parametrize("change", TYPING.values(), ids=TYPING.keys())
def test_how_a_sentence_is_typed_changes_no_verdict(change: Change) -> None:
    assert [text for text in EXAMPLES if is_flagged(text) != is_flagged(change(text))] == []


@pytest.mark.parametrize("change", MARKUP.values(), ids=MARKUP.keys())
def test_markup_within_a_word_changes_no_verdict(change: Change) -> None:
    def read(markup: str) -> set[str]:
        return flagging(BOTH, *extract_html(f"<p>{markup}</p>"))

    assert [text for text in EXAMPLES if flagging(BOTH, written(text)) != read(change(text))] == []


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS.keys())
def test_a_sentence_and_its_evasion_agree(mask: Change) -> None:
    differing = [mask(text) for text in EXAMPLES if is_flagged(text) != is_flagged(mask(text))]
    assert differing == []


def test_what_is_masked_is_really_masked() -> None:
    for name, mask in MASKS.items():
        assert sum(mask(text) != text for text in EXAMPLES) > 0.8 * len(EXAMPLES), name


@settings(max_examples=150)
@given(
    st.sampled_from(EXAMPLES),
    st.lists(st.sampled_from(NEIGHBOURS), max_size=3),
    st.lists(st.sampled_from(NEIGHBOURS), max_size=3),
    st.sampled_from([ALONE, BOTH]),
)
def test_harmless_sentences_before_or_after_change_no_verdict(
    text: str, before: list[str], after: list[str], rules: RuleSet
) -> None:
    assert flagging(rules, written(" ".join([*before, text, *after]))) == flagging(rules, written(text))


@settings(max_examples=60)
@given(st.sampled_from(EXAMPLES), st.sampled_from(NEIGHBOURS), st.sampled_from(NEIGHBOURS))
def test_harmless_paragraphs_before_or_after_change_no_verdict(text: str, before: str, after: str) -> None:
    assume(not text.endswith("?") or not after.startswith("Gracias"))  # the fault below
    page = f"<p>{before}</p><p>{html.escape(text)}</p><p>{after}</p>"
    assert flagging(BOTH, *extract_html(page)) == flagging(BOTH, *extract_html(f"<p>{html.escape(text)}</p>"))


@pytest.mark.parametrize(
    ("question", "below", "flagged"),
    [
        ("Do you treat dementia?", "Gracias por su visita.", False),
        ("Do you treat dementia?", "Thank you for your visit.", False),
        ("Do you treat dementia?", "Yes, every day.", True),
        ("Do you treat dementia?", "Welcome to our house.", False),
        ("Do you treat dementia?", "Call us, we treat dementia.", True),
        ("Do you treat children with autism?", "From the age of three.", True),
    ],
)
def test_thanks_under_a_question_are_no_answer_and_an_answer_is(question: str, below: str, flagged: bool) -> None:
    page = f"<p>We open at nine.</p><p>{question}</p><p>{below}</p>"
    assert bool(flagging(BOTH, *extract_html(page))) is flagged


@settings(max_examples=100)
@given(st.sampled_from(EXAMPLES), st.lists(st.sampled_from(sorted(TYPING)), min_size=2, max_size=3, unique=True))
def test_several_manners_of_typing_together_change_no_verdict(text: str, manners: list[str]) -> None:
    changed = text
    for manner in manners:
        changed = TYPING[manner](changed)
    assert is_flagged(changed) == is_flagged(text), changed


@pytest.mark.parametrize("rule", shipped_rules(), ids=lambda rule: rule.key)
def test_every_match_quotes_words_that_stand_in_the_sentence(rule: Rule) -> None:
    for text in (*rule.must, *rule.must_not):
        for change in (*TYPING.values(), *MASKS.values()):
            changed = change(text)
            for sentence in split([written(changed)]):
                for match in BOTH.find(sentence):
                    assert sentence.start <= match.start < match.end <= sentence.end, changed
