"""Which of a page's links are pages of the same site, once each, with the words of the link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.address import RefusedAddress
from clinics.domain.links import LONGEST_ANCHOR, MOST_LOOKED_AT, MOST_VARIANTS, candidates, links

HERE = "https://knees.example/treatments/"
SITES = {"knees.example"}


def found(markup: str, url: str = HERE) -> dict[str, str]:
    """The anchors by identity."""
    return {each.identity: each.anchor for each in links(markup, url, SITES)}


def address(href: str) -> list[str]:
    return [each.url for each in links(f'<a href="{href}">Knees</a>', HERE, SITES)]


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/conditions/hip", "https://knees.example/conditions/hip"),
        ("hip", "https://knees.example/treatments/hip"),
        ("../faq", "https://knees.example/faq"),
        ("//www.knees.example/faq", "https://www.knees.example/faq"),
        ("http://blog.knees.example/cells#top", "http://blog.knees.example/cells"),
        (" /stem cells ", "https://knees.example/stem%20cells"),
        ("?page_id=12", "https://knees.example/treatments/?page_id=12"),
        ("/brochure.pdf", "https://knees.example/brochure.pdf"),
        ("HTTPS://KNEES.EXAMPLE/Faq", "https://knees.example/Faq"),
    ],
)
def test_a_link_within_the_site_is_a_page(href: str, url: str) -> None:
    assert address(href) == [url]


@pytest.mark.parametrize(
    "href",
    [
        "",
        "#top",
        "mailto:us@knees.example",
        "tel:+15550100",
        "javascript:void(0)",
        "data:text/html,knees",
        "https://hips.example/",
        "https://knees.example.hips.example/",
        "https://notknees.example/",
        "https://user:secret@knees.example/faq",
        "https://knees.example:8080/faq",
        "ftp://knees.example/faq",
        "http://[::1/",
        "https://knees.example/" + "a" * 2000,
        "https://knees.example/faq?utm_source=" + "é" * 700,
    ],
)
def test_what_leads_elsewhere_or_nowhere_is_none(href: str) -> None:
    assert address(href) == []


def test_the_same_page_is_named_once_with_the_first_words_that_lead_there() -> None:
    markup = """
    <a href="/faq/?utm_source=menu"><img src="x.png" alt=""></a><a href="http://www.knees.example/faq">Your  questions
    </a><a href="/faq#cost">What does it cost?</a>
    """
    assert found(markup) == {"knees.example/faq": "Your questions"}


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<b>Stem</b> <i>cells</i>", "Stem cells"),
        ('<img src="x.png" alt="Our brochure">', "Our brochure"),
        ("", ""),
        ("x" * 500, "x" * LONGEST_ANCHOR),
        ("a\x00b\ud800c&#0;", "abc\ufffd"),
    ],
)
def test_the_words_of_a_link(inside: str, words: str) -> None:
    assert list(found(f'<a href="/a">{inside}</a>').values()) == [words]


def test_a_link_may_name_itself_by_its_label() -> None:
    assert list(found('<a href="/a" aria-label="Stem cells"></a>').values()) == ["Stem cells"]


def test_a_page_in_another_language_and_a_place_on_a_picture_are_links_and_a_feed_is_none() -> None:
    markup = """<link rel="alternate" hreflang="es" href="/es/rodilla"><link rel="alternate" href="/news.php">
    <map><area href="/hip" alt="Hip"></map>"""
    assert found(markup) == {"knees.example/es/rodilla": "", "knees.example/hip": "Hip"}


@pytest.mark.parametrize(
    ("base", "identity"), [("/old/", "knees.example/old/a"), ("http://[", "knees.example/treatments/a")]
)
def test_the_documents_own_base_counts_where_it_is_well_formed(base: str, identity: str) -> None:
    assert set(found(f'<base href="{base}"><a href="a">A</a>')) == {identity}


def test_a_document_that_bases_itself_elsewhere_links_elsewhere() -> None:
    assert found('<base href="https://hips.example/"><a href="a">A</a>') == {}


def test_the_address_policy_of_the_caller_has_the_last_word() -> None:
    def refuse_hips(url: str) -> str:
        if "hip" in url:
            raise RefusedAddress("Not there.")
        return f"{url}?judged"

    made = links('<a href="/hip">Hip</a><a href="/knee">Knee</a>', HERE, SITES, refuse_hips)
    assert [each.url for each in made] == ["https://knees.example/knee?judged"]


def test_addresses_that_differ_only_behind_the_question_mark_are_bounded() -> None:
    many = [(f"https://knees.example/list?color={number}", "") for number in range(100)]
    made = candidates([*many, ("https://knees.example/faq", "")], SITES)
    assert len(made) == MOST_VARIANTS + 1
    assert made[-1].identity == "knees.example/faq"


def test_a_page_of_links_without_end_is_read_only_so_far() -> None:
    markup = "".join(f'<a href="/page-{number}-of-ours">x</a>' for number in range(MOST_LOOKED_AT + 500))
    assert len(found(markup)) == MOST_LOOKED_AT


@given(st.text(alphabet=st.characters(codec=None), max_size=60), st.text(max_size=20))
def test_no_markup_raises_and_all_that_is_found_is_of_the_site(href: str, words: str) -> None:
    for each in links(f'<base href="{words}"><a href="{href}">{words}</a>', HERE, SITES):
        assert each.url.split("/")[2].removesuffix(".").endswith("knees.example")
        assert len(each.identity) <= 2000
