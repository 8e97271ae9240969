"""Certificates are verified, except where a test server is spoken to in plain HTTP."""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import certifi
import pycurl
import pytest

from clinics.web.errand import Get, Reply
from clinics.web.limits import Limits
from clinics.web.line import Line
from clinics.web.policy import Endpoint, Route
from tests.stranger import Stranger

NAME = "clinic.test"


CERTIFICATE = Path(__file__).with_name("clinic.test.pem")
"""For clinic.test, signed by nobody but itself, with its key: worth nothing outside these tests."""


@pytest.fixture
def secure_stranger() -> Iterator[Stranger]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with Stranger(tls=context) as server:
        server.says(NAME, "/", "secure")
        server.says("other.test", "/", "secure")
        yield server


def ask(server: Stranger, host: str, roots: Path) -> Reply:
    """One request over TLS, as the pump would make it for an address that was judged."""
    line = Line(Limits(), str(roots))
    url = f"https://{host}:{server.port}/"
    route = Route(url, host, (Endpoint("127.0.0.1", server.port),))
    line.prepare(Get(url, time.monotonic() + 1, 1000), route, 1.0, {"Host": host})
    try:
        line.handle.perform()
    except pycurl.error as fault:
        return line.reply(fault.args[0])
    return line.reply(0)


def test_a_trusted_certificate_for_the_name_is_read(secure_stranger: Stranger) -> None:
    assert ask(secure_stranger, NAME, CERTIFICATE).body == b"secure"


@pytest.mark.parametrize("host", ["other.test", "127.0.0.1"])
def test_a_certificate_for_another_name_is_not(secure_stranger: Stranger, host: str) -> None:
    reply = ask(secure_stranger, host, CERTIFICATE)
    assert reply.trouble is not None
    assert "certificate" in reply.trouble.reason
    assert secure_stranger.requests == []


def test_a_certificate_that_nobody_trusts_is_not(secure_stranger: Stranger) -> None:
    reply = ask(secure_stranger, NAME, Path(certifi.where()))
    assert reply.trouble is not None
    assert "certificate" in reply.trouble.reason
    assert secure_stranger.requests == []


def test_a_server_that_speaks_no_tls_is_not() -> None:
    with Stranger() as plain:
        reply = ask(plain, NAME, Path(certifi.where()))
    assert reply.trouble is not None
    assert reply.trouble.reason.endswith(".")
