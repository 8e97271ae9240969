"""Reading raw header lines."""

import pytest

from clinics.web.header_block import last_headers


@pytest.mark.parametrize(
    ("block", "headers"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", {"content-type": "text/html"}),
        (b"HTTP/1.1 200 OK\r\nA: 1\r\na: 2\r\n\r\n", {"a": "1, 2"}),
        (b"HTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nB: 1\r\n\r\n", {"b": "1"}),
        (b"HTTP/1.1 200 OK\r\nB: 1\r\n\r\nTrailer: t\r\n", {"b": "1"}),
        (b"HTTP/1.1 200 OK\r\nno colon here\r\nB: \r\n\r\n", {"b": ""}),
        ("HTTP/1.1 200 OK\r\nLocation: /cl\u00ednica\r\n\r\n".encode(), {"location": "/clínica"}),
        (b"HTTP/1.1 200 OK\r\nLocation: /cl\xednica\r\n\r\n", {"location": "/clínica"}),
        (b"HTTP/1.1 200 OK\r\nA: 1\x002\r\n\r\n", {"a": "12"}),
        (b"", {}),
    ],
)
def test_only_the_last_answers_headers_count(block: bytes, headers: dict[str, str]) -> None:
    assert last_headers(block.splitlines(keepends=True)) == headers
