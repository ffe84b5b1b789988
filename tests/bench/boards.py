"""Leaderboards with very many learners: refresh, its log, reading a rank, and whether the ranks are right."""

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from django.db import connection
from django.utils import timezone

from gamification import leaderboards
from gamification.models import LeaderboardEntry
from gamification.rules import PERIODS, period_window
from tests.bench.figures import Figure, at_most, ratio, told
from tests.bench.house import House, using

TITLE = "Leaderboards"
ROUNDS, READERS = 9, 60
BARE = """
    SELECT xp_points, count(*) FROM leaderboard
    WHERE period = %s AND period_start_date = %s GROUP BY xp_points
"""
# Steps read as the product reads them, against the database's own rank() over all rows.
DIFFERENT = """
    SELECT count(*) FROM (
        SELECT xp_points, rank() OVER (ORDER BY xp_points DESC) FROM leaderboard
        WHERE period = %(period)s AND period_start_date = %(first)s AND xp_points > 0
    ) AS board
    LEFT JOIN leaderboard_steps AS step
        ON step.period = %(period)s AND step.period_start_date = %(first)s AND step.xp = board.xp_points
    WHERE step.above + 1 IS DISTINCT FROM board.rank
"""
SPREAD = """
    SELECT user_id FROM (
        SELECT user_id, row_number() OVER (ORDER BY xp_points DESC, updated_at, user_id) - 1 AS place,
               count(*) OVER () - 1 AS last
        FROM leaderboard WHERE period = 'weekly' AND period_start_date = %(first)s AND xp_points > 0
    ) AS board WHERE place IN (SELECT n * last / (%(count)s - 1) FROM generate_series(0, %(count)s - 1) AS n)
"""


def measure(house: House) -> list[Figure]:
    with using(house.large):
        found = [*refreshing(ROUNDS), right()]
    return [*found, *reading(house.large, house.small, ROUNDS, READERS)]


# --- Refresh -------------------------------------------------------------------------------------------


def refreshing(rounds: int) -> list[Figure]:
    """Four boards refreshed, each round beside a bare GROUP BY of the same rows."""
    at = timezone.now()
    refreshes, groups, written = [], [], []
    for number in range(rounds + 1):
        groups.append(seconds(lambda: bare_groups(at)))
        before = wal()
        refreshes.append(seconds(lambda: leaderboards.refresh_steps(at=at)))
        written.append((wal() - before) / 1024**2)
        if not number:  # the first round only warms up
            del groups[:], refreshes[:], written[:]
    return [
        at_most("refresh of four boards against a bare GROUP BY", ratio(refreshes, groups), 1.2, "×"),
        at_most("log (WAL) written by a refresh", median(written), 2, "MB"),
        told("refresh of four boards", median(refreshes) * 1000, "ms"),
        told("scores on the four boards", LeaderboardEntry.objects.count()),
    ]


def bare_groups(at: dt.datetime) -> None:
    """The least that counting the people at each score takes."""
    with connection.cursor() as cursor:
        for period in PERIODS:
            cursor.execute(BARE, [period, period_window(period, at.date())[0]])
            cursor.fetchall()


def wal() -> int:
    """Where the log ends now, in bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint")
        return int(cursor.fetchone()[0])


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


# --- Right ---------------------------------------------------------------------------------------------


def right() -> Figure:
    """How many ranks by steps are not those of rank(), over every row of the four boards."""
    return at_most("ranks by steps that differ from rank()", differences(timezone.now()), 0)


def differences(at: dt.datetime) -> int:
    """Rows of the four boards of `at` whose rank by steps is not the database's."""
    found = 0
    with connection.cursor() as cursor:
        for period in PERIODS:
            cursor.execute(DIFFERENT, {"period": period, "first": period_window(period, at.date())[0]})
            found += int(cursor.fetchone()[0])
    return found


# --- Read ----------------------------------------------------------------------------------------------


def reading(large: str, small: str, rounds: int, readers: int) -> list[Figure]:
    """Time in the database, with many learners and with few, of a rank and of a whole board."""

    def standing(who: uuid.UUID) -> object:
        return leaderboards.standing(period="weekly", user_id=who, at=timezone.now())

    def board(who: uuid.UUID) -> object:
        return leaderboards.board(period="weekly", user_id=who, at=timezone.now())

    reads = {"rank and percentile": standing, "board with top and neighbours": board}
    found: dict[tuple[str, str], list[float]] = {}
    for number in range(rounds + 1):
        for database in (large, small):
            with using(database):
                people = somebody(readers)
                for name, read in reads.items():
                    took = median(in_database(read, who) for who in people)
                    if number:
                        found.setdefault((name, database), []).append(took)
    return [figure for name in reads for figure in _compared(name, found[name, large], found[name, small])]


def _compared(name: str, large: list[float], small: list[float]) -> list[Figure]:
    return [
        at_most(f"{name}: read with many learners against few", ratio(large, small), 1.25, "×"),
        told(f"{name}: time in the database", median(large) * 1000, "ms"),
    ]


def somebody(count: int) -> list[uuid.UUID]:
    """People who stand evenly spread over the week's board, from its first to its last."""
    with connection.cursor() as cursor:
        cursor.execute(SPREAD, {"first": period_window("weekly", timezone.now().date())[0], "count": count})
        return [row[0] for row in cursor.fetchall()]


def in_database(read: Callable[[uuid.UUID], object], who: uuid.UUID) -> float:
    """Seconds between a statement and its rows, summed over the statements of a read."""
    with timed_statements() as spent:
        read(who)
    return sum(spent)


@contextmanager
def timed_statements() -> Iterator[list[float]]:
    spent: list[float] = []

    def timed(execute: Callable[..., Any], *arguments: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent.append(time.perf_counter() - start)

    with connection.execute_wrapper(timed):
        yield spent
