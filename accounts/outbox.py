"""Mail that waits to be sent: written with the fact it tells, sent by the worker.

A request never talks to a mail server or to the broker. With the broker gone mails wait here and leave
when it is back.
"""

import datetime as dt
import logging

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
PLACEHOLDER_DOMAIN = ".invalid"


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
    """Send what is due at `now` (UTC), each mail in a transaction of its own; how many left.

    Several workers may run this at once: a row is locked while it is sent, and locked rows are passed over.
    """
    sent = 0
    for _ in range(at_most):
        with acting_as_service():
            row = (
                OutboxMessage.objects.select_for_update(skip_locked=True)
                .filter(sent_at__isnull=True, gave_up_at__isnull=True, due_at__lte=now)
                .order_by("due_at", "pk")
                .first()
            )
            if row is None:
                break
            sent += _send(row, now)
    return sent


def forget_sent(*, now: dt.datetime) -> int:
    """Delete rows of mails that left more than 30 days before `now`."""
    deleted, _ = OutboxMessage.objects.filter(sent_at__lt=now - FORGET_AFTER).delete()
    return deleted


def try_again(messages: QuerySet[OutboxMessage]) -> int:
    """Make those of the messages due that did not leave, also given-up ones; how many."""
    waiting = messages.filter(sent_at__isnull=True)
    return waiting.update(due_at=timezone.now(), attempts=0, gave_up_at=None)


def _send(row: OutboxMessage, now: dt.datetime) -> int:
    row.attempts += 1
    try:
        _message(row).send()
    except Exception as error:
        row.last_error = f"{type(error).__name__}: {error}"[:500]
        if row.attempts > len(RETRY_AFTER):
            row.gave_up_at = now
            logger.exception("Mail %s is given up after %s tries", row.pk, row.attempts)
        else:
            row.due_at = now + RETRY_AFTER[row.attempts - 1]
        row.save(update_fields=["attempts", "last_error", "due_at", "gave_up_at"])
        return 0
    # The payload may hold a code or a link that opens an account: it goes once it was sent.
    row.sent_at, row.payload, row.last_error = timezone.now(), None, ""
    row.save(update_fields=["attempts", "sent_at", "payload", "last_error"])
    return 1


def _message(row: OutboxMessage) -> EmailMultiAlternatives:
    payload = row.payload or {}
    message = EmailMultiAlternatives(
        payload["subject"],
        payload["body"],
        payload["from"],
        [row.recipient],
        headers=payload["headers"],
        connection=get_connection(),
    )
    if payload["html"]:
        message.attach_alternative(payload["html"], "text/html")
    return message
