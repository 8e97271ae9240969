"""The exchange as records that any archive's tools can read."""

import io
from dataclasses import replace
from datetime import UTC, datetime

from warcio.archiveiterator import ArchiveIterator

from clinics.domain.answer import Answer, Hop
from clinics.domain.outcome import Outcome
from clinics.evidence.exchange import warc_record

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOPS = (
    Hop(
        "http://clinic.example/",
        301,
        {"location": "https://clinic.example/a?b=c"},
        "93.184.215.14:80",
        {"Host": "clinic.example"},
    ),
    Hop(
        "https://clinic.example/a?b=c",
        200,
        {"content-type": "text/html", "content-encoding": "gzip", "content-length": "17"},
        "[2606:4700::1111]:443",
        {"Host": "clinic.example", "User-Agent": "Tracker/1.0"},
    ),
)
ANSWER = Answer("http://clinic.example/", HOPS[1].url, 200, HOPS[1].headers, b"<p>We cure knees</p>", HOPS)


def records(answer: Answer) -> list[dict[str, object]]:
    found = []
    for record in ArchiveIterator(io.BytesIO(warc_record(answer, AT)), check_digests="raise"):
        http = record.http_headers
        found.append(
            {
                "type": record.rec_type,
                "url": record.rec_headers.get_header("WARC-Target-URI"),
                "date": record.rec_headers.get_header("WARC-Date"),
                "ip": record.rec_headers.get_header("WARC-IP-Address"),
                "answers": record.rec_headers.get_header("WARC-Concurrent-To"),
                "refers": record.rec_headers.get_header("WARC-Refers-To"),
                "id": record.rec_headers.get_header("WARC-Record-ID"),
                "line": f"{http.protocol} {http.statusline}" if http else "",
                "headers": dict(http.headers) if http else {},
                "body": record.content_stream().read(),
            }
        )
    return found


def test_every_hop_is_kept_with_its_request_headers_and_peer() -> None:
    first, asked, second, asked_second = records(ANSWER)
    assert [first["type"], asked["type"], second["type"], asked_second["type"]] == ["response", "request"] * 2
    assert (first["line"], first["ip"]) == ("HTTP/1.1 301 Moved Permanently", "93.184.215.14")
    assert second["ip"] == "2606:4700::1111"
    assert asked_second["line"] == "GET /a?b=c HTTP/1.1"
    assert asked_second["headers"] == {"Host": "clinic.example", "User-Agent": "Tracker/1.0"}
    assert asked_second["answers"] == second["id"]
    assert str(first["date"]).startswith("2026-11-24T12:00:00")


def test_the_body_stands_unpacked_in_the_last_response_only() -> None:
    first, _, second, _ = records(ANSWER)
    assert (first["body"], second["body"]) == (b"", ANSWER.body)
    assert second["headers"] == {
        "content-type": "text/html",
        "x-original-content-encoding": "gzip",
        "x-original-content-length": "17",
        "content-length": "20",
    }


def test_an_attempt_that_brought_no_page_says_why() -> None:
    refused = Answer(
        "http://clinic.example/", "http://10.0.0.1/", hops=HOPS[:1], trouble=Outcome.REFUSED, reason="Inside."
    )
    *exchange, why = records(refused)
    assert [record["type"] for record in exchange] == ["response", "request"]
    assert (why["type"], why["url"]) == ("metadata", "http://10.0.0.1/")
    assert b"outcome: refused\r\nreason: Inside." in why["body"]


def test_text_that_would_break_a_record_is_tamed() -> None:
    hop = Hop("http://clinic.example/", 200, {"x": "a\u2028b é"}, "93.184.215.14:80", {})
    answer = Answer(hop.url, hop.url, 200, hop.headers, "é".encode("latin-1"), (hop,), Outcome.ERROR, "line\r\nfeed: x")
    found = records(answer)
    assert [record["type"] for record in found] == ["response", "request", "metadata"]
    assert b"\r\nfeed: x" not in found[-1]["body"]


def test_what_a_browser_made_of_a_page_is_told_apart_from_what_the_server_sent() -> None:
    shown = replace(ANSWER, by_browser=True, served=b"<div id=app></div>", body=b"<p>We cure knees</p>")
    *_, response, request, made = records(shown)
    assert [response["type"], request["type"], made["type"]] == ["response", "request", "conversion"]
    assert (response["body"], made["body"]) == (b"<div id=app></div>", b"<p>We cure knees</p>")
    assert (made["url"], made["refers"]) == (ANSWER.final_url, response["id"])


def test_a_header_that_no_name_may_have_is_kept_under_one_that_archives_can_read() -> None:
    odd = replace(HOPS[1], headers={**HOPS[1].headers, "é b": "x"})
    answer = replace(ANSWER, hops=(HOPS[0], odd))
    assert records(answer)[2]["headers"]["%C3%A9%20b"] == "x"  # type: ignore[index]
