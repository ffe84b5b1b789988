"""Where uploaded files are kept, on their way and for good."""

import contextlib
import os
import uuid
from pathlib import PurePath
from typing import Any

from django.core.files.storage import FileSystemStorage
from django.core.files.uploadhandler import TemporaryFileUploadHandler


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
