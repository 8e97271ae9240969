"""A clinic answers, and proves that it is the clinic; before that nothing is taken for its word."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from clinics.directory import correction_forms
from clinics.domain.own_site import FILE_PATH
from clinics.models import AnswerPoint, Claim, ClaimReply, Clinic, ClinicAnswer, Correction, Delivery, VisitorPost
from clinics.operations import answer_proof, corrections, publication
from clinics.operations.answer_proof import record_call
from clinics.operations.corrections import answers
from clinics.operations.merging import merge
from clinics.operations.refusal import Refusal
from tests.build import a_user
from tests.directory.answering import CODE, STAMP, TOKEN, a_case, a_clinic_at, send, step, work
from tests.mail_server import Postbox, serving
from tests.published import rows
from tests.stranger import Stranger

pytestmark = pytest.mark.usefixtures("vocabulary", "quick_hands")
WRONG = "We never said this; it was taken from another page."
QUOTE = "Our cells mend knees."


@pytest.fixture
def vocabulary(db: None) -> None:
    rows.the_vocabulary()


@pytest.fixture
def quick_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correction_forms, "LEAST_SECONDS", -1)


@pytest.fixture
def postbox(settings: Settings) -> Iterator[Postbox]:
    box = Postbox()
    with serving(box) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
        yield box


@pytest.fixture
def stranger(settings: Settings) -> Iterator[Stranger]:
    with Stranger() as playing:
        settings.FETCH_TEST_SERVERS = f"*.test=127.0.0.1:{playing.port}"
        settings.FETCH_HOST_DELAY = 0
        yield playing


def code_in(box: Postbox) -> str:
    return CODE.findall(box.mails[-1].get_content())[0]


def is_proved(case: Correction) -> bool:
    case.refresh_from_db()
    answer = ClinicAnswer.objects.get(case=case)
    assert (answer.proved_at is not None) == (case.state == "received")
    return answer.proved_at is not None


def by_mail(client: Client, clinic: Clinic | None = None) -> Correction:
    """A case with a code on its way."""
    clinic = clinic or a_clinic_at()
    case = a_case(client, clinic, (rows.a_claim(clinic, QUOTE), "dispute", WRONG))
    work()
    return case


def by_token(client: Client, clinic: Clinic | None = None) -> tuple[Correction, str]:
    """A case with the token that was shown for it."""
    clinic = clinic or a_clinic_at()
    case = a_case(client, clinic, (rows.a_claim(clinic, QUOTE), "dispute", WRONG), way="token")
    return case, TOKEN.findall(step(client, case, "token").content.decode())[0]


# the form


def test_the_clinics_and_each_statements_page_lead_to_the_form(client: Client) -> None:
    clinic = a_clinic_at()
    claim = rows.a_claim(clinic, QUOTE)
    page = f"/clinics/{clinic.public_id}/"
    assert f'href="{page}answer/"' in client.get(page).content.decode()
    link = f"{page}answer/?statement={claim.public_id}"
    assert f'href="{link}"' in client.get(f"{page}statements/{claim.public_id}/").content.decode()
    form = client.get(link).content.decode()
    assert f'name="{claim.public_id}-on" id="id_{claim.public_id}-on" checked' in form
    action = rows.an_action(clinic)
    assert f'href="{page}answer/#others"' in client.get(f"{page}actions/{action.public_id}/").content.decode()


def test_a_clinic_without_a_statement_is_led_to_what_else_is_published_of_it(client: Client) -> None:
    clinic = a_clinic_at()
    page = f"/clinics/{clinic.public_id}/"
    action, check = rows.an_action(clinic), rows.a_check(clinic)
    rows.a_treatment(clinic, "Rodilla & más")
    rows.a_practitioner(clinic, "Dr. Ines Vale")
    assert f'href="{page}answer/"' in client.get(page).content.decode()
    form = client.get(f"{page}answer/").content.decode()
    assert "no published statement of this clinic to answer" in form
    for part in (f"actions/{action.public_id}/", f"%23check-{check.public_id}", "%23offer-1-rodilla-mas", "%23people"):
        assert f'/report/error/?about={page}{part}"' in form
    entries = client.get(page).content.decode()
    assert f'id="check-{check.public_id}"' in entries
    assert 'id="offer-1-rodilla-mas"' in entries
    assert f'/report/error/?about={page}%23check-{check.public_id}"' in entries
    assert f'/report/error/?about={page}%23offer-1-rodilla-mas"' in entries


def test_the_form_says_where_else_to_turn_beside_statements_and_without_a_way_of_proof(client: Client) -> None:
    clinic = a_clinic_at("www.facebook.com")
    rows.a_claim(clinic, QUOTE)
    rows.a_check(clinic, published=False, subject="Dr. Secret")
    check = rows.a_check(clinic)
    for phone in ("(305) 555-0142", ""):
        clinic.locations.update(phone=phone)
        form = client.get(f"/clinics/{clinic.public_id}/answer/").content.decode()
        assert ('name="sender"' in form) == bool(phone)
        assert f"%23check-{check.public_id}" in form
        assert 'href="#others"' in form
        assert "Dr. Secret" not in form


def test_the_case_shows_the_statement_and_what_was_sent_to_whoever_has_its_address(client: Client) -> None:
    clinic = a_clinic_at()
    claim = rows.a_claim(clinic, QUOTE)
    case = a_case(client, clinic, (claim, "dispute", f"{WRONG}\n\n<b>Never.</b>"), way="token")
    page = client.get(f"/report/case/{case.token}/").content.decode()
    assert QUOTE in page
    assert WRONG in page
    assert "&lt;b&gt;Never.&lt;/b&gt;" in page
    assert "Ana Example" not in page
    for address in ("/corrections/", f"/clinics/{clinic.public_id}/", f"/clinics/{clinic.public_id}/feed/"):
        assert WRONG not in client.get(address).content.decode()


@pytest.mark.parametrize("state", ["held", "withdrawn"])
def test_the_case_shows_no_words_of_a_statement_that_is_not_published_any_more(client: Client, state: str) -> None:
    clinic = a_clinic_at()
    claim = rows.a_claim(clinic, QUOTE)
    case = a_case(client, clinic, (claim, "dispute", WRONG), way="token")
    Claim.objects.filter(pk=claim.pk).update(state=state, ended_at=timezone.now(), ended_because="Wrong house.")
    page = client.get(f"/report/case/{case.token}/").content.decode()
    assert QUOTE not in page
    assert WRONG in page


def test_what_is_promised_before_the_form_is_what_this_installation_offers(client: Client, settings: Settings) -> None:
    for mail, address, told in (
        (True, "/report/", "by a code that we mail"),
        (True, "/es/report/", "con un código que enviamos por correo"),
        (False, "/report/", "by a line that you put on your recorded web site"),
        (False, "/es/report/", "con una línea que usted pone en su sitio web registrado"),
    ):
        settings.EMAIL_HOST = "127.0.0.1" if mail else ""
        page = client.get(address).content.decode()
        assert told in page
        assert mail == ("code that we mail" in page or "código que enviamos" in page)


SPOKEN = {
    "": (
        "The record is wrong: we say what is wrong in it, and ask you to withdraw or correct it",
        "The record is right, and we want our words to be shown beside it",
        "says that the record is wrong",
    ),
    "/es": (
        "La cita o la anotación no es correcta: decimos qué está mal en ella y pedimos que se retire o se corrija",
        "La cita o la anotación es correcta, y queremos que nuestras palabras se muestren junto a ella",
        "dice que la cita o la anotación no es correcta",
    ),
}


@pytest.mark.parametrize("prefix", SPOKEN)
def test_a_clinic_answers_about_our_record_and_never_says_that_its_claim_is_true(
    client: Client, postbox: Postbox, prefix: str
) -> None:
    clinic = a_clinic_at()
    claim = rows.a_claim(clinic, QUOTE)
    wrong, right, told = SPOKEN[prefix]
    form = client.get(f"{prefix}/clinics/{clinic.public_id}/answer/").content.decode()
    case = a_case(client, clinic, (claim, "dispute", WRONG))
    page = client.get(f"{prefix}/report/case/{case.token}/").content.decode()
    assert wrong in form
    assert right in form
    assert told in page
    for claimed in ("It is wrong", "It stands", "Es cierta", "Es errónea", "es errónea"):
        assert claimed not in form + page


def test_several_statements_make_one_case_that_says_nothing_yet(client: Client, postbox: Postbox) -> None:
    clinic = a_clinic_at()
    first, second, third = (rows.a_claim(clinic, quote) for quote in (QUOTE, "No risk at all.", "Everyone qualifies."))
    case = a_case(client, clinic, (first, "dispute", WRONG), (second, "reply", "We changed this in May."))
    said = list(case.points.values_list("claim", "kind", "text"))
    assert said == [(first.pk, "dispute", WRONG), (second.pk, "reply", "We changed this in May.")]
    assert (case.kind, case.state, case.about) == ("answer", "unproved", f"/clinics/{clinic.public_id}/")
    assert not Correction.objects.open().exists()
    assert not ClaimReply.objects.exists()
    for address in ("/corrections/", f"/clinics/{clinic.public_id}/", f"/clinics/{clinic.public_id}/statements/"):
        assert "We changed this in May." not in client.get(address).content.decode()
    page = client.get(f"/report/case/{case.token}/").content.decode()
    assert "waits for the proof" in page
    assert not case.points.filter(claim=third).exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"sender": ""}, "This field is required."),
        ({"way": ""}, "This field is required."),
        ({"way": "fax"}, "Select a valid choice"),
        ({"local_part": ""}, "stands before the @"),
        ({"local_part": "a b"}, "stands before the @"),
        ({"local_part": "x@evil.test"}, "stands before the @"),
        ({"local_part": "x%evil.test"}, "stands before the @"),
        ({"local_part": "a\nBcc: b"}, "stands before the @"),
        ({"text": ""}, "Write what you say about this statement."),
        ({"kind": ""}, "Say whether the record is wrong"),
        ({"kind": "reply", "text": "x" * 1001}, "at most 1000 characters; this one has 1001"),
        ({"text": "x" * 4001}, "at most 4000 characters"),
        ({"text": "a\x07b"}, "Write plain text."),
        ({"text": "see http://a.example " * 6}, "Leave out some of the links"),
        ({"on": "", "text": ""}, "Choose at least one statement"),
        ({"more_about": "x"}, "This could not be sent."),
        ({"stamp": "made-up"}, "open for too long"),
    ],
)
def test_what_cannot_be_sent_is_told_and_nothing_typed_is_lost(
    client: Client, postbox: Postbox, given: dict[str, str], told: str
) -> None:
    clinic = a_clinic_at()
    claim = rows.a_claim(clinic, QUOTE)
    named = {f"{claim.public_id}-{key}" if key in ("on", "kind", "text") else key: given[key] for key in given}
    answer = send(client, clinic, (claim, "dispute", "Words <kept>."), **named)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert told in page
    assert not Correction.objects.exists()
    assert "text" in given or "Words &lt;kept&gt;." in page
    assert STAMP.findall(page)


def test_an_address_typed_in_full_at_the_recorded_domain_is_taken(client: Client, postbox: Postbox) -> None:
    clinic = a_clinic_at()
    case = a_case(client, clinic, (rows.a_claim(clinic, QUOTE), "reply", "Ours."), local_part="ana@kneehouse.test")
    assert case.answer.address == "ana@kneehouse.test"


def test_statements_of_others_or_not_published_cannot_be_answered(client: Client, postbox: Postbox) -> None:
    clinic, other = a_clinic_at(), a_clinic_at("hips.test", "Hip House")
    rows.a_claim(clinic, QUOTE)
    for claim in (rows.a_claim(other, "Of another."), rows.a_claim(clinic, "A draft.", state="draft")):
        assert send(client, clinic, (claim, "reply", "Ours.")).status_code == 400
    assert not Correction.objects.exists()


def test_a_statement_withdrawn_while_the_form_was_open_is_told(client: Client) -> None:
    given = answers.Given(
        once="6e0b2b5e-7a52-4b0f-9f0e-d0f7c8f1b1aa",  # type: ignore[arg-type]
        clinic=a_clinic_at().public_id,
        points=(answers.Point("gone", "reply", "Ours."),),
        sender="Ana",
        way="call",
    )
    with pytest.raises(answers.NothingThere):
        answers.receive_answer(given, network="127.0.0.1", now=timezone.now())
    assert not Correction.objects.exists()


def test_pressing_twice_is_one_case_and_too_many_are_refused(
    client: Client, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic = a_clinic_at()
    claim = rows.a_claim(clinic, QUOTE)
    stamp = STAMP.findall(client.get(f"/clinics/{clinic.public_id}/answer/").content.decode())[0]
    places = [send(client, clinic, (claim, "reply", "Ours."), stamp=stamp).headers["Location"] for _ in "ab"]
    assert len(set(places)) == 1
    assert ClinicAnswer.objects.count() == 1
    monkeypatch.setattr(corrections, "A_DAY_FROM_A_NETWORK", 1)
    refused = send(client, clinic, (claim, "reply", "The second one."))
    assert refused.status_code == 429
    assert "The second one." in refused.content.decode()


@pytest.mark.parametrize("status", ["draft", "held"])
def test_a_clinic_that_is_not_public_has_no_form(client: Client, status: str) -> None:
    assert client.get(f"/clinics/{a_clinic_at(status=status).public_id}/answer/").status_code == 404


def test_a_clinic_removed_by_us_shows_no_more_than_that(client: Client) -> None:
    clinic = a_clinic_at(status="delisted")
    rows.a_claim(clinic, QUOTE)
    assert QUOTE not in client.get(f"/clinics/{clinic.public_id}/answer/").content.decode()


# mail


def test_the_code_that_was_mailed_to_the_recorded_domain_proves_it(client: Client, postbox: Postbox) -> None:
    case = by_mail(client)
    [mail] = postbox.mails
    assert mail["to"] == "office@kneehouse.test"
    assert case.case_number in mail["subject"]
    assert case.token not in mail.as_string()
    assert WRONG not in mail.get_content()
    assert list(Delivery.objects.values_list("to", "state")) == [("office@kneehouse.test", "sent")]
    code = code_in(postbox)
    kept = ClinicAnswer.objects.values().get()
    assert code not in str(kept)
    assert step(client, case, "code", code=f" {code[:4].lower()} {code[4:]} ").status_code == 302
    assert is_proved(case)
    assert case.answer.proof == "office@kneehouse.test"
    assert case in Correction.objects.open()
    assert "Proved on" in client.get(f"/report/case/{case.token}/").content.decode()


def test_a_mail_in_spanish_for_a_form_in_spanish(client: Client, postbox: Postbox) -> None:
    clinic = a_clinic_at()
    case = a_case(client, clinic, (rows.a_claim(clinic, QUOTE), "reply", "Nuestra."))
    Correction.objects.filter(pk=case.pk).update(language="es")
    work()
    assert "El código:" in postbox.mails[0].get_content()


def test_a_guessed_code_proves_nothing_and_after_five_tries_neither_does_the_right_one(
    client: Client, postbox: Postbox
) -> None:
    case = by_mail(client)
    for number in range(answer_proof.TRIES):
        answer = step(client, case, "code", code=f"AAAAAAA{number}")
        assert answer.status_code == 400
    assert "tried too often" in answer.content.decode()
    assert step(client, case, "code", code=code_in(postbox)).status_code == 400
    assert not is_proved(case)
    assert step(client, case, "way", way="mail", local_part="office").status_code == 302
    work()
    assert step(client, case, "code", code=code_in(postbox)).status_code == 302
    assert is_proved(case)


def test_a_code_of_another_case_proves_nothing(client: Client, postbox: Postbox) -> None:
    clinic = a_clinic_at()
    mine = by_mail(client, clinic)
    code = code_in(postbox)
    other = by_mail(client, clinic)
    assert code_in(postbox) != code
    answer = step(client, other, "code", code=code)
    assert "not the code of this case" in answer.content.decode()
    assert not is_proved(other)
    assert not is_proved(mine)


def test_an_old_code_and_one_of_a_former_mail_hold_no_longer(client: Client, postbox: Postbox) -> None:
    case = by_mail(client)
    former = code_in(postbox)
    step(client, case, "way", way="mail", local_part="desk")
    work()
    assert postbox.mails[-1]["to"] == "desk@kneehouse.test"
    step(client, case, "code", code=former)
    assert not is_proved(case)
    ClinicAnswer.objects.update(secret_until=timezone.now() - timedelta(seconds=1))
    step(client, case, "code", code=code_in(postbox))
    assert not is_proved(case)


def test_an_empty_code_is_none_even_where_no_code_was_made(client: Client, postbox: Postbox) -> None:
    clinic = a_clinic_at()
    case = a_case(client, clinic, (rows.a_claim(clinic, QUOTE), "reply", "Ours."))
    for code in ("", " ", "\x00", "A" * 5000):
        assert step(client, case, "code", code=code).status_code == 400
    assert not is_proved(case)


def test_no_more_than_three_codes_are_mailed_for_a_case_and_six_a_day_to_a_domain(
    client: Client, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic = a_clinic_at()
    case = by_mail(client, clinic)
    statuses = []
    for _ in range(3):
        statuses.append(step(client, case, "way", way="mail", local_part="office").status_code)
        work()
    assert statuses == [302, 302, 429]
    assert len(postbox.mails) == 3
    monkeypatch.setattr(answers, "MAILS_A_DAY", 3)
    assert send(client, clinic, (rows.a_claim(clinic, "Another."), "reply", "Ours.")).status_code == 429
    assert not [mark for mark in VisitorPost.objects.values_list("network", flat=True) if "kneehouse" in mark]


def test_tries_are_counted_for_a_network_too(client: Client, postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    case = by_mail(client)
    monkeypatch.setattr(answers, "STEPS_A_DAY", 1)
    assert step(client, case, "code", code="AAAAAAAA").status_code == 400
    assert step(client, case, "code", code=code_in(postbox)).status_code == 429
    assert not is_proved(case)


def test_a_mail_that_could_not_be_delivered_is_told(client: Client, postbox: Postbox) -> None:
    postbox.at_recipient = ["550 5.1.1 No such person"]
    case = by_mail(client)
    assert "could not be delivered" in client.get(f"/report/case/{case.token}/").content.decode()
    assert Delivery.objects.get().state == "failed"


def test_a_case_says_so_when_mail_was_switched_off_meanwhile(
    client: Client, postbox: Postbox, settings: Settings
) -> None:
    case = by_mail(client)
    off = "No mail is sent at present"
    assert off not in client.get(f"/report/case/{case.token}/").content.decode()
    settings.EMAIL_HOST = ""
    assert off in client.get(f"/report/case/{case.token}/").content.decode()
    assert "Por ahora no se envía correo" in client.get(f"/es/report/case/{case.token}/").content.decode()


def test_without_a_mail_server_the_form_offers_no_mail(client: Client, settings: Settings) -> None:
    settings.EMAIL_HOST = ""
    clinic = a_clinic_at()
    claim = rows.a_claim(clinic, QUOTE)
    page = client.get(f"/clinics/{clinic.public_id}/answer/").content.decode()
    assert 'value="mail"' not in page
    assert 'value="token"' in page
    assert send(client, clinic, (claim, "reply", "Ours.")).status_code == 400


# sites that prove nothing


@pytest.mark.parametrize("host", ["gmail.com", "www.facebook.com", "sites.google.com", "wixsite.com", "203.0.113.9"])
def test_a_site_that_many_share_leaves_the_call_alone(client: Client, postbox: Postbox, host: str) -> None:
    clinic = a_clinic_at(host)
    claim = rows.a_claim(clinic, QUOTE)
    page = client.get(f"/clinics/{clinic.public_id}/answer/").content.decode()
    assert ('value="mail"' in page, 'value="token"' in page, 'value="call"' in page) == (False, False, True)
    assert send(client, clinic, (claim, "reply", "Ours.")).status_code == 400
    assert not Delivery.objects.exists()


def test_a_site_with_which_two_clinics_are_recorded_proves_neither(client: Client, postbox: Postbox) -> None:
    clinic = a_clinic_at("tampa.kneehouse.test")
    assert answers.ways_of(clinic).open == ("mail", "token", "call")
    a_clinic_at("miami.kneehouse.test", "Another tenant")
    assert answers.ways_of(clinic).open == ("call",)


def test_where_nothing_can_prove_it_the_form_says_so(client: Client) -> None:
    clinic = a_clinic_at("www.facebook.com")
    rows.a_claim(clinic, QUOTE)
    clinic.locations.update(phone="")
    page = client.get(f"/clinics/{clinic.public_id}/answer/").content.decode()
    assert "find out who speaks for it" in page
    assert 'name="sender"' not in page


# token


@pytest.mark.parametrize("place", ["file", "page"])
def test_the_token_on_the_recorded_site_proves_it(client: Client, stranger: Stranger, place: str) -> None:
    case, token = by_token(client)
    assert token not in str(ClinicAnswer.objects.values().get())
    assert token not in client.get(f"/report/case/{case.token}/").content.decode()
    if place == "file":
        stranger.says("kneehouse.test", FILE_PATH, f"{token}\n", headers={"Content-Type": "text/plain"})
    else:
        tag = f'<meta name="clinic-directory-proof" content="{token}">'
        stranger.says("kneehouse.test", "/", f"<html><head>{tag}</head><body>Hi</body></html>")
    assert step(client, case, "look").status_code == 302
    assert stranger.requests == []  # the web process goes nowhere
    assert "about to look" in client.get(f"/report/case/{case.token}/").content.decode()
    work()
    assert is_proved(case)
    assert case.answer.proof == f"http://kneehouse.test{FILE_PATH if place == 'file' else '/'}"


def test_a_token_that_is_not_there_is_told_and_can_be_looked_for_again(client: Client, stranger: Stranger) -> None:
    case, token = by_token(client)
    step(client, case, "look")
    work()
    assert not is_proved(case)
    assert "neither in the file nor on the front page" in client.get(f"/report/case/{case.token}/").content.decode()
    stranger.says("kneehouse.test", FILE_PATH, token)
    step(client, case, "look")
    work()
    assert is_proved(case)


def test_a_token_on_another_clinics_site_proves_nothing(client: Client, stranger: Stranger) -> None:
    case, token = by_token(client)
    a_clinic_at("hips.test", "Hip House")
    stranger.says("hips.test", FILE_PATH, token)
    stranger.says("hips.test", "/", f'<head><meta name="clinic-directory-proof" content="{token}"></head>')
    step(client, case, "look")
    work()
    assert not is_proved(case)
    assert not [path for path in stranger.paths if path.startswith("hips.test")]


def test_a_token_of_another_case_proves_nothing(client: Client, stranger: Stranger) -> None:
    clinic = a_clinic_at()
    _, others = by_token(client, clinic)
    case, _ = by_token(client, clinic)
    stranger.says("kneehouse.test", FILE_PATH, others)
    step(client, case, "look")
    work()
    assert not is_proved(case)


@pytest.mark.parametrize("target", ["http://evil.test/proof.txt", "http://shop.kneehouse.test/proof.txt"])
def test_a_site_that_redirects_to_another_proves_nothing(client: Client, stranger: Stranger, target: str) -> None:
    case, token = by_token(client)
    stranger.redirects("kneehouse.test", FILE_PATH, target)
    stranger.redirects("kneehouse.test", "/", target)
    for host in ("evil.test", "shop.kneehouse.test"):
        stranger.says(host, "/proof.txt", f'<head><meta name="clinic-directory-proof" content="{token}"></head>')
    step(client, case, "look")
    work()
    assert not is_proved(case)
    assert "another address" in client.get(f"/report/case/{case.token}/").content.decode()


def test_a_file_of_another_name_or_a_visitors_comment_proves_nothing(client: Client, stranger: Stranger) -> None:
    case, token = by_token(client)
    stranger.redirects("kneehouse.test", FILE_PATH, "http://kneehouse.test/uploads/1.txt")
    stranger.says("kneehouse.test", "/uploads/1.txt", token)
    comment = f'<p>{token}</p><meta name="clinic-directory-proof" content="{token}">'
    stranger.says("kneehouse.test", "/", f"<html><head></head><body>{comment}</body></html>")
    step(client, case, "look")
    work()
    assert not is_proved(case)


def test_www_of_the_same_host_is_the_clinics_own(client: Client, stranger: Stranger) -> None:
    case, token = by_token(client)
    stranger.redirects("kneehouse.test", FILE_PATH, f"http://www.kneehouse.test{FILE_PATH}")
    stranger.says("www.kneehouse.test", FILE_PATH, token)
    step(client, case, "look")
    work()
    assert is_proved(case)


def test_a_site_whose_robots_say_no_is_left_alone(client: Client, stranger: Stranger) -> None:
    case, token = by_token(client)
    stranger.robots("kneehouse.test", "User-agent: *\nDisallow: /\n")
    stranger.says("kneehouse.test", FILE_PATH, token)
    step(client, case, "look")
    work()
    assert not is_proved(case)
    assert "robots.txt" in client.get(f"/report/case/{case.token}/").content.decode()
    assert {path.split("/", 1)[1] for path in stranger.paths} == {"robots.txt"}


def test_a_new_token_makes_the_former_one_void(client: Client, stranger: Stranger) -> None:
    case, former = by_token(client)
    token = TOKEN.findall(step(client, case, "token").content.decode())[0]
    stranger.says("kneehouse.test", FILE_PATH, former)
    step(client, case, "look")
    work()
    assert not is_proved(case)
    stranger.says("kneehouse.test", FILE_PATH, f"{former} {token}")
    step(client, case, "look")
    work()
    assert is_proved(case)


def test_a_site_is_looked_at_ten_times_for_a_case(
    client: Client, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _ = by_token(client)
    monkeypatch.setattr(answers, "MOST_LOOKS", 1)
    assert step(client, case, "look").status_code == 302
    work()
    assert step(client, case, "look").status_code == 429


# a call


def test_a_call_to_the_recorded_number_proves_it_and_to_another_does_not(client: Client) -> None:
    clinic = a_clinic_at()
    case = a_case(client, clinic, (rows.a_claim(clinic, QUOTE), "reply", "Ours."), way="call")
    facts = {"called_on": timezone.now().date(), "by": a_user("kim"), "now": timezone.now()}
    with pytest.raises(Refusal, match="not recorded for the clinic"):
        record_call(case, number="305 555 0199", person="Ana", outcome="confirmed", **facts)
    with pytest.raises(Refusal, match="Who spoke"):
        record_call(case, number="305 555 0142", person="", outcome="confirmed", **facts)
    record_call(case, number="305 555 0142", person="", outcome="unreached", **facts)
    assert not is_proved(case)
    record_call(case, number="305 555 0142", person="Ana Example, owner", outcome="confirmed", **facts)
    assert is_proved(case)
    assert (case.answer.way, case.answer.proof) == ("call", "305 555 0142")
    with pytest.raises(Refusal, match="does not wait"):
        record_call(case, number="305 555 0142", person="Ana", outcome="denied", **facts)


def test_a_clinic_that_says_it_did_not_send_it_ends_the_case(client: Client) -> None:
    clinic = a_clinic_at()
    case = a_case(client, clinic, (rows.a_claim(clinic, QUOTE), "reply", "Ours."), way="call")
    facts = {"called_on": timezone.now().date(), "by": a_user("kim"), "now": timezone.now()}
    record_call(case, number="(305) 555-0142", person="Bo", outcome="denied", **facts)
    case.refresh_from_db()
    assert case.state == "expired"
    assert not Correction.objects.open().exists()


# time, mergers, and what is kept


def test_what_nobody_proves_in_two_weeks_is_over_and_forgotten_later(client: Client, postbox: Postbox) -> None:
    case = by_mail(client)
    code, now = code_in(postbox), timezone.now()
    assert answer_proof.expire_unproved(now + timedelta(days=13)) == 0
    assert answer_proof.expire_unproved(now + timedelta(days=15)) == 1
    assert step(client, case, "code", code=code).status_code == 400
    assert step(client, case, "way", way="mail", local_part="office").status_code == 409
    assert not ClinicAnswer.objects.exclude(proved_at=None).exists()
    assert "never proved" in client.get(f"/report/case/{case.token}/").content.decode()
    corrections.forget(now + timedelta(days=100))
    assert AnswerPoint.objects.get().text == WRONG
    corrections.forget(now + timedelta(days=106))
    answer = ClinicAnswer.objects.get()
    assert (answer.sender, answer.address, AnswerPoint.objects.get().text) == ("", "", "")
    assert Delivery.objects.get().to == ""
    events = ClinicAnswer.pgh_event_models["insert"].objects.values().first()  # type: ignore[attr-defined]
    assert not {"sender", "address", "secret_hash", "proof"} & set(events)


def test_a_code_is_void_once_the_time_is_over_though_no_worker_ended_the_case(client: Client, postbox: Postbox) -> None:
    case = by_mail(client)
    ClinicAnswer.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    step(client, case, "code", code=code_in(postbox))
    assert not is_proved(case)


def test_a_clinic_merged_meanwhile_is_proved_only_by_the_site_recorded_now(client: Client, postbox: Postbox) -> None:
    clinic, survivor = a_clinic_at(), a_clinic_at("bones.test", "Bone House")
    case = by_mail(client, clinic)
    merge(clinic, survivor, reason="One owner.", by=a_user("kim"), now=timezone.now())
    assert ClinicAnswer.objects.get().clinic == survivor
    answer = step(client, case, "code", code=code_in(postbox))
    assert "another site on record" in answer.content.decode()
    assert not is_proved(case)
    step(client, case, "way", way="mail", local_part="office")
    work()
    assert postbox.mails[-1]["to"] == "office@bones.test"
    step(client, case, "code", code=code_in(postbox))
    assert is_proved(case)
    moved = client.get(f"/clinics/{clinic.public_id}/answer/")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/clinics/{survivor.public_id}/answer/")


def test_a_statement_withdrawn_meanwhile_stays_a_point_of_the_case(client: Client, postbox: Postbox) -> None:
    case = by_mail(client)
    publication.withdraw(case.points.get().claim, reason="Wrong clinic.", by=a_user("kim"), now=timezone.now())
    step(client, case, "code", code=code_in(postbox))
    assert is_proved(case)
    assert case.points.count() == 1


@pytest.mark.parametrize("name", ["way", "code", "token", "look", "nothing"])
def test_steps_of_no_case_or_of_a_report_are_not_found(client: Client, name: str) -> None:
    from tests.build import a_correction

    assert client.post(f"/report/case/x/proof/{name}/").status_code == 404
    assert client.post(f"/report/case/{a_correction().token}/proof/{name}/").status_code == 404
    assert client.get(f"/report/case/{a_correction().token}/proof/{name}/").status_code == 405
