"""Visitors tell us something and follow their case; nothing of it is public before two people agreed on a note."""

import re
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from clinics.directory import correction_forms
from clinics.models import Correction, VisitorPost
from clinics.operations import correction_cases, corrections
from clinics.operations.refusal import Refusal
from tests.build import a_user
from tests.published import rows

pytestmark = pytest.mark.usefixtures("vocabulary", "quick_hands")
STAMP = re.compile(r'name="stamp" value="([^"]+)"')


@pytest.fixture
def vocabulary(db: None) -> None:
    rows.the_vocabulary()


@pytest.fixture
def quick_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests fill in forms at once."""
    monkeypatch.setattr(correction_forms, "LEAST_SECONDS", -1)


def stamp(client: Client, address: str) -> str:
    return STAMP.findall(client.get(address).content.decode())[0]


def send(client: Client, address: str = "/report/error/", **given: str) -> HttpResponse:
    facts = {"text": "The date is wrong.", "contact": "", "about": "", "more_about": ""}
    return client.post(address, {**facts, "stamp": stamp(client, address), **given})


def the_case(client: Client, **given: str) -> Correction:
    answer = send(client, **given)
    assert answer.status_code == 302
    return Correction.objects.get(token=answer.headers["Location"].split("/")[-2])


def closed(case: Correction, note: str = "The date was wrong; it is mended.", first="ada", second="eve") -> Correction:
    now = timezone.now()
    facts = {"outcome": "changed", "reason": "Seen.", "public_note": note}
    decided = correction_cases.decide(case, **facts, by=a_user(first), now=now)
    return correction_cases.confirm(decided, by=a_user(second), now=now)


def test_a_report_becomes_a_case_with_a_page_of_its_own(client: Client) -> None:
    clinic = rows.a_clinic()
    about = f"/clinics/{clinic.public_id}/"
    assert f'value="{about}"' in client.get(f"/report/error/?about={about}").content.decode()
    case = the_case(client, about=about, contact="ana@mail.example")
    assert (case.kind, case.about, case.text, case.contact) == (
        "error",
        about,
        "The date is wrong.",
        "ana@mail.example",
    )
    page = client.get(f"/report/case/{case.token}/").content.decode()
    assert case.case_number in page
    assert "received" in page
    assert "ana@mail.example" not in page
    assert 'content="noindex"' in page
    assert mail.outbox == []


def test_a_report_names_the_entry_of_the_clinics_page_that_it_is_about(client: Client) -> None:
    clinic = rows.a_clinic()
    home = f"/clinics/{clinic.public_id}/"
    check, draft = rows.a_check(clinic), rows.a_check(clinic, published=False, subject="Dr. Secret")
    rows.a_treatment(clinic, "Knee renewal")
    action, claim = rows.an_action(clinic), rows.a_claim(clinic, "We end your suffering.")
    for about, told in (
        (f"{home}#check-{check.public_id}", "Dr. Ines Vale: Entry found"),
        (f"{home}#offer-1-knee-renewal", "Knee renewal"),
        (f"{home}actions/{action.public_id}/", "“Order 12-3”, addressed to Dr. Ines Vale"),
        (f"{home}statements/{claim.public_id}/", "We end your suffering."),
        (f"{home}questions/", ""),
        (f"{home}#people", ""),
    ):
        page = client.get("/report/error/", {"about": about}).content.decode()
        assert f'<a href="{about}">' in page
        assert ("The entry:" in page) == bool(told)
        assert told in page
        assert the_case(client, about=about).about == about
    hidden = client.get("/report/error/", {"about": f"{home}#check-{draft.public_id}"}).content.decode()
    assert "Dr. Secret" not in hidden


@pytest.mark.parametrize("kind", [("clinic", "suggestion"), ("advertisement", "advertisement")])
def test_clinics_and_advertisements_are_told_in_the_same_way(client: Client, kind: tuple[str, str]) -> None:
    answer = send(client, f"/report/{kind[0]}/", seen_at="https://ad.example/x")
    assert answer.status_code == 302
    assert Correction.objects.values_list("kind", "seen_at").get() == (kind[1], "https://ad.example/x")


@pytest.mark.parametrize(
    "about", ["https://evil.example/", "//evil.example/", "/admin/", "javascript:alert(1)", "x", '/clinics/x/#"><b>']
)
def test_a_report_is_about_no_other_page_than_ours(client: Client, about: str) -> None:
    page = client.get("/report/error/", {"about": about}).content.decode()
    assert "It is about this page" not in page
    assert 'name="about" id' not in page or 'name="about" value' not in page
    assert the_case(client, about=about).about == ""


def test_a_form_that_is_sent_back_leads_to_no_other_page_than_ours(client: Client) -> None:
    ours = f"/clinics/{rows.a_clinic().public_id}/"
    for about in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert f'href="{about}"' not in send(client, about=about, text="").content.decode()
    assert f'<a href="{ours}">' in send(client, about=ours, text="").content.decode()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"text": ""}, "This field is required."),
        ({"text": "a\x07b"}, "Write plain text."),
        ({"text": "x" * 4001}, "at most 4000 characters"),
        ({"text": "see http://a.example " * 6}, "Leave out some of the links"),
        ({"contact": "nobody"}, "valid email address"),
        ({"contact": "a@mail.example\nBcc: b@mail.example"}, "valid email address"),
        ({"more_about": "filled in by a machine"}, "This could not be sent."),
        ({"stamp": "made-up"}, "open for too long"),
        ({"stamp": signing.dumps("x", salt="another")}, "open for too long"),
    ],
)
def test_what_cannot_be_sent_is_told_and_nothing_typed_is_lost(
    client: Client, given: dict[str, str], told: str
) -> None:
    answer = send(client, **{"text": "The <b>date</b> is wrong.", **given})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert told in page
    assert not Correction.objects.exists()
    if "text" not in given:
        assert "The &lt;b&gt;date&lt;/b&gt; is wrong." in page


def test_a_form_that_is_sent_back_with_a_new_stamp_can_be_sent(client: Client) -> None:
    page = send(client, stamp="made-up").content.decode()
    assert send(client, stamp=STAMP.findall(page)[0]).status_code == 302


def test_who_is_faster_than_anybody_writes_is_asked_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correction_forms, "LEAST_SECONDS", 3)
    answer = send(client)
    assert (answer.status_code, "faster than we can believe" in answer.content.decode()) == (400, True)


def test_pressing_twice_is_one_case(client: Client) -> None:
    given = {"stamp": stamp(client, "/report/error/")}
    first, second = send(client, **given), send(client, **given)
    assert first.headers["Location"] == second.headers["Location"]
    assert Correction.objects.count() == 1
    assert VisitorPost.objects.filter(network=corrections.EVERYBODY).get().number == 1


def test_too_much_from_one_network_waits_until_tomorrow_and_others_go_on(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrections, "A_DAY_FROM_A_NETWORK", 2)
    for _ in range(2):
        assert send(client).status_code == 302
    answer = send(client, text="The third one.")
    assert answer.status_code == 429
    assert "The third one." in answer.content.decode()
    assert Correction.objects.count() == 2
    client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert send(client).status_code == 302
    marks = VisitorPost.objects.values_list("network", flat=True)
    assert not [mark for mark in marks if "127.0" in mark or "203.0" in mark]


def test_the_mark_of_a_network_is_another_one_each_day() -> None:
    today = timezone.now().date()
    assert corrections.mark_of("203.0.113.9", today) == corrections.mark_of("203.0.113.200", today)
    assert corrections.mark_of("203.0.113.9", today) != corrections.mark_of("203.0.114.9", today)
    assert corrections.mark_of("203.0.113.9", today) != corrections.mark_of("203.0.113.9", today + timedelta(days=1))
    assert corrections.mark_of("2001:db8::1", today) == corrections.mark_of("2001:db8:0:1::1", today)
    assert corrections.mark_of("no address", today)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:5678", "203.0.113.7"),
        ("[::ffff:203.0.113.7]:5678", "203.0.113.7"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
    ],
)
def test_an_address_counts_for_its_network_however_a_server_or_proxy_writes_it(written: str, plain: str) -> None:
    today = timezone.now().date()
    assert corrections.mark_of(written, today) == corrections.mark_of(plain, today)
    others = ("::ffff:198.51.100.7", "198.51.100.7:5678", "[2001:db8:1::1]:443", "no address", "")
    assert corrections.mark_of(written, today) not in {corrections.mark_of(other, today) for other in others}


@pytest.mark.parametrize(("proxies", "network"), [(0, "127.0.0.1"), (1, "198.51.100.7"), (2, "203.0.113.9")])
def test_behind_proxies_the_visitors_own_address_counts(settings: object, proxies: int, network: str) -> None:
    from django.test import RequestFactory

    from clinics.directory.corrections import network_of

    settings.PROXIES = proxies  # type: ignore[attr-defined]
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR="192.0.2.1, 203.0.113.9, 198.51.100.7")
    assert network_of(request) == network


def test_the_log_tells_what_two_people_agreed_on_and_nothing_before(client: Client) -> None:
    case = the_case(client, text="I am Zelda and the date is wrong.")
    before = client.get("/corrections/").content
    now = timezone.now()
    correction_cases.take(case, by=a_user("ada"), now=now)
    facts = {"outcome": "changed", "reason": "Seen.", "public_note": "The date was wrong."}
    correction_cases.decide(case, **facts, by=a_user("ada"), now=now)
    assert client.get("/corrections/").content == before
    assert "The date was wrong." not in client.get(f"/report/case/{case.token}/").content.decode()
    with pytest.raises(Refusal, match="Another person has to agree"):
        correction_cases.confirm(case, by=a_user("ada"), now=now)
    correction_cases.confirm(case, by=a_user("eve"), now=now)
    for address in ("/corrections/", f"/report/case/{case.token}/"):
        page = client.get(address).content.decode()
        assert "The date was wrong." in page
        assert "Zelda" not in page


def test_who_signed_a_statement_does_not_decide_on_it(client: Client) -> None:
    clinic = rows.a_clinic()
    claim = rows.a_claim(clinic, "We end your suffering.")
    case = the_case(client, about=f"/es/clinics/{clinic.public_id}/statements/{claim.public_id}/")
    facts = {"outcome": "stands", "reason": "Seen.", "public_note": "It stands."}
    with pytest.raises(Refusal, match="You signed what this case is about"):
        correction_cases.decide(case, **facts, by=rows.a_person("ada"), now=timezone.now())
    correction_cases.decide(case, **facts, by=rows.a_person("eve"), now=timezone.now())


def test_who_looked_up_a_credential_does_not_decide_on_it(client: Client) -> None:
    clinic = rows.a_clinic()
    check = rows.a_check(clinic)
    case = the_case(client, about=f"/clinics/{clinic.public_id}/#check-{check.public_id}")
    facts = {"outcome": "stands", "reason": "Seen.", "public_note": "It stands."}
    for who in ("ada", "ben"):  # who looked, and who published
        with pytest.raises(Refusal, match="You made or published the look-up that this case is about"):
            correction_cases.decide(case, **facts, by=rows.a_person(who), now=timezone.now())
    correction_cases.decide(case, **facts, by=rows.a_person("eve"), now=timezone.now())


def test_a_visitor_may_appeal_once_and_two_others_decide(client: Client) -> None:
    case = closed(the_case(client))
    page = client.get(f"/report/case/{case.token}/").content.decode()
    assert "Ask other people to look at it" in page
    assert client.post(f"/report/case/{case.token}/appeal/").status_code == 302
    case.refresh_from_db()
    assert case.state == "appealed"
    assert "The date was wrong" not in client.get("/corrections/").content.decode()
    for earlier in ("ada", "eve"):
        with pytest.raises(Refusal, match="The visitor asked for other people"):
            correction_cases.take(case, by=a_user(earlier), now=timezone.now())
    closed(case, "Others looked at it, too.", "kim", "lee")
    client.post(f"/report/case/{case.token}/appeal/")
    case.refresh_from_db()
    assert case.state == "closed"
    assert "looked at again by other people" in client.get("/corrections/").content.decode()


def test_a_decision_is_given_back_with_its_reason(client: Client) -> None:
    case = the_case(client)
    facts = {"outcome": "stands", "reason": "Seen.", "public_note": "It stands."}
    correction_cases.decide(case, **facts, by=a_user("ada"), now=timezone.now())
    back = correction_cases.give_back(case, reason="Look at the second page.", by=a_user("eve"), now=timezone.now())
    assert back.state == "looked_at"
    assert "Look at the second page." in back.reason


def test_what_a_visitor_wrote_is_removed_after_ninety_days_and_the_note_stays(client: Client) -> None:
    case, waiting = closed(the_case(client, contact="ana@mail.example")), the_case(client)
    assert corrections.forget(timezone.now() + timedelta(days=89)) == 0
    assert corrections.forget(timezone.now() + timedelta(days=91)) == 1
    case.refresh_from_db()
    waiting.refresh_from_db()
    assert (case.text, case.contact, bool(case.public_note), waiting.text) == ("", "", True, "The date is wrong.")
    assert not VisitorPost.objects.exists()
    events = Correction.pgh_event_models["insert"].objects.values().first()  # type: ignore[attr-defined]
    assert not {"text", "contact", "seen_at", "token"} & set(events)


@pytest.mark.parametrize("path", ["/report/case/x/", "/report/nothing/", "/corrections/?page=9"])
def test_what_is_not_there_answers_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_page_on_harm_asks_nothing(client: Client) -> None:
    for path in ("/report/harm/", "/es/report/harm/"):
        page = client.get(path).content.decode()
        assert "<form" not in page
        assert "1-800-332-1088" in page
        assert "800-835-4709" in page
