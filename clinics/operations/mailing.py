"""Handing a mail to the server that the configuration names, and what became of it."""

import smtplib
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from clinics.models import Delivery

LONGEST_REASON: Final = 300
OFF: Final = "No mail is sent: EMAIL_URL names no server."


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of a mail; the reason in words where it was not taken for sure."""

    state: Delivery.State
    reason: str = ""


def mail_enabled() -> bool:
    """Whether this installation sends mail at all."""
    return bool(settings.EMAIL_HOST)


def hand_over(message: EmailMessage) -> Handed:
    """Give a mail to one person to the server.

    It failed for sure where the server refused, or went before it had the whole mail. Where it went after that without
    a word, the mail may have arrived: such a one is unsure, so that nobody sends it twice knowingly.
    """
    backend = _Backend()
    try:
        backend.open()
        backend.send_messages([message])
    except smtplib.SMTPServerDisconnected as fault:
        if backend.has_all:
            return Handed(Delivery.State.UNSURE, "The server went away without a word after it had the whole mail.")
        return Handed(Delivery.State.FAILED, _short(f"The server closed the connection: {fault}"))
    except (smtplib.SMTPException, OSError) as fault:
        return Handed(Delivery.State.FAILED, _short(_reason(fault)))
    finally:
        with suppress(OSError):  # what a server says to a good-bye changes nothing
            backend.close()
    return Handed(Delivery.State.SENT)


def _reason(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(fault.recipients.values()))
        return f"The server refused the address: {code} {_text(words)}"
    if isinstance(fault, smtplib.SMTPResponseException):
        return f"The server refused: {fault.smtp_code} {_text(fault.smtp_error)}"
    return f"The server could not be reached: {fault}"


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _short(reason: str) -> str:
    return " ".join(reason.split())[:LONGEST_REASON]


class _Backend(EmailBackend):
    """Django's own, which knows besides whether the server has the whole mail."""

    has_all = False

    @property
    def connection_class(self) -> Any:
        """The connection, with this backend as the one to tell."""
        return partial(_WatchedTLS if self.use_ssl else _Watched, self)


class _Watching:
    """Tells its backend when all of a mail has been sent: its text goes out as bytes, commands as words."""

    def __init__(self, backend: _Backend, *args: Any, **kwargs: Any) -> None:
        self.backend = backend
        super().__init__(*args, **kwargs)

    def send(self, s: Any) -> None:
        """Send it; the final dot is the last of the text."""
        super().send(s)  # type: ignore[misc]
        if isinstance(s, bytes):
            self.backend.has_all = True


class _Watched(_Watching, smtplib.SMTP):
    pass


class _WatchedTLS(_Watching, smtplib.SMTP_SSL):
    pass
