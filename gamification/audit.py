"""Nightly: what the ledger says against what is stored. Any difference is a defect, and is reported."""

from django.db import connection

from dracarys.lib import drift
from dracarys.lib.drift import Difference

TOTALS = """
    SELECT p.id, p.total_xp, coalesce(sum(e.amount), 0)::int
    FROM user_profiles p LEFT JOIN xp_events e ON e.user_id = p.id
    GROUP BY p.id
    HAVING p.total_xp <> coalesce(sum(e.amount), 0)
        OR p.current_level <> calculate_user_level(coalesce(sum(e.amount), 0)::int)
"""
SCORES = """
    WITH expected AS (
        SELECT e.user_id, w.period, w.first, sum(e.amount)::int AS xp,
               count(*) FILTER (WHERE e.source = 'gate')::int AS lessons
        FROM xp_events e
        CROSS JOIN LATERAL (SELECT e.occurred_at AT TIME ZONE 'UTC' AS utc) t
        CROSS JOIN LATERAL (VALUES ('daily', t.utc::date),
                                   ('weekly', date_trunc('week', t.utc)::date),
                                   ('monthly', date_trunc('month', t.utc)::date),
                                   ('all_time', DATE '1970-01-01')) AS w(period, first)
        GROUP BY e.user_id, w.period, w.first
    )
    SELECT coalesce(x.user_id, l.user_id), coalesce(x.period, l.period),
           coalesce(x.first, l.period_start_date), l.xp_points, x.xp
    FROM expected x
    FULL JOIN leaderboard l
           ON l.user_id = x.user_id AND l.period = x.period AND l.period_start_date = x.first
    WHERE l.xp_points IS DISTINCT FROM x.xp OR l.lessons_completed IS DISTINCT FROM x.lessons
"""


def differences() -> list[Difference]:
    """Rebuild totals, flames and every score of every period from the ledger and compare. Two queries."""
    found: list[Difference] = []
    with connection.cursor() as cursor:
        cursor.execute(TOTALS)
        found += [
            Difference(f"total of {user}", stored, rebuilt) for user, stored, rebuilt in cursor.fetchall()
        ]
        cursor.execute(SCORES)
        found += [
            Difference(f"{period} score of {user} from {first}", stored, rebuilt)
            for user, period, first, stored, rebuilt in cursor.fetchall()
        ]
    return found


def report() -> int:
    """Log every difference as an error; how many there are."""
    return drift.report(differences())
