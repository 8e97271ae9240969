"""The one door for what visitors send: reports of errors, clinics to add, advertisements; and the page of a case.

What is sent in the name of a clinic comes in by `answers`, beside this.
"""

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
from django.db.models import F, Prefetch, Q, QuerySet

from clinics.domain import working_days
from clinics.models import AnswerCall, AnswerPoint, ClinicAnswer, Correction, VisitorPost
from clinics.published.entries import CHECK

WORKING_DAYS: Final = 10
APPEAL_WITHIN: Final = timedelta(days=60)
KEPT: Final = timedelta(days=90)  # what a visitor wrote, after the case is closed
COUNTS_KEPT: Final = timedelta(days=7)
A_DAY_FROM_A_NETWORK: Final = 8
A_DAY_IN_ALL: Final = 1000
LONGEST_TEXT: Final = 4000
EVERYBODY: Final = "all"
_PAGE: Final = re.compile(
    r"/(?:es/)?clinics/(?P<clinic>[A-Za-z0-9_-]{1,40})/"
    r"(?:(?P<room>statements|actions)/(?P<row>[A-Za-z0-9_-]{1,40})/|questions/|#(?P<part>[a-z0-9-]{1,90}))?"
)
_WITH_PORT: Final = re.compile(r"\[([^\]]+)\](?::\d+)?|([\d.]+):\d+")
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


@dataclass(frozen=True, slots=True)
class Entry:
    """What a path leads to: of the clinic with this public id, one of “statements”, “actions”, “checks” or “parts”."""

    clinic: str
    room: str
    row: str


def page_named(path: str) -> str:
    """The path, where it leads to a clinic's page or a part of it, its questions, or an entry's own page; else ""."""
    return path if _PAGE.fullmatch(path) else ""


def entry_named(path: str) -> Entry | None:
    """What such a path leads to, where that is a single entry; None for a whole page, and for any other path."""
    page = _PAGE.fullmatch(path)
    if page is None:
        return None
    if page["room"]:
        return Entry(page["clinic"], page["room"], page["row"])
    part = page["part"] or ""
    if part.startswith(CHECK):
        return Entry(page["clinic"], "checks", part.removeprefix(CHECK))
    return Entry(page["clinic"], "parts", part) if part else None


@transaction.atomic
def receive(report: Report, *, network: str, now: datetime) -> Correction:
    """Keep a report; the case that it is already, where the form was sent before. Raises TooMany."""
    known = Correction.objects.filter(once=report.once).first()
    if known is not None:
        return known
    count_posts(network, now.date())
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


def count_posts(network: str, today: date, *, what: str = "", most: int | None = None) -> None:
    """Count one more post from the network and in all, or raise TooMany: then neither is counted.

    Posts of another kind (`what`) are counted apart, with another bound.
    """
    mine = A_DAY_FROM_A_NETWORK if most is None else most
    for mark, bound in ((what + mark_of(network, today), mine), (what + EVERYBODY, A_DAY_IN_ALL)):
        count_one(mark, today, bound)


def count_one(mark: str, today: date, most: int) -> None:
    """Count one more under a mark of at most 64 characters, or raise TooMany."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO clinics_visitorpost AS kept (day, network, number) VALUES (%s, %s, 1)"
            " ON CONFLICT (day, network) DO UPDATE SET number = kept.number + 1 WHERE kept.number < %s"
            " RETURNING number",
            [today, mark[:64], most],
        )
        if cursor.fetchone() is None:
            raise TooMany


def mark_of(address: str, today: date) -> str:
    """A mark of the network an address lies in (/24, or /56 of IPv6), which is another one tomorrow."""
    key = f"{settings.SECRET_KEY}:{today.isoformat()}".encode()
    return hmac.new(key, _network_of(address).encode(), hashlib.sha256).hexdigest()


def _network_of(address: str) -> str:
    """The network of an address, with or without a port; an IPv4 address written as one of IPv6 is the former."""
    with_port = _WITH_PORT.fullmatch(address)
    try:
        ip = ipaddress.ip_address((with_port[1] or with_port[2]) if with_port else address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip
    return str(ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 56}", strict=False))


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
        and (case.kind != Kind.ANSWER or case.points.undone().exists())
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
    case.points.undone().update(
        first_outcome=F("outcome"),
        first_public_reason=F("public_reason"),
        outcome="",
        public_reason="",
        decided_by=None,
        decided_at=None,
    )
    return True


def log() -> QuerySet[Correction]:
    """The public log: reports of errors and answers of clinics on which two people agreed, newest first."""
    points = Prefetch("points", AnswerPoint.objects.select_related("claim"))
    return Correction.objects.in_the_log().prefetch_related(points).order_by("-closed_at", "-pk")


def forget(now: datetime) -> int:
    """Remove what visitors wrote where the case was closed long enough ago; of how many cases."""
    VisitorPost.objects.filter(day__lt=(now - COUNTS_KEPT).date()).delete()
    over = Q(state=State.CLOSED, closed_at__lt=now - KEPT) | Q(state=State.EXPIRED, due_on__lt=(now - KEPT).date())
    _forget_who_answered(over)
    return Correction.objects.with_personal_data().filter(over).update(text="", contact="", seen_at="")


def _forget_who_answered(over: Q) -> None:
    """Remove who answered for a clinic, and where a code went; of what nobody proved, the words as well."""
    cases = Correction.objects.filter(over, kind=Kind.ANSWER)
    for answer in ClinicAnswer.objects.filter(case__in=cases).exclude(sender="", address=""):
        answer.sender, answer.address = "", ""
        answer.proof = (answer.site or "a recorded number") if answer.proof else ""
        answer.save(update_fields=["sender", "address", "proof"])
        answer.deliveries.update(to="")
        AnswerCall.objects.filter(case=answer.case_id).exclude(person="").update(person="–")
    AnswerPoint.objects.filter(case__in=cases, case__state=State.EXPIRED).exclude(text="").update(text="")
