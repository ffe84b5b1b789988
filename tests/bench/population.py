"""Many learners, made by the database itself: people, ledger, boards, streaks, progress, log, achievements.

Three in four have passed one gate, few have passed many, so that most share their score with very many
others: the hard case for a leaderboard. The ledger is the truth here too; totals and boards are its sums.
"""

import hashlib

import psycopg

# The share of learners who were last active today, this week, this month, and before.
TODAY, WEEK, MONTH = 0.16, 0.36, 0.35
PERIODS = """
    (VALUES ('all_time', DATE '1970-01-01', DATE '9999-12-31'),
            ('daily', now()::date, now()::date),
            ('weekly', date_trunc('week', now())::date, date_trunc('week', now())::date + 6),
            ('monthly', date_trunc('month', now())::date,
                        (date_trunc('month', now()) + interval '1 month - 1 day')::date)
    ) AS p(period, first, last)
"""
# The number of a learner gives their id, so that a script knows it without asking.
LEARNERS = f"""
    CREATE TEMPORARY TABLE learners AS
    SELECT md5(n::text)::uuid AS id, n, 1 + floor(39 * chance.many ^ 12)::int AS gates,
           now() - chance.late * (now() - CASE
               WHEN chance.seen < {TODAY} THEN date_trunc('day', now())
               WHEN chance.seen < {TODAY + WEEK} THEN date_trunc('week', now())
               WHEN chance.seen < {TODAY + WEEK + MONTH} THEN date_trunc('month', now())
               ELSE now() - interval '1 year' END) AS seen_at
    FROM generate_series(1, %(learners)s) AS n,
         LATERAL (SELECT random() AS many, random() AS late, random() AS seen, n AS of_each) AS chance
    ORDER BY id
"""
ROWS = {
    "users": """
        INSERT INTO users (id, email, password, terms_accepted_at, email_confirmed_at, created_at)
        SELECT id, 'learner' || n || '@bench.invalid', '!', now(), now(), seen_at - gates * interval '1 day'
        FROM learners ORDER BY id
    """,
    "xp_events": """
        INSERT INTO xp_events (user_id, source, source_id, amount, reason, total_after, occurred_at)
        SELECT id, source, md5('gate' || gate)::uuid, amount, 'Gate ' || gate,
               sum(amount) OVER (PARTITION BY id ORDER BY gate, source),
               seen_at - (gates - gate) * interval '1 day'
        FROM learners, generate_series(1, gates) AS gate,
             (VALUES ('gate', 0), ('perfect', 1)) AS kind(source, bonus),
             LATERAL (SELECT CASE bonus WHEN 0 THEN 400 + 50 * (gate % 5) ELSE 100 END AS amount) AS paid
        WHERE bonus = 0 OR (n + gate) % 3 = 0
        ORDER BY id
    """,
    "user_profiles": """
        INSERT INTO user_profiles (id, full_name, timezone, total_xp, current_level)
        SELECT id, 'Learner ' || n, 'UTC', total, calculate_user_level(total)
        FROM learners
        JOIN (SELECT user_id AS id, sum(amount)::int AS total FROM xp_events GROUP BY 1) AS ledger USING (id)
        ORDER BY id
    """,
    "leaderboard": f"""
        INSERT INTO leaderboard (user_id, period, xp_points, lessons_completed, streak_days,
                                 period_start_date, period_end_date, updated_at)
        SELECT user_id, period, sum(amount), count(*) FILTER (WHERE source = 'gate'), 1, first, last,
               max(occurred_at)
        FROM xp_events JOIN {PERIODS} ON (occurred_at AT TIME ZONE 'UTC')::date BETWEEN first AND last
        GROUP BY user_id, period, first, last ORDER BY user_id
    """,
    "user_streaks": """
        INSERT INTO user_streaks (user_id, current_streak, longest_streak, last_activity_date,
                                  streak_streak_data)
        SELECT id, least(gates, 7), gates, seen_at::date,
               jsonb_build_object('zone', 'UTC', 'days', jsonb_build_array(seen_at::date))
        FROM learners ORDER BY id
    """,
    "user_progress": """
        INSERT INTO user_progress (user_id, lesson_id, level_id, gate_id, completed, score, xp_earned,
                                   attempts_count, position, last_attempt_at, completed_at)
        WITH gates AS MATERIALIZED (
            SELECT id AS lesson_id, level_id, gate_id, xp_reward,
                   jsonb_array_length(content_data -> 'blocks') AS blocks
            FROM lessons WHERE level_id = 1
        )
        SELECT id, lesson_id, level_id, gate_id, true, 80 + 20 * (n % 2), xp_reward, 1, blocks, seen_at,
               seen_at
        FROM learners JOIN gates ON gate_id <= learners.gates ORDER BY id
    """,
    "user_activity_log": """
        INSERT INTO user_activity_log (user_id, activity_type, entity_type, entity_id, metadata, local_date,
                                       created_at)
        SELECT user_id, 'lesson_complete', 'lesson', lesson_id,
               jsonb_build_object('level', 1, 'gate', gate_id), completed_at::date, completed_at
        FROM user_progress ORDER BY user_id
    """,
    "user_achievements": """
        INSERT INTO user_achievements (user_id, achievement_id, unlocked_at)
        SELECT learners.id, achievements.id, seen_at
        FROM learners JOIN achievements ON code = 'first-gate' ORDER BY learners.id
    """,
}
# Everything that can be built when the rows are there. A primary key stays: others refer to it.
INDEXES = """
    SELECT i.indexrelid::regclass::text AS name, c.conname, pg_get_indexdef(i.indexrelid),
           pg_get_constraintdef(c.oid)
    FROM pg_index AS i LEFT JOIN pg_constraint AS c ON c.conindid = i.indexrelid AND c.contype = 'u'
    WHERE i.indrelid = %s::regclass AND NOT i.indisprimary
"""
STALE = f"""
    UPDATE leaderboard AS board SET period_start_date = first, period_end_date = last
    FROM {PERIODS} WHERE board.period = p.period AND period_start_date <> first
"""


def digest() -> bytes:
    """Changes with what is loaded, not with how it is written down."""
    return hashlib.sha256(" ".join([LEARNERS, *ROWS.values()]).encode()).digest()


def load(database: psycopg.Connection, learners: int) -> None:
    """Fill the tables, as a superuser: no trigger fires and no reference is checked; the rows are right."""
    for setting in ("session_replication_role = replica", "synchronous_commit = off", "timezone = 'UTC'"):
        database.execute(f"SET {setting}")
    for setting in ("maintenance_work_mem = '512MB'", "work_mem = '256MB'"):
        database.execute(f"SET {setting}")
    database.execute("SELECT setseed(0.42)")
    database.execute(LEARNERS, {"learners": learners})
    database.execute("ANALYZE learners")
    for table, rows in ROWS.items():
        _fill(database, table, rows)
    database.execute("VACUUM ANALYZE")


def move_to_today(database: psycopg.Connection) -> None:
    """Let the boards that were loaded for other days be those of today, this week and this month."""
    moved = database.execute(STALE).rowcount
    if moved:
        database.execute("VACUUM (FULL, ANALYZE) leaderboard")


def _fill(database: psycopg.Connection, table: str, rows: str) -> None:
    indexes = database.execute(INDEXES, [table]).fetchall()
    for name, constraint, _, _ in indexes:
        words = f"ALTER TABLE {table} DROP CONSTRAINT {constraint}" if constraint else f"DROP INDEX {name}"
        database.execute(words)
    database.execute(rows)
    for _, constraint, index, definition in indexes:
        words = f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {definition}" if constraint else index
        database.execute(words)
