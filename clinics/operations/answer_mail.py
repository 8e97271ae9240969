"""The mail with a code, to an address at a clinic's recorded domain. It holds nothing that a stranger wrote."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from clinics.models import ClinicAnswer, Delivery


def mail_of(answer: ClinicAnswer, delivery: Delivery, code: str) -> EmailMessage:
    """The mail of this attempt, in the language of the form."""
    with translation.override(answer.case.language):
        subject = _("Your code for case %(case)s") % {"case": answer.case.case_number}
        body = render_to_string("mail/answer_code.txt", _facts(answer, code))
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return EmailMessage(
        subject=subject,
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[delivery.to],
        headers={"Message-ID": f"<code-{delivery.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )


def _facts(answer: ClinicAnswer, code: str) -> dict[str, str]:
    return {"case": answer.case.case_number, "code": code, "directory": settings.PUBLIC_URL.rstrip("/") + "/"}
