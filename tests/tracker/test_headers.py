"""What every answer tells the browser: no powers, no other window's hand on ours, no address for other sites."""

from collections.abc import Callable

import pytest
from django.http import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from clinics.directory import views
from tests.build import a_correction, a_user
from tracker.powers import FORBIDDEN, PERMISSIONS_POLICY

pytestmark = pytest.mark.django_db

HEADERS = {
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
PUBLIC = ["/", "/es/", "/about/", "/compare/", "/feed/", "/data/clinics.csv", "/robots.txt", "/sitemap.xml"]
API = ["/api/v1/clinics/", "/api/v1/facets/", "/api/v1/schema/", "/api/v1/docs/"]
WATCH = ["/healthz", "/metrics"]


def told(answer: HttpResponseBase) -> dict[str, str | None]:
    return {name: answer.headers.get(name) for name in HEADERS}


@pytest.mark.parametrize("address", [*PUBLIC, *API, *WATCH, "/admin/login/", "/static/clinics/site.css"])
def test_every_answer_has_the_headers(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert told(answer) == HEADERS
    answer.close()


def test_a_page_of_the_desk_has_them(client: Client) -> None:
    client.force_login(a_user("ada", is_superuser=True))
    for address in ("/admin/", "/admin/clinics/clinic/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert told(answer) == HEADERS


@pytest.mark.parametrize(
    ("status", "ask"),
    [
        (301, lambda client: client.get("/about")),
        (302, lambda client: client.get("/admin/")),
        (400, lambda client: client.get("/", headers={"host": "elsewhere.example"})),
        (400, lambda client: client.get("/data/clinics.csv?state=ZZ")),
        (400, lambda client: client.get("/api/v1/clinics/?state=ZZ")),
        (404, lambda client: client.get("/nothing-here/")),
        (404, lambda client: client.get("/api/v1/clinics/nothing/")),
        (405, lambda client: client.post("/about/")),
    ],
)
def test_refusals_have_them(client: Client, status: int, ask: Callable[[Client], HttpResponseBase]) -> None:
    answer = ask(client)
    assert answer.status_code == status
    assert told(answer) == HEADERS


def test_an_answer_that_failed_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("made to fail")

    monkeypatch.setattr(views, "show", fail)
    answer = Client(raise_request_exception=False).get("/about/")
    assert answer.status_code == 500
    assert told(answer) == HEADERS


def test_a_redirect_to_https_has_them(settings: Settings, client: Client) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/")
    assert answer.status_code == 301
    assert answer.headers["Permissions-Policy"] == PERMISSIONS_POLICY


def test_a_case_of_a_visitor_tells_its_address_to_nobody(client: Client) -> None:
    """The page itself is stricter than the header: its address is the visitor's secret."""
    page = client.get(f"/report/case/{a_correction().token}/")
    assert '<meta name="referrer" content="no-referrer">' in page.content.decode()
    assert told(page) == HEADERS


def test_no_power_is_named_twice_or_granted() -> None:
    assert len(set(FORBIDDEN)) == len(FORBIDDEN)
    assert all(part.endswith("=()") for part in PERMISSIONS_POLICY.split(", "))
    assert {"camera", "geolocation", "microphone", "payment", "usb"} <= set(FORBIDDEN)
