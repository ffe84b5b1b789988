from django.db import migrations

from dracarys.db.columns import keeps_updated_at, trigger_function

CALCULATE_USER_LEVEL = """
CREATE FUNCTION calculate_user_level(total_xp integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- floor(log2(greatest(total_xp / 1000 + 1, 2))) in whole numbers: the position of the highest set bit.
    SELECT length(ltrim(greatest(coalesce(total_xp, 0) / 1000 + 1, 2)::bit(32)::text, '0')) - 1
$$
"""
# One ledger row moves four scores. Days, Monday weeks and months are UTC's, computed in this one place,
# so that the session's time zone cannot put the same instant into two weeks.
UPDATE_LEADERBOARD = """
    SELECT current_streak INTO streak FROM user_streaks WHERE user_id = NEW.user_id;
    INSERT INTO leaderboard AS board (user_id, period, xp_points, lessons_completed, streak_days,
                                      period_start_date, period_end_date, updated_at)
    SELECT NEW.user_id, p.period, NEW.amount, (NEW.source = 'gate')::int, coalesce(streak, 0),
           p.first, p.last, NEW.occurred_at
    FROM (VALUES ('all_time', DATE '1970-01-01', DATE '9999-12-31'),
                 ('daily', utc::date, utc::date),
                 ('monthly', date_trunc('month', utc)::date,
                             (date_trunc('month', utc) + interval '1 month - 1 day')::date),
                 ('weekly', date_trunc('week', utc)::date, date_trunc('week', utc)::date + 6)
         ) AS p(period, first, last)
    ON CONFLICT (user_id, period, period_start_date) DO UPDATE
    SET xp_points = board.xp_points + EXCLUDED.xp_points,
        lessons_completed = board.lessons_completed + EXCLUDED.lessons_completed,
        streak_days = EXCLUDED.streak_days,
        updated_at = greatest(board.updated_at, EXCLUDED.updated_at);
    RETURN NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("gamification", "0001_initial"), ("database", "0002_updated_at")]
    operations = [
        keeps_updated_at("user_streaks"),
        migrations.RunSQL(CALCULATE_USER_LEVEL, "DROP FUNCTION calculate_user_level(integer)"),
        trigger_function(
            "update_leaderboard",
            UPDATE_LEADERBOARD,
            declare="DECLARE utc timestamp := NEW.occurred_at AT TIME ZONE 'UTC'; streak integer;",
            definer=False,
        ),
        migrations.RunSQL(
            "CREATE TRIGGER trigger_update_leaderboard AFTER INSERT ON xp_events "
            "FOR EACH ROW EXECUTE FUNCTION update_leaderboard()",
            "DROP TRIGGER trigger_update_leaderboard ON xp_events",
        ),
    ]
