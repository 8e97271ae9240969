"""Digests: each new thing once, decisions first, nothing where there is nothing, and no mail twice knowingly."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from clinics.models import CheckDue, Claim, Clinic, Delivery, Digest, MailedItem, PageState
from clinics.operations import claim_counsel, claims, publication, triage
from clinics.operations.digest_wishes import end_digest, wish_digest
from clinics.operations.digests_due import close_abandoned, send_due
from clinics.operations.flagging import reopen_if_dismissed
from clinics.operations.refusal import Refusal
from tests.build import (
    NOW,
    a_claim,
    a_clinic,
    a_digest,
    a_flag,
    a_listed_clinic,
    a_page,
    a_published_credential,
    a_saved_filter,
    a_user,
    later,
)
from tests.mail_server import Postbox, cut, serving

pytestmark = pytest.mark.django_db
TOMORROW = later(days=1)


@pytest.fixture
def box(settings: Settings) -> Iterator[Postbox]:
    """A mail server that the configuration names."""
    postbox = Postbox()
    settings.PUBLIC_URL = "https://desk.example"
    with serving(postbox) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
        yield postbox


def send(at=NOW) -> int:
    return send_due(lambda: at)


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def states() -> list[str]:
    return [delivery.state for delivery in Delivery.objects.order_by("pk")]


def test_what_is_new_is_mailed_once_by_clinic_and_decisions_come_first(box: Postbox) -> None:
    knee, hip = a_listed_clinic(), a_listed_clinic("Hip House")
    a_flag(knee, "We guarantee a thing.")
    a_flag(hip, "We guarantee hips.")
    a_flag(hip, "We guarantee more hips.", severity=5)
    a_digest()
    assert send() == 1
    [mail] = box.mails
    text = text_of(mail)
    assert mail["subject"] == "Clinic directory: 3 to decide"
    assert mail["to"] == "reader@desk.example"
    places = [text.index(words) for words in ("Hip House", "more hips", "guarantee hips", "Knee House", "a thing")]
    assert places == sorted(places)
    assert f"https://desk.example/admin/clinics/flag/{knee.flags.get().pk}/change/" in text
    assert "In all, 3 flags wait for a decision" in text
    assert "Hip House" in mail.get_body(("html",)).get_content()
    assert send(TOMORROW) == 0
    assert len(box.mails) == 1
    a_flag(knee, "We guarantee the moon.", at=TOMORROW)
    assert send(later(days=2)) == 1
    assert box.mails[-1]["subject"] == "Clinic directory: 1 to decide"
    assert "a thing" not in text_of(box.mails[-1])
    assert [(d.to, d.items, d.state) for d in Delivery.objects.order_by("pk")] == [
        ("reader@desk.example", 3, "sent"),
        ("reader@desk.example", 1, "sent"),
    ]


def test_nothing_new_is_no_mail(box: Postbox) -> None:
    digest = a_digest()
    assert send() == 0
    assert (box.mails, states()) == ([], [])
    digest.refresh_from_db()
    assert digest.due_at == TOMORROW.replace(hour=7)


def test_what_was_deferred_dismissed_or_confirmed_is_not_mailed(box: Postbox) -> None:
    clinic, by = a_listed_clinic(), a_user()
    flags = [a_flag(clinic, f"We guarantee {number} things.") for number in range(3)]
    triage.defer(flags[0], until=later(hours=1), reason="Later.", by=by, now=NOW)
    triage.dismiss(flags[1], reason="A question.", dismissed_as="question", by=by, now=NOW)
    triage.confirm(flags[2], reason="Said.", by=by, now=NOW)
    a_digest()
    assert send() == send(TOMORROW) == 0


def test_a_flag_that_was_opened_again_is_new_again(box: Postbox) -> None:
    flag, by = a_flag(a_listed_clinic()), a_user()
    a_digest()
    assert send() == 1
    triage.dismiss(flag, reason="A question.", dismissed_as="question", by=by, now=later(hours=1))
    assert send(TOMORROW) == 0
    flag.refresh_from_db()
    reopen_if_dismissed(flag)
    assert send(later(days=2)) == 1
    assert send(later(days=3)) == 0


def test_without_a_server_nothing_happens_and_nothing_is_lost(box: Postbox, settings: Settings) -> None:
    a_flag(a_listed_clinic())
    a_digest()
    port, settings.EMAIL_HOST = settings.EMAIL_HOST, ""
    assert send() == 0
    settings.EMAIL_HOST = port
    assert send() == 1


@pytest.mark.parametrize(("answers", "tries"), [(["450 4.2.0 Greylisted"], 2), (["550 No"] * 3, 4)])
def test_a_refused_mail_is_tried_again_and_told_as_new(box: Postbox, answers: list[str], tries: int) -> None:
    a_flag(a_listed_clinic())
    digest, at = a_digest(), NOW
    box.at_recipient += answers
    for failures in range(1, tries):
        assert send(at) == 0
        digest.refresh_from_db()
        assert digest.failures == failures
        assert digest.due_at - at == timedelta(minutes=15 * 2 ** (failures - 1))
        assert send(digest.due_at - timedelta(seconds=1)) == 0
        at = digest.due_at
    assert send(at) == 1
    digest.refresh_from_db()
    assert (digest.failures, len(box.mails)) == (0, 1)
    assert states() == ["failed"] * (tries - 1) + ["sent"]
    assert "refused the address" in Delivery.objects.earliest("pk").reason


def test_a_mail_of_which_nobody_knows_is_not_sent_twice(box: Postbox) -> None:
    a_flag(a_listed_clinic())
    a_digest()
    box.at_end.append(cut)
    assert send() == 0
    assert states() == ["unsure"]
    assert send(later(minutes=15)) == send(TOMORROW) == 0
    assert len(box.mails) == 1


def test_a_worker_that_died_while_sending_leaves_an_attempt_that_is_settled(box: Postbox) -> None:
    a_flag(a_listed_clinic())
    a_digest()

    def die(message):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_due(lambda: NOW, die)
    assert states() == ["sending"]
    assert close_abandoned(later(minutes=29)) == 0
    assert send(TOMORROW) == 0
    assert states() == ["unsure"]
    assert box.mails == []


def fail(clinic: Clinic, **facts) -> PageState:
    PageState.objects.filter(page=clinic.website).update(**facts)
    return PageState.objects.get(page=clinic.website)


FAILS = {"failures": 3, "failing_since": later(days=-7), "last_tried_at": later(days=-1), "outcome": "error"}
NOT_YET = [
    ("two attempts", {**FAILS, "failures": 2}),
    ("a bad day", {**FAILS, "failing_since": later(days=-6)}),
]


@pytest.mark.parametrize(("why", "facts"), NOT_YET, ids=[case[0] for case in NOT_YET])
def test_a_page_that_fails_for_a_while_is_not_mailed(box: Postbox, why: str, facts) -> None:
    fail(a_listed_clinic(), **facts)
    a_digest()
    assert send() == 0


def test_a_page_is_mailed_once_when_it_fails_and_once_when_it_is_read_again(box: Postbox) -> None:
    clinic = a_listed_clinic()
    fail(clinic, **FAILS)
    a_digest()
    assert send() == 1
    assert box.mails[-1]["subject"] == "Clinic directory: 1 page failing"
    fail(clinic, failures=4, last_tried_at=NOW)
    assert send(TOMORROW) == 0
    fail(clinic, failures=0, failing_since=None, last_read_at=TOMORROW, last_tried_at=TOMORROW, outcome="ok")
    assert send(later(days=2)) == 1
    assert box.mails[-1]["subject"] == "Clinic directory: 1 page read again"
    assert send(later(days=3)) == 0
    fail(clinic, **{**FAILS, "failing_since": later(days=3), "last_tried_at": later(days=9)})
    assert send(later(days=10)) == 1


def test_a_page_that_recovered_before_it_was_told_is_not_told(box: Postbox) -> None:
    clinic = a_listed_clinic()
    fail(clinic, **FAILS)
    fail(clinic, failures=0, failing_since=None, outcome="ok")
    a_digest()
    assert send() == 0


def due_check(clinic: Clinic, **more):
    check = a_published_credential(clinic, **more)
    facts = {"due_on": NOW.date() - timedelta(days=1), "weight": 5}
    CheckDue.objects.update_or_create(credential_check=check, defaults=facts)
    return check


def test_due_checks_are_told_once_to_each_and_marked_as_told(box: Postbox) -> None:
    check = due_check(a_listed_clinic())
    a_digest()
    a_digest(a_user("other", "reviewer", email="other@desk.example"))
    assert send() == 2
    assert sorted(mail["to"] for mail in box.mails) == ["other@desk.example", "reader@desk.example"]
    assert "Credential checks to make again" in text_of(box.mails[0])
    assert CheckDue.objects.get(pk=check.pk).reminded_at == NOW
    assert send(TOMORROW) == 0
    newcomer = a_user("newcomer", "reviewer", email="new@desk.example")
    a_digest(newcomer, created_at=TOMORROW, due_at=TOMORROW)
    assert send(TOMORROW) == 0


def test_a_reminder_that_could_not_be_mailed_is_not_marked(box: Postbox) -> None:
    check = due_check(a_listed_clinic())
    a_digest()
    box.at_recipient.append("550 No")
    assert send() == 0
    assert CheckDue.objects.get(pk=check.pk).reminded_at is None
    assert send(later(minutes=15)) == 1


def test_a_second_signature_is_asked_of_those_who_may_give_it(box: Postbox) -> None:
    claim = a_claim(a_listed_clinic())
    facts = {"state": "awaiting_second", "first_signed_by": a_user("first"), "comment_waived_because": "Public."}
    Claim.objects.filter(pk=claim.pk).update(**facts)
    a_digest()
    a_digest(a_user("publisher", "publisher", email="publisher@desk.example"))
    a_digest(a_user("first", "publisher", email="first@desk.example"))
    Digest.objects.filter(owner__username="first").update(due_at=NOW)
    assert send() == 1
    assert box.mails[0]["to"] == "publisher@desk.example"
    assert "To sign as the second" in text_of(box.mails[0])


def held_and_released(claim: Claim) -> None:
    publication.sign(claim, by=a_user("second"), now=NOW)
    publication.hold(claim, reason="A complaint.", by=a_user("second"), now=NOW)
    publication.release(claim, by=a_user("first"), now=NOW)


def taken_back_and_signed(claim: Claim) -> None:
    publication.take_back(claim, by=a_user("first"), now=NOW)
    publication.sign(claim, by=a_user("first"), now=NOW)


def second_taken_back(claim: Claim) -> None:
    publication.sign(claim, by=a_user("second"), now=NOW)
    publication.take_back(claim, by=a_user("second"), now=NOW)


AGAIN = {
    "held and released": held_and_released,
    "first signature taken back and given anew": taken_back_and_signed,
    "second signature taken back": second_taken_back,
}


@pytest.mark.django_db(transaction=True)  # the history tells apart what different transactions did
@pytest.mark.parametrize("again", AGAIN.values(), ids=AGAIN)
def test_a_claim_that_awaits_a_second_person_again_is_told_again(box: Postbox, settings: Settings, again) -> None:
    settings.PUBLICATION_DELAY_MINUTES = 15 if again is second_taken_back else 0
    claim = a_claim(a_listed_clinic(), severity=5)
    claims.waive_comment(claim, reason="Public.", by=a_user("first"), now=NOW)
    publication.sign(claim, by=a_user("first"), now=NOW)
    a_digest(a_user("publisher", "publisher", email="publisher@desk.example"))
    assert send() == 1
    claim_counsel.ask_counsel(claim, by=a_user(), now=NOW)
    claim_counsel.go_without_counsel(claim, by=a_user(), now=NOW)
    assert send(TOMORROW) == 0  # it waits as it did
    again(claim)
    assert claim.state == "awaiting_second"
    assert send(later(days=2)) == 1
    assert "To sign as the second" in text_of(box.mails[1])
    assert send(later(days=3)) == 0


SCOPES = [
    ("everything", lambda me: {"scope": "everything"}, {"Knee House", "Hip House"}),
    ("mine", lambda me: {"scope": "mine"}, {"Knee House"}),
    ("of flags", lambda me: by_filter("flag", "severity__exact=5", me), {"Hip House"}),
    ("of flags by words", lambda me: by_filter("flag", "q=hip+guarantee&o=-1", me), {"Hip House"}),
    ("of clinics", lambda me: by_filter("clinic", "status__exact=draft", me), {"Hip House"}),
    ("of the directory", lambda me: by_filter("directory", "q=Knee", me), {"Knee House"}),
    ("that finds none", lambda me: by_filter("flag", "severity__exact=1", me), set()),
]


def by_filter(kind, query, me):
    return {"scope": "saved", "saved_filter": a_saved_filter(kind, query, by=me)}


@pytest.mark.parametrize(("about", "facts", "expected"), SCOPES, ids=[case[0] for case in SCOPES])
def test_a_digest_is_about_what_its_person_chose(box: Postbox, about: str, facts, expected: set[str]) -> None:
    me = a_user("reader", "reviewer", email="reader@desk.example")
    a_flag(a_listed_clinic(recorded_by=me), "We guarantee knees.")
    a_flag(a_clinic("Hip House"), "We guarantee hips.", severity=5)
    a_digest(me, **facts(me))
    send()
    told = text_of(box.mails[0]) if box.mails else ""
    assert {name for name in ("Knee House", "Hip House") if name in told} == expected


def test_a_filter_that_is_out_of_date_is_told_in_the_log_of_deliveries(box: Postbox) -> None:
    me = a_user("reader", "reviewer", email="reader@desk.example")
    digest = a_digest(me, **by_filter("flag", "severity__exact=5", me))
    type(digest.saved_filter).objects.update(query="colour__exact=red")
    a_flag(a_listed_clinic())
    assert send() == 0
    [delivery] = Delivery.objects.all()
    assert (delivery.state, delivery.items) == ("failed", 0)
    assert "is not understood (any more)" in delivery.reason


GONE = [
    ("left", {"is_active": False}),
    ("not staff any more", {"is_staff": False}),
    ("without an address", {"email": ""}),
]


@pytest.mark.parametrize(("why", "facts"), GONE, ids=[case[0] for case in GONE])
def test_who_may_not_look_at_the_desk_any_more_is_not_mailed(box: Postbox, why: str, facts) -> None:
    a_flag(a_listed_clinic())
    digest = a_digest()
    type(digest.owner).objects.filter(pk=digest.owner_id).update(**facts)
    assert send() == 0
    digest.owner.groups.clear()
    type(digest.owner).objects.filter(pk=digest.owner_id).update(is_active=True, is_staff=True, email="a@desk.example")
    assert send(TOMORROW) == 0


def test_a_mail_can_be_ended_by_one_press_as_rfc_8058_has_it(box: Postbox, client) -> None:
    a_flag(a_listed_clinic())
    digest = a_digest()
    send()
    [mail] = box.mails
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip(" <>").removeprefix("https://desk.example")
    assert client.get(address).status_code == 200
    digest.refresh_from_db()
    assert digest.ended_at is None  # a scanner of mail opens links, and ends nothing
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    digest.refresh_from_db()
    assert digest.ended_because == "Ended by the link in the mail."
    a_flag(a_clinic("Hip House"))
    assert send(TOMORROW) == 0
    assert client.post(address).status_code == 200
    assert client.post(address[:-2] + "x/").status_code == 404
    assert client.get("/admin/digest/end/1/").status_code == 404


def test_words_of_a_page_cannot_write_the_mail(box: Postbox) -> None:
    clinic = a_clinic()
    Clinic.objects.update(name="Bcc: all <b>House</b>")
    clinic.refresh_from_db()
    a_flag(clinic, "We guarantee <script>x</script>\r\nBcc: everybody@else.example", page=a_page(clinic))
    a_digest()
    assert send() == 1
    [mail] = box.mails
    assert mail["bcc"] is None
    html = mail.get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "&lt;b&gt;House&lt;/b&gt;" in html


def test_a_wish_is_written_down_for_its_next_hour() -> None:
    me = a_user("reader", "reviewer", email="reader@desk.example")
    digest = wish_digest(Digest(scope="mine", cadence="weekly", hour=7), by=me, now=NOW)
    assert (digest.owner, digest.due_at) == (me, later(days=7).replace(hour=7))
    with pytest.raises(Refusal, match="You get mail about this already"):
        wish_digest(Digest(scope="mine"), by=me, now=NOW)
    end_digest(digest, reason="Enough.", now=NOW)
    assert wish_digest(Digest(scope="mine"), by=me, now=NOW).pk != digest.pk


def test_an_ended_mail_lets_its_filter_go() -> None:
    me = a_user("reader", "reviewer", email="reader@desk.example")
    saved = a_saved_filter(by=me)
    digest = wish_digest(Digest(scope="saved", saved_filter=saved), by=me, now=NOW)
    with pytest.raises(ProtectedError):
        saved.delete()
    end_digest(digest, reason="Enough.", now=NOW)
    saved.delete()
    assert str(Digest.objects.get()) == "a saved filter, each day"


UNFIT = [
    ("of another list", lambda me: a_saved_filter("page", "q=a", by=me), "choose a saved filter of one of these"),
    ("private, another's", lambda me: a_saved_filter(by=a_user("other")), "somebody else's, and not shared"),
]


@pytest.mark.parametrize(("why", "made", "told"), UNFIT, ids=[case[0] for case in UNFIT])
def test_an_unfit_filter_is_refused(why: str, made, told: str) -> None:
    me = a_user("reader", "reviewer", email="reader@desk.example")
    with pytest.raises(Refusal, match=told):
        wish_digest(Digest(scope="saved", saved_filter=made(me)), by=me, now=NOW)


def test_who_has_no_address_is_refused() -> None:
    with pytest.raises(Refusal, match="no mail address"):
        wish_digest(Digest(scope="mine"), by=a_user("reader", "reviewer"), now=NOW)


def test_a_mail_takes_as_many_queries_whatever_it_tells(box: Postbox) -> None:
    a_digest()
    counts = []
    for number, day in ((2, 0), (2, 1), (12, 2)):
        for each in range(number):
            clinic = a_listed_clinic(f"House {day} {each}")
            a_flag(clinic, f"We guarantee {day} {each}.")
            fail(clinic, **FAILS)
            due_check(clinic, subject=f"Dr. {day} {each}", by=a_user("checker"))
        with CaptureQueriesContext(
            connection,
        ) as made:
            assert send(later(days=day)) == 1
        counts.append(len(made))
    assert counts[1] == counts[2]
    assert MailedItem.objects.count() == 3 * 16
