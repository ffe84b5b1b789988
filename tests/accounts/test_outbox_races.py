"""Several workers at one outbox."""

import threading

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from pytest_django import Settings

from accounts import outbox
from accounts.models import OutboxMessage
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True)
MAILS, WORKERS = 20, 4
_sent: list[str] = []
_lock = threading.Lock()


class CountingBackend(BaseEmailBackend):
    """Notes every mail that leaves, from any thread."""

    def send_messages(self, messages: list[EmailMessage]) -> int:  # type: ignore[override]
        with _lock:
            _sent.extend(message.to[0] for message in messages)
        return len(messages)


@pytest.fixture
def waiting(settings: Settings) -> list[str]:
    """The addresses of mails that wait, in a fresh outbox."""
    settings.EMAIL_BACKEND = f"{__name__}.CountingBackend"
    _sent.clear()
    addresses = [f"p{n}@example.org" for n in range(MAILS)]
    outbox.queue_mail(EmailMessage("Subject", "Body", to=addresses), kind="test")
    return addresses


def drain() -> int:
    return outbox.send_due(now=timezone.now())


@pytest.mark.parametrize("round_", range(5))
def test_workers_at_once_send_every_mail_exactly_once(waiting: list[str], round_: int) -> None:
    outcome = race(*[drain] * WORKERS)
    assert outcome.errors == []
    assert sum(outcome.results) == MAILS
    assert sorted(_sent) == sorted(waiting)


def test_without_the_lock_they_would_not(waiting: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: every worker reads the outbox before any of them writes to it."""
    monkeypatch.setattr(
        "django.db.models.query.QuerySet.select_for_update", lambda self, **options: self.all()
    )
    together = threading.Barrier(WORKERS)
    send = outbox._send

    def slowly(row: OutboxMessage, now: object) -> int:
        together.wait(timeout=30)
        return send(row, now)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "_send", slowly)
    outcome = race(*[lambda: outbox.send_due(now=timezone.now(), at_most=1)] * WORKERS)
    assert outcome.errors == []
    assert len(_sent) > len(set(_sent))
