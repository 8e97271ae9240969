"""Texts and files are read for risky wording, and nothing is stored."""

import pytest

from clinics.operations import scanning
from clinics.operations.refusal import Refusal
from tests.brochure import pdf

RULES = scanning.rules_from("shipped")
PAGE = b"<h2>Red flags</h2><p>Our cells cure arthritis.</p><h2>Why choose us</h2><p>Our cells cure arthritis.</p>"


def test_a_row_quotes_the_sentence_and_points_at_the_words() -> None:
    reading = scanning.read("page.txt", b"Welcome. Our cells cure arthritis.", "text")
    (row,) = scanning.scan(reading, RULES)
    assert row["sentence"] == "Our cells cure arthritis."
    assert reading.blocks[row["block"]].text[row["start"] : row["end"]] == "cure"
    assert (row["path"], row["category"], row["stance"], row["flagged"]) == (
        "page.txt",
        "cure_reversal",
        "claimed",
        True,
    )
    assert row["rule"] in row["rules"]
    assert {"page", "surface", "severity"} <= row.keys()


def test_headings_of_a_page_govern_what_is_under_them() -> None:
    reading = scanning.read("page.html", PAGE, "html")
    assert [row["block"] for row in scanning.scan(reading, RULES)] == [3]


def test_all_shows_what_was_not_flagged_with_the_reason() -> None:
    reading = scanning.read("-", b"Our cells do not cure arthritis.", "text")
    assert list(scanning.scan(reading, RULES)) == []
    row = next(scanning.scan(reading, RULES, everything=True))
    assert (row["flagged"], row["stance"]) == (False, "denied")
    assert "not" in row["reason"]


@pytest.mark.parametrize(
    ("text", "state", "lacking"),
    [
        (b"We offer stem cells.", "fl", ["missing_notice_fl"]),
        (b"We offer stem cells. NOTICE: these have not yet been approved by the FDA.", "FL", []),
        (b"We offer eye tests.", "FL", []),
        (b"We offer stem cells.", "OH", []),
        (b"We offer stem cells.", "", []),
    ],
)
def test_a_prescribed_notice_that_is_lacking_is_told(text: bytes, state: str, lacking: list[str]) -> None:
    rows = scanning.scan(scanning.read("-", text, "text"), RULES, state=state)
    assert [row["rule"] for row in rows if row["category"] == "missing_notice"] == lacking


@pytest.mark.parametrize(
    ("path", "chosen", "expected"),
    [
        ("a.HTM", None, "html"),
        ("a.html", "text", "text"),
        ("a.pdf", None, "pdf"),
        ("a", None, "text"),
        ("-", None, "text"),
    ],
)
def test_the_format_is_chosen_or_told_by_the_suffix(path: str, chosen: str | None, expected: str) -> None:
    assert scanning.format_of(path, chosen) == expected


def test_a_pdf_is_read_page_by_page() -> None:
    reading = scanning.read("leaflet.pdf", pdf("Our house is old.", "Stem cells cure arthritis."), "pdf")
    (row,) = scanning.scan(reading, RULES)
    assert (row["path"], row["page"], row["surface"]) == ("leaflet.pdf", 2, "pdf")
    assert "Stem cells cure arthritis" in row["sentence"]


@pytest.mark.parametrize(
    ("body", "told"),
    [(b"<html>", "not a PDF"), (b"%PDF-1.7", "not a PDF|damaged"), (pdf(""), "pictures of text, but no text")],
    ids=["html", "cut", "no_text"],
)
def test_a_pdf_that_cannot_be_read_is_refused_in_words(body: bytes, told: str) -> None:
    with pytest.raises(Refusal, match=rf"leaflet\.pdf: .*({told})"):
        scanning.read("leaflet.pdf", body, "pdf")


def test_a_text_is_judged_as_a_whole() -> None:
    verdict = scanning.judge("Welcome. We guarantee results. Our cells cure arthritis.", RULES)
    assert verdict["flagged"] is True
    assert verdict["categories"][0] == "cure_reversal"
    assert "guarantee" in verdict["categories"]
    assert scanning.judge("Welcome.", RULES) == {"flagged": False, "categories": [], "rules": []}
