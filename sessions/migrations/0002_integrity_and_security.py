from django.db import migrations

from dracarys.db.columns import keeps_updated_at, trigger_function
from dracarys.db.roles import Policy, readable_by_all, secure

# Everything but a place on the waitlist takes a seat. The check on live_sessions refuses the seat too many.
COUNT_SEATS = """
    IF TG_OP <> 'INSERT' AND OLD.attendance_status <> 'waitlisted' THEN
        UPDATE live_sessions SET current_participants = current_participants - 1 WHERE id = OLD.session_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.attendance_status <> 'waitlisted' THEN
        UPDATE live_sessions SET current_participants = current_participants + 1 WHERE id = NEW.session_id;
    END IF;
    RETURN NULL;
"""
PUBLIC = (
    "id, title, description, host_id, session_type, scheduled_at, duration, max_participants, "
    "current_participants, recording_url, is_recorded, status, prerequisites, tags, metadata, "
    "created_at, updated_at"
)


class Migration(migrations.Migration):
    dependencies = [("live_sessions", "0001_initial"), ("database", "0002_updated_at")]
    operations = [
        keeps_updated_at("live_sessions"),
        trigger_function("count_seats", COUNT_SEATS),
        migrations.RunSQL(
            "CREATE TRIGGER session_participants_take_seats "
            "AFTER INSERT OR DELETE OR UPDATE OF attendance_status, session_id ON session_participants "
            "FOR EACH ROW EXECUTE FUNCTION count_seats()",
            "DROP TRIGGER session_participants_take_seats ON session_participants",
        ),
        # The meeting link is for those who have a seat: it is handed out by a named step, never by a read.
        secure("live_sessions", readable_by_all(), grants=[f"SELECT ({PUBLIC}) TO authenticated"]),
        secure(
            "session_participants",
            Policy(
                "People and hosts can read places",
                "SELECT",
                "authenticated",
                using="user_id = @me OR session_id IN (SELECT s.id FROM live_sessions s WHERE s.host_id = @me)",
            ),
            Policy(
                "People can give feedback",
                "UPDATE",
                "authenticated",
                using="user_id = @me",
                check="user_id = @me",
            ),
            grants=["SELECT TO authenticated", "UPDATE (feedback_rating, feedback_text) TO authenticated"],
        ),
    ]
