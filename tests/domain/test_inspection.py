"""An ordinary page is told from whatever may stand in its place, and no bytes make the reading fail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.answer import Answer
from clinics.domain.inspection import Inspection, inspect, inspect_pdf_pages, inspect_text, reread
from clinics.domain.outcome import Outcome

URL = "https://clinic.test/knee"
LONG = "<p>" + "We offer injections for knee pain and explain what is known about them. " * 40 + "</p>"


def page(body: str | bytes, status: int = 200, final: str = URL, url: str = URL, **headers: str) -> Inspection:
    data = body.encode() if isinstance(body, str) else body
    named = {"content-type": "text/html; charset=utf-8", **{key.replace("_", "-"): v for key, v in headers.items()}}
    return inspect(Answer(url, final, status, named, data), "clinic.test")


def titled(title: str, text: str = "") -> str:
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("body", "status", "outcome"),
    [
        (titled("Just a moment...", "Checking your browser before accessing clinic.test"), 503, "blocked"),
        (titled("Just a moment...", "Checking your browser"), 200, "blocked"),
        (titled("Attention Required! | Cloudflare", "Sorry, you have been blocked"), 403, "blocked"),
        (titled("Clinic", "Please verify you are human to go on."), 200, "blocked"),
        (titled("Clinic", "Verifica que eres humano"), 200, "blocked"),
        (titled("", "I’m not a robot"), 200, "blocked"),
        (titled("Access denied", "Reference 18.2f"), 404, "blocked"),
        (titled("", "Request unsuccessful. Incapsula incident ID: 1"), 200, "blocked"),
        ("<script src='/cdn-cgi/challenge-platform/x'></script><p>One moment</p>", 200, "blocked"),
        (titled("Members", "Please log in to view this page."), 200, "blocked"),
        ("<form><input type='password'><button>Go</button></form>", 200, "blocked"),
        (titled("Cookies", "You must accept cookies to continue: accept cookies to continue"), 200, "blocked"),
        (titled("Private", "Este contenido está protegido: contenido protegido por contraseña"), 200, "blocked"),
        ("x", 401, "blocked"),
        ("x", 403, "blocked"),
        ("x", 429, "blocked"),
        ("x", 404, "gone"),
        ("x", 410, "gone"),
        ("x", 500, "error"),
        ("x", 502, "error"),
        ("x", 400, "error"),
        ("x", 204, "partial"),
        ("", 304, "unchanged"),
        (titled("Page not found | Clinic", "Try the search."), 200, "soft_404"),
        (titled("Clinic – 404", "Oops"), 200, "soft_404"),
        (titled("Página no encontrada"), 200, "soft_404"),
        (titled("Error 404") + LONG[:2000], 200, "soft_404"),
        (titled("Clinic", "The page you are looking for was moved."), 200, "soft_404"),
        (titled("clinic.test", "This domain is for sale! Buy this domain."), 200, "parked"),
        (titled("Account Suspended", "Contact your hosting provider"), 200, "parked"),
        (titled("Sitio en construcción"), 200, "parked"),
        (titled("Maintenance", "Briefly unavailable for scheduled maintenance."), 200, "error"),
        ("<div id='root'></div><script src='/app.js'></script>", 200, "js_only"),
        ("<noscript>You need to enable JavaScript to run this app.</noscript><div id=app></div>", 200, "js_only"),
        ("", 200, "partial"),
        ("<html><body></body></html>", 200, "partial"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), 200, "not_text"),
        (b"%PDF-1.7 ...", 200, "not_text"),
        (b"some\x00binary\x00thing" * 9, 200, "not_text"),
    ],
)
def test_what_stands_in_a_page_s_place_has_its_own_outcome(body: str | bytes, status: int, outcome: str) -> None:
    found = page(body, status)
    assert found.outcome == outcome
    assert found.sentences == ()
    assert found.reason or outcome == "unchanged"


@pytest.mark.parametrize(
    "body",
    [
        titled("Knee injections", "We inject platelets into knees. Call 555-0101."),
        titled("Knee injections", "Our form uses a captcha: verify you are human before you send it.") + LONG,
        titled("Why was access denied to stem cells abroad?") + LONG,
        titled("Cure not found in new study", "Researchers report that no cure was found."),
        titled("404 patients treated", "We have treated 404 patients since 2019."),
        titled("Room 404", "Our clinic is in room 404 of the tower."),
        titled("Nothing found to help your back?", "Ask us about physiotherapy."),
        titled("Patient portal", "Log in to the portal to see your results.") + LONG,
        titled("Our new wing", "The new wing is under construction until June."),
        titled("It works!", "A patient tells how her knee is doing after a year."),
        titled("Parking", "Parking is free. Patients may park behind the clinic."),
        titled("Cookies", "We use cookies. Accept all or decline.") + LONG,
        titled("Robots in surgery", "Our surgeon is not a robot, but uses one.") + LONG,
        titled("Próximamente: charla sobre rodillas", "El doctor hablará de las rodillas el martes."),
        titled("Is this domain of medicine for you?", "Sports medicine is a domain of its own."),
        titled("Maintenance doses", "Maintenance injections are given once a year."),
        titled("Human cells", "Donors are human. We verify every donor."),
        titled("Members of our team", "Two members of our team speak Spanish."),
        titled("Blocked arteries", "Have you been told that an artery is blocked?"),
        titled("Our page for men", "Men over 18 may come without a letter."),
        titled("Service", "Our service is available in three cities."),
        titled("Short page", "Closed on Mondays."),
        titled("Página de preguntas", "No encontramos efectos graves en los estudios que leímos."),
        titled("Denied insurance?", "We help when insurance has denied access to care."),
        titled("Scripts and prescriptions", "Our JavaScript calendar shows free dates.") + LONG,
        "<script>var a</script>" + LONG,
        "<form><input type=password></form>" + LONG,
        "<p>Plain words without a title, about knees.</p>",
    ],
)
def test_ordinary_pages_that_resemble_them_are_read(body: str) -> None:
    found = page(body)
    assert (found.outcome, found.reason) == (Outcome.OK, "")
    assert len(found.sentences) == len(found.digests) > 0
    assert found.text_digest


@pytest.mark.parametrize(
    ("final", "outcome"),
    [
        ("https://www.clinic.test/knee", "ok"),
        ("https://knees.clinic.test/", "soft_404"),
        ("https://clinic.test/knees", "ok"),
        ("https://clinic.test/", "soft_404"),
        ("https://clinic.test/index.html", "soft_404"),
        ("https://clinic.test/es/", "soft_404"),
        ("https://other.test/knee", "moved"),
        ("nonsense", "error"),
    ],
)
def test_where_an_address_leads_matters(final: str, outcome: str) -> None:
    assert page(LONG, final=final).outcome == outcome


def test_a_home_page_may_lead_to_itself() -> None:
    assert page(LONG, url="http://clinic.test", final="https://www.clinic.test/en/").outcome is Outcome.OK


def test_an_answer_that_never_came_keeps_its_trouble() -> None:
    answer = Answer(URL, URL, trouble=Outcome.ROBOTS_DENIED, reason="The site asks robots not to read it.")
    assert inspect(answer, "clinic.test") == Inspection(Outcome.ROBOTS_DENIED, "The site asks robots not to read it.")


@pytest.mark.parametrize(
    ("headers", "outcome"),
    [
        ({"content_length": "99999"}, "partial"),
        ({"content_length": "99999", "content_encoding": "gzip"}, "ok"),
        ({"content_length": "5"}, "ok"),
        ({"content_type": "image/png"}, "ok"),
        ({"content_type": "application/octet-stream"}, "ok"),
        ({"content_type": ""}, "ok"),
    ],
)
def test_headers_are_believed_only_so_far(headers: dict[str, str], outcome: str) -> None:
    assert page(f"<!doctype html><title>Knees</title>{LONG}", **headers).outcome == outcome


def test_data_and_code_are_no_pages() -> None:
    assert page('{"a": 1}', content_type="application/json").outcome is Outcome.NOT_TEXT
    assert page("var a = 1", content_type="text/javascript").outcome is Outcome.NOT_TEXT


def test_a_pdf_s_words_have_their_page() -> None:
    found = inspect(Answer(URL, URL, 200, {}, b"%PDF-1.7"), "clinic.test", ["First page.", "We guaran-\ntee it."])
    assert [(each.text, each.page, each.surface) for each in found.sentences] == [
        ("First page.", 1, "pdf"),
        ("We guarantee it.", 2, "pdf"),
    ]
    assert inspect_pdf_pages(["", " "]).outcome is Outcome.NOT_TEXT


def test_pasted_text_is_cut_at_empty_lines_and_not_where_the_paper_ended() -> None:
    text = "A heading\n\nThis line of the brochure was wrapped at its width by\nFDA rules of printing.\nShort\nLines"
    assert [block.text for block in inspect_text(text).blocks] == [
        "A heading",
        "This line of the brochure was wrapped at its width by FDA rules of printing.\nShort\nLines",
    ]
    assert inspect_text(" \n ").outcome is Outcome.PARTIAL


def test_a_stored_body_gives_the_same_reading() -> None:
    body = f"<!doctype html><title>Knees</title>{LONG}".encode()
    assert reread(body, "text/html; charset=utf-8") == page(body)


@given(
    st.binary(max_size=400) | st.text().map(lambda text: f"<html>{text}".encode("utf-8", "replace")),
    st.sampled_from(
        ["", "text/html", "text/html; charset=utf-7", "text/plain", "image/png", "x;;=", "a/b; charset=\x00"]
    ),
    st.integers(0, 999),
    st.text() | st.sampled_from([URL, "https://clinic.test:x/", "https://[::1/", "https://é.test/"]),
)
def test_no_bytes_whatsoever_make_it_fail(body: bytes, content_type: str, status: int, final: str) -> None:
    found = inspect(Answer(URL, final, status, {"content-type": content_type}, body), "clinic.test")
    assert len(found.sentences) == len(found.digests)
    assert found.outcome is not Outcome.OK or found.blocks


@given(st.text(), st.lists(st.text(), max_size=3))
def test_no_pasted_text_makes_it_fail(text: str, pages: list[str]) -> None:
    for found in (inspect_text(text), inspect_pdf_pages(pages)):
        assert bool(found.sentences) is (found.outcome is Outcome.OK)
