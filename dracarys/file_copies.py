"""Uploaded files to a folder and back, whatever storage they lie in: a backup's half beside the database.

A file never changes under its name, so what is there already is not copied again, and a copy that is made
after the database's holds every file that a row of it names.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.core.files import File
from django.core.files.storage import Storage, default_storage

PARTIAL = ".partial"


def save(folder: Path) -> int:
    """Copy every uploaded file that the folder lacks into it; how many. Raises OSError."""
    copied = 0
    for name in names(default_storage):
        target = folder / name
        if not target.exists():
            _fetch(name, target)
            copied += 1
    return copied


def load(folder: Path) -> int:
    """Put every file of the folder that the storage lacks into the storage; how many. Raises OSError."""
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is no folder.")
    put = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path.suffix != PARTIAL and not default_storage.exists(name):
            with path.open("rb") as file:
                default_storage.save(name, File(file))
            put += 1
    return put


def names(storage: Storage, folder: str = "") -> Iterator[str]:
    """Every file of a storage, folder by folder, in order of names; files on their way are left out."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever uploaded
    for name in sorted(files):
        if not name.endswith(PARTIAL):
            yield str(PurePosixPath(folder, name))
    for name in sorted(folders):
        yield from names(storage, str(PurePosixPath(folder, name)))


def _fetch(name: str, target: Path) -> None:
    """Whole or not at all: a copy that was cut short is made again."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + PARTIAL)
    try:
        with default_storage.open(name) as source, partial.open("wb") as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
