"""Jobs: the schedule names real tasks, each may run twice, and each acts as the service."""

from collections.abc import Callable
from typing import Any

import pytest
from celery import Task
from django.db import connection
from django.utils import timezone

from accounts import outbox
from accounts.models import User
from dracarys.celery import app
from dracarys.schedule import SCHEDULE
from gamification import audit, leaderboards, streaks
from gamification.models import LeaderboardStep
from learning.models import Lesson
from tests.factories.learning import take

pytestmark = pytest.mark.django_db
app.loader.import_default_modules()
OURS = sorted(name for name in app.tasks if not name.startswith("celery."))
SCHEDULED = sorted({str(entry["task"]) for entry in SCHEDULE.values()})


def test_everything_scheduled_is_a_registered_task_and_every_task_is_scheduled() -> None:
    assert SCHEDULED == OURS
    assert len(OURS) == len(SCHEDULE)


@pytest.mark.parametrize("name", SCHEDULED)
def test_a_task_that_waited_too_long_is_dropped_instead_of_piling_up(name: str) -> None:
    entry: dict[str, Any] = next(e for e in SCHEDULE.values() if e["task"] == name)
    assert entry["options"]["expires"] > 0


@pytest.mark.parametrize("name", SCHEDULED)
def test_a_task_is_given_again_to_another_worker_when_its_own_died(name: str) -> None:
    task: Task[Any, Any] = app.tasks[name]
    assert (task.acks_late, task.reject_on_worker_lost, task.ignore_result) == (True, True, True)


@pytest.mark.parametrize("name", SCHEDULED)
def test_a_task_may_run_twice_without_harm(name: str, ash: User, gate: Lesson) -> None:
    take(ash, gate, at=timezone.now())
    task: Callable[[], int] = app.tasks[name]
    task()
    steps = list(LeaderboardStep.objects.order_by("pk").values())
    second = task()
    assert list(LeaderboardStep.objects.order_by("pk").values()) == steps
    again = {"gamification.tasks.refresh_steps": len(steps), "learning.tasks.compute_statistics": 5}
    assert second == again.get(name, 0)
    assert audit.differences() == []


DOMAIN_CALLS = {
    "gamification.tasks.refresh_steps": (leaderboards, "refresh_steps"),
    "gamification.tasks.close_periods": (leaderboards, "close_periods"),
    "gamification.tasks.end_streaks": (streaks, "end_missed"),
    "gamification.tasks.audit_scores": (audit, "report"),
    "accounts.tasks.forget_sent_mail": (outbox, "forget_sent"),
}


@pytest.mark.parametrize("name", DOMAIN_CALLS)
def test_a_task_acts_as_the_service_and_lets_go_of_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def role(**_: object) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_setting('app.user_id', true)")
            return "/".join(cursor.fetchone())

    before = role()
    monkeypatch.setattr(*DOMAIN_CALLS[name], role)
    assert app.tasks[name]() == "service_role/"
    assert role() == before
    assert not before.startswith("service_role")
