"""Mailing digests whose hour has come, each new thing once, and recording what became of every attempt.

The attempt and all that it tells are written down before the mail leaves. A failed one takes that back and is tried
again; one of which nobody can know whether it arrived stands, and is not sent twice.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction

from clinics.domain.mail_times import next_mail, next_try
from clinics.models import Delivery, Digest, MailedItem
from clinics.operations.check_due import mark_reminded
from clinics.operations.digest_mail import mail_of
from clinics.operations.digest_news import Item, news_of, waiting_in
from clinics.operations.mailing import Handed, hand_over, mail_enabled
from clinics.operations.refusal import Refusal

log = logging.getLogger(__name__)

WORK_TIME: Final = timedelta(seconds=120)  # of one task: the next goes on
ABANDONED: Final = timedelta(minutes=30)
STOPPED: Final = "The worker stopped while it was sending; the mail may have arrived."
State = Delivery.State


@dataclass(frozen=True, slots=True)
class Attempt:
    """A mail that is written down as being sent."""

    delivery: Delivery
    items: Sequence[Item]
    message: EmailMessage


def send_due(clock: Callable[[], datetime], send: Callable[[EmailMessage], Handed] = hand_over) -> int:
    """Mail what is due; how many were sent. Two at once each send others; without a server nothing happens."""
    if not mail_enabled():
        return 0
    began, sent = clock(), 0
    close_abandoned(began)
    for _ in range(Digest.objects.due(began).count()):
        now = clock()
        if now - began >= WORK_TIME:
            break
        attempt = _begin(now)
        if attempt is not None:
            handed = send(attempt.message)
            _record(attempt, handed, clock())
            sent += handed.state == State.SENT
    return sent


def close_abandoned(now: datetime) -> int:
    """Settle attempts whose worker died: they may have arrived, so that they are not sent again. How many."""
    left = Delivery.objects.filter(state=State.SENDING, at__lt=now - ABANDONED)
    return left.update(state=State.UNSURE, reason=STOPPED, ended_at=now)


@transaction.atomic
def _begin(now: datetime) -> Attempt | None:
    """Take the digest that is longest due and write its next mail down; None where it had nothing to tell."""
    due = Digest.objects.due(now).select_related("owner", "saved_filter").order_by("due_at", "pk")
    digest = due.select_for_update(skip_locked=True, of=("self",)).first()
    if digest is None:
        return None
    digest.due_at = next_mail(now, digest.hour, weekly=digest.cadence == Digest.Cadence.WEEKLY)
    digest.save(update_fields=["due_at"])
    if not _may_be_mailed(digest.owner):
        return None
    try:
        items, waiting = news_of(digest, now), waiting_in(digest, now)
    except Refusal as refusal:
        _fail_at_once(digest, str(refusal), now)
        return None
    if not items:
        return None
    delivery = Delivery.objects.create(digest=digest, to=digest.owner.email, items=len(items), at=now)
    MailedItem.objects.bulk_create(
        [MailedItem(digest=digest, delivery=delivery, kind=i.kind, row=i.row, since=i.since) for i in items],
        ignore_conflicts=True,  # a page of two clinics is told at both and counts once
    )
    return Attempt(delivery, items, mail_of(digest, delivery, items, waiting))


def _may_be_mailed(owner: User) -> bool:
    """Whether the person still works at the desk and has an address."""
    return owner.is_active and owner.is_staff and bool(owner.email) and owner.has_perm("clinics.view_flag")


def _fail_at_once(digest: Digest, reason: str, now: datetime) -> None:
    facts = {"to": digest.owner.email, "items": 0, "at": now, "ended_at": now}
    Delivery.objects.create(digest=digest, state=State.FAILED, reason=reason[:300], **facts)


@transaction.atomic
def _record(attempt: Attempt, handed: Handed, now: datetime) -> None:
    """Write down what became of it."""
    delivery = attempt.delivery
    delivery.state, delivery.reason, delivery.ended_at = handed.state, handed.reason, now
    delivery.save(update_fields=["state", "reason", "ended_at"])
    digest = Digest.objects.select_for_update().get(deliveries=delivery.pk)
    if handed.state == State.FAILED:
        delivery.mailed.all().delete()
        digest.failures += 1
        digest.due_at = next_try(now, digest.failures)
        log.warning("The mail of digest %s failed: %s", digest.pk, handed.reason)
    else:
        digest.failures = 0
        mark_reminded([item.subject for item in attempt.items if item.kind == MailedItem.Kind.CHECK], now=now)
    digest.save(update_fields=["failures", "due_at"])
