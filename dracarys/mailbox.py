"""The mail of the zero-setup run: a folder of files instead of a mail server."""

import contextlib
import datetime as dt
import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.core.mail.backends import filebased

_LINK = re.compile(r"https?://[^\s<>\"]+")
# No longer than the name of a file may be: the system refuses to look for a longer one.
_NAME = re.compile(r"[A-Za-z0-9._-]{1,200}\.log")
SHOWN = 50


class NoSuchMail(LookupError):
    """There is no mail of this name."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail; `sent_at` is UTC."""

    name: str
    subject: str
    to: str
    sender: str
    sent_at: dt.datetime
    body: str
    links: tuple[str, ...]


class FolderBackend(filebased.EmailBackend):
    """Django's own, but a mail for which there is no room leaves nothing behind."""

    def send_messages(self, email_messages: Any) -> int:
        try:
            return super().send_messages(email_messages)
        except OSError:
            with contextlib.suppress(OSError):
                self.close()
            Path(self._get_filename()).unlink(missing_ok=True)  # type: ignore[attr-defined]
            raise


def inbox(folder: Path) -> list[Mail]:
    """The latest mails, newest first."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [_read(path) for path in files[:SHOWN]]


def read(folder: Path, name: str) -> Mail:
    """One mail by its file's name. Raises NoSuchMail, also for a name that would lead out of the folder."""
    path = folder / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NoSuchMail(name)
    return _read(path)


def _read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    # Django's file backend ends every message with a line of dashes.
    text = re.sub(r"\n-{70,}\s*$", "\n", body.get_content() if body else "")
    return Mail(
        name=path.name,
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        sender=str(message["From"] or ""),
        sent_at=dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC),
        body=text,
        links=tuple(_LINK.findall(text)),
    )
