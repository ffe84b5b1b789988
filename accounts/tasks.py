"""Jobs of accounts. Each makes one domain call and may run twice without harm."""

from celery import shared_task
from django.utils import timezone

from accounts import outbox


@shared_task(  # type: ignore[call-overload, untyped-decorator]
    name="accounts.tasks.drain_outbox", acts_in_steps=True, soft_time_limit=50, time_limit=60
)
def drain_outbox() -> int:
    """Send waiting mail; no transaction is open while a mail server is talked to."""
    return outbox.send_due(now=timezone.now())


@shared_task(name="accounts.tasks.forget_sent_mail")
def forget_sent_mail() -> int:
    """Nightly: drop what was sent a month ago."""
    return outbox.forget_sent(now=timezone.now())
