"""A web server on this machine that plays fictional clinics, whose pages change while one watches.

`python -m tracker.demo.site --port 8123` serves every clinic of `tracker/demo/clinics`; the Host header picks one.
The changes are counted from the first visit to a page, so that a slow start of the demonstration misses none.
"""

import argparse
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from tracker.demo.script import Face, Site, load_sites

ICON: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#2f6f73"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Response:
    """What is sent back: status, media type and body."""

    status: int
    content_type: str
    body: bytes = b""

    @property
    def etag(self) -> str:
        """The same body has the same mark."""
        return f'"{sha256(self.body).hexdigest()[:16]}"'


@dataclass
class Stage:
    """The sites and the time that has passed for them. `clock` gives seconds."""

    sites: Mapping[str, Site] = field(default_factory=load_sites)
    clock: Callable[[], float] = time.monotonic
    opened_at: float | None = None

    def seconds(self) -> float:
        """Seconds since the first visit to any page; the first call is that visit."""
        if self.opened_at is None:
            self.opened_at = self.clock()
        return self.clock() - self.opened_at

    def answer(self, host: str, path: str) -> Response:
        """What `host` serves at `path` now."""
        site = self.sites.get(host.removeprefix("www."))
        if site is None:
            return Response(404, "text/plain; charset=utf-8", b"No such site here.\n")
        if path == "/robots.txt":
            return Response(200, "text/plain; charset=utf-8", site.robots.encode())
        if path == "/sitemap.xml":
            return Response(200, "application/xml; charset=utf-8", site.sitemap().encode())
        if path == "/favicon.ico":
            return Response(200, "image/svg+xml", ICON)
        page = site.pages.get(path)
        face = page.at(self.seconds()) if page else _missing()
        return Response(face.status, "text/html; charset=utf-8", site.render(face).encode())


def _missing() -> Face:
    body = "<h1>Page not found</h1><p>The page you asked for is not here.</p>"
    return Face("Page not found", "", body, status=404)


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD. Set `stage` in a subclass."""

    stage: Stage
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        host = self.headers.get("Host", "").rsplit(":", 1)[0].lower()
        response = self.stage.answer(host, self.path.partition("?")[0])
        known = response.status == HTTPStatus.OK and self.headers.get("If-None-Match") == response.etag
        self.send_response(HTTPStatus.NOT_MODIFIED if known else response.status)
        self.send_header("ETag", response.etag)
        self.send_header("Cache-Control", "no-cache")
        if not known:
            self.send_header("Content-Type", response.content_type)
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if with_body and not known:
            self.wfile.write(response.body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: the tracker's own log tells what was read."""


class Server(ThreadingHTTPServer):
    """Each visitor in a thread of its own; one who hangs up is nothing to report."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report faults of ours, and no connection that the other side has reset."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(port: int, stage: Stage) -> Server:
    """A server bound to 127.0.0.1; port 0 picks a free one. The caller serves and closes it."""
    handler = type("StagedHandler", (Handler,), {"stage": stage})
    return Server(("127.0.0.1", port), handler)


def main() -> None:
    """Serve until asked to end."""
    parser = argparse.ArgumentParser(description="Play fictional clinics on this machine.")
    parser.add_argument("--port", type=int, required=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with server(parser.parse_args().port, Stage()) as playing:
        try:
            playing.serve_forever()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
