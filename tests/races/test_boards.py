"""Ranks are rebuilt while people earn, read and close: everybody sees one whole generation."""

import datetime as dt
import threading
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from dracarys.db.acting import acting_as, acting_as_service, person
from gamification import leaderboards
from gamification.models import LeaderboardEntry, LeaderboardStep
from tests.amounts import THREADS
from tests.database.rows import NOON, rows
from tests.factories.gamification import earn
from tests.races.cast import granting, newcomer, newcomers
from tests.races.crew import PATIENCE, Crew, Door
from tests.races.guards import meet

NEXT_MONTH = NOON + dt.timedelta(days=40)
# Each step says how many are above it; that is the sum of the steps above, in one generation.
TORN = """
    SELECT count(*) FROM (
        SELECT above, coalesce(sum(n) OVER (PARTITION BY period, period_start_date ORDER BY xp DESC
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS rebuilt
        FROM leaderboard_steps) AS steps WHERE above <> rebuilt
"""
RANKS = """
    SELECT b.rank, rank() OVER (PARTITION BY period, period_start_date ORDER BY xp_points DESC)
    FROM leaderboard b WHERE rank IS NOT NULL
"""


def refreshing() -> None:
    with acting_as_service():
        leaderboards.refresh_steps(at=NOON)


def reading(reader: User) -> tuple[int, int]:
    """How many steps do not fit their neighbours, and how many there are."""
    with acting_as(person(reader.pk)):
        ((torn,), (count,)) = rows(f"{TORN} UNION ALL SELECT count(*) FROM leaderboard_steps")
    return torn, count


# --- Refresh -----------------------------------------------------------------------------------------


def whole(crew: Crew, rebuild: Door, read: Callable[[User], tuple[int, int]]) -> None:
    """A reader sees one generation of ranks while they are rebuilt and people earn."""
    people = newcomers(3)
    for number, user in enumerate(people, start=1):
        earn(user, 100 * number, at=NOON)
    refreshing()
    readers: list[Door] = [partial(read, user) for user in people]
    earners: list[Door] = [granting(user, uuid.uuid4(), 50) for user in people]
    outcome = crew.race(rebuild, *readers, *earners)
    assert outcome.errors == []
    seen = [result for result in outcome.results if isinstance(result, tuple)]
    assert len(seen) == len(readers)
    assert all(torn == 0 and count > 0 for torn, count in seen), seen


def test_a_reader_sees_one_generation_while_ranks_are_rebuilt(crew: Crew) -> None:
    crew.holds(whole, refreshing, reading)


def test_without_its_transaction_a_reader_sees_an_empty_board(crew: Crew) -> None:
    gap = threading.Barrier(4)

    def piece_by_piece() -> None:
        LeaderboardStep.objects.all().delete()
        gap.wait(PATIENCE)
        gap.wait(PATIENCE)
        refreshing()

    def in_the_gap(reader: User) -> tuple[int, int]:
        gap.wait(PATIENCE)
        seen = reading(reader)
        gap.wait(PATIENCE)
        return seen

    crew.breaks(whole, piece_by_piece, in_the_gap)


def rebuilt(crew: Crew) -> None:
    """Refreshes at once wait for one another, and what they leave is right."""
    earn(newcomer(), 100, at=NOON)
    outcome = crew.race(*[refreshing] * THREADS)
    assert outcome.errors == []
    assert rows(TORN) == [(0,)]


def test_refreshes_at_once_wait_for_one_another(crew: Crew) -> None:
    crew.holds(rebuilt)


def test_without_their_lock_they_write_the_same_steps(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaderboards, "REFRESH_LOCK", OneEach())
    meet(monkeypatch, leaderboards, "_refresh", where=lambda period, first: period == "daily")
    crew.breaks(rebuilt)


class OneEach(list[int]):
    """A lock's two numbers that are different for each thread, so that nobody waits."""

    def __init__(self) -> None:
        super().__init__((7_275_002, 0))

    def __iter__(self) -> Iterator[int]:
        return iter((self[0], threading.get_native_id()))


# --- Closing -----------------------------------------------------------------------------------------


def closing(frozen: list[int]) -> None:
    """A job that closes what has ended; how many rows it wrote goes to `frozen`."""

    def counting(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql == leaderboards.FREEZE:
            frozen.append(context["cursor"].rowcount)
        return result

    with connection.execute_wrapper(counting), acting_as_service():
        leaderboards.close_periods(at=NEXT_MONTH)


def close(crew: Crew) -> None:
    """Jobs at once freeze every rank of a closed period once."""
    people = newcomers(3)
    for number, user in enumerate(people):
        earn(user, 100 + number // 2, at=NOON)
    frozen: list[int] = []
    outcome = crew.race(*[partial(closing, frozen)] * THREADS)
    assert outcome.errors == []
    assert sum(frozen) == len(people) * 3  # a day, a week and a month have ended; all time never does
    assert LeaderboardEntry.objects.exclude(rank=None).count() == sum(frozen)
    assert all(rank == right for rank, right in rows(RANKS))
    LeaderboardEntry.objects.all().delete()


def test_jobs_at_once_freeze_every_rank_once(crew: Crew) -> None:
    LeaderboardEntry.objects.all().delete()
    crew.holds(close)


def test_a_job_that_does_not_look_whether_it_is_frozen_writes_it_again(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaderboards, "FREEZE", leaderboards.FREEZE.replace("AND board.rank IS NULL", ""))
    meet(monkeypatch, leaderboards, "_refresh", where=lambda period, first: period == "daily")
    crew.breaks(close)
