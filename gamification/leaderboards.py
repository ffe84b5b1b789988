"""Leaderboards: who stands where, in four periods, all in UTC.

A rank is a function of XP: one more than the number of people with more (competition ranking). One row per
distinct XP value (`leaderboard_steps`) answers it for a million people as fast as for ten. Equal XP shares a
rank; the one who got there first is listed first.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import ngettext

from dracarys.db.compiled import Rows, compiled
from gamification import rules
from gamification.models import LeaderboardEntry, LeaderboardStep

TOP = 20
NEIGHBOURS = 3


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
    found = _seen(period, first, user_id)
    ranks = _Ranks(period, first, {score.xp_points for score in found})
    top = tuple(_row(score, ranks, user_id) for score in found if score.top)
    near = tuple(_row(score, ranks, user_id) for score in found if not score.top)
    me = next((row for row in (*top, *near) if row.is_me), None)
    return Board(
        period=period,
        first_date=first,
        last_date=last,
        top=top,
        me=me,
        neighbours=near,
        total=ranks.total_with(me.xp) if me else ranks.total,
        percentile=ranks.percentile(me.xp) if me else None,
    )


def standing(*, period: rules.PeriodName, user_id: uuid.UUID, at: dt.datetime) -> Standing:
    """Rank and percentile of one person. Two queries."""
    first, _ = rules.period_window(period, at.astimezone(dt.UTC).date())
    entry = next((row["xp_points"] for row in _entry(user_id, period, first)), None)
    ranks = _Ranks(period, first, {entry} if entry else set())
    if entry is None:
        return Standing(None, 0, ranks.total, None)
    return Standing(ranks.rank(entry), entry, ranks.total_with(entry), ranks.percentile(entry))


def ranks_of(totals: Iterable[int]) -> dict[int, int]:
    """The rank of all time that each of these totals (XP) has or would have, as of the last refresh.

    One query. A total of nothing has none.
    """
    wanted = {xp for xp in totals if xp > 0}
    ranks = _Ranks("all_time", rules.EPOCH, wanted)
    return {xp: ranks.rank(xp) for xp in wanted}


@compiled
def _entry(user_id: uuid.UUID, period: str, first: dt.date) -> Rows:
    rows = LeaderboardEntry.objects.filter(user_id=user_id, period=period, period_start_date=first)
    return rows.filter(xp_points__gt=0).values("xp_points")


class _Score(NamedTuple):
    """One row of a board as it is read."""

    top: bool
    user_id: uuid.UUID
    xp_points: int
    lessons_completed: int
    streak_days: int
    name: str


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


# The top and, for somebody further down, themselves and the few before and after them. Each part is a scan
# of the index `idx_leaderboard_board_order` that stops after a few rows, however many share a score: those
# with as much XP are told apart by when they got there, so they are looked for apart from the others.
SEEN = """
    WITH board AS NOT MATERIALIZED (
        SELECT user_id, xp_points, updated_at, lessons_completed, streak_days FROM leaderboard
        WHERE period = %(period)s AND period_start_date = %(first)s AND xp_points > 0
    ), top AS MATERIALIZED (
        SELECT * FROM board ORDER BY xp_points DESC, updated_at, user_id LIMIT %(top)s
    ), me AS MATERIALIZED (
        SELECT * FROM board WHERE user_id = %(user_id)s AND user_id NOT IN (SELECT user_id FROM top)
    ), near AS (
        SELECT above.* FROM me CROSS JOIN LATERAL (
            (SELECT * FROM board WHERE xp_points = me.xp_points
                AND (updated_at, user_id) < (me.updated_at, me.user_id)
             ORDER BY updated_at DESC, user_id DESC LIMIT %(few)s)
            UNION ALL
            (SELECT * FROM board WHERE xp_points > me.xp_points
             ORDER BY xp_points, updated_at DESC, user_id DESC LIMIT %(few)s)
            ORDER BY xp_points, updated_at DESC, user_id DESC LIMIT %(few)s
        ) above
        UNION ALL SELECT * FROM me
        UNION ALL SELECT below.* FROM me CROSS JOIN LATERAL (
            (SELECT * FROM board WHERE xp_points = me.xp_points
                AND (updated_at, user_id) > (me.updated_at, me.user_id)
             ORDER BY updated_at, user_id LIMIT %(few)s)
            UNION ALL
            (SELECT * FROM board WHERE xp_points < me.xp_points
             ORDER BY xp_points DESC, updated_at, user_id LIMIT %(few)s)
            ORDER BY xp_points DESC, updated_at, user_id LIMIT %(few)s
        ) below
    ), seen AS (SELECT true AS top, * FROM top UNION ALL SELECT false, * FROM near)
    SELECT top, user_id, xp_points, lessons_completed, streak_days, coalesce(profile.full_name, '')
    FROM seen LEFT JOIN user_profiles profile ON profile.id = user_id
    ORDER BY top DESC, xp_points DESC, seen.updated_at, user_id
"""


def _seen(period: str, first: dt.date, user_id: uuid.UUID) -> list[_Score]:
    """What one person sees of a board, in its order."""
    asked: dict[str, Any] = {
        "period": period,
        "first": first,
        "user_id": user_id,
        "top": TOP,
        "few": NEIGHBOURS,
    }
    with connection.cursor() as cursor:
        cursor.execute(SEEN, asked | {"few": NEIGHBOURS})
        return [_Score(*row) for row in cursor.fetchall()]


def _row(row: _Score, ranks: _Ranks, user_id: uuid.UUID) -> BoardRow:
    return BoardRow(
        rank=ranks.rank(row.xp_points),
        name=row.name,
        xp=row.xp_points,
        lessons=row.lessons_completed,
        streak=row.streak_days,
        is_me=row.user_id == user_id,
    )


# --- What beat keeps up ------------------------------------------------------------------------------

# Counted apart from being written: only a statement that writes nothing is shared among processors.
COUNT = """
    SELECT xp_points, n, (sum(n) OVER (ORDER BY xp_points DESC) - n)::int
    FROM (SELECT xp_points, count(*)::int AS n FROM leaderboard
          WHERE period = %(period)s AND period_start_date = %(first)s AND xp_points > 0
          GROUP BY xp_points) AS scores
"""
WRITE = """
    INSERT INTO leaderboard_steps (period, period_start_date, xp, n, above)
    SELECT %(period)s, %(first)s, * FROM unnest(%(xp)s::int[], %(n)s::int[], %(above)s::int[])
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
    board: dict[str, Any] = {"period": period, "first": first}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", REFRESH_LOCK)
        cursor.execute(COUNT, board)
        steps = cursor.fetchall()
        LeaderboardStep.objects.filter(period=period, period_start_date=first).delete()
        columns = {name: [step[n] for step in steps] for n, name in enumerate(("xp", "n", "above"))}
        cursor.execute(WRITE, board | columns)
    return len(steps)
