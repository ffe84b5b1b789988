"""Jobs of gamification. Each makes one domain call and may run twice without harm."""

from celery import shared_task
from django.utils import timezone

from gamification import audit, leaderboards, streaks


@shared_task(name="gamification.tasks.refresh_steps")
def refresh_steps() -> int:
    """Every half minute: ranks of the open periods."""
    return leaderboards.refresh_steps(at=timezone.now())


@shared_task(name="gamification.tasks.close_periods")
def close_periods() -> int:
    """After midnight UTC: ranks of periods that ended are written down for good."""
    return leaderboards.close_periods(at=timezone.now())


@shared_task(name="gamification.tasks.end_streaks")
def end_streaks() -> int:
    """Hourly: somewhere a day has ended."""
    return streaks.end_missed(at=timezone.now())


@shared_task(name="gamification.tasks.audit_scores")
def audit_scores() -> int:
    """Nightly: the ledger against everything derived from it."""
    return audit.report()
