"""A bucket of any store that speaks S3. Only imported where one is chosen: boto3 takes its time."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

from dracarys.storage import StorageAwayError

# Seconds; a person waits.
CONFIG = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    connect_timeout=3,
    read_timeout=10,
    retries={"total_max_attempts": 2, "mode": "standard"},
    # Not every store knows the newer checksums.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
_NOT_THERE = frozenset({"404", "NoSuchKey"})
_NO_ROOM = frozenset({"507", "InsufficientStorage", "QuotaExceeded", "XMinioStorageFull"})


class Bucket(S3Storage):  # type: ignore[misc]
    """Files that only the site reads: there is no public address. What is there is never replaced.

    Raises OSError as a folder would: ENOSPC when the store is full, StorageAwayError when it is away.
    """

    def get_default_settings(self) -> dict[str, Any]:
        return {
            **super().get_default_settings(),
            "client_config": CONFIG,
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
        }

    def exists(self, name: str) -> bool:
        with _as_a_folder():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with _as_a_folder():
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _as_a_folder():
            folders, files = super().listdir(name)
            return folders, files

    def _save(self, name: str, content: Any) -> str:
        with _as_a_folder():
            return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> Any:
        """The whole file, by one request; files here are small. Written is only by `save`."""
        key = self._normalize_name(clean_name(name))
        with _as_a_folder():
            return ContentFile(self.bucket.Object(key).get()["Body"].read(), name=name)


@contextmanager
def _as_a_folder() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code")
        if code in _NOT_THERE:
            raise FileNotFoundError(errno.ENOENT, "There is no such file in the bucket.") from error
        if code in _NO_ROOM:
            raise OSError(errno.ENOSPC, "The bucket is full.") from error
        raise StorageAwayError(f"The bucket refuses: {code}.") from error
    except (BotoCoreError, Boto3Error) as error:
        raise StorageAwayError("The bucket is away.") from error
