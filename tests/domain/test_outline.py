"""A page's outline is the same for what sites draw anew, and another for all that bears on what is read."""

import pytest

from clinics.domain.answer import Answer
from clinics.domain.extraction import ParsedPage, extract_html
from clinics.domain.inspection import Known, inspect
from clinics.domain.outcome import Outcome

WORDS = " ".join(f"Injection number {number} is made for knees." for number in range(40))
PAGE = f"""<html><head><title>Knees</title><meta name=description content="All of knees">
<script>var nonce = "n1"</script><script type="application/ld+json">{{"@type": "Clinic", "name": "Knee House"}}</script>
</head><body data-request="r1"><!-- made at noon --><h2 class="title" id="top">Prices</h2><p>{WORDS}</p>
<ul><li>Shots of \N{LEFT DOUBLE QUOTATION MARK}cells\N{RIGHT DOUBLE QUOTATION MARK}</li></ul>
<a href="/book?visit=v1">Book</a><img src="/knee.png?v=1" alt="A knee"><svg><path d="M1 1"></svg>
<form action="/send?t=1"><input type=hidden name=token value="t1"><input type=submit value="Ask us"></form>
<p>We say nonce="a" of it.</p><table><tr><td colspan=2>From 900 dollars</td></tr></table></body></html>"""


def outline(markup: str) -> str:
    return ParsedPage(markup).outline()


@pytest.mark.parametrize(
    ("drawn", "anew"),
    [
        ('"n1"', '"n2"'),
        ("r1", "r2"),
        ("noon", "midnight"),
        ("visit=v1", "visit=v2"),
        ("png?v=1", "png?v=2"),
        ("M1 1", "M2 2"),
        ("send?t=1", "send?t=2"),
        ("t1", "t2"),
        ('data-request="r1"', ""),
        ("</head>", "<link rel=stylesheet href=/a.css></head>"),
    ],
)
def test_what_is_drawn_anew_for_each_visitor_is_not_in_it(drawn, anew):
    changed = PAGE.replace(drawn, anew)
    assert changed != PAGE
    assert extract_html(changed) == extract_html(PAGE)
    assert outline(changed) == outline(PAGE)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("number 7 is", "number 7 was"),
        ("All of knees", "All of hips"),
        ("<title>Knees", "<title>Hips"),
        ("Knee House", "Hip House"),
        ("A knee", "A hip"),
        ("Ask us", "Ask them"),
        ("<h2", "<h3"),
        ("<ul>", "<ul hidden>"),
        ("<ul>", "<ul style='display:none'>"),
        ("<ul>", "<ul aria-hidden=true>"),
        ("<ul>", "<ul role=contentinfo>"),
        ("<ul>", "<details><ul>"),
        ("<ul>", "<ul aria-label='Our shots'>"),
        ('class="title"', 'class="collapse"'),
        ('nonce="a"', 'nonce="b"'),
        ("<td colspan=2>", "<th colspan=2>"),
        ("<li>", "<li>No "),
        ("type=submit", "type=hidden"),
    ],
)
def test_all_that_is_read_is_in_it(said, says):
    changed = PAGE.replace(said, says)
    assert changed != PAGE
    assert outline(changed) != outline(PAGE)


def inspected(markup: str, known: Known, **headers: str):
    named = {"content-type": "text/html", **headers}
    return inspect(Answer("https://k.test/a", "https://k.test/a", 200, named, markup.encode()), "", None, known)


def test_a_page_of_the_known_outline_is_not_read_again():
    first = inspected(PAGE, Known())
    assert first.outline
    again = inspected(PAGE.replace("t1", "t2"), Known("0123456789abcdef", first.outline))
    assert (again.outcome, again.blocks, again.text_digest) == (Outcome.OK, (), "0123456789abcdef")


def test_it_is_read_where_its_text_is_not_known():
    first = inspected(PAGE, Known())
    assert inspected(PAGE, Known("", first.outline)).blocks == first.blocks


def test_one_cut_short_is_partial_whatever_its_outline():
    known = Known("0123456789abcdef", inspected(PAGE, Known()).outline)
    length = {"content-length": str(len(PAGE.encode()))}
    assert inspected(PAGE, known, **length).outcome is Outcome.OK
    assert inspected(PAGE[:-7], known, **length).outcome is Outcome.PARTIAL


def test_a_page_that_says_little_has_none_because_its_scripts_may_make_it_a_wall():
    little = "<html><body><p>Welcome to the clinic of knees.</p></body></html>"
    known = inspected(little, Known())
    assert (known.outcome, known.outline) == (Outcome.OK, "")
    walled = little.replace("<body>", "<body><script src='/cdn-cgi/challenge-platform/x'></script>")
    assert outline(walled) == outline(little)
    assert inspected(walled, Known(known.text_digest, known.outline)).outcome is Outcome.BLOCKED
