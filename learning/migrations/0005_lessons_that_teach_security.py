from django.db import migrations

from dracarys.db.columns import keeps_updated_at, trigger_function
from dracarys.db.roles import Policy, own_rows, secure

FOREIGN_KEY = (
    "ALTER TABLE user_progress ADD CONSTRAINT fk_user_progress_lesson_level_gate "
    "FOREIGN KEY (lesson_id, level_id, gate_id) REFERENCES lessons (id, level_id, gate_id)"
)
DROP_KEY = "ALTER TABLE user_progress DROP CONSTRAINT fk_user_progress_lesson_level_gate"
TOUCHED = ("topics", "glossary_terms", "lesson_notes", "lesson_versions")


def everybody_reads(table: str) -> migrations.RunSQL:
    return secure(
        table,
        Policy("Anyone can read the words of the course", "SELECT", "anon, authenticated", using="true"),
        grants=["SELECT TO anon", "SELECT TO authenticated"],
    )


class Migration(migrations.Migration):
    dependencies = [("learning", "0004_lessons_that_teach")]
    operations = [
        *[keeps_updated_at(table) for table in TOUCHED],
        everybody_reads("topics"),
        everybody_reads("glossary_terms"),
        secure("question_answers", own_rows(), grants=["SELECT TO authenticated"]),
        secure("checkpoint_answers", own_rows(), grants=["SELECT TO authenticated"]),
        secure("question_statistics"),
        secure("gate_openings", own_rows(), grants=["SELECT TO authenticated"]),
        secure(
            "lesson_notes",
            Policy(
                "People write and read their own notes",
                "ALL",
                "authenticated",
                using="user_id = @me",
                check="user_id = @me",
            ),
            grants=[
                "SELECT TO authenticated",
                "INSERT TO authenticated",
                "UPDATE (text) TO authenticated",
                "DELETE TO authenticated",
            ],
        ),
        migrations.RunSQL(
            "GRANT UPDATE (confidence, seconds) ON attempts TO authenticated",
            "REVOKE UPDATE (confidence, seconds) ON attempts FROM authenticated",
        ),
        # A draft is written to again and again; a published version is never changed: attempts refer to it.
        trigger_function(
            "lesson_versions_stay",
            # Who published it may be forgotten, with the account.
            "IF to_jsonb(NEW) - 'published_by_id' - 'updated_at' "
            "IS DISTINCT FROM to_jsonb(OLD) - 'published_by_id' - 'updated_at' THEN "
            "RAISE EXCEPTION 'a published version is never changed' USING ERRCODE = 'restrict_violation'; "
            "END IF; RETURN NEW;",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER lesson_versions_stay BEFORE UPDATE ON lesson_versions FOR EACH ROW "
            "WHEN (OLD.state = 'published') EXECUTE FUNCTION lesson_versions_stay()",
            "DROP TRIGGER lesson_versions_stay ON lesson_versions",
        ),
        migrations.RunSQL(
            "GRANT UPDATE ON lesson_versions TO service_role",
            "REVOKE UPDATE ON lesson_versions FROM service_role",
        ),
        # Once somebody has progress in a gate its level and number stay what they were.
        migrations.RunSQL([DROP_KEY, FOREIGN_KEY], [DROP_KEY, f"{FOREIGN_KEY} ON UPDATE CASCADE"]),
    ]
