"""What a sitemap names, and that a hostile one costs little and reads nothing of ours."""

import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.sitemap import MOST_NAMED, NotASitemap, is_of_little_use, read_sitemap

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def urlset(*addresses: str, root: str = "urlset", entry: str = "url", head: str = "") -> bytes:
    entries = "".join(f"<{entry}><loc>{address}</loc></{entry}>" for address in addresses)
    return f'{head}<{root} xmlns="{NAMESPACE}">{entries}</{root}>'.encode()


def test_a_sitemap_names_pages() -> None:
    body = urlset("https://a.example/", " https://a.example/knee?a=1&amp;b=2\n", head='<?xml version="1.0"?>\n')
    assert read_sitemap(body).pages == ("https://a.example/", "https://a.example/knee?a=1&b=2")


def test_an_index_names_sitemaps() -> None:
    body = urlset("https://a.example/one.xml", "https://a.example/two.xml", root="sitemapindex", entry="sitemap")
    assert read_sitemap(body).sitemaps == ("https://a.example/one.xml", "https://a.example/two.xml")
    assert read_sitemap(body).pages == ()


def test_pictures_and_other_languages_of_a_page_are_not_its_address() -> None:
    body = f"""<urlset xmlns="{NAMESPACE}" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
      xmlns:xhtml="http://www.w3.org/1999/xhtml"><!-- made today --><?style x?>
      <url><loc>https://a.example/knee</loc><image:image><image:loc>https://a.example/k.jpg</image:loc></image:image>
      <xhtml:link rel="alternate" hreflang="es" href="https://a.example/es"/><lastmod>2026-11-01</lastmod></url>
      <url><lastmod>2026-11-01</lastmod></url><url><loc></loc></url>
    </urlset>"""
    assert read_sitemap(body.encode()).pages == ("https://a.example/knee",)


def test_a_sitemap_without_namespace_and_in_another_encoding_is_read() -> None:
    body = '<?xml version="1.0" encoding="utf-16"?><urlset><url><loc>https://a.example/ñ</loc></url></urlset>'
    assert read_sitemap(body.encode("utf-16")).pages == ("https://a.example/ñ",)


def test_a_plain_list_is_read() -> None:
    assert read_sitemap(b"\xef\xbb\xbfhttps://a.example/\r\n\r\nhttps://a.example/b\n").pages == (
        "https://a.example/",
        "https://a.example/b",
    )


def test_a_file_that_breaks_off_counts_as_far_as_it_goes() -> None:
    body = urlset("https://a.example/1", "https://a.example/2")
    assert read_sitemap(body[:-30]).pages == ("https://a.example/1",)


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPE = f'<!DOCTYPE urlset [<!ENTITY a0 "ha">{LAUGHS}]>'
HOSTILE = {
    "laughing entities": urlset("https://a.example/&a9;", head=DOCTYPE),
    "laughing entities in UTF-16": urlset("https://a.example/&a9;", head=DOCTYPE).decode().encode("utf-16"),
    "laughing entities in EBCDIC": urlset("&a9;", head=f'<?xml version="1.0" encoding="cp037"?>{DOCTYPE}')
    .decode()
    .encode("cp037"),
    "a file of ours": urlset("&f;", head='<!DOCTYPE urlset [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
    "a DTD of theirs": urlset("https://a.example/", head='<!DOCTYPE urlset SYSTEM "http://a.example/x.dtd">'),
    "an entity nobody declared": urlset("https://a.example/&f;"),
    "depth without end": b"<urlset>" + b"<url>" * 800_000,
    "an address without end": b"<urlset><url><loc>https://a.example/" + b"x" * 4_900_000 + b"</loc></url></urlset>",
    "another kind of document": b"<html><body><url><loc>https://a.example/</loc></url></body></html>",
    "a feed": b"<rss><channel><item><link>https://a.example/</link></item></channel></rss>",
    "a page of HTML": b"<!doctype html><p>Not found<br>",
    "nothing": b"",
    "noise": bytes(range(256)) * 100,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_honest_sitemap_names_nothing_and_costs_little(kind: str) -> None:
    began = time.process_time()
    tracemalloc.start()
    try:
        named = read_sitemap(HOSTILE[kind])
    except NotASitemap as refused:
        assert str(refused).endswith(".")
    else:
        assert named.pages == named.sitemaps == ()
    finally:
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert time.process_time() - began < 2
    assert most < 30_000_000


def test_no_file_of_this_machine_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://a.example/secret")
    head = f'<!DOCTYPE urlset [<!ENTITY f SYSTEM "{secret.as_uri()}">]>'
    with pytest.raises(NotASitemap, match="document type"):
        read_sitemap(urlset("&f;", head=head))


@pytest.mark.parametrize("entry", ["<url><loc>https://a.example/{}</loc></url>", "<url></url><x/>"])
def test_a_million_entries_are_read_only_so_far(entry: str) -> None:
    body = "<urlset>" + "".join(entry.format(number) for number in range(1_000_000)) + "</urlset>"
    began = time.process_time()
    assert len(read_sitemap(body.encode()).pages) in (0, MOST_NAMED)
    assert time.process_time() - began < 3


def test_a_list_of_a_million_lines_is_read_only_so_far() -> None:
    assert len(read_sitemap(b"https://a.example/\n" * 1_000_000).pages) == MOST_NAMED


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    for given_body in (body, b"<urlset>" + body, b"<urlset><url><loc>" + body + b"</loc></url></urlset>"):
        try:
            read_sitemap(given_body)
        except NotASitemap:
            continue


@pytest.mark.parametrize(
    ("url", "little"),
    [
        ("https://a.example/author-sitemap.xml", True),
        ("https://a.example/sitemap-images.xml", True),
        ("https://a.example/page-sitemap.xml", False),
        ("https://a.example/author/post-sitemap.xml", False),
    ],
)
def test_files_that_list_archives_or_pictures_are_of_little_use(url: str, little: bool) -> None:
    assert is_of_little_use(url) is little
