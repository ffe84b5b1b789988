"""Leaderboards: who stands where, in four periods, all in UTC.

A rank is a function of XP: one more than the number of people with more (competition ranking). One row per
distinct XP value (`leaderboard_steps`) answers it for a million people as fast as for ten. Equal XP shares a
rank; the one who got there first is listed first.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, TypedDict, cast

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import ngettext

from gamification import rules
from gamification.models import LeaderboardEntry, LeaderboardStep

TOP = 20
NEIGHBOURS = 3
# The board's order, which is that of the index `idx_leaderboard_board_order`, and its reverse.
DOWNWARDS = ("-xp_points", "updated_at", "user_id")
UPWARDS = ("xp_points", "-updated_at", "-user_id")


@dataclass(frozen=True, slots=True)
class BoardRow:
    rank: int
    name: str
    xp: int
    lessons: int
    streak: int
    is_me: bool

    # Said here and not in the template, where plural forms in every row are a good part of the page's cost.
    @property
    def gates_label(self) -> str:
        return ngettext("%(gates)s gate", "%(gates)s gates", self.lessons) % {"gates": self.lessons}

    @property
    def days_label(self) -> str:
        return ngettext("%(days)s day", "%(days)s days", self.streak) % {"days": self.streak}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands; rank None without a score. `percentile`: the share they are ahead of."""

    rank: int | None
    xp: int
    total: int
    percentile: int | None


@dataclass(frozen=True, slots=True)
class Board:
    """A board as one person sees it: the top, themselves and, when not at the top, those around them."""

    period: rules.PeriodName
    first_date: dt.date
    last_date: dt.date
    top: tuple[BoardRow, ...]
    me: BoardRow | None
    neighbours: tuple[BoardRow, ...]
    total: int
    percentile: int | None


def board(*, period: rules.PeriodName, user_id: uuid.UUID, at: dt.datetime) -> Board:
    """The board of the period that contains the instant `at` (UTC), as `user_id` sees it."""
    first, last = rules.period_window(period, at.astimezone(dt.UTC).date())
    rows = LeaderboardEntry.objects.filter(period=period, period_start_date=first, xp_points__gt=0)
    top = _listed(rows.order_by(*DOWNWARDS)[:TOP])
    mine = rows.filter(user_id=user_id).first()
    around = _around(rows, mine) if mine and not any(row["user_id"] == user_id for row in top) else []
    ranks = _Ranks(
        period, first, {row["xp_points"] for row in (*top, *around)} | ({mine.xp_points} if mine else set())
    )
    top_rows = tuple(_row(row, ranks, user_id) for row in top)
    near_rows = tuple(_row(row, ranks, user_id) for row in around)
    return Board(
        period=period,
        first_date=first,
        last_date=last,
        top=top_rows,
        me=next((row for row in (*top_rows, *near_rows) if row.is_me), None),
        neighbours=near_rows,
        total=ranks.total_with(mine.xp_points) if mine else ranks.total,
        percentile=ranks.percentile(mine.xp_points) if mine else None,
    )


def standing(*, period: rules.PeriodName, user_id: uuid.UUID, at: dt.datetime) -> Standing:
    """Rank and percentile of one person. Two queries."""
    first, _ = rules.period_window(period, at.astimezone(dt.UTC).date())
    entry = (
        LeaderboardEntry.objects.filter(
            period=period, period_start_date=first, user_id=user_id, xp_points__gt=0
        )
        .values_list("xp_points", flat=True)
        .first()
    )
    ranks = _Ranks(period, first, {entry} if entry else set())
    if entry is None:
        return Standing(None, 0, ranks.total, None)
    return Standing(ranks.rank(entry), entry, ranks.total_with(entry), ranks.percentile(entry))


class _Score(TypedDict):
    """One row of a board as it is read."""

    user_id: uuid.UUID
    xp_points: int
    lessons_completed: int
    streak_days: int
    updated_at: dt.datetime
    name: str | None


class _Ranks:
    """Ranks of a few XP values, read from the steps.

    A score newer than the last refresh has no step of its own: its rank is then read from the steps above
    it, which is right up to what happened since.
    """

    # For each XP value the nearest step at or above it; and, from the lowest step, how many there are.
    READ = """
        SELECT v.xp, CASE WHEN s.xp = v.xp THEN s.n ELSE 0 END,
               coalesce(CASE WHEN s.xp = v.xp THEN s.above ELSE s.above + s.n END, 0),
               coalesce((SELECT above + n FROM leaderboard_steps
                         WHERE period = %(period)s AND period_start_date = %(first)s
                         ORDER BY xp LIMIT 1), 0)
        FROM unnest(%(values)s::int[]) AS v(xp)
        LEFT JOIN LATERAL (
            SELECT xp, n, above FROM leaderboard_steps
            WHERE period = %(period)s AND period_start_date = %(first)s AND xp >= v.xp
            ORDER BY xp LIMIT 1
        ) s ON true
    """

    def __init__(self, period: str, first: dt.date, values: set[int]) -> None:
        self.total = 0
        self._above: dict[int, tuple[int, int]] = {}
        with connection.cursor() as cursor:
            # Zero is asked for as well: an empty board has a total too.
            cursor.execute(self.READ, {"period": period, "first": first, "values": sorted({0, *values})})
            for xp, n, above, total in cursor.fetchall():
                self._above[xp], self.total = (above, n), total

    def rank(self, xp: int) -> int:
        return self._above[xp][0] + 1

    def total_with(self, xp: int) -> int:
        """How many there are, somebody with `xp` included: nobody is fourth of three."""
        above, tied = self._above[xp]
        return max(self.total, above + max(tied, 1))

    def percentile(self, xp: int) -> int | None:
        above, tied = self._above[xp]
        return rules.percent_behind(self.total_with(xp), above, max(tied, 1))


def _listed(rows: "QuerySet[LeaderboardEntry]") -> list[_Score]:
    return [cast(_Score, row) for row in _read(rows)]


def _read(rows: "QuerySet[LeaderboardEntry]") -> "QuerySet[LeaderboardEntry, dict[str, Any]]":
    return rows.annotate(name=F("user__profile__full_name")).values(*_Score.__annotations__)


def _around(rows: "QuerySet[LeaderboardEntry]", me: LeaderboardEntry) -> list[_Score]:
    """Me and the few before and after me, in the board's order."""
    tied = rows.filter(xp_points=me.xp_points)
    # As a range and what to leave out of it: the index begins at me, however many share my score.
    sooner = tied.filter(updated_at__lte=me.updated_at).exclude(
        updated_at=me.updated_at, user_id__gte=me.user_id
    )
    later = tied.filter(updated_at__gte=me.updated_at).exclude(
        updated_at=me.updated_at, user_id__lte=me.user_id
    )
    above = _nearest(sooner, rows.filter(xp_points__gt=me.xp_points), UPWARDS)
    below = _nearest(later, rows.filter(xp_points__lt=me.xp_points), DOWNWARDS)
    return [*reversed(above), *_listed(rows.filter(pk=me.pk)), *below]


def _nearest(
    tied: "QuerySet[LeaderboardEntry]", others: "QuerySet[LeaderboardEntry]", order: tuple[str, ...]
) -> list[_Score]:
    """The first few of both, in one query: two scans of the index that stop after a few rows."""
    few = _read(tied.order_by(*order)[:NEIGHBOURS])
    more = _read(others.order_by(*order)[:NEIGHBOURS])
    return [cast(_Score, row) for row in few.union(more, all=True).order_by(*order)[:NEIGHBOURS]]


def _row(row: _Score, ranks: _Ranks, user_id: uuid.UUID) -> BoardRow:
    xp = row["xp_points"]
    return BoardRow(
        rank=ranks.rank(xp),
        name=row["name"] or "",
        xp=xp,
        lessons=row["lessons_completed"],
        streak=row["streak_days"],
        is_me=row["user_id"] == user_id,
    )


# --- What beat keeps up ------------------------------------------------------------------------------

REFRESH = """
    INSERT INTO leaderboard_steps (period, period_start_date, xp, n, above)
    SELECT %(period)s, %(first)s, xp_points, n, (sum(n) OVER (ORDER BY xp_points DESC) - n)::int
    FROM (SELECT xp_points, count(*)::int AS n FROM leaderboard
          WHERE period = %(period)s AND period_start_date = %(first)s AND xp_points > 0
          GROUP BY xp_points) AS scores
"""
FREEZE = """
    UPDATE leaderboard AS board
    SET rank = step.above + 1,
        percentile = CASE WHEN total.n > 1
                          THEN round((total.n - step.above - step.n) * 100.0 / (total.n - 1), 2) END
    FROM leaderboard_steps AS step,
         (SELECT sum(n)::int AS n FROM leaderboard_steps
          WHERE period = %(period)s AND period_start_date = %(first)s) AS total
    WHERE board.period = %(period)s AND board.period_start_date = %(first)s AND board.rank IS NULL
      AND step.period = board.period AND step.period_start_date = board.period_start_date
      AND step.xp = board.xp_points
"""
# Any two numbers that no other advisory lock of this database uses.
REFRESH_LOCK = (7_275_002, 0)


@transaction.atomic(savepoint=False)
def refresh_steps(*, at: dt.datetime) -> int:
    """Rebuild the steps of the four periods that contain `at`, in one transaction; how many steps.

    Readers see the old steps until it commits. Two refreshes at once wait for each other.
    """
    today = at.astimezone(dt.UTC).date()
    return sum(_refresh(period, rules.period_window(period, today)[0]) for period in rules.PERIODS)


@transaction.atomic(savepoint=False)
def close_periods(*, at: dt.datetime) -> int:
    """Write ranks and percentiles of every period that has ended and is still open; how many periods."""
    today = at.astimezone(dt.UTC).date()
    ended = (
        LeaderboardEntry.objects.filter(period_end_date__lt=today, rank__isnull=True, xp_points__gt=0)
        .values_list("period", "period_start_date")
        .distinct()
    )
    periods = sorted(ended)
    for period, first in periods:
        _refresh(period, first)
        with connection.cursor() as cursor:
            cursor.execute(FREEZE, {"period": period, "first": first})
    return len(periods)


def _refresh(period: str, first: dt.date) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", REFRESH_LOCK)
        LeaderboardStep.objects.filter(period=period, period_start_date=first).delete()
        cursor.execute(REFRESH, {"period": period, "first": first})
        return int(cursor.rowcount)
