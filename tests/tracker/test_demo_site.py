"""The site that plays clinics: hosts, changes in time, and plain good manners of a web server."""

import os
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest

from clinics.domain.sitemap import read_sitemap
from tracker.demo.script import Change, Page, load_sites
from tracker.demo.site import Stage, server
from tracker.embedded.serve import start_site

SITES = load_sites()
CHANGES = [
    (host, path, number)
    for host, site in SITES.items()
    for path, page in site.pages.items()
    for number in range(len(page.changes))
]


class Hands:
    """A clock whose hands are moved by the test."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def stage(hands: Hands) -> Stage:
    return Stage(clock=hands)


@pytest.fixture
def port(stage: Stage) -> Iterator[int]:
    with server(0, stage) as playing:
        threading.Thread(target=playing.serve_forever, args=(0.01,), daemon=True).start()
        yield playing.server_address[1]
        playing.shutdown()


def ask(port: int, host: str, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers={"Host": host, **named})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def test_at_least_eight_clinics_play_and_stand_on_reserved_names() -> None:
    assert len(SITES) >= 8
    assert all(host.endswith((".example", ".test")) for host in SITES)


def test_the_host_header_picks_the_clinic(port: int) -> None:
    for host, site in SITES.items():
        path = next(iter(site.pages))
        response, body = ask(port, f"{host}:8123", path)
        assert response.status == 200
        assert site.name in body.decode()


def test_an_unknown_host_is_no_clinic(port: int) -> None:
    response, _ = ask(port, "nobody.example", "/")
    assert response.status == 404


@pytest.mark.parametrize("path", ["/nothing", "/treatments/x", "/%2e%2e/site.json"])
def test_a_page_that_no_script_names_is_not_there(port: int, path: str) -> None:
    response, _ = ask(port, "harborview-regenerative.example", path)
    assert response.status == 404


def test_robots_and_icon_are_plain(port: int) -> None:
    robots, words = ask(port, "harborview-regenerative.example", "/robots.txt")
    assert (robots.status, robots.headers.get_content_type()) == (200, "text/plain")
    assert b"Disallow: /portal/" in words
    icon, _ = ask(port, "harborview-regenerative.example", "/favicon.ico")
    assert (icon.status, icon.headers.get_content_type()) == (200, "image/svg+xml")


def test_a_sitemap_names_every_page_and_the_menu_those_that_are_linked(port: int) -> None:
    sitemap, words = ask(port, "lonestar-renewal.example", "/sitemap.xml")
    assert (sitemap.status, sitemap.headers.get_content_type()) == (200, "application/xml")
    paths = [url.removeprefix("https://lonestar-renewal.example") for url in read_sitemap(words).pages]
    assert paths == ["/", "/lungs", "/law", "/exosomes"]
    _, home = ask(port, "lonestar-renewal.example", "/")
    assert [f'href="{path}"'.encode() in home for path in paths] == [True, True, True, False]


def test_a_page_that_stayed_the_same_is_not_sent_again(port: int) -> None:
    first, _ = ask(port, "lakeshore-regen.example", "/")
    again, body = ask(port, "lakeshore-regen.example", "/", If_None_Match=first.headers["ETag"])
    assert (again.status, body) == (304, b"")


def test_a_page_that_changed_is_sent_again(port: int, hands: Hands) -> None:
    first, _ = ask(port, "lakeshore-regen.example", "/offers")
    hands.now += 46
    again, body = ask(port, "lakeshore-regen.example", "/offers", If_None_Match=first.headers["ETag"])
    assert again.status == 200
    assert b"Save $650 on" in body


def test_time_begins_with_the_first_visit_to_a_page(stage: Stage, hands: Hands) -> None:
    stage.answer("lakeshore-regen.example", "/robots.txt")
    hands.now += 500
    assert b"Save $500 on" in stage.answer("lakeshore-regen.example", "/offers").body
    hands.now += 45
    assert b"Save $650 on" in stage.answer("lakeshore-regen.example", "/offers").body


@pytest.mark.parametrize(("host", "path", "number"), CHANGES)
def test_every_change_comes_at_its_time_and_alters_the_page(host: str, path: str, number: int) -> None:
    page = SITES[host].pages[path]
    change = page.changes[number]
    assert page.at(change.after) is change.face
    assert page.at(change.after - 0.5) != change.face
    assert change.what


@pytest.mark.parametrize("page", [page for site in SITES.values() for page in site.pages.values() if page.changes])
def test_the_last_version_stays(page: Page) -> None:
    assert page.at(1e9) is page.changes[-1].face
    assert _in_order(page.changes)


def _in_order(changes: tuple[Change, ...]) -> bool:
    return [change.after for change in changes] == sorted({change.after for change in changes})


@pytest.mark.parametrize(
    ("host", "path", "after", "status", "appears", "vanishes"),
    [
        ("harborview-regenerative.example", "/", 60, 200, "We guarantee that your knee pain", ""),
        ("harborview-regenerative.example", "/", 120, 200, "Read our privacy notice", ""),
        ("goldenwest-cells.example", "/conditions", 75, 403, "captcha", "multiple sclerosis"),
        ("lonestar-renewal.example", "/lungs", 80, 404, "not here any more", "COPD"),
        ("summit-orthobiologics.example", "/myths", 90, 200, "Stem cell injections cure arthritis", "<h2>Myth</h2>"),
        ("desertbloom-wellness.example", "/notice", 100, 200, "therapy is FDA approved", "is not FDA approved"),
        ("peachtree-renewal.test", "/", 85, 200, "Ask us about intimate health", "cure erectile dysfunction"),
        ("clinica-nueva-vida.example", "/tratamientos", 110, 200, "Garantizamos resultados", ""),
    ],
)
def test_the_promised_changes_are_played(
    stage: Stage, hands: Hands, host: str, path: str, after: float, status: int, appears: str, vanishes: str
) -> None:
    before = stage.answer(host, path).body.decode()
    hands.now += after
    response = stage.answer(host, path)
    assert response.status == status
    assert appears in response.body.decode()
    assert not vanishes or (vanishes in before and vanishes not in response.body.decode())


def test_the_demonstration_tells_its_pages_that_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"DEMONSTRATION": "False", "TICK_SECONDS": "7"})
    begun: list[str] = []

    class Begun:
        def start(self, name: str, argv: list[str]) -> None:
            begun.append(name)

    start_site(Begun())  # type: ignore[arg-type]
    assert begun == ["site"]
    assert os.environ["DEMONSTRATION"] == "True"
    assert os.environ["TICK_SECONDS"] == "7"
