from django.db import migrations

# As in 0002, but the streak is read by the statement that writes it: the trigger runs one statement, not two.
UPDATE_LEADERBOARD = """
CREATE OR REPLACE FUNCTION update_leaderboard() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER
SET search_path = public, pg_temp AS $$
DECLARE utc timestamp := NEW.occurred_at AT TIME ZONE 'UTC';
BEGIN
    INSERT INTO leaderboard AS board (user_id, period, xp_points, lessons_completed, streak_days,
                                      period_start_date, period_end_date, updated_at)
    SELECT NEW.user_id, p.period, NEW.amount, (NEW.source = 'gate')::int,
           coalesce((SELECT current_streak FROM user_streaks WHERE user_id = NEW.user_id), 0),
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
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("gamification", "0004_board_order")]
    # The former function did the same, so that there is nothing to go back to.
    operations = [migrations.RunSQL(UPDATE_LEADERBOARD, migrations.RunSQL.noop)]
