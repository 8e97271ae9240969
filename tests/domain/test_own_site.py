"""Which addresses prove whose they are, and where a token is looked for."""

import pytest

from clinics.domain.own_site import FILE_PATH, is_same_host, mail_site, own_site, token_addresses, tokens_in_page


@pytest.mark.parametrize(
    ("url", "token", "mail"),
    [
        ("https://www.kneehouse.example/", "kneehouse.example", "kneehouse.example"),
        ("https://knees.bigclinic.co.uk/tampa/", "bigclinic.co.uk", "bigclinic.co.uk"),
        ("https://kneehouse.wixsite.com/home", "kneehouse.wixsite.com", ""),  # a provider's room: its own page, no mail
        ("https://kneehouse.github.io/", "kneehouse.github.io", ""),
        ("https://wixsite.com/kneehouse", "", ""),
        ("https://www.facebook.com/kneehouse", "", ""),
        ("https://sites.google.com/view/kneehouse", "", ""),
        ("https://mail.gmail.com/", "", ""),
        ("https://outlook.com/", "", ""),
        ("https://kneehouse.wordpress.com/", "", ""),
        ("https://wordpress.com/kneehouse", "", ""),
        ("https://university.example/~kneehouse/", "", ""),
        ("http://203.0.113.9/", "", ""),
        ("http://intranet/", "", ""),
        ("https://co.uk/", "", ""),
    ],
)
def test_only_a_site_that_nobody_shares_proves_anything(url: str, token: str, mail: str) -> None:
    assert (own_site(url), mail_site(url)) == (token, mail)


def test_a_token_stands_in_one_file_or_in_the_head_of_the_front_page() -> None:
    addresses = token_addresses("http://www.clinic.test:8080/deep/page?x=1#y")
    assert addresses == (f"http://www.clinic.test:8080{FILE_PATH}", "http://www.clinic.test:8080/")
    tag = '<meta name="clinic-directory-proof" content="{}">'
    page = f"<html><head>{tag.format('mine')}<!-- {tag.format('a')} --></head><body><p>Hi</p>{tag.format('b')}</body>"
    assert list(tokens_in_page(page)) == ["mine"]
    assert list(tokens_in_page("<p>no head</p>" + tag.format("c"))) == []


def test_www_is_the_same_host_and_another_name_below_the_domain_is_not() -> None:
    assert is_same_host("https://www.clinic.test/", "http://clinic.test/x")
    assert is_same_host("https://clinic.test/", "http://www.clinic.test/x")
    assert not is_same_host("https://clinic.test/", "https://shop.clinic.test/")


def test_another_port_may_be_somebody_elses() -> None:
    assert is_same_host("http://clinic.test/", "https://clinic.test:443/")
    assert is_same_host("http://clinic.test:8080/", "http://clinic.test:8080/x")
    assert not is_same_host("http://clinic.test/", "http://clinic.test:8080/")
