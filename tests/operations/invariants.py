"""What is so after any history: each a query that lists what is not, as (what, stored, rebuilt)."""

from community import recount as counters
from dracarys.lib.drift import Difference
from gamification import audit
from sessions import recount as seats
from tests.database.rows import rows

INVARIANTS = {
    "each row of the ledger says the total so far": """
        SELECT 'total of ' || id, total_after, so_far::int FROM (
            SELECT id, total_after, sum(amount) OVER (PARTITION BY user_id ORDER BY total_after) AS so_far
            FROM xp_events) AS running WHERE total_after <> so_far
    """,
    "a gate that was passed has paid once, and no other": """
        SELECT 'gate ' || coalesce(e.source_id, a.lesson_id), e.amount, a.xp_reward
        FROM (SELECT DISTINCT t.user_id, t.lesson_id, l.xp_reward
              FROM attempts t JOIN lessons l ON l.id = t.lesson_id WHERE t.passed) AS a
        FULL JOIN (SELECT user_id, source_id, amount FROM xp_events WHERE source = 'gate') AS e
               ON e.user_id = a.user_id AND e.source_id = a.lesson_id
        WHERE e.amount IS DISTINCT FROM a.xp_reward
    """,
    "the bonus was paid for a perfect first attempt, and for no other": """
        SELECT 'bonus of ' || coalesce(e.source_id, a.lesson_id), e.n, a.n
        FROM (SELECT user_id, lesson_id, count(*)::int AS n FROM attempts
              WHERE number = 1 AND score = 100 GROUP BY user_id, lesson_id) AS a
        FULL JOIN (SELECT user_id, source_id, count(*)::int AS n FROM xp_events
                   WHERE source = 'perfect' GROUP BY user_id, source_id) AS e
               ON e.user_id = a.user_id AND e.source_id = a.lesson_id
        WHERE e.n IS DISTINCT FROM a.n
    """,
    "an achievement that was unlocked has paid once, and no other": """
        SELECT 'achievement ' || coalesce(e.source_id, u.achievement_id), e.amount, u.xp_reward
        FROM (SELECT ua.user_id, ua.achievement_id, c.xp_reward FROM user_achievements ua
              JOIN achievements c ON c.id = ua.achievement_id WHERE c.xp_reward > 0) AS u
        FULL JOIN (SELECT user_id, source_id, amount FROM xp_events WHERE source = 'achievement') AS e
               ON e.user_id = u.user_id AND e.source_id = u.achievement_id
        WHERE e.amount IS DISTINCT FROM u.xp_reward
    """,
    "receipts add up to the total": """
        SELECT 'receipts of ' || p.id, p.total_xp, coalesce(sum(r.after - r.before), 0)::int
        FROM user_profiles p
        LEFT JOIN (SELECT user_id, (outcome #>> '{receipt,total_after}')::int AS after,
                          (outcome #>> '{receipt,total_before}')::int AS before FROM attempts) AS r
               ON r.user_id = p.id
        GROUP BY p.id HAVING p.total_xp <> coalesce(sum(r.after - r.before), 0)
    """,
    "progress counts the attempts that were handed in": """
        SELECT 'attempts at ' || r.lesson_id, r.attempts_count, count(t.id)::int
        FROM user_progress r LEFT JOIN attempts t
          ON t.user_id = r.user_id AND t.lesson_id = r.lesson_id AND t.state = 'submitted'
        GROUP BY r.id
        HAVING r.attempts_count <> count(t.id) OR r.completed <> coalesce(bool_or(t.passed), false)
            OR r.score IS DISTINCT FROM max(t.score)
    """,
    "progress knows what its gate has paid": """
        SELECT 'earned at ' || r.lesson_id, r.xp_earned, coalesce(sum(e.amount), 0)::int
        FROM user_progress r LEFT JOIN xp_events e ON e.user_id = r.user_id AND e.source_id = r.lesson_id
        GROUP BY r.id HAVING r.xp_earned <> coalesce(sum(e.amount), 0)
    """,
    "attempts are numbered without a gap": """
        SELECT 'attempts at ' || lesson_id, max(number), count(*)::int FROM attempts
        GROUP BY user_id, lesson_id HAVING max(number) <> count(*)
    """,
    "an attempt that was handed in is in the activity log once": """
        SELECT 'attempt ' || coalesce(t.id::text, a.attempt), a.n, 1 FROM
            (SELECT id FROM attempts WHERE state = 'submitted') AS t
        FULL JOIN (SELECT metadata ->> 'attempt' AS attempt, count(*)::int AS n FROM user_activity_log
                   WHERE activity_type = 'attempt' GROUP BY 1) AS a ON a.attempt = t.id::text
        WHERE a.n IS DISTINCT FROM 1 OR t.id IS NULL
    """,
    "the calendar of a streak has the days of the activity log": """
        SELECT 'days of ' || coalesce(s.user_id, a.user_id), s.days, a.days FROM
            (SELECT user_id,
                    jsonb_array_length(streak_streak_data -> 'days') AS days FROM user_streaks) AS s
        FULL JOIN (SELECT user_id, count(DISTINCT local_date)::int AS days FROM user_activity_log
                   WHERE activity_type = 'attempt' GROUP BY user_id) AS a ON a.user_id = s.user_id
        WHERE s.days IS DISTINCT FROM a.days
    """,
    "no streak is longer than its days": """
        SELECT 'streak of ' || user_id, current_streak, jsonb_array_length(streak_streak_data -> 'days')
        FROM user_streaks
        WHERE longest_streak > jsonb_array_length(streak_streak_data -> 'days')
           OR last_activity_date::text <> streak_streak_data -> 'days' ->> -1
    """,
    "ranks by steps are ranks": """
        SELECT b.period || ' rank of ' || b.user_id, s.above + 1, b.right_rank::int
        FROM (SELECT *, rank() OVER (PARTITION BY period, period_start_date
                                     ORDER BY xp_points DESC) AS right_rank
              FROM leaderboard WHERE xp_points > 0) AS b
        LEFT JOIN leaderboard_steps s
          ON s.period = b.period AND s.period_start_date = b.period_start_date AND s.xp = b.xp_points
        WHERE s.above + 1 IS DISTINCT FROM b.right_rank
    """,
    "frozen ranks are ranks": """
        SELECT period || ' rank of ' || user_id, rank, right_rank::int
        FROM (SELECT *, rank() OVER (PARTITION BY period, period_start_date
                                     ORDER BY xp_points DESC) AS right_rank
              FROM leaderboard WHERE xp_points > 0) AS b
        WHERE (rank IS NOT NULL) <> (period_end_date < (now() AT TIME ZONE 'UTC')::date)
           OR rank <> right_rank
    """,
    "versions are numbered without a gap": """
        SELECT 'versions of ' || lesson_id, max(number), count(*)::int FROM lesson_versions
        GROUP BY lesson_id HAVING max(number) <> count(*)
    """,
    "every mail has left": """
        SELECT 'mail to ' || recipient, attempts, NULL FROM outbox_messages WHERE sent_at IS NULL
    """,
}


def broken(name: str) -> list[Difference]:
    return [Difference(*row) for row in rows(INVARIANTS[name])]


def differences() -> dict[str, list[Difference]]:
    """What the product's own nightly audits find, and what breaks an invariant; nothing after any history."""
    found = {
        "the nightly audit of scores": audit.differences(),
        "the nightly recount of votes and comments": counters.differences(),
        "the nightly recount of seats": seats.differences(),
        **{name: broken(name) for name in INVARIANTS},
    }
    return {name: rows for name, rows in found.items() if rows}
