from django.conf import settings
from django.db import migrations

from dracarys.db.columns import Index


class Migration(migrations.Migration):
    dependencies = [
        ("gamification", "0003_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="leaderboardentry",
            name="idx_leaderboard_period_xp",
        ),
        migrations.AddIndex(
            model_name="leaderboardentry",
            index=Index(
                fields=["period", "period_start_date", "-xp_points", "updated_at", "user"],
                name="idx_leaderboard_board_order",
            ),
        ),
    ]
