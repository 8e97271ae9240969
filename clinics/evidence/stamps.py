"""Time-stamps of an authority by RFC 3161: proof from outside of when a hash was known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from clinics.evidence.stamp_fault import StampFault

QUERY: Final = "application/timestamp-query"


@dataclass(frozen=True, slots=True)
class Stamp:
    """An authority's signed word that it saw a hash at a moment. `answer` is its whole answer (DER)."""

    answer: bytes
    at: datetime


def roots_of(pem: bytes) -> Sequence[Certificate]:
    """The certificates of a PEM file whose signatures are trusted. Raises StampFault where it holds none."""
    try:
        return load_pem_x509_certificates(pem)
    except ValueError as fault:
        raise StampFault(f"It holds no certificate in PEM form: {fault}") from fault


def question(data: bytes) -> TimeStampRequest:
    """What to ask an authority, so that it stamps the SHA-256 of these bytes; `as_bytes()` is what is sent."""
    return TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()


def accepted(answer: bytes, asked: TimeStampRequest, data: bytes, roots: Sequence[Certificate]) -> Stamp:
    """The stamp that was asked for. Raises StampFault where the answer is another, or none."""
    found = _decoded(answer)
    _verify(VerifierBuilder.from_request(asked), found, data, roots)
    return Stamp(answer, found.tst_info.gen_time)


def stamped_at(answer: bytes, data: bytes, roots: Sequence[Certificate]) -> datetime:
    """When the authority saw the SHA-256 of these bytes. Raises StampFault where the kept answer does not say so."""
    found = _decoded(answer)
    _verify(VerifierBuilder(), found, data, roots)
    return found.tst_info.gen_time


def _decoded(answer: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(answer)
    except ValueError as fault:
        raise StampFault(f"The answer is no time-stamp: {fault}") from fault


def _verify(builder: VerifierBuilder, found: TimeStampResponse, data: bytes, roots: Sequence[Certificate]) -> None:
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(found, data)
    except (VerificationError, ValueError) as fault:
        raise StampFault(f"The time-stamp is not valid: {fault}") from fault
