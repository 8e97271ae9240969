"""Who publishes the directory stands on every page, and that a demonstration is one; neither where it is not so."""

from html import unescape

import pytest
from django.test import Client
from pytest_django import Settings

from tests.directory.page_kinds import page_kinds
from tests.directory.test_search_page import text_of

pytestmark = pytest.mark.django_db
NAME, MAIL, PAGE = "Harbour Patients' Alliance", "desk@harbour.example", "https://harbour.example/contact"
FICTIONAL = {"": "A demonstration: its clinics", "/es": "Una demostración: sus clínicas"}


@pytest.fixture
def named(settings: Settings) -> None:
    settings.PUBLISHER_NAME, settings.PUBLISHER_CONTACT = NAME, MAIL


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(("prefix", "published"), [("", "Published by"), ("/es", "Publicado por")])
def test_every_page_names_its_publisher_and_how_to_write_to_it(client: Client, prefix: str, published: str) -> None:
    for paths in page_kinds().values():
        for path in paths:
            foot = client.get(f"{prefix}{path}").content.decode().partition('<footer class="site">')[2]
            assert f"{published} {NAME}." in unescape(foot), path
            assert f'<a href="mailto:{MAIL}">{MAIL}</a>' in foot, path


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("path", ["/about/", "/about/data/", "/es/about/", "/es/about/data/"])
def test_the_pages_about_us_name_it_in_their_own_words_too(client: Client, path: str) -> None:
    main = client.get(path).content.decode().partition("<main")[2].partition("</main>")[0]
    assert f'<a href="mailto:{MAIL}">{MAIL}</a>' in main


def test_an_address_of_a_page_is_a_link_to_it(client: Client, settings: Settings) -> None:
    settings.PUBLISHER_NAME, settings.PUBLISHER_CONTACT = NAME, PAGE
    assert f'<a href="{PAGE}">{PAGE}</a>' in client.get("/about/").content.decode()


def test_a_name_without_an_address_stands_alone(client: Client, settings: Settings) -> None:
    settings.PUBLISHER_NAME, settings.PUBLISHER_CONTACT = NAME, ""
    assert f"Published by {NAME}." in unescape(text_of(client, "/about/"))
    assert "Write to" not in text_of(client, "/about/")


def test_where_nobody_is_named_nobody_is_to_be_asked(client: Client) -> None:
    assert "Published by" not in text_of(client, "/about/")
    assert "ask us" not in text_of(client, "/about/data/")
    assert "None was given." in text_of(client, "/about/data/")
    assert "pregúntenos" not in text_of(client, "/es/about/data/")


@pytest.mark.usefixtures("named")
def test_who_may_be_asked_for_a_licence_is_told_with_it(client: Client, settings: Settings) -> None:
    assert "ask us before you publish our data again: desk@harbour.example" in text_of(client, "/about/data/")
    settings.DATA_LICENCE = "CC BY 4.0"
    assert "ask us" not in text_of(client, "/about/data/")


@pytest.mark.parametrize("prefix", FICTIONAL)
def test_every_page_of_a_demonstration_says_that_its_clinics_are_fictional(
    client: Client, settings: Settings, prefix: str
) -> None:
    for paths in page_kinds().values():
        for path in paths:
            for settings.DEMONSTRATION in (True, False):
                page = client.get(f"{prefix}{path}").content.decode()
                assert (FICTIONAL[prefix] in page) is settings.DEMONSTRATION, path


@pytest.mark.parametrize("path", ["/nothing-here/", "/api/v1/docs/"])
def test_so_do_the_page_of_nothing_and_that_of_the_interface(client: Client, settings: Settings, path: str) -> None:
    assert FICTIONAL[""] not in client.get(path).content.decode()
    settings.DEMONSTRATION = True
    assert FICTIONAL[""] in client.get(path).content.decode()


def test_the_page_about_us_says_what_software_does(client: Client) -> None:
    said = text_of(client, "/about/")
    assert "suggests to our staff wording to look at" in said
    assert "People decide" in said
    assert "Software only reads" not in said


@pytest.mark.parametrize(("path", "word"), [("/about/", "“Read” and “Last read”"), ("/es/about/", "«Leída»")])
def test_the_page_about_us_explains_the_words_that_pages_use(client: Client, path: str, word: str) -> None:
    assert word in text_of(client, path)
