"""A claim as it was published: its content, frozen, under the hash of its canonical JSON."""

import hashlib
import json
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db.models import Max

from clinics.domain.references import address_of
from clinics.models import ActionVersion, Claim, ClaimVersion
from clinics.operations.refusal import Refusal

Version = TypeVar("Version", ClaimVersion, ActionVersion)


def freeze(claim: Claim, now: datetime, first: User | None, second: User | None) -> ClaimVersion:
    """Keep the claim as it is published, with the hash of its canonical JSON and who answers for this version."""
    if first is None:
        raise Refusal("A claim is published by a person: nobody has signed this one.")
    last = claim.versions.aggregate(last=Max("number"))["last"] or 0
    version = ClaimVersion(claim=claim, number=last + 1, first_signed_by=first, second_signed_by=second)
    return kept(version, _content(claim), now)


def kept(version: Version, content: dict[str, Any], now: datetime) -> Version:
    """Write a new version down with what the public reads from now on, and the hash of that."""
    version.content, version.digest, version.published_at = content, digest_of(content), now
    version.hashed().save(force_insert=True)
    return version


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the content in canonical JSON."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _content(claim: Claim) -> dict[str, Any]:
    return {
        "clinic": claim.clinic.public_id,
        "statement": claim.public_id,
        "category": claim.public_category,
        "quote": claim.quote_in_public,
        "context": claim.context_in_public,
        "words_hash": claim.words_hash,
        "page": claim.page.url if claim.page else None,
        "surface": claim.surface,
        "document_page": claim.document_page,
        "capture": claim.snapshot.body if claim.snapshot else "",
        "first_seen_on": claim.first_seen_on.isoformat(),
        "assessments": [
            {
                "key": assessment.key,
                "on": assessment.assessed_on.isoformat(),
                "source": assessment.source_name,
                "url": assessment.source.url if assessment.source else None,
                "source_date": assessment.source_date.isoformat() if assessment.source_date else None,
                "detail": assessment.detail,
            }
            for assessment in claim.assessments.select_related("source")
        ],
        "references": [
            {
                "kind": reference.kind,
                "identifier": reference.identifier,
                "url": reference.page.url if reference.page else address_of(reference.kind, reference.identifier),
                "title": reference.title,
            }
            for reference in claim.references.select_related("page")
        ],
        "replies": [
            {"text": reply.text, "received_on": reply.received_on.isoformat(), "proved_by": reply.proved_by}
            for reply in claim.replies.published()
        ],
        "credential_checks": sorted(claim.credential_checks.values_list("public_id", flat=True)),
    }
