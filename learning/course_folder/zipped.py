"""A course folder as a zip: downloaded, and uploaded, looked at and then taken over."""

import hashlib
import io
import lzma
import re
import stat
import struct
import tempfile
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from learning.course_folder.comparing import Difference, report
from learning.course_folder.loading import Loaded, load, rehearse
from learning.course_folder.problems import CourseError
from learning.course_folder.writing import files

LARGEST_ZIP = 5 * 1024 * 1024
LARGEST_FOLDER = 60_000_000  # bytes, unpacked
MOST_FILES = 6_000
MOST_GATES = 100  # that are rendered while somebody waits for a page
# The files of a course; whatever else lies in the zip is passed over.
_NAME = re.compile(
    r"(?:course|topics|glossary|figures)\.yaml|level-\d{1,4}/gate-\d{1,4}\.yaml|(?:[a-z0-9-]+/)?[a-z0-9-]+\.csv"
    r"|assets/[a-z0-9-]+\.(?:webp|png|jpe?g)"
)
_TOP = re.compile(r"((?:[^/]+/)?)course\.yaml")
# All that Python's reader raises over a zip that is none, is cut off, encrypted or lies about itself.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError,
    OverflowError, RuntimeError, UnicodeError,
)  # fmt: skip
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # of the zip format: the same course gives the same bytes


@dataclass(frozen=True, slots=True)
class Proposal:
    """What taking over an upload would change. `fingerprint` is of the zip and of all that is told."""

    differences: tuple[Difference, ...]
    unchanged: int
    fingerprint: str


class Outdated(ValueError):
    """The course or the upload is no longer what was looked at; `proposal` is what it would be now."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__("The course has changed in the meantime.")
        self.proposal = proposal


def packed() -> bytes:
    """The course of the database as a zip. Raises CourseError."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files().items()):
            archive.writestr(zipfile.ZipInfo(name, _BEGINNING), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def propose(data: bytes, *, by: uuid.UUID) -> Proposal:
    """Keep an upload for its staff member, in place of their last one, and tell what it would change.

    Nothing else is changed. Raises CourseError.
    """
    with unpacked(data) as folder:
        proposal = _proposal(data, rehearse(folder))
    _forget(by)
    default_storage.save(_kept(by), ContentFile(data))
    return proposal


def accept(fingerprint: str, *, by: uuid.UUID) -> Loaded:
    """Take over the upload that was looked at. Acts as the service. Raises CourseError, Outdated."""
    try:
        with default_storage.open(_kept(by)) as file:
            data = file.read()
    except FileNotFoundError as error:
        raise CourseError(["There is no upload of yours. Send the zip again."]) from error

    def approve(loaded: Loaded) -> None:
        proposal = _proposal(data, loaded)
        if proposal.fingerprint != fingerprint:
            raise Outdated(proposal)

    with unpacked(data) as folder:
        loaded = load(folder, by=by, approve=approve)
    transaction.on_commit(lambda: _forget(by))
    return loaded


def _proposal(data: bytes, loaded: Loaded) -> Proposal:
    changed = [one for one in loaded.differences if one.changes]
    if sum(one.part == "gates" for one in changed) > MOST_GATES:
        raise CourseError(
            [f"More than {MOST_GATES} gates are new or changed: that takes too long here. Use load_course."]
        )
    lines = tuple(report(loaded.differences))
    fingerprint = hashlib.sha256("\n".join([hashlib.sha256(data).hexdigest(), *lines]).encode())
    told = tuple(one for one in loaded.differences if one.state != "unchanged")
    return Proposal(told, len(loaded.differences) - len(told), fingerprint.hexdigest())


def _kept(by: uuid.UUID) -> str:
    return f"course-uploads/{by}.zip"


def _forget(by: uuid.UUID) -> None:
    default_storage.delete(_kept(by))


# --- Unpacking -------------------------------------------------------------------------------------------


@contextmanager
def unpacked(data: bytes) -> Iterator[Path]:
    """The folder of a zip, gone after the block. Sentences inside it name files without the folder.

    Raises CourseError for what is no zip, leads out of the folder or unfolds into far more.
    """
    with tempfile.TemporaryDirectory(prefix="course-") as made:
        folder = Path(made)
        try:
            _unpack(data, folder)
        except _BROKEN as error:
            raise CourseError([f"The zip cannot be read: {error}"]) from error
        try:
            yield folder
        except CourseError as error:
            told = [one.replace(f"{made}/", "").replace(made, "zip") for one in error.sentences]
            raise CourseError(told) from error


def _unpack(data: bytes, folder: Path) -> None:
    if len(data) > LARGEST_ZIP:
        raise CourseError([f"The zip is larger than {LARGEST_ZIP // 1024**2} MB."])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if len(members) > MOST_FILES:
            raise CourseError([f"The zip has more than {MOST_FILES:,} files."])
        top, left = _top(members), LARGEST_FOLDER
        for member in members:
            _refuse(member)
            name = member.filename.removeprefix(top)
            if not member.filename.startswith(top) or not _NAME.fullmatch(name):
                continue
            with archive.open(member) as file:
                # What a zip says of its sizes is not believed.
                text = file.read(left + 1)
            left -= len(text)
            if left < 0:
                raise CourseError([f"The zip unfolds into more than {LARGEST_FOLDER // 1_000_000} MB."])
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(text)


def _top(members: list[zipfile.ZipInfo]) -> str:
    """The folder that everything lies in, for those who zipped the folder and not its files."""
    tops = [found[1] for one in members if (found := _TOP.fullmatch(one.filename))]
    if not tops:
        raise CourseError(["There is no course.yaml in the zip, neither at its top nor in its one folder."])
    return min(tops, key=len)


def _refuse(member: zipfile.ZipInfo) -> None:
    name = member.filename
    if name.startswith("/") or ".." in name.split("/") or "\\" in name or ":" in name:
        raise CourseError([f"{name[:100]}: it leads out of the folder"])
    if stat.S_ISLNK(member.external_attr >> 16):
        raise CourseError([f"{name[:100]}: it is a link"])
