"""Pages that try to lead a real browser inside: every hostile address, in every way that a page has of asking.

The canary stands where a private service would, at its own port of loopback, which the policy lets pass, so that only
the address keeps us out. Names, where one is looked up at all, point at it.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from clinics.domain.outcome import Outcome
from clinics.web.browser import Browser
from clinics.web.checking_proxy import CheckingProxy
from clinics.web.devtools import Devtools, NotDone, OutOfTime
from clinics.web.errand import Reply
from clinics.web.limits import Limits
from clinics.web.policy import Policy
from clinics.web.visiting import HostVisit, PageRequest
from tests.stranger import Stranger
from tests.web.browsing import Canary, a_chromium, at_canary, pointing_at
from tests.web.going_out import USER_AGENT, read, read_hosts
from tests.web.test_hostile_addresses import HOSTILE

pytestmark = pytest.mark.browser

NAMED = ("http://clinic.example/", "https://clinic.example/", "http://rebound.example/")
"""Names of public form that the resolver sends inside."""


def _each(code: str) -> Callable[[list[str]], str]:
    """A page whose script does something with every URL as `u`, come what may."""
    return lambda urls: (
        f"<p id=p>Here</p><script>for (const u of {json.dumps(urls)}) try {{ {code} }} catch {{}}</script>"
    )


def _markup(pattern: str) -> Callable[[list[str]], str]:
    return lambda urls: "<p id=p>Here</p>" + "".join(pattern.replace("URL", u.replace('"', "%22")) for u in urls)


WAYS: dict[str, Callable[[list[str]], str]] = {
    "img": _markup('<img src="URL">'),
    "picture": _markup('<picture><source srcset="URL"><img src="URL"></picture>'),
    "script": _markup('<script async src="URL"></script>'),
    "module": _markup('<script type=module src="URL"></script>'),
    "stylesheet": _markup('<link rel=stylesheet href="URL">'),
    "css url": _markup('<div style="background:url(URL)">x</div>'),
    "iframe": _markup('<iframe src="URL"></iframe>'),
    "object": _markup('<object data="URL"></object><embed src="URL">'),
    "video": _markup('<video autoplay src="URL" poster="URL"></video><audio autoplay src="URL"></audio>'),
    "preconnect": _markup('<link rel=preconnect href="URL"><link rel=dns-prefetch href="URL">'),
    "prefetch": _markup(
        '<link rel=prefetch href="URL"><link rel=prerender href="URL"><link rel=preload as=image href="URL">'
    ),
    "speculation": lambda urls: (
        "<p id=p>Here</p><script type=speculationrules>"
        + json.dumps({"prerender": [{"source": "list", "urls": urls}], "prefetch": [{"source": "list", "urls": urls}]})
        + "</script>"
    ),
    "fetch": _each("fetch(u, {mode: 'no-cors'}).catch(() => 0)"),
    "fetch by post": _each("fetch(u, {method: 'POST', mode: 'no-cors', body: 'x'}).catch(() => 0)"),
    "xhr": _each("const x = new XMLHttpRequest(); x.open('GET', u); x.send()"),
    "websocket": _each("new WebSocket(u.replace(/^http/, 'ws'))"),
    "event source": _each("new EventSource(u)"),
    "beacon": _each("navigator.sendBeacon(u, 'x')"),
    "web transport": _each("new WebTransport(u.replace(/^http:/, 'https:'))"),
    "worker": _each("new Worker(URL.createObjectURL(new Blob([`fetch('${u}', {mode: 'no-cors'})`])))"),
    "font": _each("new FontFace('f', `url(${u})`).load().catch(() => 0)"),
    "window": _each("window.open(u)"),
    "frame by script": _each("const f = document.createElement('iframe'); f.src = u; document.body.append(f)"),
    "form in a frame": _each(
        "const f = document.createElement('iframe'); f.name = 'n' + Math.random(); document.body.append(f);"
        "const o = document.createElement('form'); o.action = u; o.target = f.name; document.body.append(o); o.submit()"
    ),
    "web rtc": _each(
        "const h = new URL(u).host; const p = new RTCPeerConnection({iceServers: [{urls: 'stun:' + h},"
        " {urls: 'turn:' + h + '?transport=tcp', username: 'a', credential: 'b'}]});"
        " p.createDataChannel('x'); p.createOffer().then(o => p.setLocalDescription(o))"
    ),
}


PAGES = {
    "what a document shows": ["img", "picture", "script", "module", "stylesheet", "css url", "video", "object"],
    "what a document announces": ["preconnect", "prefetch", "speculation"],
    "frames": ["iframe"],
    "frames by script": ["frame by script", "form in a frame", "window"],
    "requests": ["fetch", "fetch by post", "xhr", "beacon", "worker", "font"],
    "lines": ["websocket", "event source", "web transport", "web rtc"],
}
"""Ways that one page tries together: a browser takes seconds to begin."""


def trying(ways: list[str], urls: list[str]) -> str:
    """A page that tries each URL in each of these ways."""
    return "".join(WAYS[way](urls) for way in ways)


@pytest.fixture
def canary() -> Iterator[Canary]:
    with Canary() as standing:
        yield standing


def hostile(canary: Canary) -> list[str]:
    return [at_canary(url, canary.port) for url in (*HOSTILE, *NAMED)]


def policy(canary: Canary, stranger: Stranger) -> Policy:
    """Lets the canary's port pass, so that only its address keeps us out."""
    return Policy(ports=frozenset({80, 443, canary.port}), test_servers=stranger.test_servers)


def test_there_are_enough_addresses_and_most_are_asked_for_at_the_canarys_port(canary: Canary) -> None:
    urls = hostile(canary)
    assert len(set(urls)) >= 60
    assert sum(f":{canary.port}" in url for url in urls) >= 60


def test_every_way_is_tried() -> None:
    assert sorted(way for ways in PAGES.values() for way in ways) == sorted(WAYS)


@pytest.mark.parametrize("ways", PAGES.values(), ids=PAGES)
def test_no_page_leads_the_reader_inside(stranger: Stranger, canary: Canary, ways: list[str]) -> None:
    """As pages are read: requests are judged in the browser, and again by the proxy."""
    rules = policy(canary, stranger)
    browser = Browser(a_chromium(), rules, Limits(), USER_AGENT, pointing_at("127.0.0.1"), seconds=80)
    html = trying(ways, hostile(canary)).encode()
    sight = browser.look("http://clinic.test/", Reply(200, {"content-type": "text/html"}, html), 80)
    assert b"Here" in sight.document
    assert canary.calls == []


@contextmanager
def unwatched(rules: Policy, resolve: object, *, seconds: float) -> Iterator[tuple[Devtools, str, CheckingProxy]]:
    """A browser whose requests nobody looks at but the proxy: its pipe, the session of its page, and the proxy."""
    proxy = CheckingProxy(rules, resolve, seconds=seconds, max_bytes=10_000_000, connect_seconds=20)
    with proxy, a_chromium().begun(proxy.port, USER_AGENT, seconds=seconds, longest=10_000_000) as devtools:
        proxy.expect_anything()
        deadline = time.monotonic() + seconds
        target = devtools.call("Target.createTarget", url="about:blank", deadline=deadline)["targetId"]
        session = devtools.call("Target.attachToTarget", targetId=target, flatten=True, deadline=deadline)["sessionId"]
        devtools.call("Page.enable", session, deadline=deadline)
        yield devtools, session, proxy


def visit(devtools: Devtools, session: str, url: str, rest: float) -> None:
    """Open an address and let its page do what it likes for `rest` seconds."""
    with suppress(NotDone, OutOfTime):  # addresses that the browser itself does not open, pages that do not rest
        devtools.call("Page.navigate", session, url=url, deadline=time.monotonic() + 5)
    let_be(devtools, rest)


def let_be(devtools: Devtools, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        devtools.listen(end)


def of_the_page(proxy: CheckingProxy) -> list[str]:
    """What was refused, without the browser's own calls to its maker."""
    return [line for line in proxy.refused if "google" not in line]


@pytest.mark.parametrize("ways", PAGES.values(), ids=PAGES)
def test_the_proxy_alone_keeps_every_page_out(stranger: Stranger, canary: Canary, ways: list[str]) -> None:
    stranger.says("clinic.test", "/", trying(ways, hostile(canary)))
    with unwatched(policy(canary, stranger), pointing_at("127.0.0.1"), seconds=60) as (devtools, session, proxy):
        visit(devtools, session, "http://clinic.test/", rest=5)
        assert {endpoint.port for endpoint in proxy.opened} == {stranger.port}
    assert canary.calls == []
    assert "clinic.test/" in stranger.paths


def test_the_proxy_alone_keeps_every_address_out_that_is_opened_itself(stranger: Stranger, canary: Canary) -> None:
    with unwatched(policy(canary, stranger), pointing_at("127.0.0.1"), seconds=60) as (devtools, session, proxy):
        for url in hostile(canary):
            visit(devtools, session, url, rest=0)
        assert len(of_the_page(proxy)) > 40  # the others the browser itself does not open
        assert proxy.opened == []
    assert canary.calls == []


LEADING = {
    "redirect": lambda stranger, path, url: stranger.redirects("clinic.test", path, url),
    "refresh": lambda stranger, path, url: stranger.says(
        "clinic.test", path, f'<meta http-equiv="refresh" content="0; url={url}">'
    ),
    "script": lambda stranger, path, url: stranger.says(
        "clinic.test", path, f"<script>location.href = {json.dumps(url)}</script>"
    ),
}


@pytest.mark.parametrize("leading", LEADING)
def test_the_proxy_alone_keeps_out_what_frames_are_led_to(stranger: Stranger, canary: Canary, leading: str) -> None:
    urls = hostile(canary)
    for number, url in enumerate(urls):
        LEADING[leading](stranger, f"/{number}", url)
    frames = "".join(f"<iframe src=/{number}></iframe>" for number in range(len(urls)))
    stranger.says("clinic.test", "/", frames)
    with unwatched(policy(canary, stranger), pointing_at("127.0.0.1"), seconds=90) as (devtools, session, proxy):
        visit(devtools, session, "http://clinic.test/", rest=1)
        while len({seen.path for seen in stranger.requests}) <= len(urls):
            let_be(devtools, 0.5)
        let_be(devtools, 4)
        assert {endpoint.port for endpoint in proxy.opened} == {stranger.port}
        assert len(of_the_page(proxy)) > 40
    assert canary.calls == []


@pytest.mark.parametrize("way", ["img", "fetch", "iframe", "script", "websocket"])
def test_the_canary_hears_of_a_page_that_is_let_in(
    stranger: Stranger, canary: Canary, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same ways do reach it where the policy is told that its address is public: the tests above can fail."""
    monkeypatch.setattr("clinics.web.policy.is_public", lambda address: True)
    stranger.says("clinic.test", "/", WAYS[way]([f"http://clinic.example:{canary.port}/"]))
    with unwatched(policy(canary, stranger), pointing_at("127.0.0.1"), seconds=60) as (devtools, session, _):
        visit(devtools, session, "http://clinic.test/", rest=2)
    assert canary.calls


def test_a_name_that_is_public_at_first_and_inside_later_leads_nowhere(
    stranger: Stranger, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: 127.0.0.3 stands for a public address, played by nobody; whatever is judged is what is dialled."""
    monkeypatch.setattr("clinics.web.policy.is_public", lambda address: address == "127.0.0.3")
    looked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        looked.append(host)
        return ["127.0.0.3" if len(looked) == 1 else "127.0.0.1"]

    again = "setInterval(() => fetch(u + Math.random(), {mode: 'no-cors'}).catch(() => 0), 100)"
    stranger.says("clinic.test", "/", _each(again)([f"http://rebound.example:{canary.port}/"]))
    with unwatched(policy(canary, stranger), rebinding, seconds=60) as (devtools, session, proxy):
        visit(devtools, session, "http://clinic.test/", rest=3)
        inside = [
            endpoint for endpoint in proxy.opened if endpoint.address == "127.0.0.1" and endpoint.port == canary.port
        ]
    assert inside == []
    assert len(looked) > 3
    assert len([line for line in proxy.refused if "points to 127.0.0.1" in line]) >= len(looked) - 1


@pytest.mark.parametrize("url", [*HOSTILE, *NAMED])
def test_no_hostile_address_is_opened_in_the_browser(stranger: Stranger, canary: Canary, url: str) -> None:
    """By itself, and as what a page redirects to: the reader refuses it before any browser begins."""
    target = at_canary(url, canary.port)
    stranger.redirects("clinic.test", "/", target)
    rules = {"policy": policy(canary, stranger), "resolve": pointing_at("127.0.0.1"), "chromium": a_chromium()}
    visits = [HostVisit("x", (PageRequest(asked, asked),), 0) for asked in (target, "http://clinic.test/")]
    for answer in read_hosts(visits, **rules).values():
        assert answer.trouble in (Outcome.REFUSED, Outcome.MOVED) or answer.status == 404
        assert not answer.by_browser
    assert canary.calls == []


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/", "http://localhost/"])
def test_a_script_that_leads_inside_has_the_page_refused(stranger: Stranger, canary: Canary, url: str) -> None:
    target = at_canary(url, canary.port)
    stranger.says("clinic.test", "/", f"<p>Here</p><script>location.href = {json.dumps(target)}</script>")
    (answer,) = read(stranger, "http://clinic.test/", chromium=a_chromium(), limits=Limits(page_seconds=40))
    assert answer.trouble is Outcome.REFUSED
    assert canary.calls == []
