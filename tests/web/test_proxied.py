"""What a proxy is asked, read strictly: nothing that two readers could understand differently is carried."""

import pytest

from clinics.web.proxied import BadRequest, answered, asked, is_interim


def test_a_plain_request_is_handed_on_with_the_path_alone_and_ends_its_connection() -> None:
    request = asked(
        b"POST http://clinic.test/a?b=c HTTP/1.1\r\nHost: elsewhere.test\r\nProxy-Connection: keep-alive\r\n"
        b"Upgrade: websocket\r\nConnection: upgrade\r\nAccept: */*\r\nContent-Length: 12\r\n\r\n"
    )
    assert (request.url, request.is_tunnel, request.length) == ("http://clinic.test/a?b=c", False, 12)
    assert request.handed_on("/a?b=c", "clinic.test").split(b"\r\n") == [
        b"POST /a?b=c HTTP/1.1",
        b"Host: clinic.test",
        b"Accept: */*",
        b"Content-Length: 12",
        b"Connection: close",
        b"",
        b"",
    ]


def test_a_tunnel_is_asked_for_by_host_and_port() -> None:
    request = asked(b"CONNECT clinic.test:443 HTTP/1.1\r\nHost: clinic.test:443\r\n\r\n")
    assert (request.url, request.is_tunnel) == ("https://clinic.test:443/", True)


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: clinic.test\r\n\r\n",
        b"GET https://clinic.test/ HTTP/1.1\r\n\r\n",
        b"GET ftp://clinic.test/ HTTP/1.1\r\n\r\n",
        b"TRACE http://clinic.test/ HTTP/1.1\r\n\r\n",
        b"DELETE http://clinic.test/ HTTP/1.1\r\n\r\n",
        b"GET http://clinic.test/ a HTTP/1.1\r\n\r\n",
        b"GET http://clinic.test/\r\n\r\n",
        b"\r\n\r\n",
        b"POST http://clinic.test/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST http://clinic.test/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST http://clinic.test/ HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST http://clinic.test/ HTTP/1.1\r\nContent-Length: a\r\n\r\n",
    ],
)
def test_anything_else_is_not_carried(head: bytes) -> None:
    with pytest.raises(BadRequest):
        asked(head)


def test_an_answer_ends_its_connection() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n"
    assert answered(head) == b"HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(("line", "interim"), [(b"HTTP/1.1 103 Early Hints", True), (b"HTTP/1.1 200 OK", False)])
def test_an_interim_answer_is_told(line: bytes, interim: bool) -> None:
    assert is_interim(line + b"\r\n\r\n") is interim
