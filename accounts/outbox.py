"""Mail that waits to be sent: written with the fact it tells, sent by the worker.

A request never talks to a mail server or to the broker. With the broker gone mails wait here and leave
when it is back.
"""

import datetime as dt
import logging
import time
from dataclasses import dataclass
from email.utils import parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.message import EmailMessage
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import OutboxMessage
from dracarys.db.acting import acting_as_service

logger = logging.getLogger("dracarys.outbox")
# Waits between tries; after the last one the mail is kept for staff to see and not tried again.
RETRY_AFTER = tuple(dt.timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 720))
FORGET_AFTER = dt.timedelta(days=30)
# So long nobody else takes a mail that is being sent: longer than the task may run (`accounts.tasks`).
LEASE = dt.timedelta(minutes=2)
RUN_SECONDS = 30.0
BEING_SENT = "It is being sent, or the worker ended while it was."
PLACEHOLDER_DOMAIN = ".invalid"


class Abandoned(Exception):
    """Every worker that tried to send it ended before it could say how that went."""


def queue_mail(message: EmailMessage, *, kind: str) -> None:
    """Put a mail into the outbox, in the caller's transaction; guests' placeholder addresses get none."""
    html = next((body for body, kind_ in getattr(message, "alternatives", []) if kind_ == "text/html"), None)
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            kind=kind,
            recipient=recipient,
            payload={
                "subject": message.subject,
                "body": message.body,
                "html": html,
                "from": message.from_email,
                "headers": message.extra_headers,
            },
        )
        for recipient in message.to
        if not recipient.lower().endswith(PLACEHOLDER_DOMAIN)
    )


def send_due(*, now: dt.datetime, at_most: int = 100) -> int:
    """Send what is due at `now` (UTC); how many left. Several workers may run this at once.

    A mail is claimed in a short transaction and sent outside of any: a mail server may let us wait longer
    than the database does. A server that does not answer ends the run: the rest would only wait as well.
    """
    sent, end = 0, time.monotonic() + RUN_SECONDS
    for _ in range(at_most):
        if time.monotonic() > end or (claim := _claim(now)) is None:
            break
        error = claim.error or _send(claim.message)
        _write_down(claim.row, error, now)
        sent += error is None
        if _concerns_every_mail(error):
            break
    return sent


def forget_sent(*, now: dt.datetime) -> int:
    """Delete rows of mails that left more than 30 days before `now`."""
    deleted, _ = OutboxMessage.objects.filter(sent_at__lt=now - FORGET_AFTER).delete()
    return deleted


def try_again(messages: QuerySet[OutboxMessage]) -> int:
    """Make those of the messages due that did not leave, also given-up ones; how many."""
    waiting = messages.filter(sent_at__isnull=True)
    return waiting.update(due_at=timezone.now(), attempts=0, gave_up_at=None)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A mail that is ours to send, or what is wrong with it."""

    row: OutboxMessage
    message: EmailMultiAlternatives
    error: Exception | None = None


def _claim(now: dt.datetime) -> _Claim | None:
    """Take the next mail. Until it is known to have left it counts as a try that failed.

    A mail of which workers die is so given up in the end, like any other that does not leave.
    """
    with acting_as_service():
        row = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(sent_at__isnull=True, gave_up_at__isnull=True, due_at__lte=now)
            .order_by("due_at", "pk")
            .first()
        )
        if row is None:
            return None
        claim = _prepared(row)
        row.attempts, row.due_at, row.last_error = row.attempts + 1, now + LEASE, BEING_SENT
        row.save(update_fields=["attempts", "due_at", "last_error"])
        return claim


def _prepared(row: OutboxMessage) -> _Claim:
    try:
        message = _message(row)
    except Exception as error:
        return _Claim(row, EmailMultiAlternatives(), error)
    return _Claim(row, message, Abandoned() if row.attempts > len(RETRY_AFTER) else None)


def _send(message: EmailMultiAlternatives) -> Exception | None:
    try:
        message.send()
    except Exception as error:
        return error
    return None


def _concerns_every_mail(error: Exception | None) -> bool:
    """Whether it is the mail server that failed, or our time that is over, and not just this one mail."""
    if isinstance(error, SMTPRecipientsRefused | SMTPSenderRefused | SMTPDataError):
        return False
    return isinstance(error, OSError | SoftTimeLimitExceeded)


def _write_down(row: OutboxMessage, error: Exception | None, now: dt.datetime) -> None:
    if error is None:
        # The payload may hold a code or a link that opens an account: it goes once it was sent.
        row.sent_at, row.payload, row.last_error = timezone.now(), None, ""
    else:
        row.last_error = f"{type(error).__name__}: {error}"[:500]
        if row.attempts > len(RETRY_AFTER):
            row.gave_up_at = now
            logger.error("Mail %s is given up after %s tries: %s", row.pk, row.attempts, row.last_error)
        else:
            row.due_at = now + RETRY_AFTER[row.attempts - 1]
    with acting_as_service():
        row.save(update_fields=["sent_at", "payload", "last_error", "gave_up_at", "due_at"])


def _message(row: OutboxMessage) -> EmailMultiAlternatives:
    payload = row.payload or {}
    # The same name at every try: when nobody knows whether one left, the reader's server knows the second.
    name = f"<{row.pk}@{parseaddr(payload['from'])[1].rpartition('@')[2]}>"
    message = EmailMultiAlternatives(
        payload["subject"],
        payload["body"],
        payload["from"],
        [row.recipient],
        headers={"Message-ID": name, **payload["headers"]},
        connection=get_connection(),
    )
    if payload["html"]:
        message.attach_alternative(payload["html"], "text/html")
    return message
