"""What is sent in the name of a clinic: which statements it is about, and the steps by which it is proved."""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from clinics.domain.own_site import META_NAME, token_addresses
from clinics.models import AnswerPoint, Claim, Clinic, ClinicAnswer, Correction, Delivery, Job
from clinics.operations.answer_proof import (
    MOST_CODES,
    PROVED_WITHIN,
    Way,
    is_secret_of,
    locked_answer,
    new_secret,
    prove,
    site_stands,
)
from clinics.operations.clinic_sites import mail_domain, token_site
from clinics.operations.corrections import TooMany, count_one, count_posts
from clinics.operations.jobs import ask
from clinics.operations.mailing import mail_enabled

LONGEST_REPLY: Final = 1000
LONGEST_DISPUTE: Final = 4000
MOST_POINTS: Final = 20
STEPS_A_DAY: Final = 60  # of proof, from one network
MAILS_A_DAY: Final = 6  # to one domain, whoever asks
LOOKS_A_DAY: Final = 20  # at one site
MOST_LOOKS: Final = 10  # for one case
LOCAL_PART: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,62}[A-Za-z0-9])?")
Kind = AnswerPoint.Kind
State = Correction.State


class NothingThere(Exception):
    """None of the statements is published any more, or the way of proof is not open for this clinic."""


class Told(StrEnum):
    """What a try with a code came to."""

    PROVED = "proved"
    WRONG = "wrong"
    OVER = "over"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Point:
    """A statement by its public id, and what is said about it."""

    statement: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Given:
    """What is sent. `once` names the form; `local_part` is what stands before the @ where a code is to be mailed."""

    once: UUID
    clinic: str
    points: tuple[Point, ...]
    sender: str
    way: str
    local_part: str = ""
    contact: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Ways:
    """How this clinic can prove itself: the domain for mail and the site for a token, "" where that is not open."""

    mail: str
    token: str
    call: bool

    @property
    def open(self) -> tuple[str, ...]:
        """The ways that are open, as the form names them."""
        found = ((Way.MAIL, self.mail), (Way.TOKEN, self.token), (Way.CALL, self.call))
        return tuple(way.value for way, is_open in found if is_open)


def codes_are_mailed() -> bool:
    """Whether this installation sends mail."""
    return mail_enabled()


def ways_of(clinic: Clinic) -> Ways:
    """Which ways of proof are open for the clinic as it is recorded now."""
    mail = mail_domain(clinic) if mail_enabled() else ""
    return Ways(mail, token_site(clinic), clinic.locations.exclude(phone="").exists())


@transaction.atomic
def receive_answer(given: Given, *, network: str, now: datetime) -> Correction:
    """Keep what was sent until it is proved; the case that it is already, where the form was sent before.

    Raises TooMany and NothingThere.
    """
    known = Correction.objects.filter(once=given.once).first()
    if known is not None:
        return known
    count_posts(network, now.date())
    clinic = Clinic.objects.select_related("website").filter(public_id=given.clinic).first()
    points = [point for point in given.points[:MOST_POINTS] if point.kind in Kind.values and point.text.strip()]
    named = [point.statement for point in points]
    claims = {one.public_id: one for one in Claim.objects.published().filter(clinic=clinic, public_id__in=named)}
    if clinic is None or not claims:
        raise NothingThere
    case, is_new = _case_of(given, clinic, now)
    if not is_new:
        return case
    facts = {"sender": given.sender.strip()[:200], "expires_at": now + PROVED_WITHIN}
    answer = ClinicAnswer.objects.create(case=case, clinic=clinic, way=given.way, **facts)
    AnswerPoint.objects.bulk_create(
        AnswerPoint(case=case, claim=claims[one.statement], kind=one.kind, text=_bounded(one))
        for one in {point.statement: point for point in points}.values()
        if one.statement in claims
    )
    _go_by(answer, given.way, given.local_part, now)
    return case


def _case_of(given: Given, clinic: Clinic, now: datetime) -> tuple[Correction, bool]:
    return Correction.objects.get_or_create(
        once=given.once,
        defaults={
            "kind": Correction.Kind.ANSWER,
            "about": f"/clinics/{clinic.public_id}/",
            "contact": given.contact,
            "language": given.language,
            "received_at": now,
            "due_on": (now + PROVED_WITHIN).date(),
            "state": State.UNPROVED,
        },
    )


def _bounded(point: Point) -> str:
    return point.text.strip()[: LONGEST_REPLY if point.kind == Kind.REPLY else LONGEST_DISPUTE]


def answer_at(token: str) -> ClinicAnswer | None:
    """The answer whose case has this address; None where there is none."""
    return ClinicAnswer.objects.select_related("case", "clinic__website").filter(case__token=token).first()


@transaction.atomic
def choose_way(answer: ClinicAnswer, way: str, local_part: str, *, network: str, now: datetime) -> None:
    """Prove it in this way from now on; by mail, send a new code. Raises TooMany and NothingThere."""
    count_posts(network, now.date(), what="step:", most=STEPS_A_DAY)
    locked = locked_answer(answer.pk)
    if locked is None or locked.expires_at < now:
        raise NothingThere
    _go_by(locked, way, local_part, now)


def _go_by(answer: ClinicAnswer, way: str, local_part: str, now: datetime) -> None:
    ways = ways_of(answer.clinic)
    if way not in ways.open or (way == Way.MAIL and not LOCAL_PART.fullmatch(local_part)):
        raise NothingThere
    answer.way = way
    answer.site = {Way.MAIL.value: ways.mail, Way.TOKEN.value: ways.token}.get(way, "")
    answer.address = f"{local_part}@{ways.mail}" if way == Way.MAIL else ""
    answer.secret_hash, answer.secret_until, answer.tries_left, answer.found = "", None, 0, ""
    answer.save()
    if way == Way.MAIL:
        _send_code(answer, now)


def _send_code(answer: ClinicAnswer, now: datetime) -> None:
    if answer.deliveries.count() >= MOST_CODES:
        raise TooMany
    count_one(_mark("mail:", answer.site), now.date(), MAILS_A_DAY)
    ask(Job.Kind.SEND_CODE, {"answer": answer.pk}, by=None)


def _mark(what: str, site: str) -> str:
    return what + hmac.new(settings.SECRET_KEY.encode(), site.encode(), sha256).hexdigest()[:48]


def enter_code(answer: ClinicAnswer, code: str, *, network: str, now: datetime) -> Told:
    """Try a code: each try is counted before the code is looked at, so that a few are all that anybody has."""
    with transaction.atomic():
        count_posts(network, now.date(), what="step:", most=STEPS_A_DAY)
    with transaction.atomic():
        return _tried(answer, "".join(code.split()).upper(), now)


def _tried(answer: ClinicAnswer, code: str, now: datetime) -> Told:
    locked = locked_answer(answer.pk)
    if locked is None or locked.way != Way.MAIL or locked.expires_at < now or not locked.tries_left:
        return Told.OVER
    locked.tries_left -= 1
    locked.save(update_fields=["tries_left"])
    if not is_secret_of(locked, code, now):
        return Told.WRONG if locked.tries_left else Told.OVER
    if not site_stands(locked):
        return Told.CHANGED
    prove(locked, locked.address, now)
    return Told.PROVED


@dataclass(frozen=True, slots=True)
class Token:
    """What is to be put on the site, shown once."""

    token: str
    file: str
    page: str
    meta: str


@transaction.atomic
def make_token(answer: ClinicAnswer, *, network: str, now: datetime) -> Token:
    """A new token for the site; one that was shown before holds no longer. Raises TooMany and NothingThere."""
    count_posts(network, now.date(), what="step:", most=STEPS_A_DAY)
    locked = locked_answer(answer.pk)
    if locked is None or locked.way != Way.TOKEN or locked.expires_at < now or locked.clinic.website is None:
        raise NothingThere
    if not site_stands(locked):
        raise NothingThere
    token = secrets.token_urlsafe(24)
    new_secret(locked, token, locked.expires_at)
    file, page = token_addresses(locked.clinic.website.url)
    return Token(token, file, page, f'<meta name="{META_NAME}" content="{token}">')


@transaction.atomic
def ask_to_look(answer: ClinicAnswer, *, network: str, now: datetime) -> None:
    """Have a worker look for the token on the site. Raises TooMany and NothingThere."""
    count_posts(network, now.date(), what="step:", most=STEPS_A_DAY)
    locked = locked_answer(answer.pk)
    if locked is None or locked.way != Way.TOKEN or not locked.secret_hash or locked.expires_at < now:
        raise NothingThere
    looks = Job.objects.filter(kind=Job.Kind.READ_TOKEN, parameters={"answer": locked.pk})
    if is_being_looked_for(locked):
        return
    if looks.count() >= MOST_LOOKS:
        raise TooMany
    count_one(_mark("look:", locked.site), now.date(), LOOKS_A_DAY)
    ask(Job.Kind.READ_TOKEN, {"answer": locked.pk}, by=None)


def is_being_looked_for(answer: ClinicAnswer) -> bool:
    """Whether a worker is about to look for the token, or to mail a code."""
    waiting = Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING], parameters={"answer": answer.pk})
    return waiting.filter(kind__in=[Job.Kind.READ_TOKEN, Job.Kind.SEND_CODE]).exists()


def points_of(answer: ClinicAnswer) -> QuerySet[AnswerPoint]:
    """What the answer says, statement by statement."""
    return answer.case.points.select_related("claim__clinic")


def last_mail(answer: ClinicAnswer) -> Delivery | None:
    """The newest attempt to mail a code; None where there was none."""
    return answer.deliveries.order_by("-pk").first()


def numbers_of(answer: ClinicAnswer) -> tuple[str, ...]:
    """The telephone numbers that are recorded for the clinic, one of which is called."""
    phones = answer.clinic.locations.exclude(phone="").order_by("pk").values_list("phone", flat=True)
    return tuple(dict.fromkeys(phones))
