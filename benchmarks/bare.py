"""The least that any re-check has to do: fetch, inflate, parse. No care, no memory, no comparison."""

import time
import zlib
from collections.abc import Iterator
from io import BytesIO

import pycurl
from own_reader import PAGES_PER_HOST, host_of
from selectolax.lexbor import LexborHTMLParser

IN_FLIGHT = 100


def bare_cpu_ms(count: int, port: int, certificate: str = "") -> float:
    """Processor milliseconds a page of libcurl's multi interface, zlib and the parser, each used as it comes.

    Hosts are read side by side and a host's pages one after another over one connection, as our reader does; with a
    certificate over TLS.
    """
    hosts = (iter(range(first, min(first + PAGES_PER_HOST, count))) for first in range(0, count, PAGES_PER_HOST))
    began = time.process_time()
    multi, calls = pycurl.CurlMulti(), _Calls(port, certificate)
    going = sum(calls.begin(multi, pycurl.Curl(), host) for _, host in zip(range(IN_FLIGHT), hosts, strict=False))
    parsed = 0
    while going:
        multi.perform()
        _, well, failed = multi.info_read()
        assert not failed, failed
        for handle in well:
            host = calls.end(multi, handle)
            parsed += 1
            if not calls.begin(multi, handle, host):
                after = next(hosts, None)
                going -= not (after is not None and calls.begin(multi, handle, after))
        if not well:
            multi.select(1.0)
    assert parsed == count, parsed
    return (time.process_time() - began) / count * 1000


class _Calls:
    def __init__(self, port: int, certificate: str) -> None:
        self._port, self._certificate = port, certificate
        self._open: dict[pycurl.Curl, tuple[BytesIO, Iterator[int]]] = {}

    def begin(self, multi: pycurl.CurlMulti, handle: pycurl.Curl, host: Iterator[int]) -> bool:
        """Ask for the host's next page, if it has one."""
        number = next(host, None)
        if number is None:
            return False
        name, body = host_of(number), BytesIO()
        scheme = "https" if self._certificate else "http"
        handle.setopt(pycurl.URL, f"{scheme}://{name}:{self._port}/{number}")
        handle.setopt(pycurl.RESOLVE, [f"{name}:{self._port}:127.0.0.1"])
        handle.setopt(pycurl.HTTPHEADER, ["Accept-Encoding: gzip"])
        handle.setopt(pycurl.WRITEFUNCTION, body.write)
        if self._certificate:
            handle.setopt(pycurl.CAINFO, self._certificate)
        self._open[handle] = body, host
        multi.add_handle(handle)
        return True

    def end(self, multi: pycurl.CurlMulti, handle: pycurl.Curl) -> Iterator[int]:
        """Unpack and parse what came; answers the host, which may have more pages."""
        multi.remove_handle(handle)
        body, host = self._open.pop(handle)
        assert LexborHTMLParser(zlib.decompress(body.getvalue(), zlib.MAX_WBITS | 16)).body is not None
        return host
