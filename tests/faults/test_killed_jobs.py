"""Jobs that are killed in the middle, raise, or never end: done once, and nobody else has to wait."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
import pytest
from celery import Celery

from dracarys.celery import ServiceTask, app
from dracarys.servers.family import Process
from tests.amounts import amount
from tests.faults.site import Site
from tests.figures import note
from tests.servers.runs import descendants, eventually


@dataclass(frozen=True, slots=True)
class Job:
    """What a job finds, what it writes late, and how one sees that it is done."""

    due: str
    late: str
    state: str
    undone: str


STREAKS = "gamification.tasks.end_streaks"
JOBS = {
    "gamification.tasks.refresh_steps": Job(
        due="UPDATE leaderboard_steps SET n = n + 1",
        late="SELECT FROM leaderboard_steps WHERE period = 'all_time' FOR UPDATE",
        state="SELECT period, period_start_date, xp, n, above FROM leaderboard_steps ORDER BY 1, 2, 3",
        undone="SELECT FROM leaderboard_steps s WHERE n <> (SELECT count(*) FROM leaderboard l"
        " WHERE (l.period, l.period_start_date, l.xp_points) = (s.period, s.period_start_date, s.xp))",
    ),
    "gamification.tasks.close_periods": Job(
        due="UPDATE leaderboard SET rank = NULL, percentile = NULL WHERE period_end_date < current_date",
        late="SELECT FROM leaderboard WHERE period_end_date < current_date"
        " ORDER BY period DESC, period_start_date DESC LIMIT 1 FOR UPDATE",
        state="SELECT id, rank, percentile FROM leaderboard ORDER BY id",
        undone="SELECT FROM leaderboard WHERE rank IS NULL AND period_end_date < current_date",
    ),
    STREAKS: Job(
        due="UPDATE user_streaks SET current_streak = 1, last_activity_date = current_date - 9",
        late="SELECT FROM user_streaks ORDER BY ctid DESC LIMIT 1 FOR UPDATE",
        state="SELECT id, current_streak FROM user_streaks ORDER BY id",
        undone="SELECT FROM user_streaks WHERE current_streak > 0",
    ),
}
ROUNDS = amount(1, 34)


@pytest.fixture(scope="module")
def queue(site: Site) -> Iterator[Celery]:
    """The queue, without what workers that were killed in other tests had taken."""
    app = Celery("tests", broker=site.servers.redis_url, set_as_current=False)
    with app.connection_for_write() as connection:
        valkey: Any = connection.default_channel
        valkey.client.delete("celery", "unacked", "unacked_index")
    yield app
    app.close()


@pytest.fixture(scope="module")
def worker(site: Site, queue: Celery) -> Iterator[Process]:
    """A worker that was given poison first."""
    queue.send_task("poison.raises")
    queue.send_task("poison.never_ends", soft_time_limit=1, time_limit=2)
    queue.send_task("poison.kills", [str(site.folder / "diary")])
    with site.celery("worker", "-c 6 -I tests.faults.poison") as process:
        yield process


@contextmanager
def held(site: Site, rows: str) -> Iterator[None]:
    """Nobody else gets hold of these rows."""
    with psycopg.connect(site.servers.database_url) as connection:
        connection.execute(rows.encode())
        yield
        connection.rollback()


def test_jobs_killed_in_the_middle_have_written_nothing_and_are_done_by_the_next(
    site: Site, worker: Process, queue: Celery
) -> None:
    for round_ in range(ROUNDS):
        for job in JOBS.values():
            site.change(job.due)
        before = [site.rows(job.state) for job in JOBS.values()]
        with ExitStack() as locks:
            for job in JOBS.values():
                locks.enter_context(held(site, job.late))
            # Two of them take turns in a lock of their own: each round another one is in the middle.
            for name in sorted(JOBS, reverse=bool(round_ % 2)):
                queue.send_task(name)
            site.waits_for_a_lock(len(JOBS))
            for child in descendants(worker.pid):
                os.kill(child, signal.SIGKILL)
            assert [site.rows(job.state) for job in JOBS.values()] == before
        for job in JOBS.values():
            assert eventually(partial(is_done, site, job)), site.log("worker")
    note("faults: jobs killed in the middle", ROUNDS * len(JOBS))
    note("faults: jobs lost, half done or done twice", 0, limit="0")


def is_done(site: Site, job: Job) -> bool:
    return not site.rows(job.undone)


def test_poison_is_given_up_and_nobody_else_had_to_wait(site: Site, worker: Process, queue: Celery) -> None:
    site.change(JOBS[STREAKS].due)
    queue.send_task(STREAKS)
    assert eventually(lambda: is_done(site, JOBS[STREAKS])), site.log("worker")
    assert eventually(lambda: unfinished(queue) == 0), site.log("worker")
    assert "ZeroDivisionError" in site.log("worker")
    # This one may be tried twice; others a few times more, but none for ever.
    assert 1 <= len((site.folder / "diary").read_text().splitlines()) <= 2
    assert 0 < ServiceTask.max_retries < 10


def unfinished(queue: Celery) -> int:
    """How many tasks wait or are under way."""
    with queue.connection_for_read() as connection:
        valkey: Any = connection.default_channel
        return int(valkey.client.llen("celery") + valkey.client.hlen("unacked"))


def test_what_a_whole_worker_took_with_it_comes_back(site: Site, worker: Process, queue: Celery) -> None:
    """Valkey gives it to the next worker after 300 seconds; here they pass at once."""
    job = JOBS[STREAKS]
    site.change(job.due)
    with held(site, job.late):
        queue.send_task(STREAKS)
        site.waits_for_a_lock()
        site.kill(worker)
    assert not is_done(site, job)
    with queue.connection_for_read() as connection:
        valkey: Any = connection.default_channel
        long_ago = time.time() - app.conf.broker_transport_options["visibility_timeout"] - 1
        valkey.client.zadd("unacked_index", dict.fromkeys(valkey.client.hkeys("unacked"), long_ago))
    with site.celery("worker"):
        assert eventually(lambda: is_done(site, job)), site.log("worker")
