"""Where proof is kept, by the settings: a folder of this machine, or a bucket."""

from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from clinics.evidence.bucket import BucketShelf
from clinics.evidence.shelf import FolderShelf
from clinics.evidence.store import Store


def evidence_store() -> Store:
    """Where proof is kept."""
    if settings.EVIDENCE_BUCKET:
        return Store(_bucket(settings.EVIDENCE_BUCKET, settings.EVIDENCE_BUCKET_ENDPOINT))
    return Store(FolderShelf(settings.EVIDENCE_FOLDER))


@lru_cache(maxsize=1)
def _bucket(address: str, endpoint: str) -> BucketShelf:
    """One for all: making the service's client takes a tenth of a second."""
    parts = urlsplit(address)
    return BucketShelf(parts.netloc, parts.path, endpoint)
