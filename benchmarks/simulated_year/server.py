"""The simulated year's sites on one loopback port, answering by the year's own clock."""

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from benchmarks.simulated_year.sites import Said, Site


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024  # a batch of hosts knocks at once

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that hangs up in the middle is no fault of the site's; anything else is told as usual."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(sites: Sequence[Site], clock: Callable[[], datetime]) -> Iterator[int]:
    """Serve all sites until the block ends; the port."""
    by_host = {site.host: site for site in sites}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site = by_host.get(self.headers.get("Host", "").partition(":")[0])
            said = site.answer(self.path, clock()) if site else Said(200, "<p>Somebody else lives here.</p>")
            self._send(said)

        def _send(self, said: Said) -> None:
            body = said.body.encode()
            etag = said.headers.get("ETag")
            known = etag is not None and self.headers.get("If-None-Match") == etag
            self.send_response(304 if known else said.status)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **said.headers}.items():
                self.send_header(name, value)
            if not known:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if not known:
                self.wfile.write(body[: len(body) - said.cut])
            self.close_connection = bool(said.cut)

        def log_message(self, format: str, *args: object) -> None:
            """The year prints its own table."""

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, name="the year's sites", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
