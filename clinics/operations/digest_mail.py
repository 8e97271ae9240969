"""A digest as a mail: plain text and simple HTML, with links to the desk and a way to end it by one press."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from clinics.models import Delivery, Digest
from clinics.operations.digest_news import Item, OfClinic, by_clinic

QUOTED: Final = 5  # of one clinic's flags and pages; the others are a number
CLINICS: Final = 40  # told one by one in a mail
SALT: Final = "clinics.digest.unsubscribe"


def token_of(digest: Digest) -> str:
    """What ends this digest without signing in: nobody can make one without the secret key. It does not run out."""
    return signing.dumps(digest.pk, salt=SALT)


def digest_of(token: str) -> Digest | None:
    """The digest that a token ends; None for a token that we did not make."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Digest.objects.filter(pk=key).first()


def mail_of(digest: Digest, delivery: Delivery, items: Sequence[Item], waiting: int) -> EmailMultiAlternatives:
    """The mail of this attempt."""
    groups = by_clinic(items)
    leave = _address("digest_unsubscribe", token_of(digest))
    subject = subject_of(groups)
    facts = {
        "subject": subject,
        "about": str(digest),
        "clinics": [_shown(group) for group in groups[:CLINICS]],
        "more_clinics": max(len(groups) - CLINICS, 0),
        "waiting": waiting,
        "queue_url": _address("admin:clinics_flag_changelist"),
        "change_url": _address("admin:clinics_digest_change", digest.pk),
        "leave_url": leave,
    }
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("mail/digest.txt", facts),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[delivery.to],
        headers={
            "Message-ID": f"<digest-{digest.pk}-{delivery.pk}@{host}>",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("mail/digest.html", facts), "text/html")
    return message


def subject_of(groups: Sequence[OfClinic]) -> str:
    """What is new, in numbers."""
    counts = [
        (sum(group.decisions for group in groups), "to decide", "to decide"),
        (sum(len(group.checks) for group in groups), "check due", "checks due"),
        (sum(len(group.failing) for group in groups), "page failing", "pages failing"),
        (sum(len(group.recovered) for group in groups), "page read again", "pages read again"),
    ]
    told = [f"{number} {one if number == 1 else many}" for number, one, many in counts if number]
    return f"Clinic directory: {', '.join(told)}"


def _shown(group: OfClinic) -> dict[str, Any]:
    kinds = [
        ("To decide", [_line(flag.wording, "flag", flag.pk) for flag in group.flags[:QUOTED]], len(group.flags)),
        (
            "To sign as the second",
            [_line(claim.quote, "claim", claim.pk) for claim in group.claims[:QUOTED]],
            len(group.claims),
        ),
        ("Began to fail", [_page_line(state) for state in group.failing[:QUOTED]], len(group.failing)),
        ("Read again", [_page_line(state) for state in group.recovered[:QUOTED]], len(group.recovered)),
        (
            "Credential checks to make again",
            [
                _line(f"{check} (due {check.due.due_on})", "credentialcheck", check.pk)
                for check in group.checks[:QUOTED]
            ],
            len(group.checks),
        ),
    ]
    return {
        "name": group.clinic.name,
        "url": _address("admin:clinics_clinic_change", group.clinic.pk),
        "kinds": [(title, lines, number - len(lines)) for title, lines, number in kinds if number],
    }


def _line(words: str, model: str, pk: int) -> tuple[str, str]:
    """The words on one line, and where they are decided."""
    flat = " ".join(words.split())
    return (flat if len(flat) <= 300 else f"{flat[:299]}…"), _address(f"admin:clinics_{model}_change", pk)


def _page_line(state: Any) -> tuple[str, str]:
    why = f" ({state.reason or state.outcome})" if state.failures else ""
    return _line(f"{state.page.url}{why}", "page", state.page_id)


def _address(name: str, *args: Any) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse(name, args=args)
