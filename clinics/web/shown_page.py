"""One page in one browser: which of its requests are let out, when it has come to rest, what it shows then."""

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from clinics.domain.address import RefusedAddress
from clinics.domain.page_identity import host_of, site_of
from clinics.web.devtools import Devtools, Message, NotDone
from clinics.web.errand import Reply
from clinics.web.policy import Policy
from clinics.web.shadow_roots import with_shadow_roots
from clinics.web.sight import Sight

WIDTH, HEIGHT = 1280, 2400  # pixels; tall, so that what is built only when it comes into view is built

_TALLEST: Final = 6000  # pixels of a picture
_LET_OUT: Final = frozenset({"Stylesheet", "Script", "Image", "Font", "XHR", "Fetch"})
_MAY_SEND: Final = frozenset({"XHR", "Fetch"})  # a page that asks its own server by POST for its text
_KEPT_HEADERS: Final = frozenset(
    {"content-type", "content-language", "content-security-policy", "referrer-policy", "refresh"}
)
_BOUNDS: Final = "; ".join(f"{what} 'none'" for what in ("object-src", "media-src", "worker-src", "manifest-src"))
"""A policy of ours beside the page's own: what holds no words of the document is not begun at all."""

_WITHOUT: Final = """
for (const name of ["serviceWorker", "sendBeacon"]) delete Navigator.prototype[name];
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebSocket", "WebTransport", "EventSource",
    "SharedWorker"]) delete globalThis[name];
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: without any request after which a page is at rest, and after which it is read as it stands."""

    quiet: float = 0.8
    longest: float = 10.0
    picture: float = 8.0


class Replaced(Exception):
    """The page's scripts put something else in its place that is no page of its own."""


class ShownPage:
    """Shows one document, already fetched, under its own URL. What it asks for goes out through the proxy alone."""

    def __init__(
        self,
        devtools: Devtools,
        url: str,
        reply: Reply,
        policy: Policy,
        expect: Callable[[str], None],
        patience: Patience,
        deadline: float,
    ) -> None:
        """`expect` announces to the proxy where a request will go. `deadline` is in time.monotonic()."""
        self._devtools, self._url, self._reply, self._policy = devtools, url, reply, policy
        self._expect, self._patience, self._deadline = expect, patience, deadline
        self._site = site_of(url)
        self._session = self._frame = self._leads_to = ""
        self._given = self._loaded = False
        self._under_way: set[str] = set()
        self._moved = time.monotonic()
        devtools.on_event = self._hear

    def show(self) -> Sight:
        """Open it, wait until it rests, and take what it shows. Raises Replaced, and what Devtools raises."""
        self._open()
        self._rest()
        if self._leads_to:
            return Sight(leads_to=self._leads_to)
        if not self._still_stands():
            raise Replaced
        document = self._document()
        return Sight(document, self._picture())

    def _call(self, method: str, **params: Any) -> Message:
        return self._devtools.call(method, self._session, deadline=self._deadline, **params)

    def _open(self) -> None:
        self._call("Browser.setDownloadBehavior", behavior="deny")
        self._frame = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=self._frame, flatten=True)["sessionId"]
        self._call("Page.enable")
        self._call("Network.enable")
        self._call("Network.setBypassServiceWorker", bypass=True)
        self._call("Page.addScriptToEvaluateOnNewDocument", source=_WITHOUT)
        self._call("Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=1, mobile=False)
        self._call("Fetch.enable", patterns=[{"urlPattern": "*"}])
        self._devtools.send("Page.navigate", self._session, url=self._url)

    def _rest(self) -> None:
        """Wait until the page is at rest, leads elsewhere, or has had its time."""
        now = time.monotonic()
        until = min(now + self._patience.longest, now + (self._deadline - now) / 2)
        while not self._leads_to and time.monotonic() < until and not self._is_at_rest():
            self._devtools.listen(min(until, time.monotonic() + self._patience.quiet / 4))

    def _is_at_rest(self) -> bool:
        quiet = time.monotonic() - self._moved >= self._patience.quiet
        return self._loaded and not self._under_way and quiet

    def _still_stands(self) -> bool:
        """Whether the frame holds a document of the page's host, not the browser's own page about some error."""
        url = self._call("Page.getFrameTree")["frameTree"]["frame"]["url"]
        try:
            return host_of(url) == host_of(self._url)
        except ValueError:
            return False

    def _document(self) -> bytes:
        root = self._call("DOM.getDocument", depth=0)["root"]["nodeId"]
        html: str = self._call("DOM.getOuterHTML", nodeId=root, includeShadowDOM=True)["outerHTML"]
        return with_shadow_roots(html).encode("utf-8", "replace")

    def _picture(self) -> bytes:
        """The whole page down to a bound; nothing where the browser can't make it in time."""
        self._deadline = min(self._deadline, time.monotonic() + self._patience.picture)
        try:
            size = self._call("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": WIDTH, "height": max(1, min(_TALLEST, size["height"])), "scale": 1}
            taken = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        except NotDone:
            return b""
        return base64.b64decode(taken["data"])

    def _hear(self, message: Message) -> None:
        params = message["params"]
        match message["method"]:
            case "Fetch.requestPaused":
                self._moved = time.monotonic()
                self._decide(params)
            case "Page.javascriptDialogOpening":
                self._devtools.send("Page.handleJavaScriptDialog", self._session, accept=False)
            case "Page.loadEventFired":
                self._end_loading()
            case "Page.frameStoppedLoading" if params["frameId"] == self._frame and self._given:
                self._end_loading()
            case "Network.loadingFinished" | "Network.loadingFailed":
                self._under_way.discard(params["requestId"])
                self._moved = time.monotonic()

    def _end_loading(self) -> None:
        self._loaded = True
        self._moved = time.monotonic()

    def _decide(self, paused: Message) -> None:
        """Let a request out, answer it, or refuse it."""
        kind, request, number = paused["resourceType"], paused["request"], paused["requestId"]
        if kind == "Document" and paused["frameId"] == self._frame:
            self._navigate(request, number)
        elif self._is_let_out(kind, request):
            self._let_out(request["url"], number, paused.get("networkId", ""))
        else:
            self._refuse(number)

    def _navigate(self, request: Message, number: str) -> None:
        """The document itself is at hand; any other that the page leads to is for the reader to ask for."""
        if not self._given:
            self._given = True
            self._answer(number)
            return
        self._refuse(number)
        target = request["url"].partition("#")[0]
        if request["method"] == "GET" and target != self._url:
            self._leads_to = target

    def _answer(self, number: str) -> None:
        kept = [(name, value) for name, value in self._reply.headers.items() if name in _KEPT_HEADERS]
        headers = [{"name": name, "value": value} for name, value in (*kept, ("content-security-policy", _BOUNDS))]
        body = base64.b64encode(self._reply.body).decode("ascii")
        self._devtools.send(
            "Fetch.fulfillRequest",
            self._session,
            requestId=number,
            responseCode=200,
            responseHeaders=headers,
            body=body,
        )

    def _is_let_out(self, kind: str, request: Message) -> bool:
        if kind not in _LET_OUT:
            return False
        if request["method"] in ("GET", "HEAD"):
            return True
        return kind in _MAY_SEND and request["method"] == "POST" and self._is_of_the_site(request["url"])

    def _is_of_the_site(self, url: str) -> bool:
        try:
            return site_of(url) == self._site
        except ValueError:
            return False

    def _let_out(self, url: str, number: str, network_id: str) -> None:
        """Send the request on its way to the proxy, which judges it again; a test server's https as plain HTTP."""
        if url.startswith(("data:", "blob:")):
            self._devtools.send("Fetch.continueRequest", self._session, requestId=number)
            return
        try:
            direct = self._policy.direct(self._policy.judge(url))
        except RefusedAddress:
            self._refuse(number)
            return
        spoken = direct.url if direct else url
        self._expect(spoken)
        self._under_way.add(network_id)
        rewritten = {"url": spoken} if spoken != url else {}
        self._devtools.send("Fetch.continueRequest", self._session, requestId=number, **rewritten)

    def _refuse(self, number: str) -> None:
        """Fail the request, leaving every frame as it is: any other reason puts the browser's own page into it."""
        self._devtools.send("Fetch.failRequest", self._session, requestId=number, errorReason="Aborted")
