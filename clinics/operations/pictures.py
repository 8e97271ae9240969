"""Pictures out of the evidence store, for staff to look at."""

from typing import Final

from clinics.evidence.store import EvidenceFault
from clinics.operations.keeping import evidence_store
from clinics.operations.refusal import Refusal

_PNG: Final = b"\x89PNG\r\n\x1a\n"


def picture(digest: str) -> bytes:
    """The PNG with this digest, verified. Raises Refusal where it is missing, altered, or no PNG."""
    try:
        data = evidence_store().get(digest)
    except EvidenceFault as fault:
        raise Refusal(str(fault)) from None
    if not data.startswith(_PNG):
        raise Refusal(f"Evidence {digest} is no picture.")
    return data
