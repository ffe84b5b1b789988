"""Jobs of the community. Each makes one domain call and may run twice without harm."""

from celery import shared_task

from community import recount


@shared_task(name="community.tasks.recount")
def recount_counters() -> int:
    """Nightly: votes and comments counted anew; differences are reported."""
    return recount.report()
