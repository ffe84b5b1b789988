from django.db import migrations

from dracarys.db.columns import keeps_updated_at
from dracarys.db.roles import Policy, own_rows, secure

USER_LEARNING_STATS = """
CREATE VIEW user_learning_stats WITH (security_invoker = true) AS
SELECT user_id, count(*) AS completed_lessons, sum(xp_earned) AS total_xp, max(completed_at) AS last_activity
FROM user_progress
WHERE completed
GROUP BY user_id
"""
LESSON_POPULARITY = """
CREATE VIEW lesson_popularity WITH (security_invoker = true) AS
SELECT l.id, l.title, count(p.id) AS completions, avg(p.score) AS avg_score,
       rank() OVER (ORDER BY count(p.id) DESC) AS popularity_rank
FROM lessons l
LEFT JOIN user_progress p ON p.lesson_id = l.id AND p.completed
WHERE l.is_active
GROUP BY l.id, l.title
"""


def everybody_reads(table: str, predicate: str, name: str) -> migrations.RunSQL:
    return secure(
        table,
        Policy(name, "SELECT", "anon, authenticated", using=predicate),
        grants=["SELECT TO anon", "SELECT TO authenticated"],
    )


class Migration(migrations.Migration):
    dependencies = [("learning", "0001_initial"), ("database", "0002_updated_at")]
    operations = [
        *[keeps_updated_at(table) for table in ("levels", "lessons", "user_progress", "market_datasets")],
        # A progress row's level and gate are those of its lesson, and follow it.
        migrations.RunSQL(
            "ALTER TABLE user_progress ADD CONSTRAINT fk_user_progress_lesson_level_gate "
            "FOREIGN KEY (lesson_id, level_id, gate_id) REFERENCES lessons (id, level_id, gate_id) ON UPDATE CASCADE",
            "ALTER TABLE user_progress DROP CONSTRAINT fk_user_progress_lesson_level_gate",
        ),
        migrations.RunSQL(USER_LEARNING_STATS, "DROP VIEW user_learning_stats"),
        migrations.RunSQL(LESSON_POPULARITY, "DROP VIEW lesson_popularity"),
        migrations.RunSQL("GRANT SELECT ON user_learning_stats TO authenticated", migrations.RunSQL.noop),
        everybody_reads("levels", "is_active", "Anyone can view active levels"),
        everybody_reads("lessons", "is_active = true", "Anyone can view active lessons"),
        everybody_reads("market_datasets", "true", "Anyone can view market data"),
        everybody_reads("market_bars", "true", "Anyone can view prices"),
        secure("lesson_versions"),
        # A published version is never changed: attempts refer to it.
        migrations.RunSQL(
            "REVOKE UPDATE ON lesson_versions FROM service_role",
            "GRANT UPDATE ON lesson_versions TO service_role",
        ),
        # The seed's policies by their names. "FOR ALL own rows" alone would let learners pay themselves:
        # the column privileges leave them their place in the lesson and the time spent.
        secure(
            "user_progress",
            own_rows(name="Users can view own progress"),
            Policy(
                "Users can update own progress",
                "ALL",
                "authenticated",
                using="user_id = @me",
                check="user_id = @me",
            ),
            grants=[
                "SELECT TO authenticated",
                "UPDATE (position, last_seen_at, time_spent) TO authenticated",
            ],
        ),
        secure(
            "attempts",
            own_rows(),
            Policy(
                "People can save answers of their open attempt",
                "UPDATE",
                "authenticated",
                using="user_id = @me AND state = 'open'",
                check="user_id = @me AND state = 'open'",
            ),
            grants=["SELECT TO authenticated", "UPDATE (answers, last_seen_at, time_spent) TO authenticated"],
        ),
    ]
