"""What waits in the outbox, read as the person would who gets it."""

import re

from accounts.models import OutboxMessage


def mail_to(address: str) -> OutboxMessage:
    """The one mail that waits for this address; there must be exactly one."""
    return OutboxMessage.objects.get(recipient=address, sent_at__isnull=True)


def kinds_to(address: str) -> list[str]:
    """The kinds of mail ever queued for this address, oldest first."""
    rows = OutboxMessage.objects.filter(recipient=address).order_by("created_at")
    return list(rows.values_list("kind", flat=True))


def text_of(mail: OutboxMessage) -> str:
    assert mail.payload
    return str(mail.payload["body"])


def code_in(text: str) -> str:
    """The code stands on a line of its own, indented."""
    found = re.search(r"^ {4}(\S+)$", text, re.MULTILINE)
    assert found, text
    return found[1]


def path_in(text: str) -> str:
    """The path of the first link."""
    found = re.search(r"https?://[^/\s]+(/\S+)", text)
    assert found, text
    return found[1]
