"""One page of a stranger, from its first hop to its last."""

import gzip

import pytest

from clinics.domain.outcome import Outcome
from clinics.web.policy import Policy
from clinics.web.visiting import HostVisit, PageRequest
from tests.stranger import Stranger
from tests.web.going_out import USER_AGENT, BookOfTurns, answering, pages, read, read_hosts


def test_a_page_is_read_with_everything_that_came_with_it(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/a?b=c", "<p>Hello</p>", headers={"ETag": '"1"'})
    (answer,) = read(stranger, "http://clinic.test/a?b=c")
    assert (answer.status, answer.body, answer.trouble) == (200, b"<p>Hello</p>", None)
    assert answer.headers["etag"] == '"1"'
    assert answer.hops[0].peer == f"127.0.0.1:{stranger.port}"
    assert answer.robots == "none"


def test_we_say_who_we_are_and_carry_nothing_else(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", "x", headers={"Set-Cookie": "id=1", "WWW-Authenticate": "Basic"})
    stranger.says("clinic.test", "/2", "x")
    read_hosts([pages("clinic.test", "/", "/2")], Policy(test_servers=stranger.test_servers))
    for seen in stranger.requests:
        assert seen.headers["user-agent"] == USER_AGENT
        assert not {"cookie", "authorization", "referer"} & set(seen.headers)


def test_the_answer_knows_exactly_what_was_sent(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", "x")
    (answer,) = read(stranger, "http://clinic.test/")
    sent = {name.lower(): value for name, value in answer.hops[0].sent.items()}
    assert sent == dict(stranger.requests[-1].headers)


def test_https_of_a_test_server_is_spoken_as_plain_http_under_its_name(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", "safe")
    (answer,) = read(stranger, "https://clinic.test/")
    assert (answer.body, answer.final_url) == (b"safe", "https://clinic.test/")
    assert stranger.requests[-1].headers["host"] == "clinic.test"


def test_a_compressed_page_is_unpacked(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", gzip.compress(b"<p>small</p>"), headers={"Content-Encoding": "gzip"})
    assert read(stranger, "http://clinic.test/")[0].body == b"<p>small</p>"


def test_a_wrongly_declared_charset_is_handed_on_as_it_came(stranger: Stranger) -> None:
    body = "<p>Clínica</p>".encode("latin-1")
    stranger.says("clinic.test", "/", body, headers={"Content-Type": "text/html; charset=utf-8"})
    (answer,) = read(stranger, "http://clinic.test/")
    assert (answer.body, answer.trouble) == (body, None)


@pytest.mark.parametrize("status", [404, 410, 403, 500, 503, 204])
def test_a_status_is_no_trouble_but_an_answer(stranger: Stranger, status: int) -> None:
    stranger.says("clinic.test", "/", "", status)
    (answer,) = read(stranger, "http://clinic.test/")
    assert (answer.status, answer.trouble) == (status, None)


def test_a_name_that_must_be_looked_up_is_read_at_its_address(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way to real strangers, with this machine's loopback counted as public for once."""
    monkeypatch.setattr("clinics.web.policy.is_public", lambda address: address == "127.0.0.1")
    stranger.says("clinic.example", "/", "one")
    stranger.says("clinic.example", "/two", "two")
    policy = Policy(ports=frozenset({stranger.port}))
    looked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looked.append(host)
        return ["127.0.0.1"]

    requests = tuple(PageRequest(f"http://clinic.example:{stranger.port}{path}", path) for path in ("/", "/two"))
    answers = read_hosts([HostVisit("clinic.example", requests, 0)], policy, resolve=resolve)
    assert [answer.body for answer in answers.values()] == [b"one", b"two"]
    assert looked == ["clinic.example"]
    assert stranger.paths == ["clinic.example/robots.txt", "clinic.example/", "clinic.example/two"]


def test_a_refused_connection_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinics.web.policy.is_public", lambda address: True)
    with Stranger() as gone:
        port = gone.port
    visits = [HostVisit("clinic.example", (PageRequest(f"http://clinic.example:{port}/", 1),), 0)]
    (answer,) = read_hosts(visits, Policy(ports=frozenset({port})), resolve=answering("127.0.0.1")).values()
    assert (answer.trouble, answer.robots) == (Outcome.ERROR, "unreachable")
    assert "did not accept" in answer.reason


@pytest.mark.parametrize(
    ("validators", "headers"),
    [
        ({"etag": '"1"'}, {"ETag": '"1"'}),
        ({"last_modified": "Tue, 24 Nov 2026 12:00:00 GMT"}, {"Last-Modified": "Tue, 24 Nov 2026 12:00:00 GMT"}),
    ],
)
def test_a_page_that_did_not_change_is_not_sent_again(
    stranger: Stranger, validators: dict[str, str], headers: dict[str, str]
) -> None:
    stranger.says("clinic.test", "/", "long text", headers=headers)
    (answer,) = read(stranger, PageRequest("http://clinic.test/", 1, **validators))
    assert (answer.status, answer.body, answer.trouble) == (304, b"", None)


def test_validators_go_to_the_address_they_came_from_only(stranger: Stranger) -> None:
    stranger.redirects("clinic.test", "/", "/new")
    stranger.says("clinic.test", "/new", "new text", headers={"ETag": '"1"'})
    first = PageRequest("http://clinic.test/", 1, etag='"1"')
    assert read(stranger, first)[0].body == b"new text"
    known = PageRequest("http://clinic.test/", 1, etag='"1"', validated_url="http://clinic.test/new")
    assert read(stranger, known)[0].status == 304


def test_not_modified_without_having_asked_is_an_error(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", "", 304)
    assert read(stranger, "http://clinic.test/")[0].trouble is Outcome.ERROR


@pytest.mark.parametrize("etag", ['"é"', '"€"', '"1\u200b"', f'"{"x" * 1100}"'])
def test_a_validator_that_no_header_holds_is_not_sent(stranger: Stranger, etag: str) -> None:
    stranger.says("clinic.test", "/", "open", headers={"ETag": '"1"'})
    odd, plain = read(stranger, PageRequest("http://clinic.test/", 1, etag=etag), "http://other.test/")
    assert (odd.body, plain.status) == (b"open", 404)
    assert not any("if-none-match" in seen.headers for seen in stranger.requests)


def test_a_stored_validator_cannot_smuggle_a_header(stranger: Stranger) -> None:
    stranger.says("clinic.test", "/", "x")
    read(stranger, PageRequest("http://clinic.test/", 1, etag='"1"\r\nX-Evil: 1'))
    assert "x-evil" not in stranger.requests[-1].headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_within_the_site_are_read(stranger: Stranger, status: int) -> None:
    stranger.redirects("clinic.test", "/", "https://www.clinic.test/home#top", status)
    stranger.says("www.clinic.test", "/home", "home")
    (answer,) = read(stranger, "http://clinic.test/")
    assert (answer.body, answer.final_url) == (b"home", "https://www.clinic.test/home")
    assert [hop.status for hop in answer.hops] == [status, 200]


def test_a_redirect_with_an_endless_body_is_followed_all_the_same(stranger: Stranger) -> None:
    stranger.endless("clinic.test", "/", status=302, headers="Location: /home\r\n")
    stranger.says("clinic.test", "/home", "home")
    assert read(stranger, "http://clinic.test/")[0].body == b"home"


def test_a_sloppy_location_is_mended(stranger: Stranger) -> None:
    stranger.redirects("clinic.test", "/", "/our clínica")
    stranger.says("clinic.test", "/our%20cl%C3%ADnica", "home")
    assert read(stranger, "http://clinic.test/")[0].body == b"home"


def test_another_site_is_told_and_not_read(stranger: Stranger) -> None:
    stranger.redirects("clinic.test", "/", "http://casino.test/")
    (answer,) = read(stranger, "http://clinic.test/")
    assert (answer.trouble, answer.final_url) == (Outcome.MOVED, "http://casino.test/")
    assert "casino.test" in answer.reason
    assert not any(path.startswith("casino.test") for path in stranger.paths)


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://clinic.test/",
        "javascript:alert(1)",
        "http://127.0.0.1/",
        "//127.1/",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://user:secret@clinic.test/",
        "http://0x7f000001/",
        "http://clinic.example:22/",
        "http://[",
        "http://clinic.test:99999/",
        "http://clinic.test/" + "a" * 3000,
    ],
)
def test_a_redirect_to_where_we_do_not_go_is_refused(stranger: Stranger, location: str) -> None:
    stranger.redirects("clinic.test", "/", location)
    (answer,) = read(stranger, "http://clinic.test/")
    assert answer.trouble is Outcome.REFUSED
    assert answer.reason
    assert stranger.paths == ["clinic.test/robots.txt", "clinic.test/"]


def test_a_redirect_in_a_circle_ends(stranger: Stranger) -> None:
    stranger.redirects("clinic.test", "/", "/b")
    stranger.redirects("clinic.test", "/b", "/")
    (answer,) = read(stranger, "http://clinic.test/")
    assert (answer.trouble, len(answer.hops)) == (Outcome.ERROR, 6)


def test_a_redirect_to_a_busy_host_is_put_off(stranger: Stranger) -> None:
    stranger.redirects("clinic.test", "/", "http://www.clinic.test/")
    stranger.says("www.clinic.test", "/", "home")
    (answer,) = read(stranger, "http://clinic.test/", turns=BookOfTurns(busy=frozenset({"www.clinic.test"})))
    assert answer.trouble is Outcome.BUSY
    assert not any(path.startswith("www.") for path in stranger.paths)


def test_a_turn_that_was_taken_is_given_back(stranger: Stranger) -> None:
    stranger.redirects("clinic.test", "/", "http://www.clinic.test/")
    stranger.resets("www.clinic.test", "/")
    turns = BookOfTurns()
    read(stranger, "http://clinic.test/", turns=turns)
    assert turns.taken == turns.given_back == ["www.clinic.test"]
