"""Where robots.txt says that sitemaps stand, and gzip files that hold more than they should."""

import gzip
import time

import pytest

from clinics.web.documents import DocumentFault
from clinics.web.limits import Limits
from clinics.web.sitemaps import MOST_NAMED, plain_sitemap, sitemaps_named

LIMITS = Limits(max_bytes=1_000_000)


def test_the_lines_of_a_robots_file_name_sitemaps() -> None:
    text = """
    User-agent: *
    Disallow: /portal/
    Sitemap: https://a.example/one.xml
    sitemap:/two.xml.gz  # relative, against the standard
    # Sitemap: https://a.example/three.xml
    """
    assert sitemaps_named(text) == ("https://a.example/one.xml", "/two.xml.gz")


def test_a_file_that_names_none_names_none() -> None:
    assert sitemaps_named("") == sitemaps_named("User-agent: *\nDisallow: /sitemap.xml") == ()


def test_lines_without_end_are_heard_only_so_far() -> None:
    rules = "".join(f"User-agent: a{number}\n" for number in range(5_000)) + "Disallow: /x\n" * 5_000
    began = time.process_time()
    assert len(sitemaps_named(rules + "Sitemap: https://a.example/x.xml\n" * 10_000)) == MOST_NAMED
    assert time.process_time() - began < 2


def test_a_gzip_file_is_unpacked_and_any_other_left_as_it_is() -> None:
    assert plain_sitemap(gzip.compress(b"<urlset/>"), LIMITS) == b"<urlset/>"
    assert plain_sitemap(b"<urlset/>", LIMITS) == b"<urlset/>"


@pytest.mark.parametrize(
    "body",
    [gzip.compress(b"\0" * 50_000_000), gzip.compress(b"<urlset/>")[:-9], b"\x1f\x8bnot gzip at all"],
    ids=["bomb", "cut short", "damaged"],
)
def test_a_gzip_file_that_is_a_bomb_or_damaged_is_refused(body: bytes) -> None:
    with pytest.raises(DocumentFault, match=r"\.$"):
        plain_sitemap(body, LIMITS)
