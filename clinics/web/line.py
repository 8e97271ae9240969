"""One libcurl handle: set up once, used for one request after another."""

import socket
from typing import Any, Final

import pycurl

from clinics.domain.outcome import Outcome
from clinics.web.errand import Get, Reply
from clinics.web.header_block import last_headers
from clinics.web.inflate import inflate
from clinics.web.limits import Limits
from clinics.web.policy import Endpoint, Route
from clinics.web.trouble import Trouble, trouble_of

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_REDIRECT_BODY: Final = 16_384  # bytes read of a page that only says "go there"


class Line:
    """A telephone line to strangers. Opens sockets only to the endpoints of the route it was given."""

    def __init__(self, limits: Limits, ca_file: str) -> None:
        self.handle = pycurl.Curl()
        self._limits = limits
        self._get: Get
        self._route: Route
        self._sent: dict[str, str] = {}
        self._opened: list[socket.socket] = []  # libcurl works on duplicates of these
        self._set_up(ca_file)

    def _set_up(self, ca_file: str) -> None:
        constant: dict[int, Any] = {
            pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
            pycurl.FOLLOWLOCATION: 0,
            pycurl.PROXY: "",
            pycurl.NETRC: pycurl.NETRC_IGNORED,
            pycurl.NOSIGNAL: 1,
            pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
            pycurl.HTTP_CONTENT_DECODING: 0,
            pycurl.SSL_VERIFYPEER: 1,
            pycurl.SSL_VERIFYHOST: 2,
            pycurl.CAINFO: ca_file,
            pycurl.CONNECTTIMEOUT_MS: int(self._limits.connect_seconds * 1000),
            pycurl.OPENSOCKETFUNCTION: self._open,
            pycurl.HEADERFUNCTION: self._on_header,
            pycurl.WRITEFUNCTION: self._on_body,
        }
        for option, value in constant.items():
            self.handle.setopt(option, value)

    def prepare(self, get: Get, route: Route, seconds: float, headers: dict[str, str]) -> None:
        """Make ready for one request that may take `seconds`. Raises Trouble where libcurl refuses the address."""
        self._get, self._route, self._sent = get, route, headers
        self._header_lines: list[bytes] = []
        self._header_bytes = 0
        self._chunks: list[bytes] = []
        self._size = 0
        self._flooded = self._full = False
        self._set_target(route)
        self._set_method(get)
        self.handle.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in headers.items()])
        self.handle.setopt(pycurl.TIMEOUT_MS, max(1, int(seconds * 1000)))
        self.handle.setopt(pycurl.MAXFILESIZE, 0 if get.truncate else get.max_bytes)

    def _set_method(self, get: Get) -> None:
        if get.body:
            self.handle.setopt(pycurl.POSTFIELDS, get.body)
        else:
            self.handle.setopt(pycurl.HTTPGET, 1)

    def _set_target(self, route: Route) -> None:
        port = route.endpoints[0].port
        addresses = ",".join(_bracketed(endpoint) for endpoint in route.endpoints)
        pinned = [] if ":" in route.host else [f"{route.host}:{port}:{addresses}"]
        try:
            self.handle.setopt(pycurl.URL, route.url.encode("utf-8"))
            self.handle.setopt(pycurl.RESOLVE, pinned)
            self.handle.setopt(pycurl.CONNECT_TO, [f"::{_host_of_url(route.host)}:{port}"])
        except (pycurl.error, ValueError) as fault:
            raise Trouble(Outcome.ERROR, "The address is not well formed.") from fault

    def _open(self, purpose: int, address: Any) -> Any:
        """libcurl asks for a socket to a literal address: the last gate before the network."""
        if purpose != pycurl.SOCKTYPE_IPCXN or address.family not in (socket.AF_INET, socket.AF_INET6):
            return pycurl.SOCKET_BAD
        literal, port = str(address.addr[0]), int(address.addr[1])
        if Endpoint(literal, port) not in self._route.endpoints:
            return pycurl.SOCKET_BAD
        opened = socket.socket(address.family, address.socktype, address.protocol)
        self._opened.append(opened)
        return opened

    def _on_header(self, line: bytes) -> int | None:
        self._header_lines.append(line)
        self._header_bytes += len(line)
        limits = self._limits
        if self._header_bytes > limits.max_header_bytes or len(self._header_lines) > limits.max_headers:
            self._flooded = True
            return -1
        return None

    def _on_body(self, chunk: bytes) -> int | None:
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > self._get.max_bytes or (self._size > _REDIRECT_BODY and self._status in REDIRECTS):
            self._full = True
            return -1
        return None

    @property
    def _status(self) -> int:
        """Status of the last header block, read from its first line: libcurl isn't asked while it is running.

        0 for none, and for what is no status: libcurl also takes numbers of more than three digits.
        """
        for line in reversed(self._header_lines):
            if line.startswith(b"HTTP/"):
                word = line.split(None, 2)[1:2]
                return int(word[0]) if word and len(word[0]) == 3 and word[0].isdigit() else 0
        return 0

    def reply(self, code: int) -> Reply:
        """What came of the request that has just ended with libcurl's `code` (0: well)."""
        self.hang_up()
        headers = last_headers(self._header_lines)
        try:
            body, trouble = self._body(code, headers.get("content-encoding", "")), None
        except Trouble as caught:
            body, trouble = b"", caught
        return Reply(self._status, headers, body, self._peer(), self._sent, trouble)

    def hang_up(self) -> None:
        """Close our own copies of the sockets that were opened for the last request."""
        while self._opened:
            self._opened.pop().close()

    def _body(self, code: int, encoding: str) -> bytes:
        if self._flooded:
            raise Trouble(Outcome.ERROR, "The server's answer has more headers than any page needs.")
        if code == 0 and not self._status:
            raise trouble_of(pycurl.E_UNSUPPORTED_PROTOCOL)
        if self._status in REDIRECTS and (code == 0 or self._full):
            return b""
        if self._get.truncate and (code == 0 or self._full):
            return self._beginning(encoding)
        if self._full or code == pycurl.E_FILESIZE_EXCEEDED:
            raise Trouble(Outcome.TOO_LARGE, f"The page is larger than {self._get.max_bytes:,} bytes.")
        if code:
            raise trouble_of(code)
        limits = self._limits
        return inflate(b"".join(self._chunks), encoding, max_bytes=self._get.max_bytes, max_ratio=limits.max_ratio)

    def _beginning(self, encoding: str) -> bytes:
        sent = b"".join(self._chunks)
        limit = self._get.max_bytes
        return inflate(sent, encoding, max_bytes=limit * 8, max_ratio=self._limits.max_ratio)[:limit]

    def _peer(self) -> str:
        address = self.handle.getinfo(pycurl.PRIMARY_IP)
        port = self.handle.getinfo(pycurl.PRIMARY_PORT)
        return _bracketed(Endpoint(address, port)) + f":{port}" if address else ""


def _bracketed(endpoint: Endpoint) -> str:
    return f"[{endpoint.address}]" if ":" in endpoint.address else endpoint.address


def _host_of_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
