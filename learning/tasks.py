"""Jobs of learning. Each makes one domain call and may run twice without harm."""

from celery import shared_task
from django.utils import timezone

from learning import item_statistics
from learning.workshop import regrading


@shared_task(name="learning.tasks.compute_statistics")
def compute_statistics() -> int:
    """Nightly: what the answers of many say about each question."""
    return item_statistics.compute(at=timezone.now())


@shared_task(name="learning.tasks.regrade", acts_in_steps=True)  # type: ignore[call-overload, untyped-decorator]
def regrade() -> int:
    """Every few seconds: past results that staff ordered to be graded again, each learner in a step."""
    return regrading.work(at=timezone.now())
