"""No address leads into a private network, and each refusal tells staff what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.address import RefusedAddress, is_public, judge_url


@pytest.mark.parametrize(
    ("url", "fetched"),
    [
        ("https://clinic.example/knee", "https://clinic.example/knee"),
        ("  http://Clinic.Test  ", "http://clinic.test/"),
        ("https://clinic.example:443/a", "https://clinic.example/a"),
        ("https://clinic.example:80/a", "https://clinic.example:80/a"),
        ("https://clínica.example/", "https://xn--clnica-4va.example/"),
        ("https://clinic.example/a%20b?q=%C3%A9#part", "https://clinic.example/a%20b?q=%C3%A9"),
        ("https://clinic.example/niños", "https://clinic.example/ni%C3%B1os"),
        ("https://10.clinic.example/", "https://10.clinic.example/"),
        ("https://local.example/", "https://local.example/"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
    ],
)
def test_public_pages_may_be_visited(url: str, fetched: str) -> None:
    assert judge_url(url) == fetched


HOSTILE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://0x7f.0.0.1/",
    "http://0x7f000001/",
    "http://0/",
    "http://0.0.0.0/",
    "http://127.0.0.1./",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/",
    "http://100.64.0.1/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://168.63.129.16/",
    "http://192.88.99.1/",
    "http://203.0.113.5/",
    "http://256.1.1.1/",
    "http://1.2.3/",
    "http://8.8.8.8.0x1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:8.8.8.8]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fc00::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://[2001::1]/",
    "http://[::1",
    "http://[x]/",
    "http://localhost/",
    "http://LOCALHOST:80/",
    "http://localhost./",
    "http://a.localhost/",
    "http://printer/",
    "http://printer.local/",
    "http://db.internal/",
    "http://host.lan/",
    "http://x.corp/",
    "http://router.home/",
    "http://a.home.arpa/",
    "http://abc.onion/",
    "http://metadata.google.internal/",
    "http://①②⑦.⓪.⓪.①/",
    "http://１２７.0.0.1/",
    "http://127。0。0。1/",
    "http://loc\xadalhost/",
    "http://user@clinic.example/",
    "http://user:pw@clinic.example/",
    "http://:pw@clinic.example/",
    "http://@clinic.example/",
    "http://clinic.example@127.0.0.1/",
    "http://clinic.example:22/",
    "http://clinic.example:6379/",
    "http://clinic.example:99999/",
    "http://clinic.example:x/",
    "http://clinic.example:0/",
    "ftp://clinic.example/",
    "file:///etc/passwd",
    "gopher://clinic.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "mailto:a@clinic.example",
    "//clinic.example/",
    "clinic.example",
    "clinic.example:80/x",
    "/knee",
    "http:///",
    "http://",
    "http://?x",
    "http://.example/",
    "http://a..example/",
    "http://-a.example/",
    "http://a_b!.example/",
    "http:\\\\clinic.example",
    "http://clinic.example\\@127.0.0.1/",
    "http://xn--a.ÿ.x--/",
]


@pytest.mark.parametrize(
    "url", [*HOSTILE, "", "   ", "http://a b.example/", "http://clinic.example/\x00", "http://a.example/\n/"]
)
def test_hostile_addresses_are_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(RefusedAddress) as caught:
        judge_url(url)
    assert str(caught.value)[0].isupper() or str(caught.value)[0] == "“"
    assert str(caught.value).endswith(".")


def test_a_port_may_be_allowed() -> None:
    assert judge_url("http://clinic.test:8123/a", frozenset({8123})) == "http://clinic.test:8123/a"
    with pytest.raises(RefusedAddress, match="Port 8124"):
        judge_url("http://clinic.test:8124/a", frozenset({8123}))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "172.32.0.1", "100.128.0.1"])
def test_addresses_that_anybody_can_reach_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.31.0.1",
        "100.64.0.1",
        "192.0.0.192",
        "::1",
        "::",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002::1",
        "2001:0:1::",
        "fe80::1%eth0",
        "2606:4700::1%1",
        "3fff::1",
        "",
        "localhost",
        "8.8.8.8 ",
        "0x8080808",
    ],
)
def test_all_others_are_not(address: str) -> None:
    assert not is_public(address)


@given(st.text() | st.from_regex(r"https?://[^/]{0,30}/.{0,20}"))
def test_any_text_is_judged_or_refused(url: str) -> None:
    try:
        fetched = judge_url(url)
    except RefusedAddress:
        return
    assert judge_url(fetched) == fetched
    assert fetched.isascii()


@given(
    st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="fc00::/7") | st.ip_addresses(network="2002::/16")
)
def test_private_networks_are_never_public(address: object) -> None:
    assert not is_public(str(address))
