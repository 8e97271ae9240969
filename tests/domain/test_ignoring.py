"""What staff chose not to read is left out, and nothing beside it."""

import pytest

from clinics.domain.extraction import extract_html
from clinics.domain.ignoring import NOTHING, Ignoring, IgnoringFault, check_pattern, check_selector
from clinics.domain.inspection import inspect_pdf_pages, inspect_text

PAGE = (
    "<html><head><title>Willow Bank</title></head><body><p>The door is open.</p>"
    "<div class='ticker'><p>News of today</p></div><p>Today's special: tea</p>"
    "<p>We cure knees. Today's special: tea</p>"
    '<script type=\'application/ld+json\'>{"description": "A practice"}</script></body></html>'
)


def texts(ignoring: Ignoring) -> list[str]:
    return [block.text for block in extract_html(PAGE, ignoring)]


@pytest.mark.parametrize(
    ("ignoring", "gone"),
    [
        (NOTHING, []),
        (Ignoring((".ticker",)), ["News of today"]),
        (Ignoring((), ("today's special: .*",)), ["Today's special: tea"]),
        (Ignoring((), ("tea",)), []),
        (Ignoring((".absent",), ("nothing like it",)), []),
        (Ignoring((".ticker", "script"), ("the door .*",)), ["The door is open.", "News of today", "A practice"]),
    ],
    ids=["nothing", "selector", "pattern", "pattern_within", "not_there", "several"],
)
def test_only_what_was_named_is_left_out(ignoring: Ignoring, gone: list[str]) -> None:
    assert texts(ignoring) == [text for text in texts(NOTHING) if text not in gone]


def test_patterns_hold_for_texts_and_brochures_too() -> None:
    ignoring = Ignoring((".p",), ("page \\d+",))
    assert [block.text for block in inspect_text("We cure.\n\nPage 2", ignoring=ignoring).blocks] == ["We cure."]
    assert [block.text for block in inspect_pdf_pages(["We cure.\n\nPage 2"], ignoring=ignoring).blocks] == ["We cure."]


def test_the_version_tells_choices_apart_and_not_their_order() -> None:
    one = Ignoring((".a", ".b"), ("c",))
    assert one.version == Ignoring((".b", ".a"), ("c",)).version != ""
    assert len({NOTHING.version, one.version, Ignoring((".a",), (".b", "c")).version, Ignoring(("c",)).version}) == 4
    assert len("2" + one.version) <= 32


@pytest.mark.parametrize("selector", ["..x", "p[", "", "*", "body", ":not(p)", "HTML", "p::before"])
def test_a_selector_that_cannot_be_read_or_takes_all_is_refused(selector: str) -> None:
    with pytest.raises(IgnoringFault, match="“"):
        check_selector(selector)


@pytest.mark.parametrize("pattern", ["(", ".*", "", "(?:.|\\s)*", "[\\s\\S]+", "(?P<x>.)\\1"])
def test_a_pattern_that_cannot_be_read_or_matches_all_is_refused(pattern: str) -> None:
    with pytest.raises(IgnoringFault, match="“"):
        check_pattern(pattern)


def test_what_names_a_part_is_taken() -> None:
    for selector in (".ticker", "#feed li", "aside[data-x]", "p"):
        check_selector(selector)
    for pattern in ("today's special: .*", "\\d+ likes"):
        check_pattern(pattern)
