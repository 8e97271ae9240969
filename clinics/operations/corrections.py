"""The one door for what visitors send: reports of errors, clinics to add, advertisements; and the page of a case."""

import hashlib
import hmac
import ipaddress
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from clinics.domain import working_days
from clinics.models import Correction, VisitorPost

WORKING_DAYS: Final = 10
APPEAL_WITHIN: Final = timedelta(days=60)
KEPT: Final = timedelta(days=90)  # what a visitor wrote, after the case is closed
COUNTS_KEPT: Final = timedelta(days=7)
A_DAY_FROM_A_NETWORK: Final = 8
A_DAY_IN_ALL: Final = 1000
LONGEST_TEXT: Final = 4000
EVERYBODY: Final = "all"
_PAGE: Final = re.compile(
    r"/(?:es/)?clinics/[A-Za-z0-9_-]{1,40}/(?:(?P<room>statements|actions)/(?P<row>[A-Za-z0-9_-]{1,40})/)?"
)
State = Correction.State
Kind = Correction.Kind


class TooMany(Exception):
    """More was sent today from one network, or in all, than people could read."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a visitor sends. `once` names the form, so that one that is sent twice is one case."""

    once: UUID
    kind: str
    text: str
    about: str = ""
    seen_at: str = ""
    contact: str = ""
    language: str = "en"


def page_named(path: str) -> str:
    """The path, where it is that of a clinic's page, of a statement's or an official action's; "" for any other."""
    return path if _PAGE.fullmatch(path) else ""


def row_named(path: str) -> tuple[str, str] | None:
    """“statements” or “actions”, and the public id of the one that such a path leads to; None for any other path."""
    page = _PAGE.fullmatch(path)
    return (page["room"], page["row"]) if page and page["room"] else None


@transaction.atomic
def receive(report: Report, *, network: str, now: datetime) -> Correction:
    """Keep a report; the case that it is already, where the form was sent before. Raises TooMany."""
    known = Correction.objects.filter(once=report.once).first()
    if known is not None:
        return known
    _count(network, now.date())
    return Correction.objects.get_or_create(
        once=report.once,
        defaults={
            "kind": Kind(report.kind),
            "about": page_named(report.about),
            "text": report.text.strip()[:LONGEST_TEXT],
            "seen_at": report.seen_at.strip()[:500],
            "contact": report.contact,
            "language": report.language,
            "received_at": now,
            "due_on": working_days.after(now.date(), WORKING_DAYS),
        },
    )[0]


def _count(network: str, today: date) -> None:
    """Count one more from the network and in all, or raise TooMany: then neither is counted."""
    for mark, most in ((mark_of(network, today), A_DAY_FROM_A_NETWORK), (EVERYBODY, A_DAY_IN_ALL)):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO clinics_visitorpost AS kept (day, network, number) VALUES (%s, %s, 1)"
                " ON CONFLICT (day, network) DO UPDATE SET number = kept.number + 1 WHERE kept.number < %s"
                " RETURNING number",
                [today, mark, most],
            )
            if cursor.fetchone() is None:
                raise TooMany


def mark_of(address: str, today: date) -> str:
    """A mark of the network an address lies in (/24, or /56 of IPv6), which is another one tomorrow."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        network = "unknown"
    else:
        network = str(ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 56}", strict=False))
    key = f"{settings.SECRET_KEY}:{today.isoformat()}".encode()
    return hmac.new(key, network.encode(), hashlib.sha256).hexdigest()


def case_at(token: str) -> Correction | None:
    """The case whose page has this address; None where there is none."""
    return Correction.objects.filter(token=token).first()


def may_appeal(case: Correction, now: datetime) -> bool:
    """Whether the visitor may ask for other people: once, within 60 days after the case was closed."""
    return (
        case.state == State.CLOSED
        and case.appealed_at is None
        and case.closed_at is not None
        and now - case.closed_at <= APPEAL_WITHIN
    )


@transaction.atomic
def appeal(token: str, now: datetime) -> bool:
    """Have other people look at the case; whether that was possible."""
    case = Correction.objects.select_for_update(of=("self",)).filter(token=token).first()
    if case is None or not may_appeal(case, now):
        return False
    case.first_decided_by, case.first_confirmed_by = case.decided_by, case.confirmed_by
    case.state, case.appealed_at, case.taken_by = State.APPEALED, now, None
    case.due_on = working_days.after(now.date(), WORKING_DAYS)
    case.save()
    return True


def log() -> QuerySet[Correction]:
    """The public log: reports of errors on which two people agreed, newest first."""
    return Correction.objects.in_the_log().order_by("-closed_at", "-pk")


def forget(now: datetime) -> int:
    """Remove what visitors wrote where the case was closed long enough ago; of how many cases."""
    VisitorPost.objects.filter(day__lt=(now - COUNTS_KEPT).date()).delete()
    old = Correction.objects.with_personal_data().filter(state=State.CLOSED, closed_at__lt=now - KEPT)
    return old.update(text="", contact="", seen_at="")
