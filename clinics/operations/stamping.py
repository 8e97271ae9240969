"""Having seals time-stamped by an authority, where the operator named one."""

import logging
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from clinics.domain.seals import seal_content
from clinics.evidence.stamp_fault import StampFault
from clinics.models import Seal, SealStamp
from clinics.operations.going_out import address_policy, user_agent
from clinics.web.limits import Limits
from clinics.web.posting import post

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from clinics.evidence.stamps import Stamp

log = logging.getLogger(__name__)


def stamp_newest_seal() -> SealStamp | None:
    """Have the newest seal stamped, which stands for all before it; None where that is off, done, or failed.

    What failed is logged, and asked for anew at the next run. Safe to run twice and at once.
    """
    seal = Seal.objects.order_by("-number").first()
    if not settings.TIMESTAMP_URL or seal is None or SealStamp.objects.filter(seal=seal).exists():
        return None
    try:
        stamp = _asked_for(content_of(seal))
    except StampFault as fault:
        log.warning("%s got no time-stamp of %s: %s It is asked for again.", seal, settings.TIMESTAMP_URL, fault)
        return None
    return _kept(seal, stamp)


def _kept(seal: Seal, stamp: "Stamp") -> SealStamp:
    facts = {"authority": settings.TIMESTAMP_URL[:200], "stamped_at": stamp.at, "answer": stamp.answer}
    return SealStamp.objects.get_or_create(seal=seal, defaults=facts)[0]


def content_of(seal: Seal) -> bytes:
    """The bytes whose SHA-256 is the seal's hash."""
    return seal_content(seal.number, seal.day, seal.sealed_at, seal.former, seal.root)


def trusted_authorities() -> "Sequence[Certificate]":
    """The certificates that the operator trusts for time-stamps; none where no file is named."""
    return _roots_in(settings.TIMESTAMP_ROOTS) if settings.TIMESTAMP_ROOTS else ()


@lru_cache(maxsize=1)
def _roots_in(file: str) -> "Sequence[Certificate]":
    from clinics.evidence.stamps import roots_of  # only here and below: few processes need what reads certificates

    try:
        return roots_of(Path(file).read_bytes())
    except OSError as fault:
        raise StampFault(f"TIMESTAMP_ROOTS, {file}, cannot be read: {fault.strerror}.") from fault


def _asked_for(data: bytes) -> "Stamp":
    from clinics.evidence.stamps import QUERY, accepted, question

    asked = question(data)
    headers = {"Content-Type": QUERY, "Accept": "application/timestamp-reply"}
    reply = post(
        settings.TIMESTAMP_URL,
        asked.as_bytes(),
        headers,
        policy=address_policy(),
        limits=Limits(),
        user_agent=user_agent(),
    )
    if reply.trouble is not None:
        raise StampFault(reply.trouble.reason)
    if reply.status != 200:
        raise StampFault(f"The authority answered with status {reply.status}.")
    return accepted(reply.body, asked, data, trusted_authorities())
