import pytest

from clinics.admin.flag_context import likest, marked


@pytest.mark.parametrize(
    ("block", "sentence", "words", "parts"),
    [
        (
            "Hello. We guarantee it. Bye.",
            "We guarantee it.",
            ["guarantee"],
            [
                ("plain", "Hello. "),
                ("sentence", "We "),
                ("words", "guarantee"),
                ("sentence", " it."),
                ("plain", " Bye."),
            ],
        ),
        ("We guarantee it.", "We guarantee it.", [], [("sentence", "We guarantee it.")]),
        (
            "Always safe, safe!",
            "Always safe, safe!",
            ["Always", "Always safe"],
            [("words", "Always safe"), ("sentence", ", safe!")],
        ),
        ("Something else now.", "We guarantee it.", ["guarantee"], [("plain", "Something else now.")]),
    ],
)
def test_the_sentence_and_its_matched_words_are_marked_in_the_block(
    block: str, sentence: str, words: list[str], parts: list[tuple[str, str]]
) -> None:
    assert [(part.kind, part.text) for part in marked(block, sentence, words)] == parts


def test_a_long_block_is_shown_around_the_sentence_only() -> None:
    parts = marked("a " * 2000 + "Here it is." + " b" * 2000, "Here it is.", [])
    assert [part.kind for part in parts] == ["plain", "sentence", "plain"]
    assert all(len(part.text) < 700 for part in parts)


@pytest.mark.parametrize(
    ("sentence", "earlier", "found"),
    [
        ("Results are guaranteed.", ["Call us today.", "Results are not guaranteed."], "Results are not guaranteed."),
        ("Results are guaranteed.", ["Call us today.", "We open at nine."], None),
        ("Results are guaranteed.", [], None),
    ],
)
def test_the_wording_before_is_the_likest_that_is_like_enough(
    sentence: str, earlier: list[str], found: str | None
) -> None:
    assert likest(sentence, earlier) == found
