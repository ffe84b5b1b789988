"""Streaks in the learner's own days."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import connection

from accounts.models import UserProfile
from dracarys.db.compiled import Rows, columns_of, compiled, instance
from dracarys.lib.clock import local_day
from gamification import rules
from gamification.models import UserStreak


@dataclass(frozen=True, slots=True)
class StreakView:
    """A streak as its owner sees it on `today`, their local day."""

    current: int
    longest: int
    today: dt.date
    done_today: bool
    days: frozenset[dt.date]


def extend(profile: UserProfile, *, at: dt.datetime) -> tuple[rules.Streak, bool]:
    """Count a learning act at `at` (UTC) on its day in the person's zone; the streak, and whether it grew.

    `profile` comes from `ledger.lock`, so that two acts at once count one day.
    """
    row = _row(profile.pk)
    before = _streak(row)
    today, stayed = local_day(at, profile.timezone), local_day(at, _zone(row) or profile.timezone)
    after = rules.extend_streak(before, today, stayed=stayed)
    if after == before:
        return after, False
    columns = {
        "current_streak": after.current,
        "longest_streak": after.longest,
        "last_activity_date": after.last_date,
        "streak_data": {"days": [day.isoformat() for day in after.days], "zone": profile.timezone},
    }
    if row is None:
        UserStreak.objects.create(user_id=profile.pk, **columns)
    else:
        UserStreak.objects.filter(pk=row.pk).update(**columns)
    return after, after.current > before.current or after.last_date != before.last_date


def streak_of(*, user_id: uuid.UUID, timezone: str, at: dt.datetime) -> StreakView:
    """The streak to show at `at`. One that ended shows 0 even before the hourly job has written that."""
    row = _row(user_id)
    streak, today = _streak(row), local_day(at, timezone)
    alive = rules.streak_is_alive(streak.last_date, min(today, local_day(at, _zone(row) or timezone)))
    return StreakView(
        current=streak.current if alive else 0,
        longest=streak.longest,
        today=today,
        done_today=streak.includes(today),
        days=frozenset(streak.days),
    )


def stored(user_id: uuid.UUID) -> rules.Streak:
    """The streak as it was last written."""
    return _streak(_row(user_id))


# A zone that PostgreSQL does not know counts as UTC, as in Python. The day before the local day of `at`
# is the last that keeps a streak alive, here or in the zone of the last act: whichever is kinder. What is
# asked of `s` below is asked again when another job or an act was at the row: it ends once, or goes on.
END = """
    WITH zones AS MATERIALIZED (
        SELECT name, (%(at)s AT TIME ZONE name)::date AS today FROM pg_timezone_names
    ), local AS (
        SELECT s.id, coalesce(here.today, utc.today) AS today,
               CASE WHEN s.streak_streak_data ->> 'zone' <> ''
                    THEN coalesce(there.today, utc.today) END AS stayed
        FROM user_streaks s
        CROSS JOIN (SELECT (%(at)s AT TIME ZONE 'UTC')::date AS today) utc
        JOIN user_profiles p ON p.id = s.user_id
        LEFT JOIN zones here ON here.name = p.timezone
        LEFT JOIN zones there ON there.name = s.streak_streak_data ->> 'zone'
        WHERE s.current_streak > 0
    )
    UPDATE user_streaks s SET current_streak = 0, last_streak_reset = %(at)s
    FROM local
    WHERE local.id = s.id AND s.last_activity_date < least(local.today, local.stayed) - 1
      AND s.current_streak > 0
"""


def end_missed(*, at: dt.datetime) -> int:
    """End every streak whose owner's yesterday passed without learning, in one statement; how many."""
    with connection.cursor() as cursor:
        cursor.execute(END, {"at": at})
        return int(cursor.rowcount)


@compiled
def _of(user_id: uuid.UUID) -> Rows:
    rows: Rows = UserStreak.objects.filter(user_id=user_id).values(*columns_of(UserStreak))
    return rows


def _row(user_id: uuid.UUID) -> UserStreak | None:
    return next((instance(UserStreak, row) for row in _of(user_id)), None)


def _streak(row: UserStreak | None) -> rules.Streak:
    if row is None:
        return rules.Streak()
    days = tuple(dt.date.fromisoformat(day) for day in (row.streak_data or {}).get("days", ()))
    return rules.Streak(row.current_streak, row.longest_streak, row.last_activity_date, days)


def _zone(row: UserStreak | None) -> str | None:
    """The zone in which the last counted act was done; None when that is not known."""
    zone = (row.streak_data or {}).get("zone") if row else None
    return zone if isinstance(zone, str) else None
