"""Jobs of accounts. Each makes one domain call and may run twice without harm."""

from celery import shared_task
from django.utils import timezone

from accounts import outbox


@shared_task(name="accounts.tasks.drain_outbox", acts_in_steps=True)  # type: ignore[call-overload, untyped-decorator]
def drain_outbox() -> int:
    """Send waiting mail; a transaction per mail, so that one slow server holds no lock on the rest."""
    return outbox.send_due(now=timezone.now())


@shared_task(name="accounts.tasks.forget_sent_mail")
def forget_sent_mail() -> int:
    """Nightly: drop what was sent a month ago."""
    return outbox.forget_sent(now=timezone.now())
