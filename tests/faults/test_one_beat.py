"""However many beats are started, one ticks."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery
from django.db import connection

from dracarys.beat import RETRY_SECONDS, LockedScheduler

pytestmark = pytest.mark.django_db
Make = Callable[[], LockedScheduler]


@pytest.fixture
def app() -> Celery:
    """An application with one task that is always due, and a queue of its own in memory."""
    app = Celery("beat-test", broker="memory://", set_as_current=False)
    app.conf.task_default_queue = f"beat-{uuid.uuid4().hex}"
    app.conf.beat_schedule = {"due": {"task": "anything", "schedule": dt.timedelta(0)}}
    return app


@pytest.fixture
def make(app: Celery, tmp_path: Path) -> Iterator[Make]:
    made: list[LockedScheduler] = []

    def scheduler() -> LockedScheduler:
        made.append(LockedScheduler(app=app, schedule_filename=str(tmp_path / f"beat-{len(made)}")))
        return made[-1]

    yield scheduler
    for one in made:
        one.close()


def sent(app: Celery) -> int:
    """How many tasks were sent since one asked last."""
    with app.connection_for_read() as broker, broker.SimpleQueue(app.conf.task_default_queue) as queue:
        count = queue.qsize()
        queue.clear()
        return int(count)


def ticks(scheduler: LockedScheduler, app: Celery) -> bool:
    """Whether it sends what is due; one that does not says when to ask again."""
    pause = scheduler.tick()
    tasks = sent(app)
    assert tasks == (0 if pause == RETRY_SECONDS else 1)
    return tasks == 1


def test_only_the_first_ticks(make: Make, app: Celery) -> None:
    first, second = make(), make()
    for _ in range(3):
        assert ticks(first, app)
        assert not ticks(second, app)


def test_the_second_takes_over_when_the_first_has_gone(make: Make, app: Celery) -> None:
    first, second = make(), make()
    assert ticks(first, app)
    assert not ticks(second, app)
    first.close()
    assert ticks(second, app)


def test_one_that_lost_its_connection_stops_and_lines_up_again(make: Make, app: Celery) -> None:
    first, second = make(), make()
    assert ticks(first, app)
    assert first._holder
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first._holder.info.backend_pid])
    assert not ticks(first, app)
    assert ticks(second, app)
    assert not ticks(first, app)


def test_without_a_database_it_waits_and_does_not_die(
    make: Make, app: Celery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    scheduler = make()
    assert not ticks(scheduler, app)
    monkeypatch.undo()
    assert ticks(scheduler, app)
