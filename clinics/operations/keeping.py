"""Where proof is kept, by the settings: a folder of this machine, or a bucket."""

from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from clinics.evidence.shelf import FolderShelf, Shelf
from clinics.evidence.store import Store


def evidence_store() -> Store:
    """Where proof is kept."""
    if settings.EVIDENCE_BUCKET:
        return Store(_bucket(settings.EVIDENCE_BUCKET, settings.EVIDENCE_BUCKET_ENDPOINT))
    return Store(FolderShelf(settings.EVIDENCE_FOLDER))


@lru_cache(maxsize=1)
def _bucket(address: str, endpoint: str) -> Shelf:
    """One for all: making the service's client takes a tenth of a second."""
    from clinics.evidence.bucket import BucketShelf  # only here: most installations keep proof in a folder

    parts = urlsplit(address)
    return BucketShelf(parts.netloc, parts.path, endpoint)
