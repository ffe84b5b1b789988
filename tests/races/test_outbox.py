"""Several workers at one outbox."""

import threading
import uuid

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from pytest_django import Settings

from accounts import outbox
from accounts.models import OutboxMessage
from tests.amounts import THREADS
from tests.races.crew import Crew
from tests.races.guards import meet, without_row_locks

_sent: list[str] = []
_lock = threading.Lock()


class CountingBackend(BaseEmailBackend):
    """Notes every mail that leaves, from any thread."""

    def send_messages(self, messages: list[EmailMessage]) -> int:  # type: ignore[override]
        with _lock:
            _sent.extend(message.to[0] for message in messages)
        return len(messages)


@pytest.fixture(autouse=True)
def _noted(settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.CountingBackend"


def drain() -> int:
    return outbox.send_due(now=timezone.now())


def send(crew: Crew, mails: int) -> None:
    """Workers at once send every mail exactly once."""
    addresses = sorted(f"{uuid.uuid4().hex}@example.org" for _ in range(mails))
    outbox.queue_mail(EmailMessage("Subject", "Body", to=addresses), kind="test")
    _sent.clear()
    outcome = crew.race(*[drain] * THREADS)
    assert outcome.errors == []
    assert sum(outcome.results) == len(addresses)
    assert sorted(_sent) == addresses


def test_workers_at_once_send_every_mail_exactly_once(crew: Crew) -> None:
    crew.holds(send, 2 * THREADS)


def test_without_the_lock_every_worker_sends_it(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    without_row_locks(monkeypatch, OutboxMessage)
    meet(monkeypatch, outbox, "_message")
    crew.breaks(send, 1)
