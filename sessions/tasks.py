"""Jobs of live sessions. Each makes one domain call and may run twice without harm."""

from celery import shared_task

from sessions import recount


@shared_task(name="sessions.tasks.recount")
def recount_seats() -> int:
    """Nightly: seats counted anew; differences are reported."""
    return recount.report()
