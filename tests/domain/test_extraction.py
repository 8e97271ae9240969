"""All the words of a page, each in the piece and on the surface where a reader sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.block import Block, Surface
from clinics.domain.extraction import decode, extract_html


def texts(markup: str, surface: Surface | None = None) -> list[str]:
    return [block.text for block in extract_html(markup) if surface in (None, block.surface)]


def over(markup: str, text: str) -> tuple[str, ...]:
    return next(block.governors for block in extract_html(markup) if block.text == text)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>One <b>bold</b> <a>word</a></p>after<div>in</div>", ["One bold word", "after", "in"]),
        ("<div>a<p>b</p>c<p>d</p>e</div>", ["a", "b", "c", "d", "e"]),
        ("<p>St<span>em</span> cells</p>", ["Stem cells"]),
        ("<div><a>Home</a><a>About</a></div>", ["Home About"]),
        ("<p>one<br>two<br><br>three</p>", ["one\ntwo", "three"]),
        ("<ul><li>a<li>b</ul><table><tr><td>c<td>d</table>", ["a", "b", "c", "d"]),
        ("<p>cured<sup>1</sup> 10<sup>6</sup> Cell<sup>TM</sup></p>", ["cured¹ 10⁶ Cell™"]),
        ("<p><q>I walked</q></p>", ["“I walked”"]),
        ("<script>x</script><style>y</style><template>z</template><svg><text>s</text></svg><p>t</p>", ["t"]),
        ("<button>Book</button><select><option>a<option>b</select><label>Name</label>", ["Book", "a", "b", "Name"]),
        ("<p>never <i>closed <div>x", ["never closed", "x"]),
        ("<p>&lt;b&gt; &amp; caf&eacute;</p>", ["<b> & café"]),
        ("", []),
    ],
)
def test_words_are_cut_as_a_reader_sees_them(markup: str, expected: list[str]) -> None:
    assert texts(markup) == expected


@pytest.mark.parametrize(
    ("markup", "surface"),
    [
        ("<title>w</title>", "title"),
        ('<meta name="description" content="w">', "meta"),
        ('<meta property="og:description" content="w">', "meta"),
        ('<meta name="twitter:title" content="w">', "meta"),
        ("<h3><span>w</span></h3>", "heading"),
        ("<p>w</p>", "body"),
        ("<nav><a>w</a></nav>", "body"),
        ('<div class="cookie-banner">w</div>', "body"),
        ('<img alt="w">', "alt_text"),
        ('<input placeholder="w">', "alt_text"),
        ('<script type="application/ld+json">{"description": "www"}</script>'.replace("www", "w w"), "structured_data"),
        ("<details>w</details>", "collapsed"),
        ("<details open>w</details>", "body"),
        ('<div class="accordion-content">w</div>', "collapsed"),
        ('<div class="tab-pane active">w</div>', "body"),
        ('<button aria-expanded="false" aria-controls="x"></button><div id="x" hidden>w</div>', "collapsed"),
        ("<div hidden>w</div>", "hidden"),
        ('<div style="color:red;display: none">w</div>', "hidden"),
        ('<div style="display:block">w</div>', "body"),
        ('<p aria-hidden="true">w</p>', "hidden"),
        ('<span class="sr-only">w</span>', "hidden"),
        ('<div class="hidden md:block">w</div>', "body"),
        ("<body><noscript><p>w</p></noscript>", "hidden"),
        ("<footer><h4>w</h4></footer>", "footer"),
        ('<div id="footer">w</div>', "footer"),
        ('<body class="has-footer"><p>w</p></body>', "body"),
        ("<footer><p hidden>w</p></footer>", "hidden"),
    ],
)
def test_every_word_has_its_surface(markup: str, surface: str) -> None:
    assert [(block.text.replace("w w", "w"), block.surface) for block in extract_html(markup)] == [("w", surface)]


def test_hidden_words_within_a_sentence_do_not_tear_it() -> None:
    markup = "<p>Results are <span hidden>not </span>guaranteed</p>"
    assert texts(markup, Surface.BODY) == ["Results are guaranteed"]
    assert texts(markup, Surface.HIDDEN) == ["not"]


@pytest.mark.parametrize(
    ("markup", "governors"),
    [
        ("<h1>A</h1><h2>B</h2><p>x</p>", ("A", "B")),
        ("<h2>A</h2><h3>B</h3><h2>C</h2><p>x</p>", ("C",)),
        ("<h2>A</h2><article><h3>B</h3></article><p>x</p>", ("A",)),
        ("<section><h2>A</h2></section><section><p>x</p></section>", ("A",)),
        ("<section><h2>A</h2><p>y</p></section><p>x</p>", ()),
        ("<h2>A</h2><p>Red flags:</p><ul><li>y</li><li>x</li></ul>", ("A", "Red flags:")),
        ("<p>We never promise</p><ul><li>x</li></ul>", ("We never promise",)),
        ("<p>That is all.</p><ul><li>x</li></ul>", ()),
        ("<ul><li>Myths<ul><li>x</li></ul></li></ul>", ("Myths",)),
        ("<p>Myths:</p><p>y</p><p>x</p>", ()),
        ("<p>Does it cure?</p><p>x</p>", ("Does it cure?",)),
        ("<details><summary>Cure?</summary><p>y</p><p>x</p></details>", ("Cure?",)),
        ("<dl><dt>Myth</dt><dd>x</dd></dl>", ("Myth",)),
        ("<table><tr><th>Myth</th><th>Fact</th></tr><tr><td>y</td><td>x</td></tr></table>", ("Fact",)),
        ("<table><tr><th>Price</th><td>x</td></tr></table>", ("Price",)),
        ("<div hidden><h2>A</h2></div><p>x</p>", ()),
    ],
)
def test_what_stands_over_a_text_governs_it(markup: str, governors: tuple[str, ...]) -> None:
    assert over(markup, "x") == governors


def test_an_answer_in_structured_data_stands_under_its_question() -> None:
    source = '{"@graph": [{"name": "Does it cure?", "acceptedAnswer": {"text": "<p>No, it <b>does</b> not.</p>"}}]}'
    found = extract_html(f'<script type="application/ld+json">{source}</script>')
    assert found[1] == Block("No, it does not.", Surface.STRUCTURED, ("Does it cure?",))


def test_broken_structured_data_still_gives_its_words() -> None:
    found = texts('<script type="application/ld+json">{"text": "We cure all", }}</script>')
    assert found == ["We cure all"]


@pytest.mark.parametrize("escaped", [r"\u0000", r"\ud83d", r"\udc00"])
def test_what_is_no_character_in_structured_data_becomes_a_sign_that_can_be_kept(escaped: str) -> None:
    markup = f'<script type="application/ld+json">{{"text": "We cure {escaped} all"}}</script>'
    assert texts(markup) == ["We cure \ufffd all"]


@pytest.mark.parametrize("depth", [50_000])
def test_absurd_nesting_is_read_without_harm(depth: int) -> None:
    assert texts("<div>" * depth + "deep") == ["deep"]
    script = '<script type="application/ld+json">' + "[" * depth + "</script><p>x</p>"
    assert texts(script) == ["x"]


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("niños".encode(), "text/html; charset=utf-8", "niños"),
        ("niños".encode("latin-1"), "text/html; charset=iso-8859-1", "niños"),
        ("niños “x”".encode("cp1252"), "text/html", "niños “x”"),
        ("niños".encode(), "text/html", "niños"),
        ("niños".encode("utf-16"), "text/html", "niños"),
        (b'<meta charset="latin-1">ni\xf1os', "text/html", '<meta charset="latin-1">niños'),
        ("niños".encode(), "text/html; charset=nonsense", "niños"),
    ],
)
def test_bodies_are_read_in_their_charset(body: bytes, content_type: str, text: str) -> None:
    assert decode(body, content_type) == text


PIECES = ["<p>", "</p>", "<ul>", "<li>", "<h2>", "</h2>", "<table>", "<td>", "<th>", "<tr>", "<dl>", "<dt>", "<dd>"]
PIECES += [
    "<sup>",
    "</sup>",
    "<q>",
    "<br>",
    "<details>",
    "<summary>",
    "<span hidden>",
    "</span>",
    "<svg>",
    "<noscript>",
]
PIECES += ["</ul>", "</table>", "</details>", "<section>", "</section>", "<a>", "</a>", "<img alt=z>", "<template>"]


@given(st.lists(st.sampled_from(PIECES) | st.text(), max_size=30))
def test_no_markup_makes_it_fail(pieces: list[str]) -> None:
    for block in extract_html("".join(pieces)):
        assert block.text.strip() == block.text != ""


@given(
    st.lists(st.sampled_from([each for each in PIECES if "svg" not in each and "template" not in each]), max_size=30)
)
def test_no_visible_word_is_lost(pieces: list[str]) -> None:
    markup = "".join(f"{piece}word{number} " for number, piece in enumerate(pieces))
    said = " ".join(texts(markup)).split()
    assert sorted(each.strip("“”") for each in said if "word" in each) == sorted(f"word{n}" for n in range(len(pieces)))
