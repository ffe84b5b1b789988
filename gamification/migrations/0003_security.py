from django.db import migrations

from dracarys.db.roles import Policy, own_rows, readable_by_all, secure


class Migration(migrations.Migration):
    dependencies = [("gamification", "0002_ledger_functions")]
    operations = [
        secure("xp_events", own_rows(), grants=["SELECT TO authenticated"]),
        # Append-only: even the service can only add. A correction is a row of its own.
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE ON xp_events FROM service_role",
            "GRANT UPDATE, DELETE ON xp_events TO service_role",
        ),
        secure("user_streaks", own_rows(), grants=["SELECT TO authenticated"]),
        secure(
            "achievements",
            Policy("Anyone can view active achievements", "SELECT", "anon, authenticated", using="is_active"),
            grants=["SELECT TO anon", "SELECT TO authenticated"],
        ),
        secure("user_achievements", readable_by_all(), grants=["SELECT TO authenticated"]),
        secure("leaderboard", readable_by_all(), grants=["SELECT TO authenticated"]),
        secure("leaderboard_steps", readable_by_all(), grants=["SELECT TO authenticated"]),
    ]
