"""What becomes of a mail at servers that take it, refuse it, put it off, or go away."""

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings

from clinics.operations.mailing import Handed, hand_over, mail_enabled
from tests.mail_server import Postbox, cut, free_port, hanging_up, serving

MAIL = EmailMessage("News", "Two things.\n.\nThe end.", "desk@desk.example", ["ada@desk.example"])


def handed_to(settings: Settings, port: int) -> Handed:
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    return hand_over(MAIL)


def test_a_kind_server_gets_the_mail_as_it_is(settings: Settings) -> None:
    box = Postbox()
    with serving(box) as port:
        assert handed_to(settings, port) == Handed("sent")
    [mail] = box.mails
    assert (mail["subject"], mail["to"]) == ("News", "ada@desk.example")
    assert mail.get_content().splitlines() == ["Two things.", ".", "The end."]


REFUSING = [
    (
        "the address for good",
        Postbox(at_recipient=["550 5.1.1 No such person"]),
        "the address: 550 5.1.1 No such",
    ),
    (
        "the address for now",
        Postbox(at_recipient=["450 4.2.0 Greylisted"]),
        "the address: 450 4.2.0 Greylisted",
    ),
    ("the whole mail", Postbox(at_end=["554 5.7.1 Looks like spam"]), "The server refused: 554 5.7.1 Looks like spam"),
    ("the whole mail for now", Postbox(at_end=["451 4.3.0 Busy"]), "The server refused: 451 4.3.0 Busy"),
]


@pytest.mark.parametrize(("what", "box", "reason"), REFUSING, ids=[case[0] for case in REFUSING])
def test_a_server_that_refuses_is_quoted(settings: Settings, what: str, box: Postbox, reason: str) -> None:
    with serving(box) as port:
        handed = handed_to(settings, port)
    assert handed.state == "failed"
    assert reason in handed.reason


def test_a_server_that_goes_before_it_has_the_mail_has_failed(settings: Settings) -> None:
    with hanging_up() as port:
        handed = handed_to(settings, port)
    assert handed.state == "failed"
    assert "closed the connection" in handed.reason


def test_a_server_that_goes_with_the_mail_leaves_us_unsure(settings: Settings) -> None:
    box = Postbox(at_end=[cut])
    with serving(box) as port:
        handed = handed_to(settings, port)
    assert (handed.state, len(box.mails)) == ("unsure", 1)


def test_no_server_at_all_has_failed(settings: Settings) -> None:
    handed = handed_to(settings, free_port())
    assert handed.state == "failed"
    assert "could not be reached" in handed.reason


@pytest.mark.parametrize(("host", "enabled"), [("", False), ("mail.example", True)])
def test_mail_is_off_unless_a_server_is_named(settings: Settings, host: str, enabled: bool) -> None:
    settings.EMAIL_HOST = host
    assert mail_enabled() is enabled
