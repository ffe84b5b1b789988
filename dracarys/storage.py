"""Where uploaded files are kept, on their way and for good."""

import contextlib
import os
import uuid
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadhandler import TemporaryFileUploadHandler

_SCHEMES = {"s3": "https", "s3+http": "http"}
_OPTIONS = {"region": "region_name"}


def storages(url: str, *, hashed: bool) -> dict[str, dict[str, Any]]:
    """Django's STORAGES: uploads in the folder MEDIA_ROOT, or in the bucket that `url` names; static files.

    `s3://key:secret@host/bucket/prefix?region=eu-central-1` is any store that speaks S3; `s3+http` is without
    TLS. Without a key boto3 looks for one itself, as in a role of the machine. Raises ImproperlyConfigured.
    """
    whitenoise = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    return {
        "default": _bucket(url) if url else {"BACKEND": "dracarys.storage.WholeFiles"},
        "staticfiles": {"BACKEND": whitenoise if hashed else plain},
    }


def _bucket(url: str) -> dict[str, Any]:
    try:
        parts = urlsplit(url)
        scheme, host, port = _SCHEMES[parts.scheme], parts.hostname, parts.port
        bucket, _, prefix = parts.path.strip("/").partition("/")
        asked = {
            _OPTIONS[name]: value for name, value in parse_qsl(parts.query, strict_parsing=bool(parts.query))
        }
    except (KeyError, ValueError):
        host = bucket = ""
    if not host or not bucket:
        # Without the address: it may hold a secret.
        raise ImproperlyConfigured("STORAGE_URL reads s3://key:secret@host/bucket/prefix?region=…")
    place = f"[{host}]" if ":" in host else host
    options = {
        "endpoint_url": f"{scheme}://{place}" + (f":{port}" if port else ""),
        "bucket_name": bucket,
        "location": prefix,
        **asked,
    }
    if parts.username:
        options |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password or "")}
    return {"BACKEND": "dracarys.bucket.Bucket", "OPTIONS": options}


class StorageAwayError(OSError):
    """The store does not answer, or not as it should: it passes by itself."""


class OnTheWay(TemporaryFileUploadHandler):
    """A file too big for memory. One for which there is no room goes at once, not when memory is tidied."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        try:
            return super().receive_data_chunk(raw_data, start)
        except OSError:
            # Closing writes what is left, for which there is no room either.
            with contextlib.suppress(OSError):
                self.file.close()
            raise


class WholeFiles(FileSystemStorage):
    """A folder in which a file is there whole or not at all, also when the disk fills up while it is written.

    The row that names a file is written after the file, so that a row never names what is not there.
    """

    def _save(self, name: str, content: Any) -> str:
        partial = str(PurePath(name).with_name(f"{uuid.uuid4().hex}.partial"))
        try:
            super()._save(partial, content)  # type: ignore[misc]
            return self._publish(partial, name)
        finally:
            self.delete(partial)

    def _publish(self, partial: str, name: str) -> str:
        while True:
            try:
                # Unlike a rename it never replaces a file that came in between.
                os.link(self.path(partial), self.path(name))
                return name
            except FileExistsError:
                name = self.get_available_name(name)
