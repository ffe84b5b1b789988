from django.db import migrations

from dracarys.db.columns import keeps_updated_at, trigger_function
from dracarys.db.roles import Policy, own_rows, readable_by_all, secure

AUTHORED = (
    "full_name, avatar_url, bio, timezone, timezone_confirmed_at, preferred_language, "
    "trading_experience, trading_goals"
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("database", "0002_updated_at")]
    operations = [
        keeps_updated_at("users"),
        keeps_updated_at("user_profiles"),
        # Whoever makes a user, in whatever way, makes the profile with it.
        trigger_function("give_profile", "INSERT INTO user_profiles (id) VALUES (NEW.id); RETURN NULL;"),
        migrations.RunSQL(
            "CREATE TRIGGER users_have_a_profile AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION give_profile()",
            "DROP TRIGGER users_have_a_profile ON users",
        ),
        # Deleting a person would take other people's answers along: threads cascade. Guests own nothing of the sort.
        trigger_function(
            "keep_people",
            """
            IF OLD.is_anonymous THEN RETURN OLD; END IF;
            RAISE EXCEPTION 'people are anonymised, not deleted'
                USING ERRCODE = 'restrict_violation', TABLE = 'users', CONSTRAINT = 'users_are_not_deleted';
            """,
            definer=False,
        ),
        migrations.RunSQL(
            "CREATE TRIGGER users_are_not_deleted BEFORE DELETE ON users FOR EACH ROW EXECUTE FUNCTION keep_people()",
            "DROP TRIGGER users_are_not_deleted ON users",
        ),
        # Joins to authors need every row; nobody's password hash or address is among the readable columns.
        secure(
            "users",
            readable_by_all(),
            grants=[
                "SELECT (id, is_staff, is_anonymous, banned_until, deleted_at, created_at) TO authenticated"
            ],
        ),
        secure(
            "user_profiles",
            readable_by_all(),
            Policy(
                "People can write their own profile",
                "UPDATE",
                "authenticated",
                using="id = @me",
                check="id = @me",
            ),
            grants=["SELECT TO authenticated", f"UPDATE ({AUTHORED}) TO authenticated"],
        ),
        secure("user_activity_log", own_rows(), grants=["SELECT TO authenticated"]),
        secure("outbox_messages"),
    ]
