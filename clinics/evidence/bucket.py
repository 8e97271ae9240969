"""The store's files as objects of an S3-compatible service."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from clinics.evidence.shelf import Standing

_MISSING: Final = frozenset({"NoSuchKey", "404", "NotFound"})
_PATIENCE: Final = Config(
    connect_timeout=10, read_timeout=60, retries={"max_attempts": 3, "mode": "standard"}, max_pool_connections=20
)


class BucketShelf:
    """A Shelf in a bucket, under a prefix. Keys of access come from the environment, as the service's own tools do.

    Two calls stand between looking at an object's age and removing it: who puts the same bytes in between could lose
    them. A bucket with versions keeps them all the same, so switch versions on.
    """

    def __init__(self, bucket: str, prefix: str = "", endpoint: str = "") -> None:
        self._bucket, self._prefix = bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._service: Any = boto3.session.Session().client("s3", endpoint_url=endpoint or None, config=_PATIENCE)

    def read(self, name: str) -> bytes:
        """The bytes of the object."""
        with _told():
            return bytes(self._service.get_object(**self._place(name))["Body"].read())

    def write(self, name: str, data: bytes) -> None:
        """The service shows an object only once it is whole."""
        with _told():
            self._service.put_object(**self._place(name), Body=data, ContentType="application/zstd")

    def touch(self, name: str) -> None:
        """Copy the object onto itself, inside the service: its time is new."""
        place = self._place(name)
        with _told():
            self._service.copy_object(
                **place, CopySource=place, MetadataDirective="REPLACE", ContentType="application/zstd"
            )

    def standing(self, digest: str = "") -> Iterator[Standing]:
        """The objects whose names begin so, a thousand in one call."""
        with _told():
            pages = self._service.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=f"{self._prefix}{digest}"):
                for found in page.get("Contents", ()):
                    name = found["Key"].removeprefix(self._prefix)
                    yield Standing(name, found["Size"], _age(found["LastModified"]))

    def remove(self, name: str, since: timedelta) -> bool:
        """Look at the object's age, then remove it."""
        place = self._place(name)
        with suppress(FileNotFoundError), _told():
            if _age(self._service.head_object(**place)["LastModified"]) <= since:
                return False
            self._service.delete_object(**place)
            return True
        return False

    def _place(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": f"{self._prefix}{name}"}


def _age(then: datetime) -> timedelta:
    return datetime.now(UTC) - then


@contextmanager
def _told() -> Iterator[None]:
    """The service's faults as a shelf tells them."""
    try:
        yield
    except ClientError as fault:
        said = fault.response.get("Error", {})
        code = str(said.get("Code", ""))
        if code in _MISSING:
            raise FileNotFoundError(errno.ENOENT, "No such object in the bucket") from fault
        raise OSError(errno.EIO, f"The bucket answered {code}: {said.get('Message', '')}") from fault
    except BotoCoreError as fault:
        raise OSError(errno.EIO, f"The bucket could not be reached: {fault}") from fault
