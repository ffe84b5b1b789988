"""Jobs of learning. Each makes one domain call and may run twice without harm."""

from celery import shared_task
from django.utils import timezone

from learning import item_statistics


@shared_task(name="learning.tasks.compute_statistics")
def compute_statistics() -> int:
    """Nightly: what the answers of many say about each question."""
    return item_statistics.compute(at=timezone.now())
