"""Where a request may go."""

import pytest

from clinics.domain.address import RefusedAddress
from clinics.web.policy import Endpoint, Policy, parse_test_servers


@pytest.mark.parametrize(
    ("text", "host", "endpoint"),
    [
        ("*.test=127.0.0.1:8123", "clinic.test", Endpoint("127.0.0.1", 8123)),
        ("*.test=127.0.0.1:8123", "www.clinic.test", Endpoint("127.0.0.1", 8123)),
        ("*.test=127.0.0.1:8123", "clinic.example", None),
        ("*.test=127.0.0.1:8123", "test", None),
        ("*.TEST=127.0.0.1:8123", "clinic.test", Endpoint("127.0.0.1", 8123)),
        ("a.test=127.0.0.1:1, *.test=127.0.0.2:2", "a.test", Endpoint("127.0.0.1", 1)),
        ("a.test=127.0.0.1:1, *.test=127.0.0.2:2", "b.test", Endpoint("127.0.0.2", 2)),
        ("*.test=127.0.0.1:1,a.test=127.0.0.1:2", "a.test", Endpoint("127.0.0.1", 1)),
        ("*.test=[::1]:8123", "clinic.test", Endpoint("::1", 8123)),
        ("*.test=localhost:8123", "clinic.test", Endpoint("127.0.0.1", 8123)),
        ("", "clinic.test", None),
        (" , ", "clinic.test", None),
    ],
)
def test_the_first_pattern_that_fits_a_host_says_who_plays_it(text: str, host: str, endpoint: Endpoint | None) -> None:
    assert parse_test_servers(text).find(host) == endpoint


@pytest.mark.parametrize(
    "text",
    [
        "*.test=8.8.8.8:80",
        "*.test=10.0.0.1:80",
        "*.test=0.0.0.0:80",
        "*.test=clinic.example:80",
        "*.test=127.0.0.1",
        "*.test=127.0.0.1:",
        "*.test=127.0.0.1:0",
        "*.test=127.0.0.1:65536",
        "*.test=127.0.0.1:http",
        "*.test=127.0.0.1:-1",
        "*.test",
        "=127.0.0.1:8123",
        "127.0.0.1:8123",
        "*.test=127.0.0.1:8123;*.example=127.0.0.1:1",
        "*.test=127.0.0.1:8123,*.example",
    ],
)
def test_anything_but_loopback_stops_the_start_with_the_expected_form(text: str) -> None:
    with pytest.raises(ValueError, match=r"FETCH_TEST_SERVERS.*\*\.test=127\.0\.0\.1:8123"):
        parse_test_servers(text)


POLICY = Policy(test_servers=parse_test_servers("*.test=127.0.0.1:8123"))


@pytest.mark.parametrize(
    ("url", "spoken"),
    [
        ("http://clinic.test/a?b=c", "http://clinic.test/a?b=c"),
        ("https://clinic.test/", "http://clinic.test/"),
        ("http://clinic.test:8080/", "http://clinic.test:8080/"),
        ("https://clinic.test:8443/", "http://clinic.test:8443/"),
    ],
)
def test_a_test_server_is_spoken_to_in_plain_http_under_its_name(url: str, spoken: str) -> None:
    route = POLICY.direct(POLICY.judge(url))
    assert route is not None
    assert (route.url, route.endpoints) == (spoken, (Endpoint("127.0.0.1", 8123),))


def test_other_names_keep_their_ports_and_their_own_way() -> None:
    with pytest.raises(RefusedAddress):
        POLICY.judge("http://clinic.example:8080/")
    assert POLICY.direct("http://clinic.example/") is None


def test_a_name_is_reached_at_every_address_it_has() -> None:
    route = POLICY.way("https://clinic.example/", ["93.184.215.14", "2606:4700::1111", "93.184.215.14"])
    assert route.endpoints == (Endpoint("93.184.215.14", 443), Endpoint("2606:4700::1111", 443))


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["93.184.215.14", "127.0.0.1"],
        ["169.254.169.254"],
        ["10.1.2.3", "93.184.215.14"],
        ["::1"],
        ["::ffff:93.184.215.14"],
        ["fe80::1%eth0"],
        ["2002:7f00:1::"],
        ["64:ff9b::7f00:1"],
        ["192.0.0.192"],
        ["100.64.0.1"],
        ["not an address"],
    ],
)
def test_one_bad_address_refuses_the_whole_name(addresses: list[str]) -> None:
    with pytest.raises(RefusedAddress, match=r"clinic\.example points to"):
        POLICY.way("https://clinic.example/", addresses)


def test_a_name_without_an_address_is_a_fault_of_the_network() -> None:
    with pytest.raises(OSError, match="has no address"):
        POLICY.way("https://clinic.example/", [])
