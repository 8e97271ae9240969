"""The exchange with a server as WARC 1.1 records, so that archives' own tools can open it."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from http.client import responses
from typing import Any, Final
from urllib.parse import quote, urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from clinics.domain.answer import Answer, Hop

_UNDONE: Final = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""Headers about the bytes on the wire: the kept body is unpacked, so they are renamed and not lost."""
_OF_A_NAME: Final = "!#$%&'*+-.^_`|~"
"""What the name of a header may hold besides letters and digits (RFC 9110 section 5.6.2); the rest is escaped."""


def warc_record(answer: Answer, at: datetime) -> bytes:
    """Request and response records of every hop, the body in the last; `at` is when the exchange ended.

    The request is set down with the headers that the hop says were sent. What a browser made of the last body is a
    conversion record beside it. Answers that never reached a server make a
    metadata record that says why.
    """
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    date = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    for number, hop in enumerate(answer.hops, start=1):
        body = _sent(answer) if number == len(answer.hops) else b""
        response, request = _pair(writer, hop, body, date)
        writer.write_record(response)
        writer.write_record(request)
        if answer.by_browser and number == len(answer.hops):
            writer.write_record(_rendered(writer, answer, response, date))
    if answer.trouble is not None:
        writer.write_record(_why(writer, answer, date))
    return out.getvalue()


def _sent(answer: Answer) -> bytes:
    """The body as the server sent it."""
    return answer.served if answer.by_browser else answer.body


def _rendered(writer: WARCWriter, answer: Answer, response: Any, date: str) -> Any:
    """What a browser made of the document: a conversion of the response, and no word of the server's."""
    return writer.create_warc_record(
        answer.final_url,
        "conversion",
        io.BytesIO(answer.body),
        len(answer.body),
        warc_content_type="text/html; charset=utf-8",
        warc_headers_dict={"WARC-Date": date, "WARC-Refers-To": response.rec_headers.get_header("WARC-Record-ID")},
    )


def _pair(writer: WARCWriter, hop: Hop, body: bytes, date: str) -> tuple[Any, Any]:
    """The response to one hop, and the request that it answers."""
    about = {"WARC-Date": date, **({"WARC-IP-Address": _address(hop.peer)} if hop.peer else {})}
    status = f"{hop.status} {responses.get(hop.status, '')}".strip()
    http = StatusAndHeaders(status, _kept_headers(hop.headers, body), protocol="HTTP/1.1")
    response = writer.create_warc_record(
        hop.url, "response", io.BytesIO(body), len(body), http_headers=http, warc_headers_dict=dict(about)
    )
    asked = StatusAndHeaders(f"GET {_target(hop.url)} HTTP/1.1", list(hop.sent.items()), is_http_request=True)
    links = {"WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID"), **about}
    return response, writer.create_warc_record(hop.url, "request", http_headers=asked, warc_headers_dict=links)


def _why(writer: WARCWriter, answer: Answer, date: str) -> Any:
    reason = " ".join(answer.reason.split())
    said = f"outcome: {answer.trouble}\r\nreason: {reason}\r\nrobots: {answer.robots}\r\n".encode()
    return writer.create_warc_record(
        answer.final_url,
        "metadata",
        io.BytesIO(said),
        len(said),
        warc_content_type="application/warc-fields",
        warc_headers_dict={"WARC-Date": date},
    )


def _kept_headers(headers: Mapping[str, str], body: bytes) -> list[tuple[str, str]]:
    named = [(quote(name, safe=_OF_A_NAME), value) for name, value in headers.items()]
    kept = [(f"x-original-{name}" if name in _UNDONE else name, value) for name, value in named]
    return [*kept, ("content-length", str(len(body)))]


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _address(peer: str) -> str:
    return peer.rpartition(":")[0].removeprefix("[").removesuffix("]")
