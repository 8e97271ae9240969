"""One page is one record, however its address was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.page_identity import host_of, identity_key, site_of


@pytest.mark.parametrize(
    "url",
    [
        "https://clinic.example/knee",
        "http://clinic.example/knee",
        "HTTPS://WWW.Clinic.Example/knee/",
        "https://clinic.example:443/knee#prices",
        "http://clinic.example:80/knee",
        " https://clinic.example/knee?utm_source=x&fbclid=1 ",
        "https://clinic.example./knee",
        "https://clinic.example/%6bnee",
    ],
)
def test_the_same_page_has_the_same_key(url: str) -> None:
    assert identity_key(url) == "clinic.example/knee"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://clinic.example/knee", "https://clinic.example/Knee"),
        ("https://clinic.example/knee", "https://blog.clinic.example/knee"),
        ("https://clinic.example/?p=1", "https://clinic.example/?p=2"),
        ("https://clinic.example/", "https://clinic.example:8080/"),
        ("https://clinic.example/a%2Fb", "https://clinic.example/a/b"),
    ],
)
def test_other_pages_have_other_keys(one: str, other: str) -> None:
    assert identity_key(one) != identity_key(other)


def test_the_order_of_a_query_does_not_matter() -> None:
    assert identity_key("https://c.test/?b=2&a=1") == identity_key("http://www.c.test?a=1&b=2")


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.clinic.com/x", "clinic.com"),
        ("https://a.b.clinic.co.uk", "clinic.co.uk"),
        ("https://knee.clinic.test/", "clinic.test"),
        ("https://clinic.example", "clinic.example"),
        ("https://CLINIC.Example.", "clinic.example"),
        ("http://93.184.216.34/x", "93.184.216.34"),
        ("http://localhost/x", "localhost"),
        ("https://clínica.example/", "xn--clnica-4va.example"),
        ("https://one.github.io/", "one.github.io"),
    ],
)
def test_a_site_is_the_registered_domain(url: str, site: str) -> None:
    assert site_of(url) == site


@pytest.mark.parametrize("url", ["", "clinic", "mailto:a@clinic.example", "https:///x", "http://[::1"])
def test_an_address_without_a_host_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        host_of(url)


@given(st.from_regex(r"https?://[a-z]{1,9}\.test/[a-zA-Z0-9/%._-]{0,20}(\?[a-z=&0-9%]{0,20})?", fullmatch=True))
def test_a_key_is_stable_when_read_as_an_address_again(url: str) -> None:
    key = identity_key(url)
    assert identity_key(f"https://{key}") == key
